package auth_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"reliefledger/auth"
)

// office is a world with an administrator of everything, and one of 5101 and fund F1 who administers the keeper there.
func office(t *testing.T) (w *world, k *auth.Keyring, console, local auth.Scope) {
	t.Helper()
	w = newWorld(t)
	k = auth.NewKeyring(w.book.DB(), w.book.ID, w.clock.now)
	console, local = auth.Unbounded("console", w.book.ID), scope([3]string{"administrator", "/51/5101/", "F1"})
	for _, b := range []auth.Bounds{
		{Actor: "boss", Role: auth.Administrator},
		{Actor: "li-na", Role: auth.Administrator, Location: "5101", Fund: "F1"},
		{Actor: "near", Role: auth.Keeper, Location: "PT-1", Fund: "F1"},
		{Actor: "wide", Role: auth.Keeper, Location: "PT-1", Fund: "F1"},
		{Actor: "wide", Role: auth.Keeper, Location: "PT-2"},
		{Actor: "loose", Role: auth.Keeper, Location: "PT-1"},
		{Actor: "far", Role: auth.Keeper, Location: "PT-2", Fund: "F1"},
	} {
		w.clock.pass(time.Second)
		_, err := k.Give(t.Context(), console, b)
		w.must(err)
	}
	return w, k, console, local
}

func (w *world) token(k *auth.Keyring, by auth.Scope, actor string) (id string, err error) {
	w.t.Helper()
	made, err := k.Make(w.t.Context(), by, auth.Order{Actor: actor, Name: "tablet", Life: 24 * time.Hour})
	return made.ID, err
}

func TestAdministratorsSeeWhatTheyAdminister(t *testing.T) {
	t.Parallel()
	w, k, console, local := office(t)
	ctx := t.Context()
	for _, c := range []struct {
		by   auth.Scope
		want []string
	}{
		{console, []string{
			"boss [administrator]", "far [keeper of F1 under PT-2]", "li-na [administrator of F1 under 5101]", "loose [keeper under PT-1]",
			"near [keeper of F1 under PT-1]", "wide [keeper of F1 under PT-1 keeper under PT-2]",
		}},
		{local, []string{"li-na [administrator of F1 under 5101]", "near [keeper of F1 under PT-1]", "wide [keeper of F1 under PT-1]"}},
		{scope([3]string{"keeper", "", ""}), nil},
	} {
		var told []string
		for after := ""; ; {
			page, err := k.Actors(ctx, c.by, after, 2)
			w.must(err)
			for _, a := range page {
				told, after = append(told, fmt.Sprintf("%s %v", a.Code, a.Grants)), a.Code
				one, err := k.Actor(ctx, c.by, a.Code)
				if w.must(err); fmt.Sprint(one.Grants) != fmt.Sprint(a.Grants) || one.CreatedBy != "console" {
					t.Errorf("%s read as %+v", a.Code, one)
				}
			}
			if len(page) < 2 {
				break
			}
		}
		if !slices.Equal(told, c.want) {
			t.Errorf("%s sees %q, wanted %q", c.by.Roles(), told, c.want)
		}
	}
	for _, absent := range []string{"far", "loose", "nobody", "' OR true--"} {
		if _, err := k.Actor(ctx, local, absent); !errors.Is(err, auth.ErrNoActor) {
			t.Errorf("%s: %v", absent, err)
		}
	}
}

func TestGrantsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	w, k, console, local := office(t)
	ctx := t.Context()
	read := func(by auth.Scope, q auth.GrantQuery) (told []string) {
		t.Helper()
		q.Limit = 2
		for {
			page, next, err := k.Grants(ctx, by, q)
			w.must(err)
			for _, g := range page {
				told = append(told, g.Actor+" "+g.String())
			}
			if next.String() == "" {
				return told
			}
			q.After, err = auth.ParseMark(next.String())
			w.must(err)
		}
	}
	gone, _, err := k.Grants(ctx, console, auth.GrantQuery{Actor: "near", Limit: 1})
	w.must(err)
	w.must(k.Withdraw(ctx, local, gone[0].ID))
	if one, err := k.Grant(ctx, local, gone[0].ID); err != nil || one.WithdrawnBy != "li-na" {
		t.Errorf("withdrawn: %+v, %v", one, err)
	}
	for _, c := range []struct {
		by   auth.Scope
		q    auth.GrantQuery
		want []string
	}{
		{console, auth.GrantQuery{Role: "administrator"}, []string{"boss administrator", "li-na administrator of F1 under 5101"}},
		{console, auth.GrantQuery{State: "withdrawn"}, []string{"near keeper of F1 under PT-1"}},
		{console, auth.GrantQuery{Actor: "wide", State: "holding"}, []string{"wide keeper of F1 under PT-1", "wide keeper under PT-2"}},
		{local, auth.GrantQuery{}, []string{"li-na administrator of F1 under 5101", "near keeper of F1 under PT-1", "wide keeper of F1 under PT-1"}},
		{local, auth.GrantQuery{Actor: "far"}, nil},
	} {
		if told := read(c.by, c.q); !slices.Equal(told, c.want) {
			t.Errorf("%+v: %q, wanted %q", c.q, told, c.want)
		}
	}
	if all := read(console, auth.GrantQuery{}); len(all) != 7 {
		t.Errorf("all: %q", all)
	}
	foreign, _, err := k.Grants(ctx, console, auth.GrantQuery{Actor: "far", Limit: 1})
	w.must(err)
	if _, err := k.Grant(ctx, local, foreign[0].ID); !errors.Is(err, auth.ErrNoGrant) {
		t.Errorf("a foreign grant: %v", err)
	}
	for _, wrong := range []string{"x", "1-a", "-1-AAAAAAAAAAAA", "1-AAAAAAAAAAAA; --", "999999999999999999-AAAAAAAAAAAA"} {
		if _, err := auth.ParseMark(wrong); err == nil {
			t.Errorf("%q is taken for a place", wrong)
		}
	}
}

