package fund_test

import (
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

// TestTexts: a text is kept in its one spelling, and space is no text. A repeated request is compared with what was sent.
func TestTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.grant("F1", "100.00")
	approved := must(w, w.Plan, budget())
	order := must(w, w.Order, quilts())
	blank := budget()
	blank.Name = " \u3000"
	refused(w, w.Plan, blank, "/name invalid: budget name is empty, 1 to 120 characters wanted")
	refused(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "bank:ICBC", Quantity: dec("1.00"), Reason: "   "},
		"/reason invalid: reason is empty, 1 to 500 characters wanted")
	refused(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: order.Document, Reason: "   "}, "/reason invalid: reason is empty, 1 to 500 characters wanted")
	change := shift(approved.Document, fund.BudgetShift{Code: "SHOES", Name: "  Shoes ", Amount: ledger.Signed{Decimal: dec("1.00")}})
	change.Reason = "   "
	refused(w, w.ChangeBudget, change, "/reason invalid: reason is empty, 1 to 500 characters wanted")
	change.Reason = " cold\u3000"
	statement := february()
	statement.Reference, statement.Lines[0].ID = " 2024-02 ", " A1 "
	for _, c := range []struct {
		propose func(ledger.By) (*ledger.Proposal, error)
		sent    any
		kind    string
	}{
		{func(by ledger.By) (*ledger.Proposal, error) { return w.ChangeBudget(ctx, by, change) }, change, "budget-change"},
		{func(by ledger.By) (*ledger.Proposal, error) { return w.State(ctx, by, statement) }, statement, "bank-statement"},
	} {
		by := w.by()
		p, err := c.propose(by)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Book.Post(ctx, p); err != nil {
			t.Fatal(err)
		}
		if again, known, err := w.Book.Recall(ctx, by.Key, c.kind, c.sent); err != nil || !known || !again.Replayed {
			t.Errorf("%s again: %+v, %t, %v", c.kind, again, known, err)
		}
	}
	var kept []string
	if err := w.Book.DB().NewRaw(`SELECT reason FROM budget_changes UNION ALL SELECT name FROM budget_lines WHERE code = 'SHOES'
		UNION ALL SELECT reference FROM bank_statements UNION ALL SELECT id FROM bank_lines WHERE id <> ''`).Scan(ctx, &kept); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"cold", "Shoes", "2024-02", "A1"} {
		if len(kept) != 4 || kept[i] != want {
			t.Fatalf("the book keeps %q", kept)
		}
	}
}
