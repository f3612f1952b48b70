package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"
)

// fetch is how many rows of a cursor are held in memory at once.
const fetch = 5000

// stream reads one query through a cursor of the database, so that a book of any length passes in bounded memory, and several
// streams can be read side by side on one connection, in one snapshot.
type stream[T any] struct {
	tx   bun.Tx
	name string
	scan func(*sql.Rows, *T) error
	rows []T
	next int
	last bool
}

// open declares the cursor. The query carries no arguments and its name is a word of the program.
func open[T any](ctx context.Context, tx bun.Tx, name, query string, scan func(*sql.Rows, *T) error) (*stream[T], error) {
	_, err := tx.ExecContext(ctx, fmt.Sprintf("DECLARE %s NO SCROLL CURSOR FOR %s", name, query))
	return &stream[T]{tx: tx, name: name, scan: scan}, err
}

// peek is the next row without taking it, or nil after the last one. What it points to is overwritten when rows are fetched again.
func (s *stream[T]) peek(ctx context.Context) (*T, error) {
	if s.next == len(s.rows) && !s.last {
		if err := s.fetch(ctx); err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.name, err)
		}
	}
	if s.next == len(s.rows) {
		return nil, nil
	}
	return &s.rows[s.next], nil
}

// take passes over the row that peek showed.
func (s *stream[T]) take() { s.next++ }

func (s *stream[T]) fetch(ctx context.Context) error {
	rows, err := s.tx.QueryContext(ctx, fmt.Sprintf("FETCH %d FROM %s", fetch, s.name))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	s.rows, s.next = s.rows[:0], 0
	for rows.Next() {
		var row T
		if err := s.scan(rows, &row); err != nil {
			return err
		}
		s.rows = append(s.rows, row)
	}
	s.last = len(s.rows) < fetch
	return rows.Err()
}

// snapshot runs fn in one read-only view of the database: what is written meanwhile is not seen.
// It takes as long as the book is long, so no statement time-out of the pool applies.
func snapshot(ctx context.Context, db *bun.DB, fn func(tx bun.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written: there is nothing to commit
	// The format of dates is pinned because leaves are computed from the text that the database shows.
	const settings = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL work_mem = '64MB'"
	if _, err := tx.ExecContext(ctx, settings); err != nil {
		return err
	}
	return fn(tx)
}
