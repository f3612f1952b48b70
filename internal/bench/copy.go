package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"reliefledger/ledger"
)

// appended are the tables that get a row for each handout.
var appended = []string{"entries", "moves", "handouts"}

// copying is the limit: the server reads rows that a book has written from its own disk and adds them to the same tables with the
// same indexes, in one transaction. It changes no balance, proves nothing and talks to nobody.
type copying struct {
	bench *bench
	dir   string
	rows  int64
	into  *sql.DB // of this round
}

// newCopying posts handouts into a book and has the server write their rows into files.
func (b *bench) newCopying(ctx context.Context, handouts int) (*copying, error) {
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	book, err := openBook(ctx, dsn, ledger.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = book.close() }()
	c := &copying{bench: b}
	if err := b.admin.QueryRowContext(ctx, "SHOW data_directory").Scan(&c.dir); err != nil {
		return nil, err
	}
	var before int64
	if err := book.db.NewRaw("SELECT number FROM heads").Scan(ctx, &before); err != nil {
		return nil, err
	}
	for c.rows < int64(handouts) {
		posted, err := book.handOutMany(ctx, 1000, halfHot, book.Today())
		if err != nil {
			return nil, err
		}
		c.rows += posted
	}
	owner, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	defer owner.Close()
	for _, table := range appended {
		if _, err := owner.ExecContext(ctx, fmt.Sprintf("COPY (SELECT * FROM %s WHERE number > %d ORDER BY number) TO '%s'", table, before, c.file(table))); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *copying) file(table string) string { return c.dir + "/bench-" + table }

// prepare makes a fresh copy of the book that the rows were written on.
func (c *copying) prepare(ctx context.Context) error {
	dsn, err := c.bench.clone(ctx)
	if err != nil {
		return err
	}
	if c.into != nil {
		_ = c.into.Close()
	}
	if c.into, err = sql.Open("postgres", dsn); err != nil {
		return err
	}
	return c.into.PingContext(ctx)
}

// run copies the rows.
func (c *copying) run(ctx context.Context, _ time.Duration) (int64, time.Duration, error) {
	begun := time.Now()
	tx, err := c.into.BeginTx(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = tx.Rollback() }() // after the commit there is nothing left to roll back
	for _, table := range appended {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("COPY %s FROM '%s'", table, c.file(table))); err != nil {
			return 0, 0, err
		}
	}
	err = tx.Commit()
	return c.rows, time.Since(begun), err
}
