package ledger_test

import (
	"errors"
	"testing"
	"time"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// TestFullPool: readers that hold every connection make posting wait for the patience of the book, not for their end.
func TestFullPool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dsn := pgtest.DSN(t)
	db, err := pg.Open(dsn, pg.Options{Role: pgtest.Application, MaxOpen: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	info := w.Info
	if info.ID, err = ledger.Create(t.Context(), db, info); err != nil {
		t.Fatal(err)
	}
	reader, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	book := ledger.Open(db, info, ledger.Options{Now: pgtest.Now, Patience: 100 * time.Millisecond})
	t.Cleanup(book.Close)
	begun := time.Now()
	_, err = book.Post(t.Context(), receive("r", today, quilt, "stock:A", "1", "1.00"))
	if took := time.Since(begun); !errors.Is(err, ledger.ErrUnavailable) || took > 5*time.Second {
		t.Errorf("answered %v after %s", err, took)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if posted, err := book.Post(t.Context(), receive("r", today, quilt, "stock:A", "1", "1.00")); err != nil || posted.Number != 1 {
		t.Errorf("afterwards %+v, %v", posted, err)
	}
}
