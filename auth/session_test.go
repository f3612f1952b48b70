package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"reliefledger/auth"
	"reliefledger/internal/pgtest"
)

const password = "四床棉被 and a kettle"

// browser keeps cookies as a browser does that talks TLS with this host alone.
type browser struct {
	t       *testing.T
	cookies map[string]*http.Cookie
}

func newBrowser(t *testing.T) *browser { return &browser{t: t, cookies: map[string]*http.Cookie{}} }

// visit lets a handler answer a request with the browser's cookies, and keeps those it sets.
func (b *browser) visit(target string, handle func(http.ResponseWriter, *http.Request) error) (*http.Response, error) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, target, nil)
	for _, c := range b.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	w := httptest.NewRecorder()
	err := handle(w, r)
	for _, c := range w.Result().Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(c.Name, "__Host-") {
			b.t.Errorf("cookie %s", c.Raw)
		}
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return w.Result(), err
}

func (b *browser) signIn(s *auth.Sessions, actor, password string) error {
	b.t.Helper()
	_, err := b.visit("/", func(w http.ResponseWriter, r *http.Request) error { return s.SignIn(w, r, actor, password) })
	return err
}

// who is the actor that is signed in.
func (b *browser) who(s *auth.Sessions) (actor string, err error) {
	b.t.Helper()
	_, err = b.visit("/", func(_ http.ResponseWriter, r *http.Request) error {
		found, err := s.Admit(r)
		actor = found.Actor
		return err
	})
	return actor, err
}

func (b *browser) wantIn(s *auth.Sessions, when string) {
	b.t.Helper()
	if who, err := b.who(s); err != nil || who != "li-na" {
		b.t.Errorf("%s: signed in as %q, %v", when, who, err)
	}
}

func (b *browser) wantOut(s *auth.Sessions, when string) {
	b.t.Helper()
	if who, err := b.who(s); !errors.Is(err, auth.ErrDenied) || who != "" {
		b.t.Errorf("%s: signed in as %q, %v", when, who, err)
	}
}

// sessions are those of a book with the actor li-na, who has a password.
func sessions(t *testing.T) (*auth.Sessions, *auth.Keyring, *clock) {
	t.Helper()
	book := pgtest.Book(t)
	c := &clock{at: pgtest.Now()}
	s, k := auth.NewSessions(book.DB(), book.ID, c.now), auth.NewKeyring(book.DB(), book.ID, c.now)
	if _, err := k.Give(t.Context(), auth.Unbounded("console", book.ID), auth.Bounds{Actor: "li-na", Role: auth.Finance}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), "li-na", password, "console"); err != nil {
		t.Fatal(err)
	}
	return s, k, c
}

