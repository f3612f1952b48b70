package register

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"reliefledger/ledger"
)

// Reach says which records of a register whoever asks may see: the asker is known by the context. The two ways of saying
// it must agree.
type Reach[T any] struct {
	Holds func(ctx context.Context, record T) bool
	// Where is the same as an SQL condition on the columns of the table, whose alias is r.
	Where func(ctx context.Context) schema.QueryWithArgs
}

// Confine narrows a register for everybody who uses it from now on: what an asker does not reach looks to it as if it were not
// there, here and in every request that names it. It is called once, before the register is shared.
func (r *Register[T]) Confine(reach Reach[T]) { r.reach = reach }

func (r *Register[T]) reached(ctx context.Context, record T) bool {
	return r.reach.Holds == nil || r.reach.Holds(ctx, record)
}

// within is the filter of what the asker sees.
func (r *Register[T]) within(ctx context.Context) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if r.reach.Where == nil {
			return q
		}
		return q.Where("?", r.reach.Where(ctx))
	}
}

type withinKey struct{}

// Within is, inside of Settle, the filter of what the asker sees of the same register, whose alias is r: what a record rests on must
// be reached as well as the record.
func Within(ctx context.Context) func(*bun.SelectQuery) *bun.SelectQuery {
	if within, ok := ctx.Value(withinKey{}).(func(*bun.SelectQuery) *bun.SelectQuery); ok {
		return within
	}
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q }
}

// mayHold refuses records that their sender would not see, once they stand.
func (r *Register[T]) mayHold(ctx context.Context, records []T, at func(int) string) error {
	var faults ledger.Faults
	for i, record := range records {
		if !r.reached(ctx, record) {
			_ = faults.Add(at(i), ledger.Refuse(ledger.NotFound, "/code", fmt.Sprintf("%s %s would stand outside of what its sender reaches", r.Noun, r.Code(record))))
		}
	}
	return faults.Err()
}
