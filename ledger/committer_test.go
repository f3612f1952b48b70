package ledger

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// three posts, while the committer is busy, three proposals that will share a batch: one to be accepted, one to be refused,
// one more to be accepted. It answers their outcomes and how long they took.
func (d *desk) three(script faults) (string, time.Duration) {
	d.fault = first(at("write", 1, fault{delay: time.Second}), script)
	stock := d.enqueue(false, d.give("stock", d.today, 10))
	synctest.Wait()
	jobs := []*job{
		d.enqueue(false, d.take("a", d.today, 3)), d.enqueue(false, d.take("b", d.today, 100)), d.enqueue(false, d.take("c", d.today, 4)),
	}
	<-stock.answered
	begun := time.Now()
	return answers(jobs...), time.Since(begun)
}

// TestCommitterUnderFaults: whatever fails on the way, the answers are exact, nothing is written twice, and nobody waits longer than
// the patience of the book and one pause.
func TestCommitterUnderFaults(t *testing.T) {
	gone := fault{err: &errGone}
	forAWhile := func(d time.Duration, f fault) faults {
		var begun time.Time
		return func(call string, n int) fault {
			if call != "load" || n < 2 {
				return fault{}
			}
			if begun.IsZero() {
				begun = time.Now()
			}
			if time.Since(begun) > d {
				return fault{}
			}
			return f
		}
	}
	rival := func(p func(*desk) *Proposal) func(*desk) faults {
		return func(d *desk) faults { return at("write", 2, fault{rival: p(d)}) }
	}
	always := func(f faults) func(*desk) faults { return func(*desk) faults { return f } }
	for _, c := range []struct {
		name   string
		script func(*desk) faults
		answer string
		holds  string
		within time.Duration
	}{
		{"nothing fails", always(first()), "2 insufficient 3", "stock a c", 0},
		{"serialization failure", always(at("write", 2, fault{err: &errLostRace})), "2 insufficient 3", "stock a c", 0},
		{"deadlock", always(at("write", 2, fault{err: &errDeadlock})), "2 insufficient 3", "stock a c", 0},
		{"deadlock again and again", always(since("write", 2, fault{err: &errDeadlock})), "unavailable unavailable unavailable", "stock", 11 * time.Second},
		{"backend shut down before the write", always(at("write", 2, gone)), "2 insufficient 3", "stock a c", 0},
		{"backend shut down before the load", always(at("load", 2, gone)), "2 insufficient 3", "stock a c", 0},
		{"another server was faster", rival(func(d *desk) *Proposal { return d.give("rival", d.today, 1) }), "3 insufficient 4", "stock rival a c", 0},
		{"another server took the goods", rival(func(d *desk) *Proposal { return d.take("rival", d.today, 8) }), "insufficient insufficient insufficient", "stock rival", 0},
		{"another server used a key", rival(func(d *desk) *Proposal { return d.take("a", d.today, 3) }), "=2 insufficient 3", "stock a c", 0},
		{"another server used a key for other content", rival(func(d *desk) *Proposal { return d.take("a", d.today, 5) }), "key-reused insufficient 3", "stock a c", 0},
		{"another server brought what was missing", rival(func(d *desk) *Proposal { return d.give("rival", d.today, 200) }), "3 4 5", "stock rival a b c", 0},
		{"unique violation of a key", always(at("write", 2, fault{err: &errKeyTaken})), "2 insufficient 3", "stock a c", 0},
		{"slow write", always(at("write", 2, fault{delay: 3 * time.Second})), "2 insufficient 3", "stock a c", 3 * time.Second},
		{"lost answer, written", always(at("write", 2, fault{err: errUnknown, lost: true})), "=2 insufficient =3", "stock a c", 0},
		{"lost answer, not written", always(at("write", 2, fault{err: errUnknown})), "2 insufficient 3", "stock a c", 0},
		{"lost answer, written later", always(at("write", 2, fault{err: errUnknown, late: true})), "=2 insufficient =3", "stock a c", time.Second},
		{
			"lost answers, each written later", always(first(at("write", 2, fault{err: errUnknown, late: true}), at("write", 3, fault{err: errUnknown, late: true}))),
			"=2 insufficient =3", "stock a c", time.Second,
		},
		{
			"lost answer after all patience, written", always(at("write", 2, fault{delay: 12 * time.Second, err: errUnknown, lost: true})),
			"unknown unknown unknown", "stock a c", 12 * time.Second,
		},
		{
			"lost answer, then no database", always(first(at("write", 2, fault{err: errUnknown, lost: true}), since("load", 3, gone))),
			"unknown unknown unknown", "stock a c", 11 * time.Second,
		},
		{
			"lost answer, then a full disk", always(first(at("write", 2, fault{err: errUnknown, lost: true}), since("load", 3, fault{err: &errFull}))),
			"unknown unknown unknown", "stock a c", 0,
		},
		{
			"lost answer, then no right to read", always(first(at("write", 2, fault{err: errUnknown, lost: true}), since("load", 3, fault{err: &errForbidden}))),
			"unknown unknown unknown", "stock a c", 0,
		},
		{"no database", always(since("load", 2, gone)), "unavailable unavailable unavailable", "stock", 11 * time.Second},
		{"no database for four seconds", always(forAWhile(4*time.Second, gone)), "2 insufficient 3", "stock a c", 5 * time.Second},
		{"disk full", always(at("write", 2, fault{err: &errFull})), "unavailable unavailable unavailable", "stock", 0},
		{
			"statement cancelled by its time-out", always(since("write", 2, fault{delay: 5 * time.Second, err: &errTimeout})),
			"unavailable unavailable unavailable", "stock", 5 * time.Second,
		},
		{"look-up fails once after the write", always(at("lookUp", 1, gone)), "=2 insufficient =3", "stock a c", 0},
		{"look-up fails for ever after the write", always(since("lookUp", 1, gone)), "unknown unknown unknown", "stock a c", 11 * time.Second},
		{"look-up is forbidden after the write", always(since("lookUp", 1, fault{err: &errForbidden})), "unknown unknown unknown", "stock a c", 0},
		{
			"one entry that only the database refuses", always(first(at("write", 2, fault{err: &errFloor}), at("write", 3, fault{err: &errFloor}))),
			"failed insufficient 2", "stock c", 0,
		},
		{
			"refused by the database, then no database", always(first(at("write", 2, fault{err: &errFloor}), since("load", 3, gone))),
			"unavailable unavailable unavailable", "stock", 11 * time.Second,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Options{})
				answer, took := d.three(c.script(d))
				if answer != c.answer || d.holds() != c.holds {
					t.Errorf("answered %q and holds %q,\nwant     %q and       %q", answer, d.holds(), c.answer, c.holds)
				}
				if took > c.within {
					t.Errorf("took %s, at most %s wanted", took, c.within)
				}
				// Afterwards the book works as if nothing had been.
				d.mu.Lock()
				d.fault = first()
				d.mu.Unlock()
				if again := answers(d.enqueue(false, d.take("b", d.today, 1))); again == "unavailable" || again == "unknown" || again == "failed" {
					t.Errorf("the next proposal is answered %q", again)
				}
			})
		})
	}
}

