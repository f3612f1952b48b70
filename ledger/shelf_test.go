package ledger

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/lib/pq"

	"reliefledger/internal/pg"
)

// shelf is a store in memory. It keeps the promises of the database, the guard, the unique keys and the floors, and fails on order.
type shelf struct {
	mu      sync.Mutex
	head    head
	entries []shelved
	cells   map[CellKey]*cell
	tallies map[string]Tally
	pending []func()       // writes that the server has not finished although their connection is gone
	line    *connection    // on which writes follow each other
	calls   map[string]int // how often load, write and lookUp were called
	// fault answers what happens to the n-th call of that name.
	fault faults
}

// shelved is what the shelf must know of an entry.
type shelved struct {
	number             int64
	key, kind, content string
}

// fault is one way to fail; the zero fault is none.
type fault struct {
	delay time.Duration
	rival *Proposal // another server writes this first
	err   error     // the call answers this …
	lost  bool      // … although it was carried out …
	late  bool      // … or although the server will carry it out before the next write
}

var (
	errLostRace  = pq.Error{Code: "40001"}
	errDeadlock  = pq.Error{Code: "40P01"}
	errFull      = pq.Error{Code: "53100"}
	errTimeout   = pq.Error{Code: "57014"}
	errGone      = pq.Error{Code: "57P01"}
	errForbidden = pq.Error{Code: "42501"}
	errFloor     = pq.Error{Code: "23514", Constraint: "cells_floor"}
	errKeyTaken  = pq.Error{Code: "23505", Constraint: "entries_key"}
	errUnknown   = pg.ErrOutcomeUnknown
)

func newShelf() *shelf {
	return &shelf{
		head: head{known: true, latestOn: allDays}, cells: map[CellKey]*cell{}, tallies: map[string]Tally{},
		calls: map[string]int{}, fault: first(),
	}
}

// called is the fault of this call, after its delay and its rival.
func (s *shelf) called(name string) fault {
	s.mu.Lock()
	s.calls[name]++
	f := s.fault(name, s.calls[name])
	s.mu.Unlock()
	if f.delay > 0 {
		<-time.After(f.delay)
	}
	if f.rival != nil {
		s.rival(f.rival)
	}
	return f
}

// rival posts as another server would, at once: nobody else writes meanwhile, not even a connection that was given up.
func (s *shelf) rival(p *Proposal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &committer{Book: &Book{Info: shelfInfo, now: time.Now}, store: &shelf{
		head: s.head, entries: s.entries, cells: s.cells, tallies: s.tallies, calls: map[string]int{}, fault: first(),
	}, state: newState(shelfInfo)}
	j := &job{proposals: []*Proposal{p}}
	err := errors.Join(j.prepare(shelfInfo), c.attempt(&batch{jobs: []*job{j}}), j.outcomes[0].Err)
	if err != nil {
		panic(err)
	}
	other := c.store.(*shelf)
	s.head, s.entries = other.head, other.entries
}

func (s *shelf) load(_ context.Context, to *state, w *wants) (map[string]found, error) {
	f := s.called("load")
	if f.err != nil {
		return nil, f.err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.head {
		to.head = s.head
	}
	for g := range w.groups {
		to.groups[g] = []*cell{}
	}
	for key, kept := range s.cells {
		g := Group{key.Account, key.Item}
		if !w.groups[g] && !w.accounts[key.Account] && !w.lots[key.Commodity] {
			continue
		}
		read := *kept
		read.days, read.daysFrom = nil, noDays
		c := to.add(&read)
		if w.groups[g] {
			to.groups[g] = append(to.groups[g], c)
		}
	}
	for key, c := range to.cells {
		if from, asked := w.days[Group{key.Account, key.Item}]; asked && from < c.daysFrom {
			c.days, c.daysFrom = slices.DeleteFunc(slices.Clone(s.cells[key].days), func(d day) bool { return d.on <= from }), from
		}
	}
	for name := range w.tallies {
		t := s.tallies[name]
		to.tallies[name] = &t
	}
	return s.find(w.keys), nil
}

func (s *shelf) find(keys []string) map[string]found {
	taken := map[string]found{}
	for _, e := range s.entries {
		if slices.Contains(keys, e.key) {
			taken[e.key] = found{e.number, e.kind, e.content}
		}
	}
	return taken
}

func (s *shelf) lookUp(_ context.Context, keys []string, prove bool) (head, map[string]found, error) {
	f := s.called("lookUp")
	s.mu.Lock()
	defer s.mu.Unlock()
	if prove {
		s.finish()
	}
	return s.head, s.find(keys), f.err
}

// connection carries writes in order. Once one of them breaks it, nobody is told what became of those behind it.
type connection struct {
	last         chan struct{} // closed when the last write is answered
	broken, late bool
}

func (s *shelf) disconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = nil
}

