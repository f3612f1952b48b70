package auth_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reliefledger/auth"
	"reliefledger/internal/pgtest"
)

// scope is a scope of grants written as role, path and fund.
func scope(grants ...[3]string) auth.Scope {
	s := auth.Scope{Actor: "li-na", Book: 1}
	for _, g := range grants {
		s.Grants = append(s.Grants, auth.Grant{Role: auth.Role(g[0]), Path: g[1], Fund: g[2]})
	}
	return s
}

func TestWhatAScopeReaches(t *testing.T) {
	t.Parallel()
	point := scope([3]string{"keeper", "/51/5101/PT-1/", ""})
	prefecture := scope([3]string{"coordinator", "/51/5101/", ""})
	officer := scope([3]string{"finance", "", "F1"})
	both := scope([3]string{"keeper", "/51/5101/", "F1"}, [3]string{"auditor", "", ""})
	for _, c := range []struct {
		name       string
		scope      auth.Scope
		verb       auth.Verb
		path, fund string
		want       bool
	}{
		{"its own point", point, auth.HandOut, "/51/5101/PT-1/", "F1", true},
		{"a neighbour", point, auth.HandOut, "/51/5101/PT-2/", "F1", false},
		{"the place above", point, auth.Read, "/51/5101/", "", false},
		{"a code that begins alike", prefecture, auth.Read, "/51/51010/", "", false},
		{"the root itself", prefecture, auth.Read, "/51/5101/", "", true},
		{"anything below", prefecture, auth.HandOut, "/51/5101/ST-1/PT-9/", "F2", true},
		{"a verb of another role", prefecture, auth.Pay, "/51/5101/", "", false},
		{"money stands nowhere", prefecture, auth.Read, "", "F1", false},
		{"its own fund", officer, auth.Pay, "", "F1", true},
		{"a foreign fund", officer, auth.Pay, "", "F2", false},
		{"its fund at any place", officer, auth.Read, "/51/5132/", "F1", true},
		{"what belongs to no fund", officer, auth.Read, "/51/5132/", "", true},
		{"each grant has its own bounds", both, auth.HandOut, "/51/5132/", "F1", false},
		{"and its own verbs", both, auth.Read, "/51/5132/", "F2", true},
		{"nobody", auth.Scope{}, auth.Read, "/51/", "", false},
		{"a verb that nobody knows", auth.Unbounded("console", 1), "fly", "", "", false},
	} {
		if got := c.scope.Reaches(c.verb, c.path, c.fund); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	withdrawn := point
	withdrawn.Grants = slices.Clone(point.Grants)
	withdrawn.Grants[0].WithdrawnAt = time.Unix(1, 0)
	if withdrawn.Allows(auth.Read) {
		t.Error("a grant that was withdrawn still holds")
	}
}

func TestGoodsMoveBetweenReachedEnds(t *testing.T) {
	t.Parallel()
	point := scope([3]string{"keeper", "/51/5101/PT-1/", "F1"})
	here, there := []string{"/51/5101/PT-1/"}, []string{"/51/5132/PT-2/"}
	way := append(slices.Clone(here), there...) // of a waybill from there
	officer := scope([3]string{"finance", "", "F1"})
	for _, c := range []struct {
		name     string
		scope    auth.Scope
		verb     auth.Verb
		fund     string
		from, to []string
		want     bool
	}{
		{"handed out here", point, auth.HandOut, "F1", here, here, true},
		{"of a foreign fund", point, auth.HandOut, "F2", here, here, false},
		{"received from a supplier", point, auth.Receive, "F1", nil, here, true},
		{"received elsewhere", point, auth.Receive, "F1", nil, there, false},
		{"sent away", point, auth.Transfer, "F1", here, there, false},
		{"fetched", point, auth.Transfer, "F1", there, here, false},
		{"arriving from elsewhere", point, auth.Transfer, "F1", way, here, true},
		{"arriving elsewhere", point, auth.Transfer, "F1", way, there, false},
		{"paid by a keeper", point, auth.Pay, "F1", nil, nil, false},
		{"paid by an officer", officer, auth.Pay, "F1", nil, nil, true},
		{"paid out of a foreign fund", officer, auth.Pay, "F2", nil, nil, false},
		{"a verb that the role has not", officer, auth.HandOut, "F1", here, here, false},
	} {
		if got := c.scope.MayMove(c.verb, c.fund, c.from, c.to); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// Drawn grants, places and funds: the SQL condition keeps exactly what Reaches reaches.
func TestWhereIsReaches(t *testing.T) {
	t.Parallel()
	db := pgtest.Book(t).DB()
	paths := rapid.SampledFrom([]string{"", "/51/", "/51/5101/", "/51/51010/", "/51/5101/PT-1/", "/52/", "/51/5101-/", "/51/5101/A/B/"})
	funds := rapid.SampledFrom([]string{"", "F1", "F2", "F10"})
	verbs := rapid.SampledFrom([]auth.Verb{auth.Read, auth.HandOut, auth.Pay, "fly"})
	roles := rapid.SampledFrom([]string{"keeper", "finance", "auditor"})
	rapid.Check(t, func(rt *rapid.T) {
		var s auth.Scope
		for range rapid.IntRange(0, 3).Draw(rt, "grants") {
			s.Grants = append(s.Grants, scope([3]string{roles.Draw(rt, "role"), paths.Draw(rt, "root"), funds.Draw(rt, "of")}).Grants...)
		}
		verb, path, fund := verbs.Draw(rt, "verb"), paths.Draw(rt, "path"), funds.Draw(rt, "fund")
		columns := map[bool]string{true: "", false: "r.path"}[path == ""]
		var got bool
		err := db.NewRaw(`SELECT EXISTS (SELECT FROM (SELECT ?::text COLLATE "C" AS path, ?::text AS fund) r WHERE ?)`,
			path, fund, s.Where(verb, columns, map[bool]string{true: "", false: "r.fund"}[fund == ""])).Scan(t.Context(), &got)
		if err != nil {
			rt.Fatal(err)
		}
		if want := s.Reaches(verb, path, fund); got != want {
			rt.Fatalf("SQL says %t, Reaches %t", got, want)
		}
	})
}

func TestGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, other := auth.NewKeyring(w.book.DB(), w.book.ID, w.clock.now), auth.NewKeyring(w.book.DB(), w.book.ID, w.clock.now)
	ctx, console := t.Context(), auth.Unbounded("console", w.book.ID)
	o := order(auth.Keeper)
	o.Location, o.Fund = "PT-1", "F1"
	shown, err := k.Issue(ctx, o)
	w.must(err)
	wantGrants(t, w, other, shown, "keeper of F1 under PT-1")
	if s, err := k.Check(ctx, shown); err != nil || s.Whole(auth.HandOut) || !s.Allows(auth.HandOut) {
		t.Errorf("bounded: %+v, %v", s, err)
	}

	w.clock.pass(time.Second)
	given, err := k.Give(ctx, console, auth.Bounds{Actor: o.Actor, Role: auth.Coordinator, Location: "5101"})
	w.must(err)
	again, err := k.Give(ctx, console, auth.Bounds{Actor: o.Actor, Role: auth.Coordinator, Location: "5101"})
	if w.must(err); again.ID != given.ID || !again.Stood || given.Stood || given.Path != "/51/5101/" {
		t.Errorf("given twice: %+v and %+v", given, again)
	}
	wantGrants(t, w, k, shown, "keeper of F1 under PT-1", "coordinator under 5101")
	wantGrants(t, w, other, shown, "keeper of F1 under PT-1")
	w.clock.pass(31 * time.Second)
	wantGrants(t, w, other, shown, "keeper of F1 under PT-1", "coordinator under 5101")

	w.must(k.Withdraw(ctx, console, given.ID))
	wantGrants(t, w, k, shown, "keeper of F1 under PT-1")
	wantGrants(t, w, other, shown, "keeper of F1 under PT-1", "coordinator under 5101")
	w.clock.pass(31 * time.Second)
	wantGrants(t, w, other, shown, "keeper of F1 under PT-1")
	if err := k.Withdraw(ctx, console, given.ID); !errors.Is(err, auth.ErrNoGrant) {
		t.Errorf("withdrawn twice: %v", err)
	}
	history, _, err := k.Grants(ctx, console, auth.GrantQuery{Actor: o.Actor, Limit: 10})
	if w.must(err); len(history) != 2 || history[1].WithdrawnBy != "console" {
		t.Errorf("history %+v", history)
	}
}

func TestNobodyGrantsMoreThanTheyHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := auth.NewKeyring(w.book.DB(), w.book.ID, w.clock.now)
	ctx, console := t.Context(), auth.Unbounded("console", w.book.ID)
	local := scope([3]string{"administrator", "/51/5101/", "F1"}, [3]string{"finance", "", ""})
	for want, b := range map[string]auth.Bounds{
		`li-na may not make x administrator: nobody grants more than they hold`:           {Actor: "x", Role: auth.Administrator},
		`li-na may not make x keeper of F1: nobody grants more than they hold`:            {Actor: "x", Role: auth.Keeper, Fund: "F1"},
		`li-na may not make x keeper under PT-1: nobody grants more than they hold`:       {Actor: "x", Role: auth.Keeper, Location: "PT-1"},
		`li-na may not make x keeper of F1 under PT-2: nobody grants more than they hold`: {Actor: "x", Role: auth.Keeper, Location: "PT-2", Fund: "F1"},
		`location "NO" is not in the register: a grant is bound to what is there`:         {Actor: "x", Role: auth.Keeper, Location: "NO"},
		`fund "a b" is not in the register: a grant is bound to what is there`:            {Actor: "x", Role: auth.Keeper, Fund: "a b"},
		`role "boss" is none of keeper, coordinator, finance, auditor, administrator`:     {Actor: "x", Role: "boss"},
		`actor "a b" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`:          {Actor: "a b", Role: auth.Keeper},
	} {
		if _, err := k.Give(ctx, local, b); err == nil || err.Error() != want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
	if _, err := k.Give(ctx, local, auth.Bounds{Actor: "x", Role: auth.Administrator, Location: "PT-1", Fund: "F1"}); err != nil {
		t.Errorf("within its own bounds: %v", err)
	}
	w.clock.pass(time.Second)
	wide, err := k.Give(ctx, console, auth.Bounds{Actor: "x", Role: auth.Auditor})
	w.must(err)
	if err := k.Withdraw(ctx, local, wide.ID); !errors.Is(err, auth.ErrNoGrant) {
		t.Errorf("withdrawing more than it holds: %v", err)
	}
	o := order(auth.Finance)
	o.Actor = "x"
	if _, err := k.Issue(ctx, o); err == nil || err.Error() != "actor x has role administrator, auditor, finance wanted" {
		t.Errorf("a token for a role that is not held: %v", err)
	}
	o.Role, o.Location = auth.Administrator, "PT-2"
	if _, err := k.Issue(ctx, o); err == nil || err.Error() != "actor x has role administrator, auditor, administrator under PT-2 wanted" {
		t.Errorf("a token for a place that is not held: %v", err)
	}
}

func wantGrants(t *testing.T, w *world, k *auth.Keyring, shown string, want ...string) {
	t.Helper()
	s, err := k.Check(t.Context(), shown)
	w.must(err)
	var got []string
	for _, g := range s.Grants {
		got = append(got, g.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, wanted %q", s.Actor, got, want)
	}
}

// TestOrdersTakeTurns: two orders at once for a new actor make it once, and leave two live tokens at most.
func TestOrdersTakeTurns(t *testing.T) {
	t.Parallel()
	k, _, clock := keyring(t)
	var shown []string
	for range 3 {
		token, err := k.Issue(t.Context(), order(auth.Keeper))
		if err != nil {
			t.Fatal(err)
		}
		clock.pass(time.Second)
		shown = append(shown, token)
	}
	for i, want := range []error{auth.ErrDenied, nil, nil} {
		if _, err := k.Check(t.Context(), shown[i]); !errors.Is(err, want) {
			t.Errorf("token %d of three: %v", i+1, err)
		}
	}
	failed := make(chan error)
	for range 8 {
		go func() {
			_, err := k.Issue(context.Background(), order(auth.Keeper))
			failed <- err
		}()
	}
	for range 8 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	tokens, _, err := k.Tokens(t.Context(), auth.Unbounded("console", 1), auth.TokenQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	if live := slices.DeleteFunc(tokens, func(t auth.Token) bool { return !t.RevokedAt.IsZero() }); len(live) != 2 {
		t.Errorf("%d tokens live", len(live))
	}
}

func TestTheLastUseIsKnownToTheMinute(t *testing.T) {
	t.Parallel()
	k, other, clock := keyring(t)
	shown, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	last := func() time.Time {
		tokens, _, err := k.Tokens(t.Context(), auth.Unbounded("console", 1), auth.TokenQuery{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return tokens[0].LastUsedAt
	}
	if !last().IsZero() {
		t.Errorf("never used, and last at %s", last())
	}
	first := clock.now()
	for range 59 {
		for _, ring := range []*auth.Keyring{k, other} {
			if _, err := ring.Check(t.Context(), shown); err != nil {
				t.Fatal(err)
			}
		}
		clock.pass(time.Second)
	}
	if !last().Equal(first) {
		t.Errorf("within a minute: %s, first used at %s", last(), first)
	}
	clock.pass(time.Second)
	if _, err := k.Check(t.Context(), shown); err != nil {
		t.Fatal(err)
	}
	if want := first.Add(time.Minute); !last().Equal(want) {
		t.Errorf("after a minute: %s, wanted %s", last(), want)
	}
	if _, err := k.Check(t.Context(), shown[:len(shown)-1]+"0"); !errors.Is(err, auth.ErrDenied) {
		t.Error(err)
	}
}
