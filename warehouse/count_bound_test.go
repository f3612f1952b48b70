package warehouse

import (
	"errors"
	"testing"

	"reliefledger/ledger"
)

// One count writes down no more than its bound, and says how to go on.
func TestACountIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		whole bool
		cells int
		at    string
	}{{true, 5000, ""}, {false, 5000, ""}, {true, 5001, "/whole"}, {false, 60000, "/complete"}} {
		n := counting{stock: ledger.Stock.In("WH-1"), whole: c.whole}
		err := n.bounded(c.cells)
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) {
			if c.at != "" {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		f := refusal.Faults[0]
		if f.Pointer != c.at || f.Code != ledger.Invalid || f.Hint != "count item by item: complete names the items of each count" {
			t.Errorf("%+v: %+v", c, f)
		}
	}
	want := "stock:WH-1 holds 5001 lots and funds of what was counted, at most 5000 in one count wanted"
	if err := (counting{stock: ledger.Stock.In("WH-1")}).bounded(5001); err == nil || err.Error() != want {
		t.Errorf("%v, %q wanted", err, want)
	}
}