// TestRefusalWaitsForTheWriteUnderWay: a write whose sender was told that nobody knows may still happen. Until it has, or has not,
// nothing can be refused: the goods may be there in a moment, and the key too.
func TestRefusalWaitsForTheWriteUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		answers(d.enqueue(false, d.give("stock", d.today, 10)))
		d.fault = at("write", 2, fault{delay: 12 * time.Second, err: errUnknown, late: true})
		lost := d.enqueue(false, d.give("more", d.today, 10), d.take("a", d.today, 15))
		if got := answers(lost); got != "unknown unknown" {
			t.Errorf("answered %q", got)
		}
		if got := answers(d.enqueue(false, d.take("a", d.today, 15))); got != "=3" {
			t.Errorf("the repeated request is answered %q, it is entry 3", got)
		}
	})
}

// TestWaitersShareTheNextBatch: whoever comes while a write is under way travels in the next one, all together.
func TestWaitersShareTheNextBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		d.three(first())
		if d.calls["write"] != 2 || d.calls["load"] != 2 {
			t.Errorf("%d writes and %d loads for two batches", d.calls["write"], d.calls["load"])
		}
		answers(d.enqueue(false, d.take("d", d.today, 1)))
		if d.calls["write"] != 3 || d.calls["load"] != 2 || d.calls["lookUp"] != 1 {
			t.Errorf("%d writes, %d loads and %d look-ups: a batch on known cells is one message", d.calls["write"], d.calls["load"], d.calls["lookUp"])
		}
	})
}

