package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// chapter is an entry as it is stored, with all that belongs to it.
type chapter struct {
	Record
	content string
	leaf    tlog.Hash
	moves   []storedMove
}

// storedMove is a row of moves with its two cells, nil where there is no such cell; Record.Moves holds the same move by account.
type storedMove struct {
	number, line       int64
	fromID, toID       int64
	from, to           *storedCell
	quantity, value    decimal.Decimal
	fromAfter, toAfter balance
}

type storedRow struct {
	number int64
	Row
}

type storedLot struct {
	number int64
	Lot
}

// walk reads a whole book in the order of its numbers.
type walk struct {
	book    Info
	cells   map[int64]*storedCell
	entries *stream[chapter]
	moves   *stream[storedMove]
	lots    *stream[storedLot]
	rows    []*stream[storedRow]
	// stray is told of every row that belongs to no entry.
	stray func(table string, number int64, row any)
}

// storedCell is a row of cells, and what the reader of a walk has added up for it so far.
type storedCell struct {
	CellKey
	id       int64
	floored  bool
	stored   balance
	decimals int32
	moved    bool
	lastOn   Date // as it is stored
	latestOn Date // of its moves
	now      balance
	days     print
	// other is what the moves add up to where the stored after-balance says something else. The next move tells which
	// of the two the book went on with, so that one changed row is one finding.
	other *balance
}

// startWalk opens a walk in a snapshot. All cells are in memory, entries pass one by one. What is read most stands on lanes of its own.
func startWalk(ctx context.Context, lanes []*lane, book Info) (*walk, error) {
	w := &walk{book: book, cells: map[int64]*storedCell{}, stray: func(string, int64, any) {}}
	headers, bodies := lanes[0], lanes[len(lanes)-1]
	if err := w.readCells(ctx, headers.tx); err != nil {
		return nil, err
	}
	var err error
	if w.entries, err = open(ctx, headers, "walk_entries", fmt.Sprintf(
		`SELECT number, kind, "on", recorded_at, actor, key, content, coalesce(document, ''), coalesce(reverses, 0), leaf
		FROM entries WHERE book_id = %d ORDER BY number`, book.ID), w.scanEntry); err != nil {
		return nil, err
	}
	if w.moves, err = open(ctx, bodies, "walk_moves", fmt.Sprintf(
		`SELECT number, line, from_cell, to_cell, quantity, value, from_quantity, from_value, to_quantity, to_value
		FROM moves WHERE book_id = %d ORDER BY number, line`, book.ID), scanMove); err != nil {
		return nil, err
	}
	if w.lots, err = open(ctx, bodies, "walk_lots", fmt.Sprintf(
		"SELECT number, item, lot, decimals, expires_on, received_on FROM commodities WHERE book_id = %d ORDER BY number", book.ID), scanLot); err != nil {
		return nil, err
	}
	for _, t := range tables {
		rows, err := open(ctx, bodies, "walk_rows_of_"+t.name, fmt.Sprintf("SELECT number, line%s FROM %s WHERE book_id = %d ORDER BY number, line",
			t.texts(), t.name, book.ID), t.scan)
		if err != nil {
			return nil, err
		}
		w.rows = append(w.rows, rows)
	}
	return w, nil
}

func (w *walk) readCells(ctx context.Context, tx bun.Tx) error {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`SELECT c.cell, c.account, c.fund, c.item, c.lot, c.floored, c.quantity, c.value, c.last_on,
		coalesce(l.decimals, %d) FROM cells c `+cellJoin+` WHERE c.book_id = %d`, w.book.Decimals, w.book.ID))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		c := &storedCell{}
		if err := rows.Scan(&c.id, &c.Account, &c.Fund, &c.Item, &c.Lot, &c.floored, &c.stored.quantity, &c.stored.value, &c.lastOn, &c.decimals); err != nil {
			return fmt.Errorf("reading cells: %w", err)
		}
		w.cells[c.id] = c
	}
	return rows.Err()
}

// sorted is every cell, by its number.
func (w *walk) sorted() []*storedCell {
	return slices.SortedFunc(maps.Values(w.cells), func(a, b *storedCell) int { return cmp.Compare(a.id, b.id) })
}

