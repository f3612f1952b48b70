package ledger

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestFlights: what is composed behind a batch on its way is told nothing before that has landed, and when it has not, everything is
// decided anew on what the book then holds.
func TestFlights(t *testing.T) {
	slow := func(f fault) func(*desk) fault {
		f.delay = time.Second
		return func(*desk) fault { return f }
	}
	rival := func(p func(*desk) *Proposal) func(*desk) fault {
		return func(d *desk) fault { return fault{delay: time.Second, rival: p(d)} }
	}
	for _, c := range []struct {
		name   string
		fault  func(*desk) fault
		answer string // of a, which flies; then of b, of a again, of too much, and of c, which come while it does
		holds  string
	}{
		{"it lands", slow(fault{}), "3 4 =3 insufficient 5", "stock warm a b c"},
		{"serialization failure", slow(fault{err: &errLostRace}), "3 4 =3 insufficient 5", "stock warm a b c"},
		{"the connection breaks before", slow(fault{err: &errGone}), "3 4 =3 insufficient 5", "stock warm a b c"},
		{"lost answer, written", slow(fault{err: errUnknown, lost: true}), "=3 =4 =3 insufficient 5", "stock warm a b c"},
		{"lost answer, not written", slow(fault{err: errUnknown}), "3 4 =3 insufficient 5", "stock warm a b c"},
		{"lost answer, written later", slow(fault{err: errUnknown, late: true}), "=3 =4 =3 insufficient 5", "stock warm a b c"},
		{"only the database refuses it, once", slow(fault{err: &errFloor}), "failed 3 4 insufficient 5", "stock warm b a c"},
		{"another server was faster", rival(func(d *desk) *Proposal { return d.give("rival", d.today, 1) }), "4 5 =4 insufficient 6", "stock warm rival a b c"},
		{"another server took the goods", rival(func(d *desk) *Proposal { return d.take("rival", d.today, 7) }), "4 insufficient =4 insufficient insufficient", "stock warm rival a"},
		{"another server used its key", rival(func(d *desk) *Proposal { return d.take("a", d.today, 2) }), "=3 4 =3 insufficient 5", "stock warm a b c"},
		{"another server used the key behind it", rival(func(d *desk) *Proposal { return d.take("b", d.today, 2) }), "4 =3 =4 insufficient 5", "stock warm b a c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Options{})
				answers(d.enqueue(false, d.give("stock", d.today, 10)), d.enqueue(false, d.take("warm", d.today, 1)))
				d.mu.Lock()
				d.fault = at("write", d.calls["write"]+1, c.fault(d))
				d.mu.Unlock()
				flying := d.enqueue(false, d.take("a", d.today, 2))
				synctest.Wait()
				behind := []*job{d.enqueue(false, d.take("b", d.today, 2)), d.enqueue(false, d.take("a", d.today, 2)), d.enqueue(false, d.take("much", d.today, 100)), d.enqueue(false, d.take("c", d.today, 3))}
				synctest.Wait()
				for _, j := range append(behind, flying) {
					select {
					case <-j.answered:
						t.Fatal("somebody was told something before the flight landed")
					default:
					}
				}
				if got := answers(append([]*job{flying}, behind...)...); got != c.answer || d.holds() != c.holds {
					t.Errorf("answered %q and holds %q,\nwant     %q and       %q", got, d.holds(), c.answer, c.holds)
				}
			})
		})
	}
}

// TestFlightsFollowEachOther: batches on what memory knows ask the database nothing and wait for nothing but those before. The second goes when it is as
// large as the first, here with one job; behind two the others fill theirs.
func TestFlightsFollowEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Options{Batch: 2})
		answers(d.enqueue(false, d.give("stock", d.today, 10)), d.enqueue(false, d.take("warm", d.today, 1)))
		loads, begun := d.calls["load"], time.Now()
		d.mu.Lock()
		d.fault = func(call string, _ int) fault {
			if call == "write" {
				return fault{delay: time.Second}
			}
			return fault{}
		}
		d.mu.Unlock()
		var jobs []*job
		for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
			jobs = append(jobs, d.enqueue(false, d.take(key, d.today, 1)))
			synctest.Wait()
		}
		if got := answers(jobs...); got != "3 4 5 6 7 8" {
			t.Errorf("answered %q", got)
		}
		if took := time.Since(begun); took != 4*time.Second || d.calls["load"] != loads {
			t.Errorf("one, one, two and two jobs took %s and %d loads", took, d.calls["load"]-loads)
		}
	})
}
