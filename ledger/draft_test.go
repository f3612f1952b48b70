package ledger_test

import (
	"fmt"
	"testing"

	"reliefledger/ledger"
)

// A proposal of today looks at what cells held on an earlier day, whether the committer has them in memory or reads them.
func TestADraftLooksBack(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), day("2024-03-01"), quilt, "stock:A", "40", "400.00"))
	w.post(take(w.key(), day("2024-03-06"), quilt, "stock:A", "handed-out:A", "5"))
	w.post(take(w.key(), day("2024-03-04"), quilt, "stock:A", "handed-out:A", "2"))
	look := func() *ledger.Proposal {
		held := ledger.CellKey{Account: "stock:A", Fund: "F1", Commodity: quilt}
		return &ledger.Proposal{
			Header: ledger.Header{Kind: "look", On: today, Actor: "keeper", Key: w.key()},
			Needs: ledger.Needs{
				Since: day("2024-03-03"), Accounts: []ledger.Account{"stock:A", "stock:B"},
				Groups: []ledger.Group{{Account: "stock:A", Item: "QUILT"}, {Account: "stock:B", Item: "QUILT"}},
			},
			Compose: func(d *ledger.Draft) error {
				told := ""
				for _, on := range []string{"2024-03-03", "2024-03-04", "2024-03-06", "2024-03-15"} {
					c := d.At(held, day(on))
					told += fmt.Sprintf("%s of %s, ", c.Quantity, c.Value)
				}
				never := ledger.CellKey{Account: "stock:B", Fund: "F1", Commodity: quilt}
				return ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("%s%s, last %s, never %t", told, d.At(never, day("2024-03-03")).Quantity, d.LastOn("stock:A"), d.LastOn("stock:B").IsZero()))
			},
		}
	}
	const told = "40 of 400, 38 of 380, 33 of 330, 33 of 330, 0, last 2024-03-06, never true"
	w.refused(look(), ledger.Invalid, told)
	w.refused(look(), ledger.Invalid, told)
	if _, errs, err := w.Try(t.Context(), look()); err != nil || errs[0] == nil || errs[0].Error() != told {
		t.Errorf("tried: %v, %v", errs, err)
	}
}
