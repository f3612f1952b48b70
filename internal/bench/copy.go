package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
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
	name  string  // of its database
}

// newCopying posts handouts into a book and has the server write their rows into files.
func (b *bench) newCopying(ctx context.Context, handouts int) (*copying, error) {
	of, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer of.close()
	c := &copying{bench: b}
	if err := b.admin.QueryRowContext(ctx, "SHOW data_directory").Scan(&c.dir); err != nil {
		return nil, err
	}
	before, err := of.head(ctx)
	if err != nil {
		return nil, err
	}
	for c.rows < int64(handouts) {
		posted, err := of.handOutMany(ctx, 1000, halfHot, of.Today())
		if err != nil {
			return nil, err
		}
		c.rows += posted
	}
	return c, c.write(ctx, of.dsn, before)
}

// write has the rows after an entry written into files, in the order in which they came.
func (c *copying) write(ctx context.Context, dsn string, after int64) error {
	owner, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer owner.Close()
	for _, table := range appended {
		if _, err := owner.ExecContext(ctx, fmt.Sprintf("COPY (SELECT * FROM %s WHERE number > %d ORDER BY number) TO '%s'", table, after, c.file(table))); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) file(table string) string { return filepath.Join(c.dir, "bench-"+table) }

func (c *copying) close() error {
	for _, table := range appended {
		_ = os.Remove(c.file(table)) // it goes with the directory, if it does not go now
	}
	if c.into == nil {
		return nil
	}
	return c.into.Close()
}

// prepare makes a fresh copy of the book that the rows were written on, in place of that of the round before.
func (c *copying) prepare(ctx context.Context) error {
	if c.into != nil {
		if err := errors.Join(c.into.Close(), c.bench.drop(ctx, c.name)); err != nil {
			return err
		}
	}
	dsn, err := c.bench.clone(ctx)
	if err != nil {
		return err
	}
	c.name = databaseOf(dsn)
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

// head is the number of the last entry.
func (b *book) head(ctx context.Context) (number int64, err error) {
	err = b.db.NewRaw("SELECT number FROM heads WHERE book_id = ?", b.ID).Scan(ctx, &number)
	return number, err
}
