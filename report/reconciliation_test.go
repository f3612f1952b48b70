package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/report"
)

func (h *house) payOut(on, reference, amount string) ledger.Posted {
	h.t.Helper()
	return h.post(h.officer.Pay(h.ctx(), h.by(), fund.Payment{
		On: day(on), Kind: "relief-cash", Fund: "F1", Bank: "B", Payee: "p-1", Amount: number(amount), Location: "ST-1", Reference: reference,
	}))
}

func (h *house) takeBack(on string, number int64) ledger.Posted {
	h.t.Helper()
	return h.post(h.Book.Reverse(h.ctx(), h.by(), ledger.Reversal{Entry: number, On: day(on), Reason: "slip"}))
}

func (h *house) match(lines []string, entries ...int64) ledger.Posted {
	h.t.Helper()
	return h.post(h.officer.Match(h.ctx(), h.by(), fund.BankMatch{Bank: "B", Lines: lines, Entries: entries}))
}

func signed(s string) ledger.Signed { return ledger.Signed{Decimal: number(s)} }

// banking is a house whose bank held 900.00 of the 1,000.00 that came before its first statement: 100.00 were on their way out. Then 40.00 were
// paid and booked at once, two payments left in one sum, one has not arrived, and the bank took a fee that nobody has booked.
func banking(t *testing.T) (h *house, paid []int64) {
	h = newHouse(t)
	h.post(h.officer.Contribute(h.ctx(), h.by(), fund.Contribution{On: day("2023-12-20"), Fund: "F1", Kind: "grant", Party: "GIVER", Bank: "B", Amount: number("1000.00")}))
	for _, p := range []string{"2023-12-31 100.00 A", "2024-01-05 40.00 CASE-7", "2024-01-08 30.00 C", "2024-01-08 20.00 D", "2024-01-30 10.00 E"} {
		f := strings.Fields(p)
		paid = append(paid, h.payOut(f[0], f[2], f[1]).Number)
	}
	line := func(on, amount, text string) fund.BankLine {
		return fund.BankLine{On: day(on), Amount: signed(amount), Text: text}
	}
	h.post(h.officer.State(h.ctx(), h.by(), fund.BankStatement{
		Bank: "B", From: day("2024-01-01"), To: day("2024-01-31"), Opening: signed("1000.00"), Closing: signed("808.50"),
		Lines: []fund.BankLine{line("2024-01-02", "-100.00", ""), line("2024-01-06", "-40.00", "for CASE-7"), line("2024-01-09", "-50.00", "batch"), line("2024-01-31", "-1.50", "fee")},
	}))
	return h, paid
}

func (h *house) reconciled(q report.ReconciliationQuery) report.Reconciliation {
	h.t.Helper()
	q.Bank = "B"
	r, err := h.Reconciliation(h.ctx(), q)
	h.must(err)
	if r.Difference != "0.00" {
		h.t.Errorf("%+v differs: %+v", q, r)
	}
	return r
}

// short is a reconciliation in one line: book, less entries, plus lines, statement.
func short(r report.Reconciliation) string {
	var entries, lines []string
	for _, e := range r.Entries {
		entries = append(entries, fmt.Sprintf("%d:%s", e.Entry, e.Amount))
	}
	for _, l := range r.Lines {
		lines = append(lines, l.Name[len(l.Name)-1:]+":"+string(l.Amount))
	}
	return fmt.Sprintf("%s - %s + %s = %s", r.Book, entries, lines, r.Statement)
}

