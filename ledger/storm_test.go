package ledger

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// weather makes faults at random.
func weather(r *rand.Rand, d *desk) faults {
	anywhere := []fault{{err: &errGone}, {err: &errLostRace}, {err: &errFull}, {err: &errTimeout}, {err: &errForbidden}, {delay: 3 * time.Second}}
	onWrite := []fault{
		{err: errUnknown, lost: true},
		{err: errUnknown},
		{err: errUnknown, late: true},
		{err: &errKeyTaken},
		{err: &errFloor},
		{err: &errDeadlock},
		{delay: 3 * time.Second, err: errUnknown, lost: true},
		{delay: 5 * time.Second, err: errUnknown, late: true},
	}
	rivals, calm := 0, r.IntN(4)
	return func(call string, _ int) fault {
		switch n := r.IntN(10); {
		case n < calm+3:
			return fault{}
		case n < 8 && call == "write":
			return onWrite[r.IntN(len(onWrite))]
		case n < 9:
			return anywhere[r.IntN(len(anywhere))]
		}
		rivals++
		return fault{rival: d.give(fmt.Sprint("g-rival-", rivals), d.today-Date(r.IntN(3)), 2)}
	}
}

// sender sends one request, or two that are linked, again and again under the same keys until it is told what became of them.
type sender struct {
	keys    []string
	answers []string // of every attempt, the words of all its keys
}

func (s *sender) send(d *desk, r *rand.Rand) {
	quantity, on := 1+r.Int64N(4), d.today-Date(r.IntN(3))
	for range 12 {
		var ps []*Proposal
		for _, key := range s.keys {
			if strings.HasPrefix(key, "g") {
				ps = append(ps, d.give(key, on, quantity))
			} else {
				ps = append(ps, d.take(key, on, quantity))
			}
		}
		answer := answers(d.enqueue(len(ps) > 1, ps...))
		s.answers = append(s.answers, answer)
		if !strings.Contains(answer, "un") { // neither unknown nor unavailable
			return
		}
	}
}

// TestStorm: many senders, bad weather. Whatever they were told is true, whatever they were told is not there is not there,
// and the shelf adds up.
func TestStorm(t *testing.T) {
	rounds := 150
	if Soaking() {
		rounds = 30_000
	}
	for seed := range rounds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { storm(t, uint64(seed)) })
		})
	}
}

func storm(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 7))
	d := newDesk(t, Options{Batch: 1 + r.IntN(6), MaxCells: 2 + r.IntN(20), Patience: 4 * time.Second})
	answers(d.enqueue(false, d.give("g-stock", d.today-2, 12)))
	d.mu.Lock()
	d.fault = weather(rand.New(rand.NewPCG(seed, 8)), d)
	d.mu.Unlock()
	senders := make([]*sender, 14)
	var all sync.WaitGroup
	for i := range senders {
		s := &sender{keys: []string{fmt.Sprint([]string{"g", "t"}[r.IntN(2)], "-", i)}}
		if r.IntN(4) == 0 {
			s.keys = append(s.keys, fmt.Sprint("t-", i, "-linked"))
		}
		senders[i] = s
		mine := rand.New(rand.NewPCG(seed, 100+uint64(i)))
		all.Go(func() { s.send(d, mine) })
	}
	all.Wait()
	d.Close()
	d.shelf.finish()
	for _, s := range senders {
		s.check(t, d)
	}
	d.check(t)
}

func (s *sender) check(t *testing.T, d *desk) {
	t.Helper()
	numbers := make([]int64, len(s.keys))
	for i, key := range s.keys {
		for _, e := range d.entries {
			if e.key == key {
				numbers[i] = e.number
			}
		}
	}
	fresh, unsure := 0, false
	for _, answer := range s.answers {
		for i, word := range strings.Fields(answer) {
			number, err := strconv.ParseInt(strings.TrimPrefix(word, "="), 10, 64)
			told := err == nil && len(s.keys) == len(strings.Fields(answer)) && !strings.ContainsAny(answer, "abcdefghijklmnopqrstuvwxyz")
			if told && number != numbers[i] {
				t.Errorf("%s was told %v, it is entry %d", s.keys[i], s.answers, numbers[i])
			}
			if told && i == 0 && !strings.HasPrefix(word, "=") {
				fresh++
			}
		}
		unsure = unsure || strings.Contains(answer, "unknown")
	}
	last := s.answers[len(s.answers)-1]
	if fresh > 1 || numbers[0] != 0 && !unsure && (strings.Contains(last, "un") || strings.Contains(last, "failed")) {
		t.Errorf("%v were told %v, they are entries %v", s.keys, s.answers, numbers)
	}
	if numbers[0] != 0 && strings.Contains(last, "insufficient") {
		t.Errorf("%v were refused after %v, and they are entries %v", s.keys, s.answers, numbers)
	}
	if len(numbers) == 2 && (numbers[0] == 0) != (numbers[1] == 0) {
		t.Errorf("linked %v are entries %v: all or none wanted", s.keys, numbers)
	}
}

// check adds the entries up again.
func (d *desk) check(t *testing.T) {
	t.Helper()
	var stock, handouts int64
	seen := map[string]bool{}
	for i, e := range d.entries {
		quantity, err := strconv.ParseInt(e.content, 10, 64)
		if err != nil || e.number != int64(i+1) || seen[e.key] {
			t.Errorf("entry %d at place %d has key %s and content %s", e.number, i+1, e.key, e.content)
		}
		seen[e.key] = true
		if strings.HasPrefix(e.key, "t") {
			quantity, handouts = -quantity, handouts+1
		}
		stock += quantity
	}
	kept := d.cells[CellKey{"stock:A", "F1", blanket}]
	if stock < 0 || kept.Quantity.IntPart() != stock || d.tallies["series:HO"].Quantity.IntPart() != handouts {
		t.Errorf("%d blankets and %d handouts by the entries, %s and %s are stored", stock, handouts, kept.Quantity, d.tallies["series:HO"].Quantity)
	}
}
