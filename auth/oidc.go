package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/uptrace/bun"
	"golang.org/x/oauth2"

	"reliefledger/internal/pg"
)

// ErrStranger says that the provider vouches for somebody whom no actor is linked to. Nobody signs up by signing in.
var ErrStranger = errors.New("linked to no actor")

// FlowCookie is the name of the cookie that ties a sign-in to the browser it began in.
const FlowCookie = "__Host-relief-signin"

// flowLife is how long somebody may take at the provider.
const flowLife = 10 * time.Minute

// Registration is what an OpenID Connect provider and this server agreed on.
type Registration struct {
	Issuer       string // its address, https except on this machine
	ClientID     string
	ClientSecret string
	Redirect     string // address of this server where the provider sends browsers back to

	// Inside says that the provider stands on this machine or in a private network. Without it such addresses are not called:
	// whoever describes the provider, or its name, could have this server ask what only it may reach.
	Inside bool
}

// Provider signs people in who are vouched for by an OpenID Connect provider: code flow with PKCE, state and nonce.
type Provider struct {
	sessions *Sessions
	issuer   string
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	client   *http.Client
}

// Discover reads the provider's description of itself. It fails for an issuer or a redirect without TLS, except on this machine.
func Discover(ctx context.Context, s *Sessions, r Registration) (*Provider, error) {
	for _, address := range []string{r.Issuer, r.Redirect} {
		if err := private(address); err != nil {
			return nil, err
		}
	}
	client := &http.Client{
		Timeout:       10 * time.Second,
		Transport:     frugal{&http.Transport{DialContext: dialer(r.Inside).DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a provider answers for itself
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, client), r.Issuer)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", r.Issuer, err)
	}
	var keys struct {
		Address string `json:"jwks_uri"`
	}
	if err := found.Claims(&keys); err != nil {
		return nil, fmt.Errorf("provider %s: %w", r.Issuer, err)
	}
	for _, address := range []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL, keys.Address} {
		if err := private(address); err != nil {
			return nil, fmt.Errorf("provider %s: %w", r.Issuer, err)
		}
	}
	return &Provider{
		sessions: s, issuer: r.Issuer, client: client,
		oauth: oauth2.Config{ClientID: r.ClientID, ClientSecret: r.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: r.Redirect, Scopes: []string{oidc.ScopeOpenID}},
		verifier: found.Verifier(&oidc.Config{
			ClientID: r.ClientID, Now: s.now,
			SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}, // never none, nor a shared secret
		}),
	}, nil
}

// private refuses an address that would send secrets over an open wire.
func private(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	if u.Scheme == "https" && host != "" || u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("%q is no https address, and not of this machine", address)
}

// ErrInside refuses to call an address that is not on the open network.
var ErrInside = errors.New("the provider's address is not on the open network")

// dialer looks at the very address that a name was resolved to, when it is called, so that no second look-up says something else.
// Addresses of the link are never called: there clouds tell their secrets.
func dialer(inside bool) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		ip := to.Addr().Unmap()
		if ip.IsGlobalUnicast() && !ip.IsPrivate() || inside && (ip.IsLoopback() || ip.IsPrivate()) {
			return nil
		}
		return fmt.Errorf("%s: %w", ip, ErrInside)
	}}
}

// frugal reads at most a mebibyte of an answer: keys and tokens are small.
type frugal struct{ http.RoundTripper }

func (f frugal) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := f.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, 1<<20), answer.Body}
	}
	return answer, err
}

// Begin sends the browser to the provider. All that must be remembered until it comes back is derived from one random cookie,
// so that any server may take it up and none stores anything for visitors who never return.
func (p *Provider) Begin(w http.ResponseWriter, r *http.Request) {
	flow := newCookie()
	http.SetCookie(w, cookie(FlowCookie, flow))
	at := strconv.FormatInt(p.sessions.now().Unix(), 10)
	http.Redirect(w, r, p.oauth.AuthCodeURL(at+"."+derive(flow, "state "+at),
		oidc.Nonce(derive(flow, "nonce")), oauth2.S256ChallengeOption(derive(flow, "verifier"))), http.StatusSeeOther)
}

