// Package report is the reading room: stock, cards, statements, the agreement of goods and money, and the bulletin.
// It reads only, sees both wings, and every figure it shows carries the query that opens it down to its entries.
package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Room reads one book. It is safe for any number of readers.
type Room struct {
	Book *ledger.Book
	// Enter makes the rest of a reading transaction see only what its reader may see. Nil shows everything.
	Enter func(ctx context.Context, tx bun.Tx) error
}

// read runs fn on one snapshot, so that the figures of a report agree with each other while entries are being posted.
func (r Room) read(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	return r.Book.DB().RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(ctx context.Context, tx bun.Tx) error {
		if r.Enter != nil {
			if err := r.Enter(ctx, tx); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}

// sweep is read for questions that look at most of the book. Right after a bulk load PostgreSQL knows nothing of the tables' sizes
// and would compare every row with every other; joining by hash is never the worst choice here. Where a nested loop is the only way
// its forbidding price would call for compiled code, which takes longer than the answer.
func (r Room) sweep(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	return r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL enable_nestloop = off; SET LOCAL jit = off"); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// place is the root of a subtree of locations.
type place struct {
	Code, Name, NameEn, Kind, Path string
}

// place finds a location, or answers NotFound. An empty code is the whole book.
func (r Room) place(ctx context.Context, tx bun.Tx, code string) (place, error) {
	var p place
	if code == "" {
		return p, nil
	}
	err := tx.NewRaw("SELECT code, name, name_en, kind, path FROM locations WHERE book_id = ? AND code = ?", r.Book.ID, code).Scan(ctx, &p)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ledger.Refuse(ledger.NotFound, "/under", fmt.Sprintf("location %.80q is not in the register", code))
	}
	return p, err
}

// fund refuses a fund that is not in the register, or that whoever asks may not see, with NotFound: what is misspelt is no zero.
// An empty code is every fund.
func (r Room) fund(ctx context.Context, tx bun.Tx, code string) error {
	return r.fundOf(ctx, tx, "fund", code)
}

// fundOf is fund for a parameter of another name.
func (r Room) fundOf(ctx context.Context, tx bun.Tx, parameter, code string) error {
	if code == "" {
		return nil
	}
	found, err := tx.NewSelect().Table("funds").Where("book_id = ? AND code = ?", r.Book.ID, code).Exists(ctx)
	if err != nil || found {
		return err
	}
	return ledger.Refuse(ledger.NotFound, "/"+parameter, fmt.Sprintf("fund %.80q is not in the register", code))
}

// item is the same for an item.
func (r Room) item(ctx context.Context, tx bun.Tx, code string) error {
	if code == "" {
		return nil
	}
	found, err := tx.NewSelect().Table("items").Where("book_id = ? AND code = ?", r.Book.ID, code).Exists(ctx)
	if err != nil || found {
		return err
	}
	return ledger.Refuse(ledger.NotFound, "/item", fmt.Sprintf("item %.80q is not in the register", code))
}

// inOrder refuses days of which the last lies before the first: a report of them would open with one day and close with another that was earlier.
func inOrder(from, to ledger.Date) error {
	if from.IsZero() || to.IsZero() || from <= to {
		return nil
	}
	return ledger.Refuse(ledger.Invalid, "/to", fmt.Sprintf("to, %s, lies before from, %s", to, from))
}

// knownAt is the entry number that a report is known at: the one asked for, or the latest of the snapshot. A report says it
// in itself and in its queries, so that they answer the same when the book has gone on.
func (r Room) knownAt(ctx context.Context, tx bun.Tx, asked int64) (int64, error) {
	var head int64
	if err := tx.NewRaw("SELECT number FROM heads WHERE book_id = ?", r.Book.ID).Scan(ctx, &head); err != nil {
		return 0, err
	}
	if asked > head {
		return 0, ledger.Refuse(ledger.NotFound, "/known_at", fmt.Sprintf("the book has %d entries, entry %d wanted", head, asked))
	}
	return orElse(asked, head), nil
}
