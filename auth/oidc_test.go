package auth_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"reliefledger/auth"
)

// signOn walks a browser to the provider as a user and back, and answers with the address it came back to.
func signOn(t *testing.T, b *browser, p *auth.Provider, user, fault string) *url.URL {
	t.Helper()
	answer, _ := b.visit("/sign-in", func(w http.ResponseWriter, r *http.Request) error {
		p.Begin(w, r)
		return nil
	})
	away, err := answer.Location()
	if err != nil {
		t.Fatal(err)
	}
	q := away.Query()
	q.Set("user", user)
	q.Set("fault", fault)
	away.RawQuery = q.Encode()
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	sent, err := stay.Get(away.String())
	if err != nil {
		t.Fatal(err)
	}
	defer sent.Body.Close()
	back, err := sent.Location()
	if err != nil {
		t.Fatalf("the provider refuses %s: %s", away, sent.Status)
	}
	return back
}

func finish(b *browser, p *auth.Provider, back *url.URL) error {
	b.t.Helper()
	_, err := b.visit(back.RequestURI(), p.Finish)
	if _, left := b.cookies[auth.FlowCookie]; left {
		b.t.Error("the cookie of the sign-in is left behind")
	}
	return err
}

func discover(t *testing.T, s *auth.Sessions, issuer string) *auth.Provider {
	t.Helper()
	p, err := auth.Discover(t.Context(), s, auth.Registration{Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret, Redirect: redirect, Inside: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSigningInThroughAProvider(t *testing.T) {
	t.Parallel()
	s, _, _ := sessions(t)
	issuer := startProvider(t)
	p := discover(t, s, issuer)
	b := newBrowser(t)

	want := `"10293" of ` + issuer + ` is linked to no actor`
	if err := finish(b, p, signOn(t, b, p, "10293", "")); !errors.Is(err, auth.ErrStranger) || err.Error() != want {
		t.Errorf("a stranger: %v, wanted %s", err, want)
	}
	b.wantOut(s, "nobody signs up by signing in")
	if err := s.Link(t.Context(), issuer, "10293", "li-na", "console"); err != nil {
		t.Fatal(err)
	}
	if err := s.Link(t.Context(), issuer, "10293", "li-na", "console"); err == nil || !strings.HasPrefix(err.Error(), "10293 of "+issuer+" is linked already") {
		t.Errorf("linked twice: %v", err)
	}
	if err := s.Link(t.Context(), issuer, "1", "nobody", "console"); !errors.Is(err, auth.ErrNoActor) {
		t.Errorf("linked to nobody: %v", err)
	}
	for _, fault := range []string{"", "shared"} {
		if err := finish(b, p, signOn(t, b, p, "10293", fault)); err != nil {
			t.Fatal(err)
		}
		b.wantIn(s, "vouched for")
	}
	list, err := s.Sessions(t.Context(), "li-na")
	if err != nil || list[0].Way != "oidc" || list[1].EndedAt.IsZero() {
		t.Errorf("sessions %+v, %v", list, err)
	}
	for _, other := range []string{"", "1029", "102933", "li-na@relief.test", "10293 "} {
		stranger := newBrowser(t)
		if err := finish(stranger, p, signOn(t, stranger, p, other, "")); err == nil {
			t.Errorf("subject %q signs in", other)
		}
	}
	if err := s.Unlink(t.Context(), issuer, "10293", "console"); err != nil {
		t.Fatal(err)
	}
	if err := finish(b, p, signOn(t, b, p, "10293", "")); !errors.Is(err, auth.ErrStranger) {
		t.Errorf("unlinked: %v", err)
	}
}

// A provider that is wrong in any way, or somebody between it and the browser, signs nobody in.
func TestProofsThatDoNotHold(t *testing.T) {
	t.Parallel()
	s, _, clock := sessions(t)
	issuer := startProvider(t)
	p := discover(t, s, issuer)
	if err := s.Link(t.Context(), issuer, "10293", "li-na", "console"); err != nil {
		t.Fatal(err)
	}
	denied := func(name string, b *browser, back *url.URL) {
		t.Helper()
		if err := finish(b, p, back); !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
		b.wantOut(s, name)
	}
	for _, fault := range []string{"nonce", "no-nonce", "audience", "party", "nobody's", "issuer", "expired", "subject", "none", "signature", "silence", "flood"} {
		b := newBrowser(t)
		denied(fault, b, signOn(t, b, p, "10293", fault))
	}
	changed := func(name string, change func(url.Values)) {
		t.Helper()
		b := newBrowser(t)
		back := signOn(t, b, p, "10293", "")
		q := back.Query()
		change(q)
		back.RawQuery = q.Encode()
		denied(name, b, back)
	}
	changed("another state", func(q url.Values) { q.Set("state", q.Get("state")+"A") })
	changed("a state of another time", func(q url.Values) { q.Set("state", "1"+q.Get("state")) })
	changed("no state", func(q url.Values) { q.Del("state") })
	changed("a made-up code", func(q url.Values) { q.Set("code", "AAAA") })
	changed("a refusal", func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") })
	changed("another issuer", func(q url.Values) { q.Set("iss", "https://another.test") })

	// Somebody sends the victim a link that would sign the victim in as somebody else, or takes the victim's link.
	attacker, victim := newBrowser(t), newBrowser(t)
	planted := signOn(t, attacker, p, "10293", "")
	denied("a link from another browser", victim, planted)
	mixed := signOn(t, victim, p, "10293", "")
	q := mixed.Query()
	q.Set("code", planted.Query().Get("code"))
	mixed.RawQuery = q.Encode()
	denied("the code of another browser", victim, mixed)

	b := newBrowser(t)
	back := signOn(t, b, p, "10293", "")
	flow := b.cookies[auth.FlowCookie]
	if err := finish(b, p, back); err != nil {
		t.Fatal(err)
	}
	again := newBrowser(t)
	again.cookies[auth.FlowCookie] = flow
	denied("the same link again", again, back)

	slow := newBrowser(t)
	back = signOn(t, slow, p, "10293", "")
	clock.pass(10 * time.Minute)
	denied("ten minutes later", slow, back)
}

func TestProvidersWithoutTLSAreRefused(t *testing.T) {
	t.Parallel()
	s, _, _ := sessions(t)
	for want, r := range map[string]auth.Registration{
		`"http://id.example.com" is no https address, and not of this machine`:      {Issuer: "http://id.example.com", Redirect: redirect},
		`"http://relief.example.com" is no https address, and not of this machine`:  {Issuer: "https://id.example.com", Redirect: "http://relief.example.com"},
		`"ftp://127.0.0.1" is no https address, and not of this machine`:            {Issuer: "ftp://127.0.0.1", Redirect: redirect},
		`"http://127.0.0.1.evil.test" is no https address, and not of this machine`: {Issuer: "http://127.0.0.1.evil.test", Redirect: redirect},
	} {
		if _, err := auth.Discover(t.Context(), s, r); err == nil || err.Error() != want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
}

// A provider stands on the open network, unless whoever runs this server says otherwise; and its description sends nobody elsewhere.
func TestProvidersInsideAreNotCalled(t *testing.T) {
	t.Parallel()
	s, _, _ := sessions(t)
	issuer := startProvider(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(issuer, "http://"), ":")
	for _, address := range []string{issuer, "http://localhost:" + port, "https://127.0.0.1:" + port, "https://[::1]:" + port, "https://169.254.169.254", "https://10.0.0.1", "https://[fe80::1]", "https://0.0.0.0", "https://[::ffff:127.0.0.1]"} {
		if _, err := auth.Discover(t.Context(), s, auth.Registration{Issuer: address, ClientID: clientID, Redirect: redirect}); !errors.Is(err, auth.ErrInside) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"https://169.254.169.254", "https://[fe80::1]", "https://0.0.0.0", "https://224.0.0.1"} {
		if _, err := auth.Discover(t.Context(), s, auth.Registration{Issuer: address, ClientID: clientID, Redirect: redirect, Inside: true}); !errors.Is(err, auth.ErrInside) {
			t.Errorf("%s, though inside: %v", address, err)
		}
	}
	for _, member := range []string{"token_endpoint", "authorization_endpoint", "jwks_uri"} {
		var issuer string
		liar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			told := map[string]string{"issuer": issuer, "authorization_endpoint": issuer + "/a", "token_endpoint": issuer + "/t", "jwks_uri": issuer + "/k"}
			told[member] = "http://169.254.169.254/latest"
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(told)
		}))
		t.Cleanup(liar.Close)
		issuer = liar.URL
		_, err := auth.Discover(t.Context(), s, auth.Registration{Issuer: issuer, ClientID: clientID, Redirect: redirect, Inside: true})
		if err == nil || !strings.Contains(err.Error(), `"http://169.254.169.254/latest" is no https address`) {
			t.Errorf("%s elsewhere: %v", member, err)
		}
	}
}
