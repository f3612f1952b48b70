package ledger

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/mod/sumdb/tlog"
)

// letter is what the accepted entries of a batch add to the tables of history, an array for each column. It is written as they are
// accepted, while the batch before them is on its way, so that little is left to do when their turn comes.
type letter struct {
	written              int // how many of the accepted
	entries, moves, lots []*array
	rows                 map[*Table][]*array
	changes
	counters
}

func (l *letter) add(book string, b *batch) {
	if l.rows == nil {
		l.entries = arrays("bigint", "text", "date", "text", "text", "text", "text", "bigint", "bytea")
		l.moves = arrays("bigint", "integer", "bigint", "bigint", "numeric", "numeric", "numeric", "numeric", "numeric", "numeric")
		l.lots = arrays("text", "text", "bigint", "integer", "date", "date")
		l.rows = map[*Table][]*array{}
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

// writtenRow is a document row of an entry as it is sealed and stored.
type writtenRow struct {
	Row
	row
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
		stored[i] = writtenRow{Row{Table: row.table.name, Line: line, Values: make([]*string, len(row.values))}, row}
		for n, v := range row.values {
			stored[i].Values[n] = columnText(v)
		}
	}
	return stored
}

// tallyChanges keeps what each entry added to counters, so that a reversal can take it back and Verify can add it up.
var tallyChanges = Documents("tally_changes", "name text", "quantity numeric", "value numeric")

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

func (l *letter) addRows(a *accepted, rows []writtenRow) {
	for _, row := range rows {
		values := l.rows[row.table]
		if values == nil {
			values = arrays(append([]string{"bigint", "integer"}, row.table.kinds()...)...)
			l.rows[row.table] = values
		}
		values[0].integer(a.number)
		values[1].integer(int64(row.Line))
		for i, v := range row.row.values {
			values[i+2].written(v)
		}
	}
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
	sum.balance = sum.plus(balance{quantity, value})
}

// inOrder are the changes in the order of cell numbers.
func (s *changes) inOrder() []*change {
	slices.SortFunc(s.all, func(a, b *change) int { return int(a.cell.id - b.cell.id) })
	return s.all
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
		*sum = sum.plus(balance{n.quantity, n.value})
	}
}
