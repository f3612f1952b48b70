package ledger

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
)

// together composes and writes jobs in one batch, on a shelf that holds ten blankets since three days ago.
func together(t *testing.T, d *desk, jobs ...func() *job) string {
	t.Helper()
	d.fault = at("write", 1, fault{delay: time.Second})
	stock := d.enqueue(false, d.give("stock", d.today-3, 10))
	synctest.Wait()
	var queued []*job
	for _, j := range jobs {
		queued = append(queued, j())
	}
	if got := answers(stock); got != "1" {
		t.Errorf("the stock is answered %s", got)
	}
	said := make([]string, len(queued))
	for i, j := range queued {
		said[i] = answers(j)
		if j.linked {
			said[i] = group(j)
		}
	}
	if w := d.calls["write"]; w > 2 {
		t.Errorf("%d writes, 2 wanted", w)
	}
	return strings.Join(said, ", ")
}

// group is the answer to a linked group, as PostAll gives it: every number, or the place and code of every fault.
func group(j *job) string {
	<-j.answered
	var faults Faults
	for i, o := range j.outcomes {
		if err := faults.Add(fmt.Sprintf("/%d", i), o.Err); err != nil {
			return err.Error()
		}
	}
	if faults.Err() == nil {
		return answers(j)
	}
	var words []string
	for _, f := range faults.refusal.Faults {
		words = append(words, f.Pointer+" "+f.Code)
	}
	for i, o := range j.outcomes {
		if o.Err == nil && o.Number != 0 {
			words = append(words, fmt.Sprintf("/%d claims to be entry %d", i, o.Number))
		}
	}
	return strings.Join(words, " ")
}

// TestGroupsInOneBatch: a linked group is all or nothing, whoever shares its batch.
func TestGroupsInOneBatch(t *testing.T) {
	type proposals = []*Proposal
	for _, c := range []struct {
		name   string
		jobs   func(d *desk) []proposals // a job of several is linked
		answer string
		holds  string
	}{
		{"two accepted", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 4)}, {d.take("c", d.today, 1)}}
		}, "2 3, 4", "stock a b c"},
		{"the refused one takes the others back", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 9)}, {d.take("c", d.today, 10)}}
		}, "/1 insufficient, 2", "stock c"},
		{"its keys stay free", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 9)}, {d.take("a", d.today, 1)}, {d.take("b", d.today, 1)}}
		}, "/1 insufficient, 2, 3", "stock a b"},
		{"what comes later in the batch does not heal it", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 9)}, {d.give("more", d.today, 90)}, {d.take("b", d.today, 9)}}
		}, "/1 insufficient, 2, 3", "stock more b"},
		{"the same group again, after goods have come", func(d *desk) []proposals {
			return []proposals{
				{d.take("a", d.today, 3), d.take("b", d.today, 9)}, {d.give("more", d.today, 90)}, {d.take("a", d.today, 3), d.take("b", d.today, 9)},
			}
		}, "/1 insufficient, 2, 3 4", "stock more a b"},
		{"the same group twice", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 4)}, {d.take("a", d.today, 3), d.take("b", d.today, 4)}}
		}, "2 3, =2 =3", "stock a b"},
		{"a group that grew", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3), d.take("b", d.today, 4)}, {d.take("a", d.today, 3), d.take("b", d.today, 4), d.take("c", d.today, 1)}}
		}, "2 3, /2 key-reused", "stock a b"},
		{"a group that holds the last posted key with other content", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 3)}, {d.take("b", d.today, 1), d.take("a", d.today, 4)}}
		}, "2, /1 key-reused", "stock a"},
		{"refused alone, then the same key accepted", func(d *desk) []proposals {
			return []proposals{{d.take("a", d.today, 11)}, {d.give("more", d.today, 5)}, {d.take("a", d.today, 11)}}
		}, "insufficient, 2, 3", "stock more a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Options{})
				var jobs []func() *job
				for _, ps := range c.jobs(d) {
					jobs = append(jobs, func() *job { return d.enqueue(len(ps) > 1, ps...) })
				}
				if got := together(t, d, jobs...); got != c.answer || d.holds() != c.holds {
					t.Errorf("answered %q and holds %q,\nwant     %q and       %q", got, d.holds(), c.answer, c.holds)
				}
			})
		})
	}
}

// TestGroupTakenBackIsProven: a group is refused with every failing member, also with those that fail by what another server did.
func TestGroupTakenBackIsProven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		answers(d.enqueue(false, d.give("stock", d.today, 10), d.take("a", d.today, 1)))
		d.rival(d.take("rival", d.today, 8))
		if got := group(d.enqueue(true, d.take("a", d.today, 2), d.take("b", d.today, 5))); got != "/0 key-reused /1 insufficient" {
			t.Errorf("answered %q", got)
		}
	})
}

// TestDatesInAnyOrder: a batch may go back in time before its own entries, on cells whose past was never read.
func TestDatesInAnyOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		days   []Date // before today
		counts []int64
		answer string
	}{
		{"forward", []Date{2, 1, 0}, []int64{1, 1, 1}, "2, 3, 4"},
		{"backward", []Date{0, 1, 2}, []int64{1, 1, 1}, "2, 3, 4"},
		{"backward beyond the stock", []Date{0, 4}, []int64{1, 1}, "2, insufficient"},
		{"backward against a later taking", []Date{0, 2}, []int64{6, 5}, "2, insufficient"},
		{"forward and back", []Date{2, 0, 1, 0, 3}, []int64{1, 1, 1, 1, 6}, "2, 3, 4, 5, 6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Options{})
				var jobs []func() *job
				for i, before := range c.days {
					jobs = append(jobs, func() *job { return d.enqueue(false, d.take(fmt.Sprint("k", i), d.today-before, c.counts[i])) })
				}
				if got := together(t, d, jobs...); got != c.answer {
					t.Errorf("answered %q, want %q", got, c.answer)
				}
			})
		})
	}
}

// TestMemoryIsBounded: what the committer knows is dropped as a whole when it is too much, and nothing else changes.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{MaxCells: 3})
		answers(d.enqueue(false, d.give("stock", d.today, 10)))
		for i := range 9 {
			if got := answers(d.enqueue(false, d.take(fmt.Sprint("k", i), d.today-Date(i%2), 1))); i%2 == 0 && got != fmt.Sprint(i/2+2) {
				t.Errorf("taking %d is answered %s", i, got)
			}
		}
		if d.calls["load"] != 10 {
			t.Errorf("%d loads, one for each batch wanted", d.calls["load"])
		}
	})
}

// TestRefusedMoveLeavesNothing: a Compose that goes on after a refused move has not made a cell that nobody stores.
func TestRefusedMoveLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		p := d.give("stock", d.today, 10)
		inner := p.Compose
		p.Needs.Groups = append(p.Needs.Groups, Group{"stock:B", "BLANKET"}, Group{"stock:C", "BLANKET"})
		p.Compose = func(draft *Draft) error {
			draft.NewLot(Lot{Commodity: blanket})
			one := decimal.NewFromInt(1)
			if err := draft.Move(Move{"stock:B", "stock:C", "F1", blanket, one, one}); err == nil {
				t.Error("a blanket came out of nothing")
			}
			return inner(draft)
		}
		answers(d.enqueue(false, p))
		if d.head.cells != 2 || len(d.cells) != 2 {
			t.Errorf("the head counts %d cells, %d are stored, 2 wanted", d.head.cells, len(d.cells))
		}
	})
}