// next is the following entry, or nil after the last one. It is valid until the next call.
func (w *walk) next(ctx context.Context) (*chapter, error) {
	e, err := w.entries.peek(ctx)
	if err != nil || e == nil {
		if err == nil {
			_, err = w.gather(ctx, nil)
		}
		return nil, err
	}
	w.entries.take()
	return w.gather(ctx, e)
}

// gather adds moves, lots and document rows to an entry; without one it passes over all that is left.
func (w *walk) gather(ctx context.Context, e *chapter) (*chapter, error) {
	number := int64(math.MaxInt64)
	if e != nil {
		number = e.Number
	}
	own := func(table string, of int64, row any) bool {
		if e == nil || of != number {
			w.stray(table, of, row)
			return false
		}
		return true
	}
	err := collect(ctx, w.moves, func(m *storedMove) bool { return m.number <= number }, func(m *storedMove) {
		if own("moves", m.number, m.line) {
			m.from, m.to = w.cells[m.fromID], w.cells[m.toID]
			e.moves = append(e.moves, *m)
			e.Moves = append(e.Moves, m.named())
		}
	})
	if err != nil {
		return nil, err
	}
	err = collect(ctx, w.lots, func(l *storedLot) bool { return l.number <= number }, func(l *storedLot) {
		if own("commodities", l.number, l.Commodity) {
			e.Lots = append(e.Lots, l.Lot)
		}
	})
	if err != nil {
		return nil, err
	}
	if e != nil {
		sortLots(e.Lots)
	}
	for i, rows := range w.rows {
		err := collect(ctx, rows, func(r *storedRow) bool { return r.number <= number }, func(r *storedRow) {
			r.Table = tables[i].name
			if own(r.Table, r.number, r.Line) {
				e.Rows = append(e.Rows, r.Row)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

// collect takes rows from a stream as long as they are due.
func collect[T any](ctx context.Context, s *stream[T], due func(*T) bool, each func(*T)) error {
	for {
		row, err := s.peek(ctx)
		if err != nil || row == nil || !due(row) {
			return err
		}
		each(row)
		s.take()
	}
}

// named is a stored move by account. A cell that is not there leaves the name empty, which no leaf agrees with.
func (m *storedMove) named() Move {
	move := Move{Quantity: m.quantity, Value: m.value}
	if m.from != nil {
		move.From, move.Fund, move.Commodity = m.from.Account, m.from.Fund, m.from.Commodity
	}
	if m.to != nil {
		move.To = m.to.Account
	}
	return move
}

func (w *walk) scanEntry(rows *sql.Rows, e *chapter) error {
	var leaf []byte
	err := rows.Scan(&e.Number, &e.Kind, &e.On, &e.RecordedAt, &e.Actor, &e.Key, &e.content, &e.Document, &e.Reverses, &leaf)
	e.Book = w.book.Code
	e.RecordedAt = e.RecordedAt.UTC()
	e.ContentHash = sha256.Sum256([]byte(e.content))
	e.leaf = storedHash(leaf)
	return err
}

// storedHash takes a hash as it is stored: of a wrong length it becomes one that nothing agrees with.
func storedHash(b []byte) (hash tlog.Hash) {
	copy(hash[:], b)
	return hash
}

func scanMove(rows *sql.Rows, m *storedMove) error {
	err := rows.Scan(&m.number, &m.line, &m.fromID, &m.toID, &m.quantity, &m.value,
		&m.fromAfter.quantity, &m.fromAfter.value, &m.toAfter.quantity, &m.toAfter.value)
	if err != nil {
		return fmt.Errorf("entry %d move %d: %w", m.number, m.line, err)
	}
	return nil
}

func scanLot(rows *sql.Rows, l *storedLot) error {
	return rows.Scan(&l.number, &l.Item, &l.Lot.Commodity.Lot, &l.Decimals, &l.Expires, &l.Received)
}

// texts lists the columns as PostgreSQL writes them as text, which is what leaves are computed from.
func (t *Table) texts() string {
	var list strings.Builder
	for _, c := range t.columns {
		fmt.Fprintf(&list, `, "%s"::text`, c.name)
	}
	return list.String()
}

// scan reads a row of the table behind its number and line.
func (t *Table) scan(rows *sql.Rows, r *storedRow) error {
	r.Values = make([]*string, len(t.columns))
	into := make([]any, 0, len(t.columns)+2)
	into = append(into, &r.number, &r.Line)
	for i := range r.Values {
		into = append(into, &r.Values[i])
	}
	return rows.Scan(into...)
}
