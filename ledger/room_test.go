package ledger_test

import (
	"testing"

	"reliefledger/ledger"
)

// TestCellsHoldWhatIsKeptExactly fills a cell with ten thousand of the largest amounts, and wants one more refused.
func TestCellsHoldWhatIsKeptExactly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	largest := dec("999999999999999999999999.99")
	give := func(key, fund string, times int) *ledger.Proposal {
		return &ledger.Proposal{
			Header: ledger.Header{Kind: "contribution", On: today, Actor: "officer", Key: key},
			Needs:  ledger.Needs{Groups: []ledger.Group{{Account: "income:D", Item: "CNY"}, {Account: "bank:B", Item: "CNY"}}},
			Compose: func(d *ledger.Draft) error {
				for range times {
					m := ledger.Move{From: "income:D", To: "bank:B", Fund: fund, Commodity: ledger.Commodity{Item: "CNY"}, Quantity: largest, Value: largest}
					if err := d.Move(m); err != nil {
						return err
					}
				}
				return nil
			},
		}
	}
	w.post(give("1", "F1", 10_000))
	refusal := w.refused(give("2", "F1", 1), ledger.Invalid, "income:D holds -9999999999999999999999999900 worth -9999999999999999999999999900 of CNY for fund F1 and would hold "+
		"-10000999999999999999999999899.99 worth -10000999999999999999999999899.99, at most 28 digits before the point are kept exactly")
	if want := "look for a slip in the amounts before this one and reverse it"; refusal.Faults[0].Hint != want {
		t.Errorf("hint %q", refusal.Faults[0].Hint)
	}
	w.post(give("3", "F2", 1))
	w.refused(receive("4", today, quilt, "stock:A", "1000000000000000000000000", "1.00"), ledger.Invalid,
		"a move of 1000000000000000000000000 worth 1, at most 24 digits before the point wanted")
}
