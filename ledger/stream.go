package ledger

import (
	"context"
	"database/sql"
	"fmt"
)

// fetch is how many rows of a cursor are read at once.
const fetch = 5000

// stream reads one query through a cursor of the database, so that a book of any length passes in bounded memory, and several
// streams can be read side by side in one snapshot. While the rows of one fetch are taken the next ones are on their way.
type stream[T any] struct {
	lane  *lane
	name  string
	scan  func(*sql.Rows, *T) error
	rows  []T
	next  int
	spare []T             // memory of the rows before these
	ahead chan fetched[T] // nil when nothing is on its way
	last  bool
}

type fetched[T any] struct {
	rows []T
	err  error
}

// open declares the cursor. The query carries no arguments and its name is a word of the program.
func open[T any](ctx context.Context, on *lane, name, query string, scan func(*sql.Rows, *T) error) (*stream[T], error) {
	on.mu.Lock()
	defer on.mu.Unlock()
	_, err := on.tx.ExecContext(ctx, fmt.Sprintf("DECLARE %s NO SCROLL CURSOR FOR %s", name, query))
	return &stream[T]{lane: on, name: name, scan: scan}, err
}

// peek is the next row without taking it, or nil after the last one. What it points to is good until a later row is peeked at.
func (s *stream[T]) peek(ctx context.Context) (*T, error) {
	if s.next == len(s.rows) && !s.last {
		if err := s.turn(ctx); err != nil {
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

// turn goes on with the rows of the next fetch and sends for those after them.
func (s *stream[T]) turn(ctx context.Context) error {
	if s.ahead == nil {
		s.send(ctx)
	}
	found := <-s.ahead
	if found.err != nil {
		return found.err
	}
	s.spare, s.rows, s.next = s.rows, found.rows, 0
	if s.last = len(s.rows) < fetch; !s.last {
		s.send(ctx)
	}
	return nil
}

func (s *stream[T]) send(ctx context.Context) {
	s.ahead = make(chan fetched[T], 1) // whoever stops early leaves the rows in it
	go func(into []T, ahead chan<- fetched[T]) {
		rows, err := s.fetch(ctx, into)
		ahead <- fetched[T]{rows, err}
	}(s.spare[:0], s.ahead)
}

func (s *stream[T]) fetch(ctx context.Context, into []T) ([]T, error) {
	s.lane.mu.Lock()
	defer s.lane.mu.Unlock()
	rows, err := s.lane.tx.QueryContext(ctx, fmt.Sprintf("FETCH %d FROM %s", fetch, s.name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var row T
		if err := s.scan(rows, &row); err != nil {
			return nil, err
		}
		into = append(into, row)
	}
	return into, rows.Err()
}
