package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/uptrace/bun"
)

// lane is one of several connections that see the same moment of the database. Whoever reads on it takes turns.
type lane struct {
	mu sync.Mutex
	tx bun.Tx
}

// snapshot runs fn in one read-only view of the database: what is written meanwhile is not seen. Up to n connections share the
// view, so that PostgreSQL reads on several processors; there are fewer where the pool has few, and at least one.
func snapshot(ctx context.Context, db *bun.DB, n int, fn func(ctx context.Context, lanes []*lane) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if most := db.Stats().MaxOpenConnections; most > 0 {
		n = min(n, most/2) // two that read at once still leave each other a lane
	}
	lanes, err := enterAll(ctx, db, n)
	if err == nil {
		err = fn(ctx, lanes)
	}
	if err != nil {
		cancel() // what is still being read is wanted no more
	}
	for _, l := range lanes {
		l.leave()
	}
	return err
}

func enterAll(ctx context.Context, db *bun.DB, n int) (lanes []*lane, err error) {
	first, err := enter(ctx, db, "")
	if err != nil {
		return nil, err
	}
	if lanes = append(lanes, first); n < 2 {
		return lanes, nil
	}
	view := ""
	if err := first.tx.NewRaw("SELECT pg_export_snapshot()").Scan(ctx, &view); err != nil {
		return lanes, err
	}
	for len(lanes) < n && free(db) {
		next, err := enter(ctx, db, view)
		if err != nil {
			return lanes, err
		}
		lanes = append(lanes, next)
	}
	return lanes, nil
}

// free reports whether the pool has a connection that need not be waited for.
func free(db *bun.DB) bool {
	stats := db.Stats()
	return stats.MaxOpenConnections == 0 || stats.InUse < stats.MaxOpenConnections
}

// enter opens a lane into a view, or into a new one when view is empty.
func enter(ctx context.Context, db *bun.DB, view string) (*lane, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	l := &lane{tx: tx}
	// The format of dates is pinned because leaves are computed from the text that the database shows. The work takes as long as the
	// book is long, so no statement time-out of the pool applies.
	settings := "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL work_mem = '64MB'"
	if view != "" {
		settings = fmt.Sprintf("SET TRANSACTION SNAPSHOT '%s'; ", view) + settings
	}
	if _, err := tx.ExecContext(ctx, settings); err != nil {
		l.leave()
		return nil, err
	}
	return l, nil
}

// leave waits for whoever reads on the lane and ends it. Nothing was written: there is nothing to commit.
func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.tx.Rollback()
}