// TestWhoComesLateIsRecordedLate: a batch that waits for its first passenger while another is on its way takes the time when that one came. Who
// boards later still was not taken before it was there.
func TestWhoComesLateIsRecordedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		answers(d.enqueue(false, d.give("stock", d.today, 10)), d.enqueue(false, d.take("known", d.today, 1)))
		d.fault = at("write", d.calls["write"]+1, fault{delay: 5 * time.Second})
		under := d.enqueue(false, d.take("a", d.today, 1), d.take("a2", d.today, 1)) // the next batch waits for as many
		<-time.After(2 * time.Second)
		came := time.Now()
		late := d.enqueue(false, d.take("b", d.today, 1))
		<-time.After(time.Second)
		later := d.enqueue(false, d.take("c", d.today, 1))
		if got := answers(under, late, later); got != "3 4 5 6" {
			t.Errorf("answered %s", got)
		}
		if at := late.outcomes[0].RecordedAt; at.Before(came) {
			t.Errorf("came at %s and was recorded at %s", came, at)
		}
		if late.taken != came || later.taken != came.Add(time.Second) || later.among != 2 {
			t.Errorf("came at %s and a second later, were taken at %s and %s among %d", came, late.taken, later.taken, later.among)
		}
	})
}

// TestWhoStandsBehindHasATryToo: a flight that failed only because the one before it did is tried again when that one was decided, however long it took.
func TestWhoStandsBehindHasATryToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		answers(d.enqueue(false, d.give("stock", d.today, 10)), d.enqueue(false, d.take("known", d.today, 1)))
		writes, loads := d.calls["write"], d.calls["load"]
		d.fault = first(at("write", writes+1, fault{delay: time.Second, err: errUnknown}), at("load", loads+1, fault{delay: 11 * time.Second}))
		first := d.enqueue(false, d.take("a", d.today, 1))
		synctest.Wait()
		behind := d.enqueue(false, d.take("b", d.today, 1))
		if got := answers(first, behind); got != "3 4" {
			t.Errorf("answered %s", got)
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{Queue: 1})
		d.fault = at("write", 1, fault{delay: time.Second})
		stock := d.enqueue(false, d.give("stock", d.today, 10))
		synctest.Wait()
		waiting := d.enqueue(false, d.take("a", d.today, 1))
		if _, err := d.Post(t.Context(), d.take("b", d.today, 1)); !errors.Is(err, ErrBusy) {
			t.Errorf("a full queue answers %v", err)
		}
		if got := answers(stock, waiting); got != "1 2" {
			t.Errorf("answered %q", got)
		}
	})
}

// TestCloseFinishesWhatIsQueued, and turns everybody else away.
func TestCloseFinishesWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		d.fault = at("write", 1, fault{delay: time.Second})
		stock := d.enqueue(false, d.give("stock", d.today, 10))
		synctest.Wait()
		waiting := d.enqueue(false, d.take("a", d.today, 1))
		closed := make(chan struct{})
		go func() { d.Close(); close(closed) }()
		synctest.Wait()
		if _, err := d.Post(t.Context(), d.take("late", d.today, 1)); !errors.Is(err, ErrClosed) {
			t.Errorf("a closing book answers %v", err)
		}
		if got := answers(stock, waiting); got != "1 2" {
			t.Errorf("answered %q", got)
		}
		<-closed
		if d.holds() != "stock a" {
			t.Errorf("holds %q", d.holds())
		}
	})
}

// TestCloseWhileCallersPost: each caller is either answered with an entry that is there, or told that the book is shutting down
// and its entry is not.
func TestCloseWhileCallersPost(t *testing.T) {
	for seed := range 200 {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, Options{})
			answered := make(chan string, 20)
			for i := range cap(answered) {
				go func() {
					posted, err := d.Post(context.Background(), d.give(string(rune('a'+i)), d.today, 1))
					if err != nil && !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
					if err == nil {
						answered <- posted.Key
					} else {
						answered <- ""
					}
				}()
			}
			d.Close()
			told := map[string]bool{}
			for range cap(answered) {
				told[<-answered] = true
			}
			delete(told, "")
			for _, e := range d.entries {
				if !told[e.key] {
					t.Errorf("round %d: entry %d is there and its sender was told that it is not", seed, e.number)
				}
			}
			if len(told) != len(d.entries) {
				t.Errorf("round %d: %d were answered, %d are there", seed, len(told), len(d.entries))
			}
		})
	}
}

// TestNobodyWaits: a proposal that was taken is decided though its sender has gone.
func TestNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{})
		d.fault = at("write", 1, fault{delay: 3 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := d.Post(ctx, d.give("stock", d.today, 10)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("answered %v", err)
		}
		d.Close()
		if d.holds() != "stock" {
			t.Errorf("holds %q", d.holds())
		}
	})
}
