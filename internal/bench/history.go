package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"reliefledger/ledger"
	"reliefledger/migrations"
)

// history is a book with many moves behind it.
type history struct {
	*book
	site  string // the data directory of its server: the log's key, the checkpoints
	tenth string // connection string of a book with a tenth of them
}

// history loads the long history once, and a tenth of it beside.
func (b *bench) history(ctx context.Context) (*history, error) {
	if b.long != nil {
		return b.long, nil
	}
	tenth, err := b.load(ctx, b.moves/10)
	if err != nil {
		return nil, err
	}
	if err := tenth.close(); err != nil {
		return nil, err
	}
	begun := time.Now()
	whole, err := b.load(ctx, b.moves)
	if err != nil {
		return nil, err
	}
	b.loading = fmt.Sprintf("The history of %s moves was posted through the book in %s.", thousands(b.moves), time.Since(begun).Round(time.Second))
	b.long = &history{book: whole, site: filepath.Join(b.scratch, "site-"+databaseOf(whole.dsn)), tenth: tenth.dsn}
	return b.long, b.long.seal(ctx)
}

// loaders is how many callers load at once: one builds proposals while the other's are written.
const loaders = 2

// load opens a book with so many moves. What a kept directory already has of them is not posted again.
func (b *bench) load(ctx context.Context, moves int64) (*book, error) {
	name := fmt.Sprintf("history%d", moves)
	var known bool
	if err := b.admin.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&known); err != nil {
		return nil, err
	}
	var err error
	if known { // by a run whose program may have been older
		err = migrations.Run(ctx, b.dsn(name))
	} else {
		_, err = b.cloneAs(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	of, err := openBook(ctx, b.dsn(name), ledger.Options{})
	if err != nil {
		return nil, err
	}
	if err := b.fill(ctx, of, moves); err != nil {
		return nil, errors.Join(err, of.close())
	}
	return of, nil
}

// fill posts handouts until the book has so many entries, each with one move. Their dates go from the day after the stock came in
// to today.
func (b *bench) fill(ctx context.Context, of *book, moves int64) error {
	head, err := of.head(ctx)
	if err != nil || head >= moves {
		return err
	}
	begun, from, first := time.Now(), head, of.Today()-received+1
	var taken atomic.Int64
	taken.Store(from)
	_, _, err = callers(ctx, loaders, 1<<62, func(ctx context.Context, _ int) (int64, error) {
		n := taken.Add(bulk)
		if n-bulk >= moves {
			return 0, errFilled
		}
		if n-from > bulk*loaders && n/bulk%max(1, moves/bulk/20) == 0 {
			b.say("  %s of %s moves, %.0f a second", thousands(n), thousands(moves), float64(n-from)/time.Since(begun).Seconds())
		}
		return of.handOutMany(ctx, int(min(bulk, moves-n+bulk)), halfHot, first+ledger.Date(min(n, moves)*(received-1)/moves))
	})
	if !errors.Is(err, errFilled) {
		return err
	}
	// Statistics as autovacuum would have them by now.
	return tidyUp(ctx, of.dsn)
}

func tidyUp(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM (ANALYZE)")
	return errors.Join(err, db.Close())
}

// errFilled ends the callers that load.
var errFilled = errors.New("the history is complete")

// seal signs the log as a server would have done all along, so that verify has a tree and a checkpoint to prove.
func (h *history) seal(ctx context.Context) error {
	if err := os.MkdirAll(h.site, 0o755); err != nil {
		return err
	}
	key, err := ledger.OpenKey(filepath.Join(h.site, "log.key"), h.Origin())
	if err != nil {
		return err
	}
	_, err = (&ledger.Sealer{DB: h.db, Book: h.Info, Key: key, File: filepath.Join(h.site, "checkpoints")}).Seal(ctx)
	return err
}

// postAtLength compares a book with a long history with one without.
func (b *bench) postAtLength(ctx context.Context) ([]row, error) {
	h, err := b.history(ctx)
	if err != nil {
		return nil, err
	}
	empty, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer empty.close()
	for _, of := range []*book{h.book, empty} { // of the long one nothing was in memory
		if err := of.tour(ctx, 20); err != nil {
			return nil, err
		}
	}
	found, err := b.interleave(ctx, posting("long history", many, h.book, halfHot, 0), posting("empty book", many, empty, halfHot, 0))
	if err != nil {
		return nil, err
	}
	return []row{ratio(fmt.Sprintf("post at %s moves", thousands(b.moves)), "an empty book", 0.85, found[0], found[1])}, mustVerify(ctx, empty.dsn)
}

// backdated is how many days before today late handouts are dated.
const backdated = 100

// postBackdated compares handouts of long ago with those of today.
func (b *bench) postBackdated(ctx context.Context) ([]row, error) {
	h, err := b.history(ctx)
	if err != nil {
		return nil, err
	}
	found, err := b.interleave(ctx, posting("100 days late", many, h.book, halfHot, backdated), posting("of today", many, h.book, halfHot, 0))
	if err != nil {
		return nil, err
	}
	return []row{ratio(fmt.Sprintf("post a backdated handout at %s moves", thousands(b.moves)), "one of today", 0.8, found[0], found[1])}, nil
}

// thousands writes a count so that it can be read.
func thousands(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
