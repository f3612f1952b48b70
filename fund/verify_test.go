package fund_test

import (
	"context"
	"slices"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/fund"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// TestRulesFindTampering books one of everything, changes one row past every guard, and wants the rule of that noun to name it.
func TestRulesFindTampering(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			"contributions moved what they say",
			"UPDATE contributions SET amount = 1000.01", "UPDATE contributions SET amount = 1000",
			"contribution 1 says 1000.01 for fund F1, its entry brought 1000",
		},
		{
			"payments moved what they say",
			"UPDATE payments SET amount = 8", "UPDATE payments SET amount = 7",
			"payment 5 says 8 of fund F1, its entry paid 7",
		},
		{
			"tallies of invoices agree with the invoices",
			"UPDATE tallies SET value = 599 WHERE name LIKE 'invoiced:%'", "UPDATE tallies SET value = 610 WHERE name LIKE 'invoiced:%'",
			"receipt GR-WH-1-2024-00001: its invoices say 610, the tally says 599",
		},
		{
			"what is received and not invoiced agrees with the documents",
			"UPDATE invoices SET difference = 0", "UPDATE invoices SET difference = 10",
			"supplier:S-01 of fund F1 holds 0, receipts and invoices say 10",
		},
		{
			"a final invoice settles all invoices of its receipt",
			"UPDATE invoices SET difference = 0", "UPDATE invoices SET difference = 10",
			"invoice 3 settles 0 of receipt GR-WH-1-2024-00001, its invoices and the order differ by 10",
		},
		{
			"no bill outlives its receipt",
			"UPDATE entries SET reverses = 2 WHERE number = 5", "UPDATE entries SET reverses = NULL WHERE number = 5",
			"receipt GR-WH-1-2024-00001 was reversed, the freight of entry 4 was not",
		},
		{
			"reversals",
			"UPDATE entries SET reverses = 3 WHERE number = 9", "UPDATE entries SET reverses = NULL WHERE number = 9",
			"entry 9 takes a revaluation back, but 1 of QUILT/GR-WH-1-2024-00001.1 left stock:WH-1 between entry 3 and it",
		},
		{
			"claims moved what they say",
			"UPDATE claims SET received = 51", "UPDATE claims SET received = 50",
			"claim 9 says goods of 61.9 for 51, its entry moved goods of 61.9 for 50",
		},
		{
			"nobody settles for more than was claimed",
			"UPDATE cells SET quantity = -1 WHERE account = 'claims:C-01'", "UPDATE cells SET quantity = 0 WHERE account = 'claims:C-01'",
			"claims:C-01 of fund F1 holds -1 worth 0 of QUILT/GR-WH-1-2024-00001.1",
		},
		{
			"freight has landed to the last unit",
			"UPDATE cells SET value = value + 1 WHERE account LIKE 'landed:%' AND item = 'CNY'",
			"UPDATE cells SET value = value - 1 WHERE account LIKE 'landed:%' AND item = 'CNY'",
			"landed:GR-WH-1-2024-00001 of fund F1 still holds 1",
		},
		{
			"each side of an interfund debt agrees with the other",
			"UPDATE cells SET value = value - 1 WHERE account = 'interfund:F2'", "UPDATE cells SET value = value + 1 WHERE account = 'interfund:F2'",
			"interfund:F1 of fund F2 holds -20 worth -20 of CNY, the other side 20 worth 19",
		},
		{
			"custody funds have no money and no debts of their own",
			"UPDATE funds SET custody = true WHERE code = 'F2'", "UPDATE funds SET custody = false WHERE code = 'F2'",
			"bank:ICBC of custody fund F2 holds 20 worth 20 of CNY",
		},
		{
			"purchases committed what they say",
			"UPDATE purchases SET value = 601 WHERE number = 10", "UPDATE purchases SET value = 600 WHERE number = 10",
			"purchase 10 says 601 of fund F1, its entry committed 600",
		},
		{
			"what is committed agrees with purchases, invoices and closings",
			"UPDATE purchase_closings SET released = 599", "UPDATE purchase_closings SET released = 600",
			"purchase PO-F1-2024-00001 has 0 committed, its documents say 1",
		},
		{
			"nothing is released that was not committed",
			"UPDATE cells SET value = -1 WHERE account = 'committed:PO-F1-2024-00001'", "UPDATE cells SET value = 0 WHERE account = 'committed:PO-F1-2024-00001'",
			"committed:PO-F1-2024-00001 of fund F1 holds -1",
		},
		{
			"payments spent of a budget what they paid",
			"UPDATE payments SET amount = 8", "UPDATE payments SET amount = 7",
			"payment 14 says 8 of fund F1, it spent 7 of a budget",
		},
		{
			"budgets planned what they say",
			"UPDATE budget_lines SET amount = 499 WHERE code = 'CASH'", "UPDATE budget_lines SET amount = 500 WHERE code = 'CASH'",
			"entry 12 says 499 for budget line CASH of fund F1, it planned 500",
		},
		{
			"what is planned is left, committed or spent",
			"UPDATE purchases SET budget = 'CASH' WHERE number = 13", "UPDATE purchases SET budget = 'QUILTS' WHERE number = 13",
			"budget line QUILTS of fund F1 is out by -7500",
		},
		{
			"a line is in one budget of its fund",
			"INSERT INTO budget_lines SELECT book_id, 13, line, 'BG-X', fund, code, name, amount FROM budget_lines WHERE code = 'CASH'", "DELETE FROM budget_lines WHERE number = 13",
			"budget line CASH of fund F1 is in BG-F1-2024-00001, BG-X",
		},
		{
			"no change outlives its budget line",
			"UPDATE budget_lines SET name = '' WHERE code = 'CASH'", "UPDATE budget_lines SET name = 'Relief cash' WHERE code = 'CASH'",
			"entry 12 changes line CASH of budget BG-F1-2024-00001, which is not there",
		},
		{
			"nothing is drawn outside the days of a budget",
			"UPDATE budgets SET ends_on = '2024-01-31'", "UPDATE budgets SET ends_on = '2024-06-30'",
			"purchase 13 of 2024-02-20 draws on line QUILTS of fund F1, its budget runs from 2024-01-01 to 2024-01-31",
		},
		{
			"bank statements add up",
			"UPDATE bank_statements SET closing = 994", "UPDATE bank_statements SET closing = 993",
			"bank statement 15 opens with 0, its lines are 993, it closes with 994",
		},
		{
			"bank statements follow each other",
			"UPDATE bank_statements SET first = false", "UPDATE bank_statements SET first = true",
			"bank statement 15 of bank:ICBC opens on 2024-03-01 with 0, the one before closes on no day with nothing",
		},
		{
			"a line of a bank came once",
			"INSERT INTO bank_lines SELECT book_id, 14, line, account, \"on\", amount, reference, counterparty, text, id FROM bank_lines WHERE id = 'A1'", "DELETE FROM bank_lines WHERE number = 14",
			"line A1 of bank:ICBC is BS-ICBC-2024-00001.1, PY-F1-2024-00002.1",
		},
		{
			"what is matched with a bank is equal",
			"UPDATE bank_matches SET amount = 999 WHERE entry IS NOT NULL", "UPDATE bank_matches SET amount = 1000",
			"match 16 has 1000 at the bank and 999 in the book",
		},
		{
			"what is matched with a bank is what it says",
			"UPDATE bank_matches SET amount = 999", "UPDATE bank_matches SET amount = 1000",
			"match 16 says 999 of BS-ICBC-2024-00001.1, which is 1000",
		},
		{
			"what is matched with a bank is matched once",
			"INSERT INTO bank_matches SELECT book_id, number, line + 2, account, bank_line, entry, amount FROM bank_matches", "DELETE FROM bank_matches WHERE line > 2",
			"entry 1 of bank:ICBC is matched 2 times",
		},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			w := oneOfEverything(t)
			if findings := w.broken(""); len(findings) > 0 {
				t.Fatalf("before any change: %q", findings)
			}
			w.tamper(c.tamper)
			if findings := w.broken(c.rule); !slices.Contains(findings, c.want) {
				t.Errorf("got %q, want %q", findings, c.want)
			}
			w.tamper(c.restore)
		})
	}
}

