package main

import (
	"context"
	"errors"
	"time"

	"reliefledger/ledger"
)

// many is how many callers post side by side in one process.
const many = 256

// fresh opens a book of its own without history, by a server that has seen every point once, as one that runs for a while has.
func (b *bench) fresh(ctx context.Context) (*book, error) {
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	of, err := openBook(ctx, dsn, ledger.Options{})
	if err != nil {
		return nil, err
	}
	if err := of.tour(ctx, 1); err != nil {
		return nil, errors.Join(err, of.close())
	}
	return of, nil
}

// tour hands out once at every point, so many times: the server then has every point in memory, and PostgreSQL the pages that it writes to.
func (b *book) tour(ctx context.Context, times int) error {
	for range times {
		next := -1
		if _, err := b.handOutMany(ctx, points, func() int { next++; return next }, b.Today()); err != nil {
			return err
		}
	}
	return nil
}

// posting is a side that posts handouts in process, one by one, from so many callers. They are dated so many days before today.
func posting(name string, n int, of *book, where choice, ago int) side {
	return side{name: name, run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
		on := of.Today() - ledger.Date(ago)
		return callers(ctx, n, span, each(func(ctx context.Context) error { return of.handOut(ctx, where(), on) }))
	}}
}

// postInProcess compares the committer with row locks and with the limit.
func (b *bench) postInProcess(ctx context.Context) ([]row, error) {
	of, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer of.close()
	locked, err := b.freshLocking(ctx)
	if err != nil {
		return nil, err
	}
	defer locked.db.Close()
	copied, err := b.newCopying(ctx, int(b.span.Seconds()*20_000))
	if err != nil {
		return nil, err
	}
	defer copied.close()
	today := of.Today()
	found, err := b.interleave(
		ctx, posting("book", many, of, halfHot, 0),
		side{name: "row locks", run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
			return callers(ctx, many, span, each(func(ctx context.Context) error {
				_, err := locked.handOut(ctx, newKey(), handout(halfHot(), today))
				return err
			}))
		}},
		side{name: "COPY", prepare: copied.prepare, run: copied.run, whole: true},
	)
	if err != nil {
		return nil, err
	}
	if err := mustVerify(ctx, of.dsn, locked.dsn); err != nil {
		return nil, err
	}
	const name = "post in process, 256 callers, half of all at one point"
	return []row{
		ratio(name, "a transaction for each, row locks", 25, found[0], found[1]),
		ratio(name, "COPY of the same rows", 0.4, found[0], found[2]),
	}, nil
}

// postHot compares one point that everybody posts to with a thousand.
func (b *bench) postHot(ctx context.Context) ([]row, error) {
	hot, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer hot.close()
	spread, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer spread.close()
	found, err := b.interleave(ctx, posting("one point", many, hot, oneHot, 0), posting("1,000 points", many, spread, uniform, 0))
	if err != nil {
		return nil, err
	}
	return []row{ratio("post at one point", "at 1,000 points", 0.9, found[0], found[1])}, mustVerify(ctx, hot.dsn, spread.dsn)
}

// postAlone compares a lone caller with a lone client that inserts rows.
func (b *bench) postAlone(ctx context.Context) ([]row, error) {
	of, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer of.close()
	rows, err := b.newInserting(ctx)
	if err != nil {
		return nil, err
	}
	found, err := b.interleave(ctx, posting("one caller", 1, of, halfHot, 0), side{name: rows.name(), run: rows.run})
	if err != nil {
		return nil, err
	}
	return []row{ratio("post in process, one caller", rows.name(), 0.3, found[0], found[1])}, mustVerify(ctx, of.dsn)
}
