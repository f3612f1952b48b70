package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

// maxAnswer bounds the memory that an answer may take; the largest page is far smaller.
const maxAnswer = 64 << 20

// remote is what a command is told about a server.
type remote struct {
	server    string
	tokenFile string
	profile   string
	lang      string
	kept      string // language that the profile keeps
	insecure  bool
	patience  time.Duration
}

// remoteFlags are the flags of every command that may work with a server.
func (s *settings) remoteFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&s.server, "server", "", "address of a server to work with, as https://relief.example.org (default $RELIEF_SERVER, else the profile's)")
	f.StringVar(&s.tokenFile, "token-file", "", "file that holds the token (default $RELIEF_TOKEN, else the profile's)")
	f.StringVar(&s.profile, "profile", "", "profile that names the server and the token (default $RELIEF_PROFILE)")
	f.StringVar(&s.lang, "lang", "", "zh or en (default by $LC_ALL, $LC_MESSAGES or $LANG)")
	f.BoolVar(&s.insecure, "insecure", false, "let the token travel unencrypted to a server elsewhere")
	f.DurationVar(&s.patience, "patience", 30*time.Second, "how long to repeat a request that a server does not answer or is too busy for")
	_ = root.RegisterFlagCompletionFunc("profile", completeProfiles)
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"zh", "en"}, cobra.ShellCompDirectiveNoFileComp))
}

// isRemote reports whether a report is to be asked of a server. What the command line says comes before the environment, and both
// before the default profile.
func (s *settings) isRemote(c *cobra.Command) (bool, error) {
	given := c.Flags().Changed
	there := given("server") || given("profile")
	here := given("db") || given("data") || given("book")
	switch {
	case there && here:
		return false, misuse{errors.New("--server and --profile name a book elsewhere; --db, --data and --book one here: choose")}
	case there || here:
		return there, nil
	case os.Getenv("RELIEF_SERVER") != "" || os.Getenv("RELIEF_PROFILE") != "":
		return true, nil
	case s.db != "":
		return false, nil
	}
	all, err := readProfiles()
	return all.Default != "", err
}

// chosen is the server, the token and the language that the command line, the environment and the profile agree on.
func (s *settings) chosen() (profile, error) {
	all, err := readProfiles()
	if err != nil {
		return profile{}, err
	}
	p, err := all.find(cmp.Or(s.profile, os.Getenv("RELIEF_PROFILE")))
	if err != nil {
		return p, err
	}
	if server := strings.TrimRight(cmp.Or(s.server, s.fromEnvironment("RELIEF_SERVER")), "/"); server != "" && server != p.Server {
		p = profile{Server: server} // a token is for the server that it was kept with, and for no other
	}
	p.Insecure = p.Insecure || s.insecure
	if err := checkServer(p.Server, p.Insecure); err != nil {
		return p, err
	}
	p.Token = cmp.Or(s.fromEnvironment("RELIEF_TOKEN"), p.Token)
	if s.tokenFile != "" {
		if p.Token, err = readToken(s.tokenFile); err != nil {
			return p, err
		}
	}
	if p.Token == "" {
		return p, misuse{hinted{fmt.Errorf("there is no token for %s", p.Server), "relief profile set keeps one; --token-file or $RELIEF_TOKEN give one"}}
	}
	return p, nil
}

// fromEnvironment is a variable that counts unless the command line names a profile.
func (s *settings) fromEnvironment(name string) string {
	if s.profile != "" {
		return ""
	}
	return os.Getenv(name)
}

// checkServer refuses an address that would show the token to whoever listens on the way.
func checkServer(server string, insecure bool) error {
	if server == "" {
		return misuse{hinted{errors.New("no server is named"), "relief profile set --server URL keeps one; --server or $RELIEF_SERVER name one"}}
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || (u.Scheme != "https" && u.Scheme != "http") {
		return misuse{fmt.Errorf("server %q is not an address as https://relief.example.org", server)}
	}
	addr, err := netip.ParseAddr(u.Hostname())
	onLoopback := u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
	if u.Scheme == "http" && !onLoopback && !insecure {
		return misuse{hinted{fmt.Errorf("%s is not encrypted: the token could be read on the way", server), "use https, or --insecure where you trust the whole network"}}
	}
	return nil
}

// connect is a client of the chosen server.
func (s *settings) connect() (*client.Client, error) {
	p, err := s.chosen()
	if err != nil {
		return nil, err
	}
	s.kept = p.Language
	language := s.language()
	return client.NewClient(p.Server, client.WithHTTPClient(newPatient(s.patience, s.noticed)), client.WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+p.Token)
			r.Header.Set("Accept-Language", language)
			r.Header.Set("User-Agent", "relief")
			return nil
		}))
}

// read takes an answer of the server: what it holds, or the problem that it is.
func read[A any](answer *http.Response, err error) (A, error) {
	var a A
	text, err := body(answer, err)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("the server's answer is not what its contract says: %w", err)
	}
	return a, nil
}

// body reads an answer whole.
func body(answer *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, unanswered{err} // the request had arrived
	}
	if answer.StatusCode >= 300 {
		return nil, problemFrom(answer, text)
	}
	return text, nil
}