// finish lets the server end what it is still at.
func (s *shelf) finish() {
	for _, late := range s.pending {
		late()
	}
	s.pending = nil
}

func (s *shelf) send(from *state, b *batch) <-chan error {
	// What is composed now may be changed before it is written, so it is copied as a message would be.
	h, after, added, cells, tallies := from.head, b.after, shelve(b), copyCells(b), copyTallies(from, b)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line == nil {
		s.line = &connection{}
	}
	line, before, done, landed := s.line, s.line.last, make(chan struct{}), make(chan error, 1)
	line.last = done
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		landed <- s.write(line, func() error { return s.apply(h, after, added, cells, tallies) })
	}()
	return landed
}

func (s *shelf) write(line *connection, apply func() error) error {
	f := fault{err: errUnknown, lost: true, late: line.late}
	if !line.broken {
		f = s.called("write")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !line.broken {
		s.finish()
	}
	if errors.Is(f.err, errUnknown) || errors.Is(f.err, &errGone) {
		line.broken, line.late = true, f.late
	}
	if f.late {
		s.pending = append(s.pending, func() { _ = apply() })
		return f.err
	}
	if f.err != nil && !f.lost {
		return f.err
	}
	if err := apply(); f.err == nil {
		return err
	}
	return f.err // the answer is lost, whatever it was
}

// apply is the transaction: all or nothing.
func (s *shelf) apply(h head, after int64, added []shelved, cells map[CellKey]*cell, tallies map[string]Tally) error {
	if s.head.number != h.number-int64(len(added)) || s.head.batch != after {
		return errMoved
	}
	keys := map[string]bool{}
	for _, e := range slices.Concat(s.entries, added) {
		if keys[e.key] {
			return &errKeyTaken
		}
		keys[e.key] = true
	}
	for _, c := range cells {
		if c.Account.Floored() && (c.Quantity.IsNegative() || c.Value.IsNegative()) {
			return &errFloor
		}
	}
	s.head = h
	s.entries = append(s.entries, added...)
	for key, c := range cells {
		added := c.days
		c.days = nil
		if kept := s.cells[key]; kept != nil {
			c.days = kept.days
		}
		for _, d := range added {
			c.changeDay(d.on, d.quantity, d.value)
		}
		s.cells[key] = c
	}
	maps.Copy(s.tallies, tallies)
	return nil
}

func shelve(b *batch) (added []shelved) {
	for _, a := range b.accepted {
		added = append(added, shelved{a.number, a.proposal.Key, a.proposal.Kind, a.content})
	}
	return added
}

// copyCells are the cells of a batch as they will stand; their days are only those that the batch changes.
func copyCells(b *batch) map[CellKey]*cell {
	cells := map[CellKey]*cell{}
	sums := changes{days: map[bucket]*change{}}
	for _, a := range b.accepted {
		sums.add(a)
	}
	for _, ch := range sums.all {
		c := cells[ch.cell.CellKey]
		if c == nil {
			kept := *ch.cell
			kept.days = nil
			c = &kept
			cells[ch.cell.CellKey] = c
		}
		c.days = append(c.days, day{ch.on, toFixed(ch.quantity), toFixed(ch.value)})
	}
	return cells
}

func copyTallies(from *state, b *batch) map[string]Tally {
	tallies := map[string]Tally{}
	for _, a := range b.accepted {
		for _, n := range a.counts {
			tallies[n.name] = *from.tallies[n.name]
		}
	}
	return tallies
}
