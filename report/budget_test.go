package report_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// planned is a house whose first fund has a budget that was changed, ordered on, billed in part and paid from.
func planned(t *testing.T) (h *house, budget string) {
	h = newHouse(t)
	h.post(h.officer.Contribute(h.ctx(), h.by(), fund.Contribution{On: day("2024-01-02"), Fund: "F1", Kind: "grant", Party: "GIVER", Bank: "B", Amount: number("5000.00")}))
	budget = h.post(h.officer.Plan(h.ctx(), h.by(), fund.Budget{
		On: day("2024-01-05"), Fund: "F1", Name: "Winter", StartsOn: day("2024-01-01"), EndsOn: day("2024-03-31"),
		Lines: []fund.BudgetLine{{Code: "QUILTS", Name: "Quilts", Amount: number("900.00")}, {Code: "CASH", Name: "Cash", Amount: number("300.00")}},
	})).Document
	h.post(h.officer.ChangeBudget(h.ctx(), h.by(), fund.BudgetChange{Budget: budget, On: day("2024-01-20"), Reason: "colder", Lines: []fund.BudgetShift{
		{Code: "QUILTS", Amount: ledger.Signed{Decimal: number("200.00")}}, {Code: "CASH", Amount: ledger.Signed{Decimal: number("-50.00")}},
	}}))
	order := h.post(h.officer.Order(h.ctx(), h.by(), fund.Purchase{
		On: day("2024-01-21"), Fund: "F1", Party: "SUP", Budget: "QUILTS", Lines: []fund.PurchaseLine{{Item: "QUILT", Quantity: number("10"), Value: some("1000.00")}},
	})).Document
	h.receive(warehouse.Purchase, "2024-02-01", "F1", "QUILT", "8", "800.00")
	h.post(h.officer.Invoice(h.ctx(), h.by(), fund.Invoice{On: day("2024-02-10"), Receipt: "GR-WH-2024-00001", Party: "SUP", Amount: number("500.00"), Purchase: order}))
	h.post(h.officer.Pay(h.ctx(), h.by(), fund.Payment{On: day("2024-02-11"), Kind: "relief-cash", Fund: "F1", Bank: "B", Payee: "p-1", Amount: number("120.50"), Location: "ST-1", Budget: "CASH"}))
	return h, budget
}

func TestBudget(t *testing.T) {
	t.Parallel()
	h, budget := planned(t)
	for _, c := range []struct {
		at   report.BudgetAt
		want []string
	}{
		{report.BudgetAt{}, []string{"QUILTS 1100.00 = 500.00 + 500.00 + 100.00", "CASH 250.00 = 0.00 + 120.50 + 129.50", " 1350.00 = 500.00 + 620.50 + 229.50"}},
		{report.BudgetAt{AsOf: day("2024-02-10")}, []string{"QUILTS 1100.00 = 500.00 + 500.00 + 100.00", "CASH 250.00 = 0.00 + 0.00 + 250.00", " 1350.00 = 500.00 + 500.00 + 350.00"}},
		{report.BudgetAt{AsOf: day("2024-01-19")}, []string{"QUILTS 900.00 = 0.00 + 0.00 + 900.00", "CASH 300.00 = 0.00 + 0.00 + 300.00", " 1200.00 = 0.00 + 0.00 + 1200.00"}},
		{report.BudgetAt{KnownAt: 4}, []string{"QUILTS 1100.00 = 1000.00 + 0.00 + 100.00", "CASH 250.00 = 0.00 + 0.00 + 250.00", " 1350.00 = 1000.00 + 0.00 + 350.00"}},
		{report.BudgetAt{AsOf: day("2024-01-05"), KnownAt: 2}, []string{"QUILTS 900.00 = 0.00 + 0.00 + 900.00", "CASH 300.00 = 0.00 + 0.00 + 300.00", " 1200.00 = 0.00 + 0.00 + 1200.00"}},
	} {
		b, err := h.Budget(h.ctx(), budget, c.at)
		h.must(err)
		var got []string
		for _, l := range append(b.Lines, report.BudgetLineState{BudgetSum: b.Sum}) {
			got = append(got, fmt.Sprintf("%s %s = %s + %s + %s", l.Code, l.Planned, l.Committed, l.Spent, l.Left))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("at %+v: %q, want %q", c.at, got, c.want)
		}
		for _, l := range b.Lines {
			if _, _, value := h.opened(l.Query); !value.Equal(number(string(l.Spent))) {
				t.Errorf("%s opens to %s, not to %s", l.Query, value, l.Spent)
			}
		}
	}
	b, err := h.Budget(h.ctx(), budget, report.BudgetAt{})
	h.must(err)
	if b.Amount != "1350.00" || len(b.Changes) != 1 || b.Changes[0].Document != "BC-F1-2024-00001" || b.Changes[0].Reason != "colder" ||
		!slices.Equal(b.Changes[0].Lines, []report.BudgetGain{{Code: "QUILTS", Amount: "200.00"}, {Code: "CASH", Amount: "-50.00"}}) {
		t.Errorf("got %+v", b)
	}
	page, err := h.Budgets(h.ctx(), report.BudgetQuery{Fund: "F1"})
	h.must(err)
	if len(page.Documents) != 1 || page.Documents[0].Amount != "1350.00" || page.Documents[0].Name != "Winter" {
		t.Errorf("got %+v", page)
	}
	if _, err := h.Budget(h.ctx(), "BG-X", report.BudgetAt{}); err == nil || err.Error() != "there is no budget BG-X" {
		t.Errorf("got %v", err)
	}
	paid, err := h.Payments(h.ctx(), report.PaymentQuery{})
	h.must(err)
	if len(paid.Documents) != 1 || paid.Documents[0].Budget != "CASH" || paid.Documents[0].Amount != "120.50" {
		t.Errorf("got %+v", paid)
	}
	// A bill in part counts as what it is, though its receipt is not billed in full.
	order, err := h.Purchase(h.ctx(), "PO-F1-2024-00001")
	h.must(err)
	if order.Invoiced != "500.00" || order.Committed != "500.00" || order.Lines[0].Invoiced != "0" || order.Lines[0].Received != "8" {
		t.Errorf("got %+v", order)
	}
}