func TestReconciliation(t *testing.T) {
	t.Parallel()
	h, paid := banking(t)
	r := h.reconciled(report.ReconciliationQuery{})
	if got, want := short(r), "800.00 - [1:1000.00 2:-100.00 3:-40.00 4:-30.00 5:-20.00 6:-10.00] + [0:1000.00 1:-100.00 2:-40.00 3:-50.00 4:-1.50] = 808.50"; got != want {
		t.Errorf("before any match: %s, want %s", got, want)
	}
	if r.On != day("2024-01-31") || r.StatedUntil != r.On || r.Agreed || r.NotAtBank != "800.00" || r.NotInBook != "808.50" || r.LineCount != 5 || r.EntryCount != 6 {
		t.Errorf("got %+v", r)
	}
	var proposed []string
	for _, p := range r.Proposals {
		proposed = append(proposed, fmt.Sprint(p.Why, p.Lines, p.Entries))
	}
	want := []string{
		"reference[BS-B-2024-00001.2] [3]", "amount[BS-B-2024-00001.1] [2]", "sum[BS-B-2024-00001.3] [4 5]",
	}
	if !slices.Equal(proposed, want) {
		t.Errorf("proposed %q, want %q", proposed, want)
	}
	s := "BS-B-2024-00001."
	h.match([]string{s + "0"}, 1)
	h.match([]string{s + "1"}, paid[0])
	fee := h.match([]string{s + "2"}, paid[1])
	h.match([]string{s + "3"}, paid[2], paid[3])
	for _, c := range []struct{ on, want string }{
		{"2024-01-31", "800.00 - [6:-10.00] + [4:-1.50] = 808.50"},
		{"2024-01-29", "810.00 - [] + [] = 810.00"},
		{"2024-01-08", "810.00 - [4:-30.00 5:-20.00] + [] = 860.00"},
		{"2023-12-31", "900.00 - [2:-100.00] + [] = 1000.00"},
		{"2024-02-15", "800.00 - [6:-10.00] + [4:-1.50] = 808.50"},
	} {
		if got := short(h.reconciled(report.ReconciliationQuery{On: day(c.on)})); got != c.want {
			t.Errorf("on %s: %s, want %s", c.on, got, c.want)
		}
	}
	if r := h.reconciled(report.ReconciliationQuery{On: day("2024-01-29")}); !r.Agreed {
		t.Errorf("got %+v", r)
	}
	// A payment and its reversal are nothing together from the day of the reversal on, until the bank knows one of them.
	slip := h.payOut("2024-01-10", "", "7.00")
	h.takeBack("2024-01-20", slip.Number)
	for on, want := range map[string]string{
		"2024-01-15": "803.00 - [12:-7.00] + [] = 810.00", "2024-01-31": "800.00 - [6:-10.00] + [4:-1.50] = 808.50",
	} {
		if got := short(h.reconciled(report.ReconciliationQuery{On: day(on)})); got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
	// An unmatch leaves a trace, and what was known before it is still known.
	known := h.reconciled(report.ReconciliationQuery{}).KnownAt
	h.takeBack("2024-03-15", fee.Number)
	if got := short(h.reconciled(report.ReconciliationQuery{})); got != "800.00 - [3:-40.00 6:-10.00] + [2:-40.00 4:-1.50] = 808.50" {
		t.Errorf("after the unmatch: %s", got)
	}
	if got := short(h.reconciled(report.ReconciliationQuery{KnownAt: known})); got != "800.00 - [6:-10.00] + [4:-1.50] = 808.50" {
		t.Errorf("as known before it: %s", got)
	}
	statement, err := h.BankStatement(h.ctx(), "BS-B-2024-00001")
	h.must(err)
	var shown []string
	for _, l := range statement.Lines {
		shown = append(shown, fmt.Sprintf("%s %s %s", l.Name[len(l.Name)-1:], l.Amount, l.Match))
	}
	if want := []string{"0 1000.00 BM-B-2024-00001", "1 -100.00 BM-B-2024-00002", "2 -40.00 ", "3 -50.00 BM-B-2024-00004", "4 -1.50 "}; !slices.Equal(shown, want) {
		t.Errorf("got %q, want %q", shown, want)
	}
	page, err := h.BankMatches(h.ctx(), report.BankMatchQuery{Account: "bank:B"})
	h.must(err)
	if len(page.Documents) != 4 || !page.Documents[2].Reversed || page.Documents[3].Amount != "-50.00" || !slices.Equal(page.Documents[3].Entries, []int64{4, 5}) || len(page.Documents[3].BankLines) != 1 {
		t.Errorf("got %+v", page)
	}
}

// TestReconciliationAsKnown: a statement that was taken back later is still there for what was known before.
func TestReconciliationAsKnown(t *testing.T) {
	t.Parallel()
	h, _ := banking(t)
	opening := h.match([]string{"BS-B-2024-00001.0"}, 1)
	known := h.reconciled(report.ReconciliationQuery{})
	h.takeBack("2024-03-15", opening.Number)
	h.takeBack("2024-03-15", opening.Number-1)
	if got, want := short(h.reconciled(report.ReconciliationQuery{})), "800.00 - [1:1000.00 2:-100.00 3:-40.00 4:-30.00 5:-20.00 6:-10.00] + [] = 0.00"; got != want {
		t.Errorf("without the statement: %s, want %s", got, want)
	}
	want := "800.00 - [2:-100.00 3:-40.00 4:-30.00 5:-20.00 6:-10.00] + [1:-100.00 2:-40.00 3:-50.00 4:-1.50] = 808.50"
	if got, then := short(h.reconciled(report.ReconciliationQuery{KnownAt: known.KnownAt})), short(known); got != want || then != want {
		t.Errorf("as known before: %s, then %s, want %s", got, then, want)
	}
}

// TestReconciliationOfNothing: an account without a statement has all of its entries outstanding, and one that is nowhere is refused.
func TestReconciliationOfNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.post(h.officer.Contribute(h.ctx(), h.by(), fund.Contribution{On: day("2024-01-02"), Fund: "F1", Kind: "grant", Party: "GIVER", Bank: "B", Amount: number("1000.00")}))
	if got := short(h.reconciled(report.ReconciliationQuery{})); got != "1000.00 - [1:1000.00] + [] = 0.00" {
		t.Errorf("got %s", got)
	}
	for bank, account := range map[string]string{"cash:NONE": "cash:NONE", "BB": "bank:BB"} {
		_, err := h.Reconciliation(h.ctx(), report.ReconciliationQuery{Bank: bank})
		refused(t, bank, err, ledger.NotFound, "/bank", `account "`+account+`" is not in the book`)
	}
	// Before the first statement all entries stand against its opening.
	h.post(h.officer.State(h.ctx(), h.by(), fund.BankStatement{Bank: "B", From: day("2024-02-01"), To: day("2024-02-29"), Opening: signed("1000.00"), Closing: signed("1000.00")}))
	r := h.reconciled(report.ReconciliationQuery{})
	if len(r.Proposals) != 1 || r.Proposals[0].Why != "opening" || !slices.Equal(r.Proposals[0].Entries, []int64{1}) || !slices.Equal(r.Proposals[0].Lines, []string{"BS-B-2024-00001.0"}) {
		t.Errorf("got %+v", r.Proposals)
	}
}