// Whoever has a token of an actor may do all that the actor may.
func TestNobodyActsForWhoHoldsMore(t *testing.T) {
	t.Parallel()
	w, k, console, local := office(t)
	ctx := t.Context()
	for actor, want := range map[string]error{"near": nil, "li-na": nil, "wide": auth.ErrBeyond, "loose": auth.ErrNoActor, "far": auth.ErrNoActor, "boss": auth.ErrNoActor, "nobody": auth.ErrNoActor} {
		id, err := w.token(k, local, actor)
		if !errors.Is(err, want) {
			t.Errorf("a token for %s: %v, wanted %v", actor, err, want)
		}
		if want == nil {
			if one, err := k.Token(ctx, local, id); err != nil || one.Actor != actor || one.CreatedBy != "li-na" {
				t.Errorf("the token of %s: %+v, %v", actor, one, err)
			}
			continue
		}
		if actor == "nobody" {
			continue
		}
		if id, err = w.token(k, console, actor); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Token(ctx, local, id); !errors.Is(err, auth.ErrNoToken) {
			t.Errorf("%s's token is seen: %v", actor, err)
		}
		if err := k.Revoke(ctx, local, id); !errors.Is(err, auth.ErrNoToken) {
			t.Errorf("%s's token is revoked: %v", actor, err)
		}
	}
	mine, _, err := k.Tokens(ctx, local, auth.TokenQuery{Limit: 10})
	if w.must(err); len(mine) != 2 {
		t.Errorf("li-na sees %+v", mine)
	}
	foreign := auth.Order{Actor: "new", Role: auth.Keeper, Location: "PT-2", Fund: "F1", Name: "x", Life: time.Hour}
	if _, err := k.Make(ctx, local, foreign); !errors.Is(err, auth.ErrNoBounds) || err.Error() != `location "PT-2" is not in the register: a grant is bound to what is there` {
		t.Errorf("a new actor at a foreign place: %v", err)
	}
	foreign.Location, foreign.Fund = "PT-1", ""
	if _, err := k.Make(ctx, local, foreign); !errors.Is(err, auth.ErrBeyond) {
		t.Errorf("a new actor for every fund: %v", err)
	}
}

func TestAnOrderWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	w, k, console, _ := office(t)
	ctx := t.Context()
	var ids []string
	for i := range 3 {
		w.clock.pass(time.Second)
		made, err := k.Make(ctx, console, auth.Order{Actor: "near", Name: "tablet", Life: time.Hour})
		w.must(err)
		if want := ids[max(0, i-1):]; !slices.Equal(made.Beside, want) {
			t.Errorf("order %d stands beside %q, wanted %q", i+1, made.Beside, want)
		}
		ids = append(ids, made.ID)
	}
	live, _, err := k.Tokens(ctx, console, auth.TokenQuery{Actor: "near", State: "live", Limit: 10})
	if w.must(err); len(live) != 2 || live[0].ID != ids[2] || live[1].ID != ids[1] {
		t.Errorf("live: %+v", live)
	}
	ended, _, err := k.Tokens(ctx, console, auth.TokenQuery{State: "ended", Limit: 10})
	if w.must(err); len(ended) != 1 || ended[0].ID != ids[0] {
		t.Errorf("ended: %+v", ended)
	}
}