// TestBudgetAsKnown: what changed a budget later is in no amount of it, and what took a change back later leaves it there.
func TestBudgetAsKnown(t *testing.T) {
	t.Parallel()
	h, budget := planned(t)
	more := h.post(h.officer.ChangeBudget(h.ctx(), h.by(), fund.BudgetChange{Budget: budget, On: day("2024-02-12"), Reason: "slip", Lines: []fund.BudgetShift{
		{Code: "CASH", Amount: ledger.Signed{Decimal: number("50.00")}},
	}})).Number
	h.takeBack("2024-02-13", more)
	for known, want := range map[int64]report.Number{2: "1200.00", 3: "1350.00", more: "1400.00", 0: "1350.00"} {
		b, err := h.Budget(h.ctx(), budget, report.BudgetAt{KnownAt: known})
		h.must(err)
		page, err := h.Budgets(h.ctx(), report.BudgetQuery{Pages: report.Pages{KnownAt: known}})
		h.must(err)
		if b.Amount != want || b.Sum.Planned != want || page.Documents[0].Amount != want {
			t.Errorf("as known at %d: %s, %s in its lines and %s in the list, want %s", known, b.Amount, b.Sum.Planned, page.Documents[0].Amount, want)
		}
	}
	_, err := h.Budget(h.ctx(), budget, report.BudgetAt{KnownAt: 1})
	refused(t, "before it was planned", err, ledger.NotFound, "", "there is no budget "+budget)
}

// TestPromisesAreCountedNowhere: what a budget, a purchase and a payment on a line note beside the accounts is in no statement, no trial
// balance, no comparison and no account of the journal but its own.
func TestPromisesAreCountedNowhere(t *testing.T) {
	t.Parallel()
	h, _ := planned(t)
	s, err := h.FundStatement(h.ctx(), "F1", report.StatementQuery{})
	h.must(err)
	if s.Closing != "4879.50" || !slices.Equal(amounts(s.Out), []string{"expense:relief-cash 120.50"}) ||
		!slices.Equal(amounts(s.MadeOf), []string{"bank 4879.50", "stock 800.00", "supplier -300.00", "payable -500.00"}) {
		t.Errorf("got %s, used %q, made of %q", s.Closing, amounts(s.Out), amounts(s.MadeOf))
	}
	trial, err := h.TrialBalance(h.ctx(), report.TrialQuery{})
	h.must(err)
	for _, l := range trial.Funds[0].Lines {
		if strings.Contains("planned allotment budget committed spent", l.Account) {
			t.Errorf("the trial balance has %+v", l)
		}
	}
	if sum := trial.Funds[0].Sum; sum.Closing != "0.00" || sum.Debit != "6420.50" || sum.Credit != sum.Debit {
		t.Errorf("got %+v", sum)
	}
	a, err := h.Agreement(h.ctx(), report.AgreementQuery{})
	h.must(err)
	if !a.Agreed || a.Funds[0].Goods != "800.00" || a.Funds[0].Others != "800.00" {
		t.Errorf("got %+v", a)
	}
	var journal bytes.Buffer
	h.must(ledger.ExportHledger(h.ctx(), h.Book.DB(), h.Book.Info, &journal))
	for _, want := range []string{
		"    Memo:planned:QUILTS:F1  -900.00 CNY\n    Memo:allotment:QUILTS:F1  900.00 CNY\n",
		"    Memo:allotment:QUILTS:F1  -1000.00 CNY\n    Memo:committed:PO-F1-2024-00001:F1  1000.00 CNY\n",
		"    Assets:bank:B:F1  -120.50 CNY\n    Expenses:expense:relief-cash:F1  120.50 CNY\n    Memo:allotment:CASH:F1  -120.50 CNY\n    Memo:spent:CASH:F1  120.50 CNY\n",
		"    Memo:allotment:QUILTS:F1  0.00 CNY = 100.00 CNY\n", "    Memo:committed:PO-F1-2024-00001:F1  0.00 CNY = 500.00 CNY\n",
		"    Memo:planned:QUILTS:F1  0.00 CNY = -1100.00 CNY\n", "    Memo:spent:QUILTS:F1  0.00 CNY = 500.00 CNY\n", "    Assets:bank:B:F1  0.00 CNY = 4879.50 CNY\n",
	} {
		if !strings.Contains(journal.String(), want) {
			t.Errorf("the journal has no\n%s", want)
		}
	}
	for line := range strings.Lines(journal.String()) {
		if account := strings.Fields(line); len(account) > 0 && !strings.HasPrefix(account[0], "Memo:") &&
			(strings.Contains(line, ":QUILTS:") || strings.Contains(line, ":CASH:") || strings.Contains(line, ":PO-")) {
			t.Errorf("a promise stands among the accounts: %s", line)
		}
	}
}