func TestSessionLife(t *testing.T) {
	t.Parallel()
	s, k, clock := sessions(t)
	b := newBrowser(t)
	b.wantOut(s, "before signing in")
	if err := b.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	b.wantIn(s, "after signing in")
	clock.pass(30*time.Minute - time.Second)
	b.wantIn(s, "a second before it idles out")
	clock.pass(30*time.Minute - time.Second)
	b.wantIn(s, "using it keeps it")
	clock.pass(30 * time.Minute)
	b.wantOut(s, "after half an hour of nothing")

	if err := b.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	for range 12*60/20 - 1 {
		clock.pass(20 * time.Minute)
		b.wantIn(s, "all day")
	}
	clock.pass(20 * time.Minute)
	b.wantOut(s, "after 12 hours of work")

	if err := b.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	var scope auth.Scope
	_, err := b.visit("/", func(_ http.ResponseWriter, r *http.Request) (err error) { scope, err = s.Admit(r); return err })
	if err != nil || !scope.Allows(auth.Pay) || scope.Allows(auth.HandOut) {
		t.Errorf("the scope of a finance officer: %+v, %v", scope, err)
	}
	if err := k.Withdraw(t.Context(), auth.Unbounded("console", scope.Book), scope.Grants[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err = b.visit("/", func(_ http.ResponseWriter, r *http.Request) (err error) { scope, err = s.Admit(r); return err })
	if err != nil || scope.Allows(auth.Read) {
		t.Errorf("the scope after its grant was withdrawn: %+v, %v", scope, err)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s, _, clock := sessions(t)
	phone, desk := newBrowser(t), newBrowser(t)
	for _, b := range []*browser{phone, desk} {
		if err := b.signIn(s, "li-na", password); err != nil {
			t.Fatal(err)
		}
	}
	stolen := *phone.cookies[auth.SessionCookie]
	if _, err := phone.visit("/", s.SignOut); err != nil {
		t.Fatal(err)
	}
	if len(phone.cookies) != 0 {
		t.Errorf("cookies after signing out: %v", phone.cookies)
	}
	thief := newBrowser(t)
	thief.cookies[stolen.Name] = &stolen
	thief.wantOut(s, "with the cookie of a session that was ended")
	desk.wantIn(s, "the other session goes on")

	clock.pass(time.Minute)
	before := desk.cookies[auth.SessionCookie].Value
	old := newBrowser(t)
	old.cookies[stolen.Name] = desk.cookies[auth.SessionCookie]
	if err := desk.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	if desk.cookies[auth.SessionCookie].Value == before {
		t.Error("signing in kept the id")
	}
	old.wantOut(s, "with the id from before signing in again")
	desk.wantIn(s, "with the new one")

	if err := phone.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	if n, err := s.EndAll(t.Context(), "li-na", "console"); err != nil || n != 2 {
		t.Errorf("ended %d, %v", n, err)
	}
	phone.wantOut(s, "after all were ended")
	desk.wantOut(s, "after all were ended")

	if err := desk.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), "li-na", "another long password", "li-na"); err != nil {
		t.Fatal(err)
	}
	desk.wantOut(s, "after the password was changed")
	if err := desk.signIn(s, "li-na", password); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("the old password: %v", err)
	}
	list, err := s.Sessions(t.Context(), "li-na")
	if err != nil || len(list) != 5 || list[0].EndedAt.IsZero() || list[0].Way != "password" {
		t.Errorf("sessions %+v, %v", list, err)
	}
}

