package ledger

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestRefusalsAreProvenOnTheVeryHead: a standby that lacked the last entry may hold another one under the same number when it takes over behind a
// connection that stays, as a pooler's does.
func TestRefusalsAreProvenOnTheVeryHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, standby := newDesk(t, Options{}), newDesk(t, Options{})
		answers(d.enqueue(false, d.give("few", d.today, 10)), standby.enqueue(false, standby.give("many", d.today, 200)))
		d.mu.Lock()
		d.head, d.entries, d.cells, d.tallies = standby.head, standby.entries, standby.cells, standby.tallies
		d.mu.Unlock()
		if got := answers(d.enqueue(false, d.take("a", d.today, 150))); got != "2" {
			t.Errorf("answered %s: what is there now is enough", got)
		}
	})
}

// TestReplaysAreProven: what is found under a key was perhaps shown by a primary whose standby lacks it, and is answered only
// when the look-up itself is saved as a commit is. Until then nobody is told that it is written, or that it is not.
func TestReplaysAreProven(t *testing.T) {
	for _, c := range []struct {
		name   string
		script faults
		answer string
		within time.Duration
	}{
		{"the standby has it", first(), "=1", 0},
		{"the connection breaks once", at("lookUp", 1, fault{err: &errGone}), "=1", time.Second},
		{"the standby never answers", since("lookUp", 1, fault{err: &errGone}), "unknown", 11 * time.Second},
		{"the disk is full", at("lookUp", 1, fault{err: &errFull}), "unknown", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Options{})
				d.fault = c.script
				if got := answers(d.enqueue(false, d.give("stock", d.today, 10))); got != "1" {
					t.Fatalf("the first time: %s", got)
				}
				begun := time.Now()
				if got := answers(d.enqueue(false, d.give("stock", d.today, 10))); got != c.answer {
					t.Errorf("the second time: %s, want %s", got, c.answer)
				}
				if took := time.Since(begun); took > c.within {
					t.Errorf("answered after %s, at most %s wanted", took, c.within)
				}
				if d.calls["lookUp"] == 0 {
					t.Error("the replay was not proven")
				}
			})
		})
	}
}
