package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/internal/pg"
)

var (
	shelfInfo = Info{ID: 1, Code: "SHELF", Zone: time.UTC, Currency: "CNY", Decimals: 2}
	blanket   = Commodity{Item: "BLANKET", Lot: "B1"}
)

// desk is a committer on a shelf, with the few words that its tests need. It lives in a bubble of testing/synctest,
// where waiting costs nothing.
type desk struct {
	*Book
	*shelf
	t     *testing.T
	today Date
}

func newDesk(t *testing.T, o Options) *desk {
	t.Helper()
	d := &desk{shelf: newShelf(), t: t, today: DateOf(time.Now(), time.UTC)}
	o.Batch, o.MaxCells, o.Patience = orElse(o.Batch, 1000), orElse(o.MaxCells, 200_000), orElse(o.Patience, 10*time.Second)
	d.Book = &Book{
		Info: shelfInfo, now: time.Now, o: o,
		queue: make(chan *job, orElse(o.Queue, 4096)), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go func() {
		defer close(d.done)
		(&committer{Book: d.Book, store: d.shelf, state: newState(shelfInfo)}).work()
	}()
	t.Cleanup(d.stop)
	return d
}

// stop closes the book unless the test did.
func (d *desk) stop() {
	select {
	case <-d.quit:
	default:
		d.Close()
	}
}

func (d *desk) give(key string, on Date, quantity int64) *Proposal {
	return &Proposal{
		Header: Header{Kind: "receipt", On: on, Actor: "keeper", Key: key, Content: quantity},
		Needs:  Needs{Groups: []Group{{"supplier:S", "BLANKET"}, {"stock:A", "BLANKET"}}},
		Compose: func(draft *Draft) error {
			draft.NewLot(Lot{Commodity: blanket})
			q := decimal.NewFromInt(quantity)
			return draft.Move(Move{"supplier:S", "stock:A", "F1", blanket, q, q})
		},
	}
}

func (d *desk) take(key string, on Date, quantity int64) *Proposal {
	return &Proposal{
		Header: Header{Kind: "handout", On: on, Actor: "keeper", Key: key, Content: quantity},
		Needs:  Needs{Groups: []Group{{"stock:A", "BLANKET"}, {"handed-out:A", "BLANKET"}}, Tallies: []string{"series:HO"}},
		Compose: func(draft *Draft) error {
			draft.Document("HO")
			_, err := draft.Take(CellKey{"stock:A", "F1", blanket}, "handed-out:A", decimal.NewFromInt(quantity))
			return err
		},
	}
}

// enqueue puts a job into the queue without waiting for its answer.
func (d *desk) enqueue(linked bool, proposals ...*Proposal) *job {
	d.t.Helper()
	j := &job{proposals: proposals, linked: linked}
	if err := j.prepare(d.Info); err != nil {
		d.t.Fatal(err)
	}
	d.queue <- j
	return j
}

// answers waits for jobs and gives their outcomes as short words: 3 for entry 3, =3 for a replay of it, or why not.
func answers(jobs ...*job) string {
	var words []string
	for _, j := range jobs {
		<-j.answered
		for _, o := range j.outcomes {
			words = append(words, word(o))
		}
	}
	return strings.Join(words, " ")
}

func word(o Outcome) string {
	var refusal *Refusal
	switch {
	case errors.As(o.Err, &refusal):
		return refusal.Code()
	case errors.Is(o.Err, pg.ErrOutcomeUnknown):
		return "unknown"
	case errors.Is(o.Err, ErrUnavailable):
		return "unavailable"
	case o.Err != nil:
		return "failed"
	case o.Replayed:
		return fmt.Sprint("=", o.Number)
	default:
		return fmt.Sprint(o.Number)
	}
}

// holds is the keys on the shelf, in order.
func (d *desk) holds() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	keys := make([]string, len(d.entries))
	for i, e := range d.entries {
		keys[i] = e.key
	}
	return strings.Join(keys, " ")
}

// faults is what happens to the n-th call of a store.
type faults func(call string, n int) fault

// at makes a fault happen to one call only.
func at(call string, n int, f fault) faults {
	return func(name string, i int) fault {
		if name == call && i == n {
			return f
		}
		return fault{}
	}
}

// since makes a fault happen to a call and to all later ones of that name.
func since(call string, n int, f fault) faults {
	return func(name string, i int) fault {
		if name == call && i >= n {
			return f
		}
		return fault{}
	}
}

// first is the first of several faults that happens to a call.
func first(all ...faults) faults {
	return func(name string, i int) fault {
		for _, one := range all {
			if f := one(name, i); f != (fault{}) {
				return f
			}
		}
		return fault{}
	}
}
