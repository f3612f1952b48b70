package main

import (
	"context"
	"time"

	"reliefledger/ledger"
)

// benchCase measures one or more rows of the table.
type benchCase struct {
	name string
	run  func(*bench, context.Context) ([]row, error)
}

// many is how many callers post side by side in one process.
const many = 256

// fresh opens a book of its own without history.
func (b *bench) fresh(ctx context.Context) (*book, error) {
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	return openBook(ctx, dsn, ledger.Options{})
}

// posting is a side that posts handouts of today in process, one by one, from so many callers.
func posting(name string, n int, of *book, where choice) side {
	return side{name: name, run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
		today := of.Today()
		return callers(ctx, n, span, each(func(ctx context.Context) error { return of.handOut(ctx, where(), today) }))
	}}
}

// postInProcess compares the committer with row locks and with the limit.
func (b *bench) postInProcess(ctx context.Context) ([]row, error) {
	of, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = of.close() }()
	locked, err := b.freshRows(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = locked.db.Close() }()
	copied, err := b.newCopying(ctx, int(b.span.Seconds()*20_000))
	if err != nil {
		return nil, err
	}
	today := of.Today()
	found, err := b.interleave(
		ctx, posting("book", many, of, halfHot),
		side{name: "row locks", run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
			return callers(ctx, many, span, each(func(ctx context.Context) error {
				_, err := locked.handOut(ctx, newKey(), handout(halfHot(), today))
				return err
			}))
		}},
		side{name: "COPY", prepare: copied.prepare, run: copied.run},
	)
	if err != nil {
		return nil, err
	}
	if err := b.mustVerify(ctx, of, locked); err != nil {
		return nil, err
	}
	const name = "Post in process, 256 callers"
	return []row{
		ratio(name, "a transaction for each, row locks", 25, found[0], found[1]),
		ratio(name, "COPY of the same rows", 0.4, found[0], found[2]),
	}, nil
}
