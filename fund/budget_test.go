package fund_test

import (
	"context"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

// budget plans 8,000.00 for quilts and 500.00 of relief cash, to be drawn on from January to June.
func budget() fund.Budget {
	return fund.Budget{
		On: day("2024-01-05"), Fund: "F1", Name: "Winter budget", StartsOn: day("2024-01-01"), EndsOn: day("2024-06-30"),
		Lines: []fund.BudgetLine{{"QUILTS", "Quilts", dec("8000.00")}, {"CASH", "Relief cash", dec("500.00")}},
	}
}

func exceedable(b fund.Budget) fund.Budget {
	b.MayExceed = true
	return b
}

func shift(document string, lines ...fund.BudgetShift) fund.BudgetChange {
	return fund.BudgetChange{Budget: document, On: day("2024-02-01"), Reason: "the cold wave needs more", Lines: lines}
}

func gain(code, amount string) fund.BudgetShift {
	return fund.BudgetShift{Code: code, Amount: ledger.Signed{Decimal: dec(amount)}}
}

func quilts() fund.Purchase {
	p := order()
	p.Budget = "QUILTS"
	return p
}

func fromLine(p fund.Payment, line string) fund.Payment {
	p.Budget = line
	return p
}

// TestBudget is the life of a budget: approved, changed, drawn on by orders, invoices and payments, given back by closings and reversals.
func TestBudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "10000.00")
	approved := must(w, w.Plan, budget())
	if approved.Kind != "budget" || approved.Document != "BG-F1-2024-00001" {
		t.Errorf("got %+v", approved.Entry)
	}
	w.holds("planned:QUILTS F1 CNY -8000 -8000", "allotment:QUILTS F1 CNY 8000 8000", "allotment:CASH F1 CNY 500 500")

	ordered := must(w, w.Order, quilts())
	w.holds("allotment:QUILTS F1 CNY 500 500", "committed:PO-F1-2024-00001 F1 CNY 7500 7500")
	refused(w, w.Order, quilts(), "/budget insufficient: budget line QUILTS of fund F1 has 500.00 left, 7500.00 wanted\n"+
		"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001")
	raised := must(w, w.ChangeBudget, shift(approved.Document, gain("QUILTS", "7200.00"), gain("CASH", "-200.00"), fund.BudgetShift{Code: "COATS", Name: "Coats", Amount: ledger.Signed{Decimal: dec("50.00")}}))
	if raised.Kind != "budget-change" || raised.Document != "BC-F1-2024-00001" {
		t.Errorf("got %+v", raised.Entry)
	}
	second := must(w, w.Order, quilts())
	w.holds("allotment:QUILTS F1 CNY 200 200", "allotment:CASH F1 CNY 300 300", "planned:COATS F1 CNY -50 -50")
	refused(w, w.reverse, raised.Number, "/entry moved-on: entry 4 cannot be undone, what it brought has moved on: allotment:QUILTS holds 200 of CNY for fund F1, 7200 wanted")
	refused(w, w.reverse, approved.Number, "/entry moved-on: entry 2 cannot be undone, later documents rest on it (3): reverse them first")

	// The invoice asks 59.00 above the order of what came. Nobody asks whether the line has it: the debt exists.
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"BLANKET", "118", "7375.00"})
	bill := must(w, w.Invoice, named(invoice(receipt, "7434.00", true), ordered.Document))
	w.holds("committed:PO-F1-2024-00001 F1 CNY 125 125", "spent:QUILTS F1 CNY 7434 7434", "allotment:QUILTS F1 CNY 200 200", "budget:QUILTS F1 CNY -59 -59")
	refused(w, w.ChangeBudget, shift(approved.Document, gain("QUILTS", "-200.00"), gain("CASH", "-300.01")),
		"/lines/0/amount insufficient: budget line QUILTS of fund F1 has 141.00 left, 200.00 wanted\n"+
			"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001",
		"/lines/1/amount insufficient: budget line CASH of fund F1 has 300.00 left, 300.01 wanted\n"+
			"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001")
	must(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered.Document, Reason: "two were refused"})
	w.holds("committed:PO-F1-2024-00001 F1 CNY 0 0", "allotment:QUILTS F1 CNY 325 325")
	must(w, w.reverse, bill.Number)
	w.holds("committed:PO-F1-2024-00001 F1 CNY 7375 7375", "spent:QUILTS F1 CNY 0 0", "budget:QUILTS F1 CNY 0 0")
	must(w, w.reverse, second.Number)
	w.holds("allotment:QUILTS F1 CNY 7825 7825")

	// A last invoice below the order gives the difference back.
	must(w, w.Invoice, named(invoice(receipt, "7000.00", true), ordered.Document))
	w.holds("spent:QUILTS F1 CNY 7000 7000", "committed:PO-F1-2024-00001 F1 CNY 0 0", "allotment:QUILTS F1 CNY 8200 8200")
}

