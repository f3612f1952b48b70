package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/mod/sumdb/tlog"

	"reliefledger/internal/pg"
)

// pack writes all accepted entries into one message, which PostgreSQL runs as one transaction when it is sent: all or nothing.
// Its first statement moves the head from the number the state was composed on. When another server was faster no row
// is moved and the division by zero aborts the message; nothing has been written then.
func (db *database) pack(s *state, b *batch) func(context.Context) error {
	m := &script{}
	db.writeHead(m, s.head, b)
	b.letter.add(db.Code, b)
	db.writeEntries(m, b)
	db.writeMoves(m, b)
	db.writeCells(m, b)
	db.writeTallies(m, s, &b.letter)
	db.writeRows(m, b)
	return func(ctx context.Context) error { return db.send(ctx, m) }
}

func (db *database) send(ctx context.Context, m *script) error {
	if err := db.connect(ctx); err != nil {
		return err
	}
	if db.plans == nil {
		db.plans = plans{}
	}
	if plan := m.plan(db.plans); plan != "" {
		if err := pg.Guarded(ctx, db.conn, plan); err != nil {
			clear(db.plans) // who knows which of them were made: the next time begins anew
			return err
		}
	}
	err := pg.Guarded(ctx, db.conn, m.message(db.plans))
	switch pg.Code(err) {
	case noSuchPlan:
		clear(db.plans)
		return errMoved
	case divisionByZero:
		return errMoved
	}
	return err
}

func (db *database) writeHead(m *script, h head, b *batch) {
	m.add(line{
		name: "head",
		scalars: []scalar{
			number(h.number - int64(len(b.accepted))), number(h.number), number(h.cells), date(h.latestOn), date(h.closedUntil), moment(b.at),
		},
		text: func(string) string {
			return fmt.Sprintf(`WITH moved AS (UPDATE heads SET number = $2, cells = $3, latest_on = $4, closed_until = $5, recorded_at = $6
				WHERE book_id = %d AND number = $1 RETURNING 1) SELECT 1 / count(*) FROM moved`, db.ID)
		},
	})
}

const (
	divisionByZero = "22012"
	// noSuchPlan is what a pooler between here and PostgreSQL makes of a connection that is not the one it was. The next message makes its plans anew.
	noSuchPlan = "26000"
)

// settle forgets the days of cells born in a written batch: from now on the database can tell them.
func (b *batch) settle() {
	for _, c := range b.born {
		c.days, c.daysFrom = nil, noDays
	}
}

// letter is what the accepted entries of a batch add to the tables of history, a column of an array each. It is written as they are
// accepted, while the batch before them is on its way, so that little is left to do when their turn comes.
type letter struct {
	written              int // how many of the accepted
	entries, moves, lots []*column
	rows                 map[*Table][]*column
	changes
	counters
}

func (l *letter) add(book string, b *batch) {
	if l.rows == nil {
		l.entries = columns("bigint", "text", "date", "text", "text", "text", "text", "bigint", "bytea")
		l.moves = columns("bigint", "integer", "bigint", "bigint", "numeric", "numeric", "numeric", "numeric", "numeric", "numeric")
		l.lots = columns("text", "text", "bigint", "integer", "date", "date")
		l.rows = map[*Table][]*column{}
		l.days, l.sums = map[bucket]*change{}, map[string]*balance{}
	}
	for _, a := range b.accepted[l.written:] {
		rows := a.allRows()
		l.addEntry(a, a.record(book, rows).Leaf())
		l.addMoves(a)
		l.addLots(a)
		l.addRows(a, rows)
		l.changes.add(a)
		l.counters.add(a)
	}
	l.written = len(b.accepted)
}

func (l *letter) addEntry(a *accepted, leaf tlog.Hash) {
	e := l.entries
	e[0].integer(a.number)
	e[1].text(a.proposal.Kind)
	e[2].date(a.proposal.On)
	e[3].text(a.proposal.Actor)
	e[4].text(a.proposal.Key)
	e[5].text(a.content)
	e[6].optional(a.document)
	if a.proposal.Reverses == 0 {
		e[7].null()
	} else {
		e[7].integer(a.proposal.Reverses)
	}
	e[8].bytes(leaf[:])
}

