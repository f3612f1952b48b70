package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// state is what the committer knows of the book, valid exactly as of head number state.head.number.
// It is changed in place while a batch is composed. A refused proposal is taken back by the undo log;
// when a batch could not be written the whole state is dropped and read again.
type state struct {
	book    Info
	head    head
	cells   map[CellKey]*cell
	groups  map[Group][]*cell // only groups that are known whole
	tallies map[string]*Tally
	stored  map[string]bool // counters that have their row
	undo    []undone
}

type head struct {
	known       bool
	number      int64
	cells       int64
	latestOn    Date
	closedUntil Date
	recordedAt  time.Time
	batch       int64 // drawn by the batch that wrote the last entry
}

// cell is a Cell with what the past-date check needs.
type cell struct {
	Cell
	id       int64
	lastOn   Date
	storedOn Date  // lastOn as it is stored once what was sent has landed
	days     []day // ascending, complete for all days after daysFrom
	daysFrom Date
}

const (
	// noDays marks a cell whose day buckets have not been read.
	noDays Date = 1 << 30
	// allDays marks a cell that was born in memory: every day it ever had is known.
	allDays Date = -1 << 30
)

// undone is one change of the state. Days are changed in place, so what was done to one is kept instead of what it was.
type undone struct {
	cell    *cell
	before  cell
	created bool
	dated   bool // a day was changed too
	fresh   bool // and brought in
	day     day
	tally   *Tally
	was     Tally
}

func newState(book Info) *state {
	return &state{
		book:    book,
		cells:   map[CellKey]*cell{},
		groups:  map[Group][]*cell{},
		tallies: map[string]*Tally{},
		stored:  map[string]bool{},
	}
}

// size is what must stay bounded: everything ever looked at is remembered until it is dropped as a whole.
func (s *state) size() int { return len(s.cells) + len(s.groups) + len(s.tallies) }

func (s *state) mark() int { return len(s.undo) }

// rollback takes back everything since mark, latest first.
func (s *state) rollback(mark int) {
	for i := len(s.undo) - 1; i >= mark; i-- {
		u := s.undo[i]
		switch {
		case u.created:
			s.forget(u.cell)
		case u.cell != nil:
			u.restore()
		default:
			*u.tally = u.was
		}
	}
	s.undo = s.undo[:mark]
}

func (u *undone) restore() {
	c := u.cell
	switch {
	case u.fresh:
		c.forgetDay(u.day.on)
	case u.dated:
		c.changeDay(u.day.on, fixed{}.minus(u.day.quantity), fixed{}.minus(u.day.value))
	}
	days := c.days
	*c = u.before
	c.days = days
}

func (s *state) forget(c *cell) {
	delete(s.cells, c.CellKey)
	group := Group{c.Account, c.Item}
	if cells, whole := s.groups[group]; whole {
		s.groups[group] = slices.DeleteFunc(slices.Clone(cells), func(o *cell) bool { return o == c })
	}
	s.head.cells--
}

// add puts a cell that was read, or answers with the one already known: what is in memory is newer than what was read,
// because it carries the proposals composed before.
func (s *state) add(c *cell) *cell {
	if known, ok := s.cells[c.CellKey]; ok {
		return known
	}
	s.cells[c.CellKey] = c
	return c
}

// create makes an empty cell. The committer gives the cell numbers, so that they need no sequence.
func (s *state) create(key CellKey, lot Lot, on Date) *cell {
	s.head.cells++
	c := &cell{
		Cell:     Cell{CellKey: key, Expires: lot.Expires, Received: lot.Received, Decimals: lot.Decimals},
		id:       s.head.cells,
		lastOn:   on,
		daysFrom: allDays,
	}
	s.cells[key] = c
	group := Group{key.Account, key.Item}
	s.groups[group] = append(slices.Clip(s.groups[group]), c)
	s.undo = append(s.undo, undone{cell: c, created: true})
	return c
}

// knows reports whether a job can be decided on what is in memory: it asks the database nothing.
func (s *state) knows(j *job) bool {
	if !s.head.known || j.linked || j.alone() {
		return false
	}
	newest := s.head.latestOn
	for _, p := range j.proposals {
		newest = max(newest, p.On)
	}
	for _, p := range j.proposals {
		needs := &p.Needs
		if len(needs.Lots)+len(needs.Accounts) > 0 {
			return false
		}
		for _, g := range needs.Groups {
			cells, whole := s.groups[g]
			if since := p.since(); !whole || since < newest && lackDays(cells, since, newest) {
				return false
			}
		}
		for _, name := range needs.Tallies {
			if s.tallies[name] == nil {
				return false
			}
		}
	}
	return true
}

// born are the cells that were made since the undo log began.
func (s *state) born() (cells []*cell) {
	for _, u := range s.undo {
		if u.created {
			cells = append(cells, u.cell)
		}
	}
	return cells
}

// change adds to a cell on a day.
func (s *state) change(c *cell, on Date, quantity, value decimal.Decimal) {
	u := undone{cell: c, before: *c}
	c.Quantity = c.Quantity.Add(quantity)
	c.Value = c.Value.Add(value)
	c.lastOn = max(c.lastOn, on)
	if on > c.daysFrom {
		u.dated, u.day = true, day{on, toFixed(quantity), toFixed(value)}
		u.fresh = c.changeDay(on, u.day.quantity, u.day.value)
	}
	s.undo = append(s.undo, u)
}

func (s *state) count(t *Tally, quantity, value decimal.Decimal) {
	s.undo = append(s.undo, undone{tally: t, was: *t})
	t.Quantity = t.Quantity.Add(quantity)
	t.Value = t.Value.Add(value)
}

func (c *cell) lot() Lot { return Lot{c.Commodity, c.Decimals, c.Expires, c.Received} }
