package register_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

type askerKey struct{}

// as is a context of somebody who reaches the shelves whose codes begin with prefix.
func as(t *testing.T, prefix string) context.Context {
	return context.WithValue(t.Context(), askerKey{}, prefix)
}

func TestWhatIsNotReachedIsNotThere(t *testing.T) {
	t.Parallel()
	shelves, _, _ := shelves(t)
	prefix := func(ctx context.Context) string {
		p, ok := ctx.Value(askerKey{}).(string)
		if !ok {
			return "\x00" // nobody reaches nothing
		}
		return p
	}
	shelves.Confine(register.Reach[shelf]{
		Holds: func(ctx context.Context, s shelf) bool { return strings.HasPrefix(s.Code, prefix(ctx)) },
		Where: func(ctx context.Context) schema.QueryWithArgs {
			if _, ok := ctx.Value(askerKey{}).(string); !ok {
				return bun.SafeQuery("FALSE")
			}
			return bun.SafeQuery("starts_with(r.code, ?)", prefix(ctx))
		},
	})
	everybody, a, b := as(t, ""), as(t, "A"), as(t, "B")
	if _, err := shelves.CreateMany(everybody, "x", []shelf{{Code: "A1", Name: "one"}, {Code: "A2", Name: "two"}, {Code: "B1", Name: "three"}}); err != nil {
		t.Fatal(err)
	}
	absent := func(what string, err error) {
		t.Helper()
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) || refusal.Code() != ledger.NotFound || err.Error() != `shelf "A1" is not in the register` {
			t.Errorf("%s: %v", what, err)
		}
	}
	if s, err := shelves.Find(a, "A1"); err != nil || s.Name != "one" {
		t.Errorf("its own: %+v, %v", s, err)
	}
	s, err := shelves.Find(b, "A1") // in the cache by now
	if absent("found", err); s.Name != "" {
		t.Errorf("a foreign record is shown: %+v", s)
	}
	_, err = shelves.Find(t.Context(), "A1")
	absent("found by nobody", err)
	_, err = shelves.Read(b, "A1")
	absent("read", err)
	_, err = shelves.History(b, "A1", 0, 10)
	absent("its history", err)
	_, err = shelves.Change(b, "x", "A1", 1, shelf{Code: "A1", Name: "mine"})
	if err == nil || err.Error() != "shelf A1 would stand outside of what its sender reaches" {
		t.Errorf("changed: %v", err)
	}
	_, err = shelves.Change(b, "x", "A9", 1, shelf{Code: "A9", Name: "mine"})
	if err == nil || err.Error() != "shelf A9 would stand outside of what its sender reaches" {
		t.Errorf("one that is not there is told from one that is: %v", err)
	}
	_, err = shelves.CreateMany(b, "x", []shelf{{Code: "B2", Name: "mine"}, {Code: "A3", Name: "mine"}})
	if err == nil || err.Error() != "shelf A3 would stand outside of what its sender reaches" {
		t.Errorf("created: %v", err)
	}
	for asker, want := range map[context.Context][]string{everybody: {"A1", "A2", "B1"}, a: {"A1", "A2"}, b: {"B1"}, t.Context(): nil} {
		rows, err := shelves.List(asker, "", 10)
		var codes []string
		for _, row := range rows {
			codes = append(codes, row.Record.Code)
		}
		if err != nil || !slices.Equal(codes, want) {
			t.Errorf("list %q, %v, wanted %q", codes, err, want)
		}
	}
}