func oneOfEverything(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.grant("F1", "1000.00")
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "600.00"})
	must(w, w.Invoice, invoice(receipt, "610.00", true))
	must(w, w.Freight, freight(receipt, "9.00"))
	must(w, w.Pay, relief("F1", "p-1", "7.00"))
	must(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "bank:ICBC", Quantity: dec("20.00"), Reason: "until the gift arrives"})
	w.carry("dispatch", day("2024-03-02"), "F1", "stock:WH-1", "transit:WB-1", "QUILT", receipt+".1", "1")
	short := w.carry("close-short", day("2024-03-03"), "F1", "transit:WB-1", "claims:C-01", "QUILT", receipt+".1", "1")
	must(w, w.SettleClaim, claim(short.Document, "50.00"))
	ordered := must(w, w.Order, fund.Purchase{Fund: "F1", Party: "S-01", Lines: []fund.PurchaseLine{{Item: "QUILT", Quantity: dec("10"), Value: some("600.00")}}})
	must(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered.Document, Reason: "ordered twice"})
	must(w, w.Plan, budget())
	must(w, w.Order, quilts())
	must(w, w.Pay, fromLine(relief("F1", "p-2", "7.00"), "CASH"))
	must(w, w.State, stated("2024-03-01", "2024-03-15", "0", "993.00", banked("2024-03-02", "1000.00", "A1"), banked("2024-03-15", "-7.00", "A2")))
	must(w, w.Match, matched([]string{"BS-ICBC-2024-00001.1"}, 1))
	return w
}

// broken verifies the book and answers the findings of one rule, or of all.
func (w *world) broken(rule string) []string {
	w.t.Helper()
	findings, err := ledger.Verify(w.t.Context(), w.Book.DB(), w.Book.Info, ledger.VerifyOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	var texts []string
	for _, f := range findings {
		if rule == "" || f.Rule == rule {
			texts = append(texts, f.String())
		}
	}
	return texts
}

// tamper changes the database as its superuser, with the triggers that protect history out of the way.
func (w *world) tamper(statement string) {
	w.t.Helper()
	err := pgtest.Owner(w.t, w.Book.DB()).RunInTx(w.t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
