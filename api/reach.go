package api

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"reliefledger/auth"
	"reliefledger/fund"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// confine ties the registers and the book to whoever asks, so that every handler, also one that is still to be written, is confined
// without a rule of its own. A context that did not come through the door reaches nothing.
func (d *Door) confine() {
	d.Keeper.Locations.Confine(register.Reach[warehouse.Location]{
		Holds: func(ctx context.Context, l warehouse.Location) bool {
			s, v := placing(ctx)
			return s.Reaches(v, l.Path, "")
		},
		Where: func(ctx context.Context) schema.QueryWithArgs {
			s, v := placing(ctx)
			return s.Where(v, "r.path", "")
		},
	})
	d.Officer.Funds.Confine(register.Reach[fund.Fund]{
		Holds: func(ctx context.Context, f fund.Fund) bool {
			v := visitOf(ctx)
			return v.scope.ReachesFund(v.verb, f.Code)
		},
		Where: func(ctx context.Context) schema.QueryWithArgs {
			v := visitOf(ctx)
			return v.scope.WhereFund(v.verb, "r.code")
		},
	})
	d.Book.Confine(ledger.Reach{Entries: d.seen, Bind: d.bind})
}

// placing is what may be done to locations. What concerns all goods of a place needs a grant for every fund.
func placing(ctx context.Context) (auth.Scope, auth.Verb) {
	v := visitOf(ctx)
	if v.verb == auth.KeepPlaces || v.verb == auth.ClosePoint {
		return v.scope.OfEveryFund(), v.verb
	}
	return v.scope, v.verb
}

// seen are the entries that whoever asks may do to what the operation does: read them, or build on them.
func (d *Door) seen(ctx context.Context, numbers ...int64) (map[int64]bool, error) {
	v := visitOf(ctx)
	return v.scope.Narrow(v.verb).Sees(ctx, d.Book.DB(), numbers...)
}

// bind costs whoever may do it everywhere nothing, and anybody else one look-up for all proposals of the request.
func (d *Door) bind(ctx context.Context, proposals ...*ledger.Proposal) error {
	v := visitOf(ctx)
	if v.scope.Whole(v.verb) {
		return nil
	}
	return d.Keeper.Confine(ctx, func(fund string, from, to []string) bool { return v.scope.MayMove(v.verb, fund, from, to) }, proposals...)
}

// room is the reading room of the book, as far as whoever asks may see.
func (d *Door) room() report.Room {
	return report.Room{Book: d.Book, Enter: func(ctx context.Context, tx bun.Tx) error {
		if s := scopeOf(ctx); !s.Whole(auth.Read) {
			return s.Enter(ctx, tx)
		}
		return nil
	}}
}