func (db *database) writeEntries(m *script, b *batch) {
	m.add(line{
		name: "entries", scalars: []scalar{moment(b.at)}, columns: b.letter.entries,
		text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO entries (book_id, number, kind, "on", recorded_at, actor, key, content, document, reverses, leaf)
				SELECT %d, number, kind, day, $1, actor, key, content, document, reverses, leaf
				FROM %s AS e(number, kind, day, actor, key, content, document, reverses, leaf)`, db.ID, rows)
		},
	})
}

// writtenRow is a document row of an entry as it is sealed and stored.
type writtenRow struct {
	Row
	table *Table
}

// record is the entry as it will be stored, for its leaf.
func (a *accepted) record(book string, rows []writtenRow) *Record {
	r := &Record{Book: book, Entry: a.outcome.Entry, ContentHash: sha256.Sum256([]byte(a.content)), Lots: slices.Clone(a.lots), Rows: make([]Row, len(rows))}
	sortLots(r.Lots)
	for i, row := range rows {
		r.Rows[i] = row.Row
	}
	return r
}

// allRows are the document rows of a draft in the order of their leaf: by table name, then line.
// The changes of counters are rows too, except of document series, which the document numbers themselves prove.
func (d *Draft) allRows() []writtenRow {
	rows := slices.Clone(d.rows)
	for _, n := range d.counts {
		if !strings.HasPrefix(n.name, SeriesTally("")) {
			rows = append(rows, row{tallyChanges, []any{n.name, n.quantity, n.value}})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.table.name, b.table.name) })
	stored := make([]writtenRow, len(rows))
	for i, row := range rows {
		line := 1
		if i > 0 && rows[i-1].table == row.table {
			line = stored[i-1].Line + 1
		}
		stored[i] = writtenRow{Row{Table: row.table.name, Line: line, Values: make([]*string, len(row.values))}, row.table}
		for n, v := range row.values {
			stored[i].Values[n] = columnText(v)
		}
	}
	return stored
}

// tallyChanges keeps what each entry added to counters, so that a reversal can take it back and Verify can add it up.
var tallyChanges = Documents("tally_changes", "name text", "quantity numeric", "value numeric")

func (l *letter) addMoves(a *accepted) {
	v := l.moves
	for line, move := range a.moves {
		v[0].integer(a.number)
		v[1].integer(int64(line + 1))
		v[2].integer(move.from.id)
		v[3].integer(move.to.id)
		v[4].number(move.Quantity)
		v[5].number(move.Value)
		v[6].number(move.fromAfter.quantity)
		v[7].number(move.fromAfter.value)
		v[8].number(move.toAfter.quantity)
		v[9].number(move.toAfter.value)
	}
}

func (db *database) writeMoves(m *script, b *batch) {
	if len(b.letter.moves[0].buf) == 0 {
		return
	}
	m.add(line{name: "moves", columns: b.letter.moves, text: func(rows string) string {
		return fmt.Sprintf(`INSERT INTO moves (book_id, number, line, from_cell, to_cell, quantity, value, from_quantity, from_value, to_quantity, to_value)
			SELECT %d, v.* FROM %s AS v`, db.ID, rows)
	}})
}

// change is what a batch does to one cell on one day.
type change struct {
	bucket
	balance
}

type bucket struct {
	cell *cell
	on   Date
}

// changes are the sums of the moves of a batch by cell and day.
type changes struct {
	days map[bucket]*change
	all  []*change
}

func (s *changes) add(a *accepted) {
	for i := range a.moves {
		m := &a.moves[i]
		s.change(bucket{m.from, a.proposal.On}, m.Quantity.Neg(), m.Value.Neg())
		s.change(bucket{m.to, a.proposal.On}, m.Quantity, m.Value)
	}
}

func (s *changes) change(b bucket, quantity, value decimal.Decimal) {
	sum := s.days[b]
	if sum == nil {
		sum = &change{bucket: b}
		s.days[b] = sum
		s.all = append(s.all, sum)
	}
	sum.quantity, sum.value = sum.quantity.Add(quantity), sum.value.Add(value)
}

// inOrder are the changes in the order of cell numbers.
func (s *changes) inOrder() []*change {
	slices.SortFunc(s.all, func(a, b *change) int { return int(a.cell.id - b.cell.id) })
	return s.all
}

// writeCells adds to cells what the batch changed. It adds rather than sets, so that the database keeps its own sum and its
// CHECK floors judge that sum, whatever the memory of the server says.
func (db *database) writeCells(m *script, b *batch) {
	changes := b.letter.inOrder()
	if len(changes) == 0 {
		return
	}
	db.writeNewCells(m, b, changes)
	u := columns("integer", "bigint", "numeric", "numeric", "date")
	days := columns("bigint", "date", "numeric", "numeric")
	for i := 0; i < len(changes); {
		id, sum, last := changes[i].cell.id, balance{}, Date(0)
		for ; i < len(changes) && changes[i].cell.id == id; i++ {
			ch := changes[i]
			sum = balance{sum.quantity.Add(ch.quantity), sum.value.Add(ch.value)}
			last = max(last, ch.on)
			days[0].integer(id)
			days[1].date(ch.on)
			days[2].number(ch.quantity)
			days[3].number(ch.value)
		}
		u[0].integer(int64(db.ID))
		u[1].integer(id)
		u[2].number(sum.quantity)
		u[3].number(sum.value)
		u[4].date(last)
	}
	m.add(line{name: "cells", columns: u, text: func(rows string) string {
		return `UPDATE cells c SET quantity = c.quantity + u.quantity, value = c.value + u.value, last_on = greatest(c.last_on, u.last_on)
			FROM ` + rows + ` AS u(book_id, cell, quantity, value, last_on) WHERE c.book_id = u.book_id AND c.cell = u.cell`
	}})
	m.add(line{name: "days", columns: days, text: func(rows string) string {
		return fmt.Sprintf(`INSERT INTO cell_days AS d (book_id, cell, "on", quantity, value) SELECT %d, u.* FROM %s AS u
			ON CONFLICT (book_id, cell, "on") DO UPDATE SET quantity = d.quantity + EXCLUDED.quantity, value = d.value + EXCLUDED.value`, db.ID, rows)
	}})
}

// writeNewCells stores cells and lots that the batch brought in, still empty.
func (db *database) writeNewCells(m *script, b *batch, changes []*change) {
	n := columns("bigint", "text", "text", "text", "text", "boolean", "date")
	var last int64
	for _, ch := range changes {
		if ch.cell.id <= b.cells || ch.cell.id == last {
			continue
		}
		last = ch.cell.id
		n[0].integer(ch.cell.id)
		n[1].text(string(ch.cell.Account))
		n[2].text(ch.cell.Fund)
		n[3].text(ch.cell.Item)
		n[4].text(ch.cell.Lot)
		n[5].text(map[bool]string{true: "t", false: "f"}[ch.cell.Account.Floored()])
		n[6].date(ch.on)
	}
	if len(n[0].buf) > 0 {
		m.add(line{name: "new_cells", columns: n, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO cells (book_id, cell, account, fund, item, lot, floored, quantity, value, last_on)
				SELECT %d, cell, account, fund, item, lot, floored, 0, 0, last_on
				FROM %s AS n(cell, account, fund, item, lot, floored, last_on)`, db.ID, rows)
		}})
	}
	if len(b.letter.lots[0].buf) > 0 {
		m.add(line{name: "commodities", columns: b.letter.lots, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO commodities (book_id, item, lot, number, decimals, expires_on, received_on) SELECT %d, l.* FROM %s AS l`, db.ID, rows)
		}})
	}
}

func (l *letter) addLots(a *accepted) {
	for _, lot := range a.lots {
		l.lots[0].text(lot.Item)
		l.lots[1].text(lot.Commodity.Lot)
		l.lots[2].integer(a.number)
		l.lots[3].integer(int64(lot.Decimals))
		l.lots[4].date(lot.Expires)
		l.lots[5].date(lot.Received)
	}
}

// counters are the sums of what a batch adds to tallies.
type counters struct {
	sums  map[string]*balance
	names []string
}

func (s *counters) add(a *accepted) {
	for _, n := range a.counts {
		sum := s.sums[n.name]
		if sum == nil {
			sum = &balance{}
			s.sums[n.name] = sum
			s.names = append(s.names, n.name)
		}
		*sum = balance{sum.quantity.Add(n.quantity), sum.value.Add(n.value)}
	}
}

func (db *database) writeTallies(m *script, s *state, l *letter) {
	if len(l.names) == 0 {
		return
	}
	t, fresh := columns("integer", "text", "numeric", "numeric"), textColumn(nil)
	for _, name := range l.names {
		t[0].integer(int64(db.ID))
		t[1].text(name)
		t[2].number(l.sums[name].quantity)
		t[3].number(l.sums[name].value)
		if !s.stored[name] {
			fresh[0].text(name)
			s.stored[name] = true // when this is not written, the whole state is forgotten
		}
	}
	// A row that takes back from a counter would fail the CHECK of the inserted row before the conflict is seen,
	// so counters are made first and changed afterwards.
	if len(fresh[0].buf) > 0 {
		m.add(line{name: "new_tallies", columns: fresh, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO tallies (book_id, name, quantity, value) SELECT %d, t.name, 0, 0 FROM %s AS t(name) ON CONFLICT DO NOTHING`, db.ID, rows)
		}})
	}
	m.add(line{name: "tallies", columns: t, text: func(rows string) string {
		return `UPDATE tallies o SET quantity = o.quantity + t.quantity, value = o.value + t.value
			FROM ` + rows + ` AS t(book_id, name, quantity, value) WHERE o.book_id = t.book_id AND o.name = t.name`
	}})
}

func (l *letter) addRows(a *accepted, rows []writtenRow) {
	for _, row := range rows {
		values := l.rows[row.table]
		if values == nil {
			values = columns(append([]string{"bigint", "integer"}, row.table.kinds()...)...)
			l.rows[row.table] = values
		}
		values[0].integer(a.number)
		values[1].integer(int64(row.Line))
		for i, text := range row.Values {
			if text == nil {
				values[i+2].null()
			} else {
				values[i+2].text(*text)
			}
		}
	}
}

// writeRows stores the document rows of the wings, one statement for each table.
func (db *database) writeRows(m *script, b *batch) {
	for _, t := range tables {
		if columns := b.letter.rows[t]; columns != nil {
			m.add(line{name: "of_" + t.name, columns: columns, text: func(rows string) string {
				return fmt.Sprintf("INSERT INTO %s (book_id, number, line, %s) SELECT %d, v.* FROM %s AS v", t.name, t.names(), db.ID, rows)
			}})
		}
	}
}
