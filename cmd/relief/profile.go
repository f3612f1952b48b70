package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// profile is a server that somebody works with, and as whom.
type profile struct {
	Server   string `json:"server"`
	Token    string `json:"token,omitempty"`
	Language string `json:"language,omitempty"`
	Insecure bool   `json:"insecure,omitempty"` // the token may travel unencrypted
}

// profiles is the profile file.
type profiles struct {
	Default string             `json:"default"`
	Known   map[string]profile `json:"profiles"`
}

func profilePath() (string, error) {
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "relief", "profile.json"), err
}

// readProfiles answers with no profiles when there is no file.
func readProfiles() (profiles, error) {
	p := profiles{Known: map[string]profile{}}
	path, err := profilePath()
	if err != nil {
		return p, nil // without a home there is no file
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// write replaces the file in one step. Only its owner may read it: it holds tokens.
func (p profiles) write() error {
	path, err := profilePath()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// find is the profile of that name, the default one for "".
func (p profiles) find(name string) (profile, error) {
	if name == "" {
		name = p.Default
	}
	found, known := p.Known[name]
	if !known && name != "" {
		return found, misuse{hinted{fmt.Errorf("there is no profile %s", name), "relief profile list shows them, relief profile set makes one"}}
	}
	return found, nil
}

func (s *settings) profileCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "profile", Short: "Keep which server you work with, and its token",
		Long: `Keeps servers and tokens in a file that only you can read, so that no command needs them again: ~/.config/relief/profile.json.

A command takes the server from --server, else $RELIEF_SERVER, else the profile of --profile or $RELIEF_PROFILE, else the default profile;
the token from --token-file, else $RELIEF_TOKEN, else the profile, and that one only for the profile's own server.`,
	}
	c.AddCommand(s.setProfile(), s.useProfile(), s.listProfiles(), s.removeProfile())
	return c
}

func (s *settings) setProfile() *cobra.Command {
	return &cobra.Command{
		Use: "set [NAME]", Short: "Keep a server and its token; the first one kept is the default", Args: cobra.MaximumNArgs(1),
		Long: "Keeps --server and a token. The token is read from --token-file, else from a hidden question or the standard input:\nas an argument it would stay in the shell's history.",
		Example: `  relief profile set --server https://relief.example.org
  relief profile set office --server https://relief.example.org --token-file token.txt --lang zh`,
		RunE: func(c *cobra.Command, args []string) error {
			name := append(args, "main")[0]
			all, err := readProfiles()
			if err != nil {
				return err
			}
			p := all.Known[name]
			if c.Flags().Changed("server") {
				p.Server = strings.TrimRight(s.server, "/")
			}
			if c.Flags().Changed("lang") {
				p.Language = s.lang
			}
			if c.Flags().Changed("insecure") {
				p.Insecure = s.insecure
			}
			if err := checkServer(p.Server, p.Insecure); err != nil {
				return err
			}
			if p.Token, err = s.askToken(c.InOrStdin()); err != nil {
				return err
			}
			all.Known[name] = p
			if all.Default == "" {
				all.Default = name
			}
			if err := all.write(); err != nil {
				return err
			}
			return s.notice(s.out, "profile %s: %s", name, p.Server)
		},
	}
}

// askToken reads a token from where nobody else sees it.
func (s *settings) askToken(in io.Reader) (string, error) {
	if s.tokenFile != "" {
		return readToken(s.tokenFile)
	}
	var text []byte
	var err error
	if file, isFile := in.(*os.File); isFile && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(s.err, s.say("token (not shown)")+": ")
		text, err = term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(s.err)
	} else {
		text, err = io.ReadAll(io.LimitReader(in, 4096))
	}
	token := strings.TrimSpace(string(text))
	if err == nil && token == "" {
		err = misuse{hinted{errors.New("no token was given"), "relief profile set --server URL < token.txt, or --token-file token.txt"}}
	}
	return token, err
}

func readToken(path string) (string, error) {
	text, err := os.ReadFile(path)
	return strings.TrimSpace(string(text)), err
}

func (s *settings) useProfile() *cobra.Command {
	return &cobra.Command{
		Use: "use NAME", Short: "Make a profile the default", Args: cobra.ExactArgs(1), ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return changeProfiles(args[0], func(p *profiles) { p.Default = args[0] })
		},
	}
}

func (s *settings) removeProfile() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Forget a profile and its token", Args: cobra.ExactArgs(1), ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return changeProfiles(args[0], func(p *profiles) {
				delete(p.Known, args[0])
				if p.Default == args[0] {
					p.Default = ""
				}
			})
		},
	}
}

func changeProfiles(name string, change func(*profiles)) error {
	all, err := readProfiles()
	if err == nil {
		_, err = all.find(name)
	}
	if err != nil {
		return err
	}
	change(&all)
	return all.write()
}

func (s *settings) listProfiles() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List profiles; tokens are not shown", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := readProfiles()
			if err != nil {
				return err
			}
			t := s.columns(nil, "name", "server", "token", "default")
			for _, name := range slices.Sorted(maps.Keys(all.Known)) {
				id, isDefault := "", ""
				if parts := strings.Split(all.Known[name].Token, "_"); len(parts) == 3 {
					id = parts[1]
				}
				if name == all.Default {
					isDefault = "*"
				}
				t.add(name, all.Known[name].Server, id, isDefault)
			}
			return t.write(s.out)
		},
	}
}

func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	all, _ := readProfiles() // a completion has nobody to tell
	return slices.Sorted(maps.Keys(all.Known)), cobra.ShellCompDirectiveNoFileComp
}