// TestBudgetChangesRestOnLines: a change that brought a line in is not taken back under later changes of that line.
func TestBudgetChangesRestOnLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	approved := must(w, w.Plan, budget())
	added := must(w, w.ChangeBudget, shift(approved.Document, fund.BudgetShift{Code: "COATS", Name: "Coats", Amount: ledger.Signed{Decimal: dec("50.00")}}))
	raised := must(w, w.ChangeBudget, shift(approved.Document, gain("COATS", "10.00"), gain("QUILTS", "-10.00"), gain("CASH", "5.00")))
	refused(w, w.reverse, added.Number, "/entry moved-on: entry 2 cannot be undone, later documents rest on it (1): reverse them first")
	refused(w, w.reverse, approved.Number, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (2): reverse them first")
	for _, number := range []int64{raised.Number, added.Number, approved.Number} {
		must(w, w.reverse, number)
	}
	w.holds("planned:COATS F1 CNY 0 0", "allotment:COATS F1 CNY 0 0")
}

// TestPaymentsDrawOnBudgets: what no invoice asks for draws on its line when it is paid, and a refusal names the money and the line together.
func TestPaymentsDrawOnBudgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "600.00")
	approved := must(w, w.Plan, budget())
	paid := must(w, w.Pay, fromLine(relief("F1", "p-1", "420.00"), "CASH"))
	w.holds("bank:ICBC F1 CNY 180 180", "allotment:CASH F1 CNY 80 80", "spent:CASH F1 CNY 420 420", "expense:relief-cash F1 CNY 420 420")
	refused(w, w.Pay, fromLine(relief("F1", "p-2", "200.00"), "CASH"),
		"/amount insufficient: bank:ICBC holds 180.00 CNY for fund F1, 200.00 wanted",
		"/budget insufficient: budget line CASH of fund F1 has 80.00 left, 200.00 wanted\n"+
			"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001")
	must(w, w.reverse, paid.Number)
	w.holds("bank:ICBC F1 CNY 600 600", "allotment:CASH F1 CNY 500 500", "spent:CASH F1 CNY 0 0")
	must(w, w.reverse, approved.Number)
	refused(w, w.Pay, fromLine(relief("F1", "p-2", "1.00"), "CASH"), "/budget not-found: fund F1 has no budget with a line CASH")
	again := budget()
	again.Lines[1].Amount = dec("2.00")
	must(w, w.Plan, again)
	must(w, w.Pay, fromLine(relief("F1", "p-2", "1.00"), "CASH"))
	w.holds("allotment:CASH F1 CNY 1 1")
}

// TestBudgetMayExceed: a budget that says so lets draws through and shows them below zero; it is still not lowered below what was drawn.
func TestBudgetMayExceed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "10000.00")
	approved := must(w, w.Plan, exceedable(budget()))
	must(w, w.Order, quilts())
	must(w, w.Order, quilts())
	must(w, w.Pay, fromLine(relief("F1", "p-1", "420.00"), "CASH"))
	w.holds("budget:QUILTS F1 CNY -7000 -7000", "allotment:QUILTS F1 CNY 0 0", "budget:CASH F1 CNY 80 80")
	refused(w, w.ChangeBudget, shift(approved.Document, gain("QUILTS", "-1.00"), gain("CASH", "-80.01")),
		"/lines/0/amount insufficient: budget line QUILTS of fund F1 has -7000.00 left, 1.00 wanted\n"+
			"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001",
		"/lines/1/amount insufficient: budget line CASH of fund F1 has 80.00 left, 80.01 wanted\n"+
			"raise the line, or shift to it from another, with a change of budget BG-F1-2024-00001")
	must(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: "PO-F1-2024-00002", Reason: "ordered twice"})
	w.holds("budget:QUILTS F1 CNY 500 500")
}

func TestBudgetRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "100.00")
	approved := must(w, w.Plan, budget())
	with := func(change func(*fund.Budget)) fund.Budget {
		b := budget()
		change(&b)
		return b
	}
	for _, c := range []struct {
		request fund.Budget
		want    []string
	}{
		{with(func(b *fund.Budget) { b.Fund, b.Name, b.EndsOn, b.Lines = "HELD", "", day("2023-12-31"), nil }), []string{
			"/fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted",
			"/name invalid: budget name is empty, 1 to 120 characters wanted",
			"/ends_on invalid: a budget ends on 2023-12-31, before its first day 2024-01-01",
			"/lines invalid: a budget of 0 lines, at least 1 wanted",
		}},
		{with(func(b *fund.Budget) { b.StartsOn = 0 }), []string{"/starts_on invalid: a budget has no first day, one wanted"}},
		{with(func(b *fund.Budget) { b.EndsOn = 0 }), []string{"/ends_on invalid: a budget has no last day, one wanted"}},
		{with(func(b *fund.Budget) {
			b.Lines = []fund.BudgetLine{{"A", "", dec("0.001")}, {"A", "a", dec("0")}, {"unplanned", "x", dec("1")}, {"川", "x", dec("1")}}
		}), []string{
			"/lines/0/name invalid: line name is empty, 1 to 120 characters wanted",
			"/lines/0/amount invalid: amount 0.001 has more than 2 decimals",
			"/lines/1/amount invalid: amount 0 is not above zero",
			"/lines/1/code invalid: A has 2 lines, one wanted",
			"/lines/2/code invalid: budget line unplanned is no line, name none for what is in none",
			"/lines/3/code invalid: code \"川\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		}},
		{budget(), []string{
			"/lines/0/code already-done: fund F1 has a budget line QUILTS already",
			"/lines/1/code already-done: fund F1 has a budget line CASH already",
		}},
	} {
		refused(w, w.Plan, c.request, c.want...)
	}
	for _, c := range []struct {
		request fund.BudgetChange
		want    []string
	}{
		{fund.BudgetChange{Budget: "BG-X"}, []string{
			"/reason invalid: reason is empty, 1 to 500 characters wanted",
			`/budget not-found: budget "BG-X" is not in the book`,
			"/lines invalid: a budget of 0 lines, at least 1 wanted",
		}},
		{fund.BudgetChange{Budget: approved.Document, On: day("2024-01-04"), Reason: "r", Lines: []fund.BudgetShift{
			gain("COATS", "1"), gain("QUILTS", "0"), {Code: "CASH", Name: "Cash", Amount: ledger.Signed{Decimal: dec("1")}}, {Code: "SHOES", Name: "Shoes", Amount: ledger.Signed{Decimal: dec("-1")}},
		}}, []string{
			"/on invalid: budget BG-F1-2024-00001 was approved on 2024-01-05, it is not changed on 2024-01-04",
			"/lines/0/code invalid: budget BG-F1-2024-00001 has no line COATS, a new one needs a name",
			"/lines/1/amount invalid: amount 0 is not above zero",
			"/lines/2/name invalid: budget BG-F1-2024-00001 has line CASH, only a new one is given a name",
			"/lines/3/amount invalid: amount -1 is not above zero",
		}},
	} {
		refused(w, w.ChangeBudget, c.request, c.want...)
	}
	other := quilts()
	other.Fund = "F2"
	refused(w, w.Order, other, "/budget not-found: fund F2 has no budget with a line QUILTS")
	late := quilts()
	late.On = day("2023-12-31")
	refused(w, w.Order, late, "/budget not-open: budget BG-F1-2024-00001 runs from 2024-01-01 to 2024-06-30, nothing is drawn on it on 2023-12-31")
	supplier := fromLine(relief("F1", "S-01", "1.00"), "CASH")
	supplier.Kind = "supplier"
	refused(w, w.Pay, supplier, "/budget invalid: a supplier payment draws on no budget line: the invoice has, of the line of its purchase")
	must(w, w.reverse, approved.Number)
	refused(w, w.ChangeBudget, shift(approved.Document, gain("QUILTS", "1.00")), "/budget already-done: budget BG-F1-2024-00001 was reversed")
}

// TestBudgetReversedMeanwhile: what was read before the book's turn is asked again in it.
func TestBudgetReversedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	approved := must(w, w.Plan, budget())
	order, err := w.Order(t.Context(), w.by(), quilts())
	if err != nil {
		t.Fatal(err)
	}
	change, err := w.ChangeBudget(t.Context(), w.by(), shift(approved.Document, gain("QUILTS", "1.00")))
	if err != nil {
		t.Fatal(err)
	}
	must(w, w.reverse, approved.Number)
	for p, want := range map[*ledger.Proposal]string{
		order: "budget line QUILTS of BG-F1-2024-00001 was reversed", change: "budget BG-F1-2024-00001 was reversed",
	} {
		if _, err := w.Book.Post(context.Background(), p); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
