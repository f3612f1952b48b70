package main

import (
	"context"
	"fmt"

	"reliefledger/ledger"
	"reliefledger/internal/pg"
)

// mustVerify proves that a book and a rival hold what a book must hold: a fast ledger that is wrong is no rival.
func (b *bench) mustVerify(ctx context.Context, of *book, locked *rows) error {
	for _, dsn := range []string{of.dsn, locked.dsn} {
		db, err := pg.Open(dsn, pg.Options{Role: "relief_app", StatementTimeout: pg.Unhurried})
		if err != nil {
			return err
		}
		err = ledger.VerifyAll(ctx, db)
		_ = db.Close()
		if err != nil {
			return fmt.Errorf("a side left a book that is not whole: %w", err)
		}
	}
	return nil
}

func verifyBook(ctx context.Context, dsn string) error { return nil }