func TestPlantedCookiesAreWorthNothing(t *testing.T) {
	t.Parallel()
	s, _, _ := sessions(t)
	for name, planted := range map[string][]string{
		"empty": {""}, "short": {"abc"}, "unknown": {strings.Repeat("A", 43)}, "long": {strings.Repeat("A", 4000)},
		"a quote": {"' OR true--" + strings.Repeat("A", 32)}, "two of them": {strings.Repeat("A", 43), strings.Repeat("B", 43)},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		for _, value := range planted {
			r.AddCookie(&http.Cookie{Name: auth.SessionCookie, Value: value})
		}
		if _, err := s.Admit(r); !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := newBrowser(t)
	planted := strings.Repeat("A", 43)
	b.cookies[auth.SessionCookie] = &http.Cookie{Name: auth.SessionCookie, Value: planted}
	if err := b.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	if b.cookies[auth.SessionCookie].Value == planted {
		t.Error("the planted id became a session")
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	s, _, _ := sessions(t)
	ctx := t.Context()
	for want, set := range map[string][2]string{
		"the password has 11 characters, 12 to 128 other than the actor's code wanted: a longer password is wanted":  {"li-na", "elevenchars"},
		"the password has 129 characters, 12 to 128 other than the actor's code wanted: a longer password is wanted": {"li-na", strings.Repeat("长", 129)},
		"there is no such actor": {"wang", password},
	} {
		if err := s.SetPassword(ctx, set[0], set[1], "console"); err == nil || err.Error() != want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
	b := newBrowser(t)
	for _, wrong := range [][2]string{{"li-na", "wrong"}, {"li-na", ""}, {"nobody", password}, {"' OR true--", password}, {"li-na", strings.Repeat("x", 1<<20)}} {
		if err := b.signIn(s, wrong[0], wrong[1]); !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%.20q: %v", wrong, err)
		}
	}
	if len(b.cookies) != 0 {
		t.Errorf("cookies after failing: %v", b.cookies)
	}
	// One keyboard writes é as one character, another as two.
	if err := s.SetPassword(ctx, "li-na", "caf\u00e9 caf\u00e9 caf\u00e9", "console"); err != nil {
		t.Fatal(err)
	}
	if err := b.signIn(s, "li-na", "cafe\u0301 cafe\u0301 cafe\u0301"); err != nil {
		t.Errorf("the same password from another keyboard: %v", err)
	}
}

func TestGuessersWait(t *testing.T) {
	t.Parallel()
	s, _, clock := sessions(t)
	b := newBrowser(t)
	for range 4 {
		if err := b.signIn(s, "li-na", "wrong"); !errors.Is(err, auth.ErrDenied) {
			t.Fatal(err)
		}
	}
	if err := b.signIn(s, "li-na", password); err != nil {
		t.Errorf("the right one after four wrong: %v", err)
	}
	var looked, waited int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 { // at once, so that none sees the failure of another
		all.Go(func() {
			w := httptest.NewRecorder()
			err := s.SignIn(w, httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", nil), "li-na", "wrong")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, auth.ErrDenied):
				looked++
			case errors.Is(err, auth.ErrWait):
				waited++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if looked != 5 || waited != 15 {
		t.Errorf("%d of 20 guesses were looked at, %d had to wait", looked, waited)
	}
	clock.pass(29 * time.Second)
	if err := b.signIn(s, "li-na", password); !errors.Is(err, auth.ErrWait) {
		t.Errorf("the right one too early: %v", err)
	}
	clock.pass(time.Second)
	if err := b.signIn(s, "li-na", "wrong"); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("a wrong one after waiting: %v", err)
	}
	clock.pass(59 * time.Second)
	if err := b.signIn(s, "li-na", password); !errors.Is(err, auth.ErrWait) {
		t.Errorf("the wait doubles: %v", err)
	}
	clock.pass(time.Second)
	if err := b.signIn(s, "li-na", password); err != nil {
		t.Errorf("the right one after waiting: %v", err)
	}
}

// The database holds nothing that opens a session.
func TestSessionSecretsAreNotStored(t *testing.T) {
	t.Parallel()
	book := pgtest.Book(t)
	s, k := auth.NewSessions(book.DB(), book.ID, pgtest.Now), auth.NewKeyring(book.DB(), book.ID, pgtest.Now)
	if _, err := k.Give(t.Context(), auth.Unbounded("console", book.ID), auth.Bounds{Actor: "li-na", Role: auth.Keeper}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), "li-na", password, "console"); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	if err := b.signIn(s, "li-na", password); err != nil {
		t.Fatal(err)
	}
	var row string
	err := pgtest.Owner(t, book.DB()).NewRaw("SELECT (SELECT s::text FROM sessions s) || (SELECT p::text FROM passwords p)").Scan(t.Context(), &row)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(row, b.cookies[auth.SessionCookie].Value) || strings.Contains(row, "kettle") {
		t.Errorf("a secret stands in %s", row)
	}
	if !strings.Contains(row, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the costs do not stand in %s", row)
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	h := auth.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	for _, c := range []struct {
		method string
		header map[string]string
		want   int
	}{
		{"POST", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"POST", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"POST", map[string]string{"Origin": "https://evil.example"}, 403},
		{"DELETE", map[string]string{"Origin": "null"}, 403},
		{"POST", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"POST", map[string]string{"Origin": "https://example.com"}, 200},
		{"POST", nil, 200},
		{"GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, "https://example.com/", nil)
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s with %v: %d", c.method, c.header, w.Code)
		}
	}
}