func derive(flow, purpose string) string {
	mac := hmac.New(sha256.New, []byte(flow))
	mac.Write([]byte(purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Finish opens a session when the provider sent the browser back with proof of an identity that an actor is linked to, and sets
// the cookie. It fails with ErrDenied where the proof does not hold, and with ErrStranger, naming the identity, where it does
// but nobody here is linked to it.
func (p *Provider) Finish(w http.ResponseWriter, r *http.Request) error {
	flow := shownCookie(r, FlowCookie)
	http.SetCookie(w, gone(FlowCookie))
	q := r.URL.Query()
	if flow == "" || !p.began(flow, q.Get("state")) || q.Has("iss") && q.Get("iss") != p.issuer || q.Get("code") == "" {
		return ErrDenied
	}
	subject, err := p.identify(r.Context(), flow, q.Get("code"))
	if err != nil {
		return err
	}
	actor, err := p.sessions.linked(r.Context(), p.issuer, subject)
	if err != nil {
		return err
	}
	return p.sessions.open(w, r, actor, "oidc")
}

// began reports whether the state was made for this browser, not long ago.
func (p *Provider) began(flow, state string) bool {
	at, proof, _ := strings.Cut(state, ".")
	seconds, err := strconv.ParseInt(at, 10, 64)
	age := p.sessions.now().Sub(time.Unix(seconds, 0))
	return err == nil && hmac.Equal([]byte(proof), []byte(derive(flow, "state "+at))) && age >= 0 && age < flowLife
}

// identify exchanges the code for a proof of who it is, and checks it. The provider's tokens are not kept.
func (p *Provider) identify(ctx context.Context, flow, code string) (subject string, err error) {
	tokens, err := p.oauth.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(derive(flow, "verifier")))
	if err != nil {
		return "", fmt.Errorf("%w: provider %s: %w", ErrDenied, p.issuer, err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	proof, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: provider %s: %w", ErrDenied, p.issuer, err)
	}
	var claims struct {
		AuthorizedParty string `json:"azp"`
	}
	if err := proof.Claims(&claims); err != nil {
		return "", fmt.Errorf("%w: provider %s: %w", ErrDenied, p.issuer, err)
	}
	meant := len(proof.Audience) == 1 && claims.AuthorizedParty == "" || claims.AuthorizedParty == p.oauth.ClientID
	if !meant || !hmac.Equal([]byte(proof.Nonce), []byte(derive(flow, "nonce"))) || proof.Subject == "" {
		return "", ErrDenied
	}
	return proof.Subject, nil
}

// Link lets the identity sign in as the actor. What is linked already must be unlinked first.
func (s *Sessions) Link(ctx context.Context, issuer, subject, actor, by string) error {
	return pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		done, err := tx.NewRaw(`INSERT INTO identities (book_id, id, issuer, subject, actor, linked_at, linked_by)
			SELECT book_id, ?, ?, ?, code, ?, ? FROM actors WHERE book_id = ? AND code = ?`,
			rand.Text()[:idLength], issuer, subject, s.now().UTC(), by, s.book, actor).Exec(ctx)
		if pg.Violated(err) == "identities_once" {
			return fmt.Errorf("%s of %s is linked already: %w", subject, issuer, err)
		}
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrNoActor, err)
		}
		return nil
	})
}

// Unlink takes the identity's way in away. Sessions that it opened go on: end them with EndAll.
func (s *Sessions) Unlink(ctx context.Context, issuer, subject, by string) error {
	return pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("UPDATE identities SET unlinked_at = ?, unlinked_by = ? WHERE book_id = ? AND issuer = ? AND subject = ? AND unlinked_at IS NULL",
			s.now().UTC(), by, s.book, issuer, subject).Exec(ctx)
		return err
	})
}

func (s *Sessions) linked(ctx context.Context, issuer, subject string) (actor string, err error) {
	err = s.db.NewRaw("SELECT actor FROM identities WHERE book_id = ? AND issuer = ? AND subject = ? AND unlinked_at IS NULL", s.book, issuer, subject).Scan(ctx, &actor)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("%.200q of %s is %w", subject, issuer, ErrStranger)
	}
	return actor, err
}