func TestTheLastWayInStaysOpen(t *testing.T) {
	t.Parallel()
	w, k, console, _ := office(t)
	ctx := t.Context()
	grantOf := func(actor string) string {
		t.Helper()
		g, _, err := k.Grants(ctx, console, auth.GrantQuery{Actor: actor, State: "holding", Limit: 1})
		w.must(err)
		return g[0].ID
	}
	// Without a token nobody comes in, so nothing is lost.
	w.must(k.Withdraw(ctx, console, grantOf("boss")))
	_, err := k.Give(ctx, console, auth.Bounds{Actor: "boss", Role: auth.Administrator})
	w.must(err)
	first, err := w.token(k, console, "boss")
	w.must(err)
	other, err := w.token(k, console, "li-na")
	w.must(err)
	if err := k.Revoke(ctx, console, first); !errors.Is(err, auth.ErrLast) {
		t.Errorf("the last token: %v", err)
	}
	if err := k.Withdraw(ctx, console, grantOf("boss")); !errors.Is(err, auth.ErrLast) {
		t.Errorf("the last grant: %v", err)
	}
	w.must(k.Revoke(ctx, console, other)) // a bounded one is no way in
	second, err := w.token(k, console, "boss")
	w.must(err)
	w.must(k.Revoke(ctx, console, first))
	if err := k.Revoke(ctx, console, second); !errors.Is(err, auth.ErrLast) {
		t.Errorf("the last one after rotating: %v", err)
	}
	w.clock.pass(25 * time.Hour)
	w.must(k.Revoke(ctx, console, second)) // it has expired
}

// Two administrators who shut each other out at once do not both succeed.
func TestTwoDoNotShutEachOtherOut(t *testing.T) {
	t.Parallel()
	w, k, console, _ := office(t)
	_, err := k.Give(t.Context(), console, auth.Bounds{Actor: "near", Role: auth.Administrator})
	w.must(err)
	ids := make([]string, 2)
	for i, actor := range []string{"boss", "near"} {
		ids[i], err = w.token(k, console, actor)
		w.must(err)
	}
	ended := make(chan error)
	for _, id := range ids {
		go func() { ended <- k.Revoke(context.Background(), console, id) }()
	}
	one, two := <-ended, <-ended
	if (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), auth.ErrLast) {
		t.Errorf("%v and %v", one, two)
	}
}

// A token that was ordered by somebody who administers less never grows: the actor is widened only when it is revoked.
func TestNoTokenGrowsInOtherHands(t *testing.T) {
	t.Parallel()
	w, k, console, local := office(t)
	ctx := t.Context()
	boss, lost := auth.Unbounded("boss", w.book.ID), auth.Bounds{Actor: "near", Role: auth.Administrator}
	id, err := w.token(k, local, "near")
	w.must(err)
	wants := func(by auth.Scope, b auth.Bounds, want string) {
		t.Helper()
		w.clock.pass(time.Second)
		var known auth.Known
		switch _, err := k.Give(ctx, by, b); {
		case want == "":
			w.must(err)
		case !errors.As(err, &known) || err.Error() != b.Actor+" is not made "+want:
			t.Errorf("%v, wanted %s", err, want)
		}
	}
	wants(boss, lost, "administrator while live tokens of it are known to who administers less: "+id+" ordered by li-na")
	// Whoever does not administer all of the actor is not told of its tokens.
	aside := auth.Scope{Actor: "aside", Book: w.book.ID, Grants: []auth.Grant{{Role: auth.Administrator, Path: "/51/51010/"}, {Role: auth.Auditor}}}
	wants(aside, auth.Bounds{Actor: "near", Role: auth.Keeper, Location: "PT-2"}, "keeper under PT-2 while live tokens of it are known to who administers less: which are not yours to see")
	wants(local, auth.Bounds{Actor: "near", Role: auth.Coordinator, Location: "PT-1", Fund: "F1"}, "") // no more than who ordered it administers
	wants(boss, auth.Bounds{Actor: "near", Role: auth.Keeper, Location: "PT-1", Fund: "F1"}, "")       // what it holds
	w.must(k.Revoke(ctx, boss, id))
	wants(boss, lost, "")
	if _, err := w.token(k, local, "near"); !errors.Is(err, auth.ErrBeyond) {
		t.Errorf("a token of who holds more: %v", err)
	}

	// Nobody vouches for its own token: somebody else may have ordered it with one.
	self, err := w.token(k, local, "li-na")
	w.must(err)
	wants(console, auth.Bounds{Actor: "li-na", Role: auth.Administrator}, "administrator while live tokens of it are known to who administers less: "+self+" ordered by li-na")
	w.clock.pass(25 * time.Hour)
	wants(console, auth.Bounds{Actor: "li-na", Role: auth.Administrator}, "")
}
