package auth_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"reliefledger/auth"
	"reliefledger/internal/pgtest"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func keyring(t *testing.T) (*auth.Keyring, *auth.Keyring, *clock) {
	t.Helper()
	book := pgtest.Book(t)
	c := &clock{at: pgtest.Now()}
	return auth.NewKeyring(book.DB(), book.ID, c.now), auth.NewKeyring(book.DB(), book.ID, c.now), c
}

func order(role auth.Role) auth.Order {
	return auth.Order{Actor: "PT-0031", Role: role, Name: "tablet", Life: 24 * time.Hour, By: "console"}
}

func TestTokenLife(t *testing.T) {
	k, other, clock := keyring(t)
	shown, err := k.Issue(t.Context(), order(auth.Coordinator))
	if err != nil {
		t.Fatal(err)
	}
	for name, ring := range map[string]*auth.Keyring{"issuer": k, "another server": other} {
		if got, err := ring.Check(t.Context(), shown); err != nil || got.Actor != "PT-0031" || got.Roles() != "coordinator" || !got.Whole(auth.HandOut) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	id := strings.Split(shown, "_")[1]
	if err := k.Revoke(t.Context(), auth.Unbounded("console", 1), id); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Check(t.Context(), shown); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("where it was revoked: %v", err)
	}
	if _, err := other.Check(t.Context(), shown); err != nil {
		t.Errorf("another server believes it for 30 seconds: %v", err)
	}
	clock.pass(31 * time.Second)
	if _, err := other.Check(t.Context(), shown); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("another server after 30 seconds: %v", err)
	}
	if err := k.Revoke(t.Context(), auth.Unbounded("console", 1), id); !errors.Is(err, auth.ErrNoToken) {
		t.Errorf("revoking twice: %v", err)
	}
}

func TestTokensExpire(t *testing.T) {
	k, _, clock := keyring(t)
	shown, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(24*time.Hour - time.Second)
	if _, err := k.Check(t.Context(), shown); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	clock.pass(time.Second)
	if _, err := k.Check(t.Context(), shown); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("at its end: %v", err)
	}
}

func TestForgedTokens(t *testing.T) {
	k, _, _ := keyring(t)
	shown, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(shown, "_")
	for _, forged := range []string{
		"", "rl_", "rl__", "rl_" + parts[1], "rl_" + parts[1] + "_", "rl_" + parts[1] + "_" + parts[2] + "A", "rl_AAAAAAAAAAAA_" + parts[2],
		"xx_" + parts[1] + "_" + parts[2], strings.ToLower(shown), shown + "\n", "rl_" + parts[1] + "_" + strings.Repeat("A", 100_000), "rl_' OR true--_x",
	} {
		if _, err := k.Check(t.Context(), forged); !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%.60q: %v", forged, err)
		}
	}
}

func TestOrdersAreChecked(t *testing.T) {
	k, _, _ := keyring(t)
	if _, err := k.Issue(t.Context(), order(auth.Keeper)); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*auth.Order){
		`actor "li na" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`:    func(o *auth.Order) { o.Actor = "li na" },
		`role "boss" is none of keeper, coordinator, finance, auditor, administrator`: func(o *auth.Order) { o.Role = "boss" },
		`token name has 0 bytes, 1 to 120 wanted`:                                     func(o *auth.Order) { o.Name = "" },
		`token life is 8784h0m0s, at most 8760h0m0s wanted`:                           func(o *auth.Order) { o.Life = 366 * 24 * time.Hour },
		`actor PT-0031 has role keeper, finance wanted`:                               func(o *auth.Order) { o.Role = auth.Finance },
	} {
		o := order(auth.Keeper)
		change(&o)
		if _, err := k.Issue(t.Context(), o); err == nil || err.Error() != want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
	if tokens, _, err := k.Tokens(t.Context(), auth.Unbounded("console", 1), auth.TokenQuery{Limit: 10}); err != nil || len(tokens) != 1 {
		t.Errorf("refused orders leave nothing: %v, %v", tokens, err)
	}
}

// The database holds nothing that opens the door.
func TestSecretsAreNotStored(t *testing.T) {
	book := pgtest.Book(t)
	k := auth.NewKeyring(book.DB(), book.ID, pgtest.Now)
	shown, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	var row string
	if err := pgtest.Owner(t, book.DB()).NewRaw("SELECT t::text FROM tokens t").Scan(t.Context(), &row); err != nil {
		t.Fatal(err)
	}
	if secret := strings.Split(shown, "_")[2]; strings.Contains(row, secret) {
		t.Errorf("the secret stands in %s", row)
	}
}

func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		role auth.Role
		verb auth.Verb
		may  bool
	}{
		{auth.Keeper, auth.Receive, true},
		{auth.Keeper, auth.Pay, false},
		{auth.Keeper, auth.ApproveWriteOff, false},
		{auth.Coordinator, auth.HandOut, true},
		{auth.Coordinator, auth.ClosePeriod, false},
		{auth.Finance, auth.Pay, true},
		{auth.Finance, auth.HandOut, false},
		{auth.Auditor, auth.Read, true},
		{auth.Auditor, auth.Record, false},
		{auth.Administrator, auth.ClosePeriod, true},
		{"", auth.Read, false},
		{auth.Administrator, "anything else", false},
	} {
		if got := scope([3]string{string(c.role), "", ""}).Allows(c.verb); got != c.may {
			t.Errorf("%s may %s: %v", c.role, c.verb, got)
		}
	}
}
