package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// Scope is what one request may see and do: the grants that its actor holds. The zero Scope may do nothing.
//
// A row stands at a path of locations and belongs to a fund. A grant reaches it where its subtree holds the path and its fund is
// the row's. What stands nowhere, as money in a bank, is reached only by a grant for everywhere; what belongs to no fund in
// particular, as a location, by a grant for any fund.
type Scope struct {
	Actor  string
	Book   int
	Grants []Grant
}

// Unbounded is the scope of somebody who may do everything, as whoever has the server's console may.
func Unbounded(actor string, book int) Scope {
	return Scope{Actor: actor, Book: book, Grants: []Grant{{Actor: actor, Role: Administrator}}}
}

// Allows reports whether the actor may do it anywhere at all. It is the question of 403; where it may do it is that of 404.
func (s Scope) Allows(v Verb) bool { return s.any(v, func(Grant) bool { return true }) }

// Roles names the roles of the grants, for a hint to somebody who may not.
func (s Scope) Roles() string {
	var roles []Role
	for _, g := range s.Grants {
		if !slices.Contains(roles, g.Role) {
			roles = append(roles, g.Role)
		}
	}
	return join(roles)
}

// Whole reports whether the actor may do it everywhere and with every fund, so that nothing needs to be looked up.
func (s Scope) Whole(v Verb) bool { return s.Covers(v, "", "") }

// Reaches reports whether the actor may do it to what stands at path, "" for nowhere, and belongs to fund, "" for none in
// particular. What is not reached must look as if it were not there.
func (s Scope) Reaches(v Verb, path, fund string) bool {
	return s.any(v, func(g Grant) bool { return g.holds(path) && (fund == "" || g.Fund == "" || g.Fund == fund) })
}

// ReachesFund reports whether the actor may do it with a fund at all, wherever that is.
func (s Scope) ReachesFund(v Verb, fund string) bool {
	return s.any(v, func(g Grant) bool { return g.Fund == "" || g.Fund == fund })
}

// MayMove reports whether the actor may do what moves something of a fund from one end to another. An end is given by the paths
// where it stands: one for a place, two for goods on a waybill, which either of its ends may touch, none for what stands nowhere,
// as a supplier. Both ends that stand somewhere must be reached; where neither does, it is money, and needs a grant for everywhere.
func (s Scope) MayMove(v Verb, fund string, from, to []string) bool {
	reached := func(end []string) bool {
		return slices.ContainsFunc(end, func(path string) bool { return s.Reaches(v, path, fund) })
	}
	if len(from) == 0 && len(to) == 0 {
		return s.Reaches(v, "", fund)
	}
	return (len(from) == 0 || reached(from)) && (len(to) == 0 || reached(to))
}

// Covers reports whether the actor may do it in the whole subtree of path with all of fund, "" for everywhere and for every fund:
// what somebody must hold who grants as much to another.
func (s Scope) Covers(v Verb, path, fund string) bool {
	return s.any(v, func(g Grant) bool { return g.holds(path) && (g.Fund == "" || g.Fund == fund) })
}

// Narrow is the scope of those grants alone that allow a verb: what it reads is what the verb may be done to.
func (s Scope) Narrow(v Verb) Scope {
	return s.only(func(g Grant) bool { return g.allows(v) })
}

// Everywhere is the scope of those grants alone that no place bounds: what stands nowhere, as money, is theirs.
func (s Scope) Everywhere() Scope { return s.only(func(g Grant) bool { return g.Path == "" }) }

// OfEveryFund is the scope of those grants alone that no fund bounds: what concerns all goods of a place is theirs.
func (s Scope) OfEveryFund() Scope { return s.only(func(g Grant) bool { return g.Fund == "" }) }

func (s Scope) only(kept func(Grant) bool) Scope {
	s.Grants = slices.DeleteFunc(slices.Clone(s.Grants), func(g Grant) bool { return !kept(g) })
	return s
}

func (s Scope) allowing(v Verb) []Grant {
	var allowing []Grant
	for _, g := range s.Grants {
		if g.allows(v) {
			allowing = append(allowing, g)
		}
	}
	return allowing
}

