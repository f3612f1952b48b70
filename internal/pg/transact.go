package pg

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"
)

// attempts bounds how often a transaction that lost a race is run; the pauses between them add up to about a second.
const attempts = 5

// Transact runs fn in one transaction and commits it. Statements of fn end when ctx does; COMMIT does not, because a
// COMMIT that is cancelled may have happened: it waits at most as long as Options.Deadline.
//
// ErrOutcomeUnknown means that nobody knows whether the work was saved. With any other error nothing was.
// fn runs again, from the start of a new transaction, after a serialization failure, a deadlock or a lock time-out:
// it must do nothing that cannot be done twice except through tx.
func Transact(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := transactOnce(ctx, db, fn)
		if !lostRace(err) || attempt == attempts || !pause(ctx, attempt) {
			return err
		}
	}
}

func transactOnce(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error {
	// The guard begins without the deadline of ctx, see conn.BeginTx; here ctx bounds the wait for a connection.
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback() // also when fn panics
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	committed = true
	return tx.Commit()
}

func lostRace(err error) bool {
	if errors.Is(err, ErrOutcomeUnknown) {
		return false
	}
	switch Code(err) {
	case "40001", "40P01", "55P03":
		return true
	}
	return false
}

// pause waits longer each time, with jitter so that two losers do not meet again; false when ctx ends first.
func pause(ctx context.Context, attempt int) bool {
	longest := min(500*time.Millisecond, 20*time.Millisecond<<attempt)
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