// any is allowing without the memory: every posting asks it.
func (s Scope) any(v Verb, holds func(Grant) bool) bool {
	return slices.ContainsFunc(s.Grants, func(g Grant) bool { return g.allows(v) && holds(g) })
}

func (g Grant) allows(v Verb) bool {
	return g.WithdrawnAt.IsZero() && slices.Contains(permissions[v], g.Role)
}

// holds reports whether the grant's subtree holds a path. Paths end in a slash, so that /51/5101/ does not hold /51/51010/.
func (g Grant) holds(path string) bool {
	return g.Path == "" || path != "" && strings.HasPrefix(path, g.Path)
}

// Where is the SQL condition that the actor may do it to a row: path and fund are the columns that say where it stands and whose
// it is, as in "l.path" and "c.fund", "" where the row has no such column. Every scoped read and write uses this one predicate.
func (s Scope) Where(v Verb, path, fund string) schema.QueryWithArgs {
	var either []string
	var args []any
	for _, g := range s.allowing(v) {
		var all []string
		switch {
		case g.Path == "":
		case path == "":
			continue
		default:
			all = append(all, "(? >= ? AND ? < ?)") // in byte order, so that the index of paths serves it
			args = append(args, bun.Ident(path), g.Path, bun.Ident(path), strings.TrimSuffix(g.Path, "/")+"0")
		}
		if g.Fund != "" && fund != "" {
			all = append(all, "? = ?")
			args = append(args, bun.Ident(fund), g.Fund)
		}
		if len(all) == 0 {
			return bun.SafeQuery("TRUE")
		}
		either = append(either, strings.Join(all, " AND "))
	}
	if len(either) == 0 {
		return bun.SafeQuery("FALSE")
	}
	return bun.SafeQuery("("+strings.Join(either, " OR ")+")", args...)
}

// WhereFund is ReachesFund as an SQL condition on the column of a fund's code.
func (s Scope) WhereFund(v Verb, column string) schema.QueryWithArgs {
	s.Grants = slices.Clone(s.Grants)
	for i := range s.Grants {
		s.Grants[i].Path = ""
	}
	return s.Where(v, "", column)
}

// Read runs fn on one snapshot that shows only what the actor may read, whatever fn asks for.
func (s Scope) Read(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error {
	return db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(ctx context.Context, tx bun.Tx) error {
		if err := s.Enter(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// Sees tells which of some entries may be shown to the actor. To whoever may read everything it is all of them, for the reader of one that is not
// there to say so.
func (s Scope) Sees(ctx context.Context, db *bun.DB, numbers ...int64) (map[int64]bool, error) {
	seen := make(map[int64]bool, len(numbers))
	found := numbers
	if !s.Whole(Read) {
		found = nil
		if err := s.Read(ctx, db, func(ctx context.Context, tx bun.Tx) error {
			return tx.NewRaw("SELECT number FROM entries WHERE book_id = ? AND number IN (?)", s.Book, bun.List(numbers)).Scan(ctx, &found)
		}); err != nil {
			return nil, err
		}
	}
	for _, n := range found {
		seen[n] = true
	}
	return seen, nil
}

// Enter makes the rest of a transaction see only what the actor may read. It is the second net below Where: the database itself
// leaves out every row that is not in scope, and a transaction that forgot to enter as somebody sees none.
func (s Scope) Enter(ctx context.Context, tx bun.Tx) error {
	type bounds struct {
		Path string `json:"path,omitempty"`
		Fund string `json:"fund,omitempty"`
	}
	scope := struct {
		Book   int      `json:"book"`
		Grants []bounds `json:"grants"`
	}{Book: s.Book, Grants: []bounds{}}
	for _, g := range s.allowing(Read) {
		scope.Grants = append(scope.Grants, bounds{g.Path, g.Fund})
	}
	text, err := json.Marshal(scope)
	if err != nil {
		return err
	}
	// Both end with the transaction, so that the pooled connection is the server's again.
	_, err = tx.ExecContext(ctx, "SELECT set_config('app.scope', ?, true), set_config('role', 'relief_scoped', true)", string(text))
	return err
}
