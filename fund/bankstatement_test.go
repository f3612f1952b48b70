package fund_test

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

func signed(s string) ledger.Signed { return ledger.Signed{Decimal: dec(s)} }

// stated is a statement of bank ICBC.
func stated(from, to, opening, closing string, lines ...fund.BankLine) fund.BankStatement {
	return fund.BankStatement{Bank: "ICBC", From: day(from), To: day(to), Opening: signed(opening), Closing: signed(closing), Lines: lines}
}

// banked is a line of a statement; its id may be empty.
func banked(on, amount, id string) fund.BankLine {
	return fund.BankLine{On: day(on), Amount: signed(amount), ID: id}
}

func february() fund.BankStatement {
	return stated("2024-02-01", "2024-02-29", "100.00", "350.00", banked("2024-02-05", "300.00", "A1"), banked("2024-02-20", "-50.00", ""))
}

func TestBankStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := must(w, w.State, february())
	if first.Kind != "bank-statement" || first.Document != "BS-ICBC-2024-00001" || len(first.Moves) != 0 {
		t.Errorf("got %+v", first.Entry)
	}
	refused(w, w.State, february(), "/lines/1/on invalid: a bank line of 2024-02-20 has no number of the bank, and statement BS-ICBC-2024-00001 has that day: the next statement begins on 2024-03-01")
	refused(w, w.State, stated("2024-03-02", "2024-03-05", "350.00", "350.00"), "/from invalid: bank statement BS-ICBC-2024-00001 ends on 2024-02-29, the next one begins on 2024-03-01 and not on 2024-03-02")
	refused(w, w.State, stated("2024-02-15", "2024-03-05", "350.00", "350.00"), "/from invalid: bank statement BS-ICBC-2024-00001 has the days until 2024-02-29, the next one begins on 2024-03-01 and not on 2024-02-15")
	refused(w, w.State, stated("2024-03-01", "2024-03-05", "349.99", "349.99"), "/opening invalid: bank statement BS-ICBC-2024-00001 closed with 350.00, this one opens with 349.99")
	// Another bank, and a money box of the same name, know nothing of it.
	box := february()
	box.Bank = "cash:ICBC"
	must(w, w.State, box)

	march := must(w, w.State, stated("2024-03-01", "2024-03-05", "350.00", "330.00", banked("2024-03-05", "-20.00", "A2")))
	if march.Document != "BS-ICBC-2024-00003" {
		t.Errorf("got %+v", march.Entry)
	}
	// It overlaps, and the bank's own numbers tell what is new: a line of the fifth that came late, and one of the sixth.
	overlap := stated("2024-03-01", "2024-03-06", "350.00", "333.00", banked("2024-03-05", "-20.00", "A2"), banked("2024-03-05", "1.00", "A3"), banked("2024-03-06", "2.00", "A4"))
	added := must(w, w.State, overlap)
	var lines []string
	if err := w.Book.DB().NewRaw("SELECT name || ' ' || trim_scale(amount) FROM stated_lines WHERE account = 'bank:ICBC' ORDER BY name").Scan(t.Context(), &lines); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"BS-ICBC-2024-00001.0 100", "BS-ICBC-2024-00001.1 300", "BS-ICBC-2024-00001.2 -50", "BS-ICBC-2024-00003.1 -20", "BS-ICBC-2024-00004.1 1", "BS-ICBC-2024-00004.2 2",
	}
	if len(lines) != len(want) {
		t.Errorf("got %q", lines)
	}
	for i := range min(len(lines), len(want)) {
		if lines[i] != want[i] {
			t.Errorf("got %q, want %q", lines[i], want[i])
		}
	}
	refused(w, w.State, overlap, "/lines already-done: all 3 lines of the statement are in the book")
	overlap.Lines[1].Amount, overlap.Closing = signed("1.50"), signed("333.50")
	refused(w, w.State, overlap, "/lines/1/amount invalid: the bank's line A3 is in the book with 1.00, 1.50 given")
	short := stated("2024-03-06", "2024-03-07", "330.00", "329.00", banked("2024-03-06", "2.00", "A4"), banked("2024-03-07", "-3.00", "A5"))
	refused(w, w.State, short, "/closing invalid: bank statement BS-ICBC-2024-00004 closed with 333.00 and 1 new lines make 330.00, this one closes with 329.00")
	// The last statement is taken back, and the right one comes in its place; not one that others go on from.
	refused(w, w.reverse, first.Number, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (1): reverse them first")
	must(w, w.reverse, added.Number)
	must(w, w.State, stated("2024-03-06", "2024-03-06", "330.00", "332.00", banked("2024-03-06", "2.00", "A4")))
	// Days on which nothing happened are added too, though no line is new.
	further := stated("2024-03-06", "2024-03-08", "330.00", "332.00", banked("2024-03-06", "2.00", "A4"))
	quiet, days := must(w, w.State, further), ""
	if err := w.Book.DB().NewRaw("SELECT starts_on || ' ' || ends_on || ' ' || trim_scale(opening) || ' ' || trim_scale(closing) FROM bank_statements WHERE number = ?", quiet.Number).Scan(t.Context(), &days); err != nil {
		t.Fatal(err)
	}
	if want := "2024-03-07 2024-03-08 332 332"; days != want {
		t.Errorf("got %s, want %s", days, want)
	}
	refused(w, w.State, further, "/lines already-done: all 1 lines of the statement are in the book")
}

func TestBankStatementRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		request fund.BankStatement
		want    []string
	}{
		{stated("2024-03-01", "2024-02-29", "0", "0"), []string{"/to invalid: a bank statement ends on 2024-02-29, before its first day 2024-03-01"}},
		{stated("2024-03-01", "2024-03-16", "0", "0"), []string{"/to invalid: a bank statement ends on 2024-03-16, which is still to come"}},
		{fund.BankStatement{Bank: "中国"}, []string{
			"/bank invalid: bank \"中国\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/from invalid: a bank statement has no first or no last day, both wanted",
		}},
		{stated("2024-03-01", "2024-03-02", "10.00", "11.00", banked("2024-03-01", "2.00", ""), banked("2024-03-02", "-0.99", "")), []string{
			"/closing invalid: the opening and the lines make 11.01, the statement closes with 11.00: they differ by -0.01",
		}},
		{stated("2024-03-01", "2024-03-02", "0.001", "0", banked("2024-03-03", "2.00", "X"), banked("2024-03-02", "0", ""), banked("2024-03-02", "1", "X"),
			fund.BankLine{On: day("2024-03-02"), Amount: signed("1"), Counterparty: "11010519491231002X"}), []string{
			"/opening invalid: opening 0.001 has more than 2 decimals",
			"/lines/0/on invalid: a bank line of 2024-03-03, the statement is from 2024-03-01 to 2024-03-02",
			"/lines/1/amount invalid: a bank line of 0, an amount wanted",
			"/lines/2/id invalid: the bank's line X is there twice",
			"/lines/3/counterparty invalid: counterparty holds a resident number, a text without one wanted",
		}},
	} {
		refused(w, w.State, c.request, c.want...)
	}
}

// TestBankStatementsRace: what was read before the book's turn is compared in it.
func TestBankStatementsRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	propose := func(s fund.BankStatement) *ledger.Proposal {
		t.Helper()
		p, err := w.State(t.Context(), w.by(), s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	one, other := propose(february()), propose(february())
	w.post(one)
	want := "another statement of bank:ICBC came or went a moment ago: send this one again"
	if _, err := w.Book.Post(context.Background(), other); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	march := propose(stated("2024-03-01", "2024-03-05", "350.00", "350.00"))
	must(w, w.reverse, 1)
	if _, err := w.Book.Post(context.Background(), march); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	// Two bring the same late line of days that the book has, so that neither reaches further than the one before.
	must(w, w.State, february())
	must(w, w.State, stated("2024-03-01", "2024-03-05", "350.00", "330.00", banked("2024-03-05", "-20.00", "A2")))
	late := stated("2024-03-01", "2024-03-05", "350.00", "331.00", banked("2024-03-05", "-20.00", "A2"), banked("2024-03-05", "1.00", "A3"))
	one, other, third := propose(late), propose(late), propose(late)
	added := w.post(one)
	if _, err := w.Book.Post(context.Background(), other); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	must(w, w.reverse, added.Number)
	w.post(third)
}

func matched(lines []string, entries ...int64) fund.BankMatch {
	return fund.BankMatch{Bank: "ICBC", Lines: lines, Entries: entries}
}

func TestBankMatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "300.00")
	w.grant("F2", "100.00")
	paid := must(w, w.Pay, relief("F1", "p-1", "20.00"))
	again := must(w, w.Pay, relief("F1", "p-2", "30.00"))
	must(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "bank:ICBC", Quantity: dec("5.00"), Reason: "until the gift arrives"})
	statement := must(w, w.State, february()).Document
	line := func(n string) string { return statement + "." + n }

	opening := must(w, w.Match, matched([]string{line("0")}, 2))
	if opening.Kind != "bank-match" || opening.Document != "BM-ICBC-2024-00001" || len(opening.Moves) != 0 {
		t.Errorf("got %+v", opening.Entry)
	}
	both := must(w, w.Match, matched([]string{line("2")}, paid.Number, again.Number))
	refused(w, w.Match, matched([]string{line("1"), line("2")}, 1, paid.Number, again.Number),
		"/bank_lines/1 already-done: bank line BS-ICBC-2024-00001.2 is matched already",
		"/entries/1 already-done: entry 3 is matched already", "/entries/2 already-done: entry 4 is matched already")
	refused(w, w.Match, matched([]string{line("1"), line("9"), line("1")}, 5, 99),
		"/bank_lines/1 not-found: no statement of bank:ICBC has a line BS-ICBC-2024-00001.9",
		"/bank_lines/2 invalid: BS-ICBC-2024-00001.1 is named twice",
		"/entries/0 not-found: entry 5 moved nothing in bank:ICBC", "/entries/1 not-found: entry 99 moved nothing in bank:ICBC")
	refused(w, w.Match, matched([]string{line("1")}, 2), "/entries invalid: the lines make 300.00, the entries 100.00: they differ by -200.00")
	refused(w, w.Match, matched([]string{line("1")}), "/bank_lines invalid: a match of 1 lines and 0 entries, at least two of them wanted")
	refused(w, w.reverse, 6, "/entry moved-on: entry 6 cannot be undone, later documents rest on it (2): reverse them first")

	// An unmatch is a reversal: what was matched is free again, and both papers stay.
	must(w, w.reverse, both.Number)
	must(w, w.Match, matched([]string{line("2")}, paid.Number, again.Number))
	// A payment that was matched may be reversed: the bank sends the money back, and that line is matched with the reversal.
	back := must(w, w.reverse, paid.Number)
	returned := must(w, w.State, stated("2024-03-01", "2024-03-15", "350.00", "370.00", banked("2024-03-14", "20.00", ""))).Document
	must(w, w.Match, matched([]string{returned + ".1"}, back.Number))
	// Two entries that cancel each other need no line.
	slip := must(w, w.Pay, relief("F1", "p-3", "7.00"))
	undo := must(w, w.reverse, slip.Number)
	must(w, w.Match, matched(nil, slip.Number, undo.Number))
}

// An old book has years of entries before its first statement, which are one match with its opening.
func TestAMatchOfYears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = 6000
	var proposals []*ledger.Proposal
	for n := range many {
		p, err := w.Contribute(t.Context(), ledger.By{Actor: "officer", Key: fmt.Sprint("gift ", n)},
			fund.Contribution{On: day("2024-01-05"), Fund: "F1", Kind: "gift", Party: "D-01", Bank: "ICBC", Amount: dec("1.00")})
		if err != nil {
			t.Fatal(err)
		}
		proposals = append(proposals, p)
	}
	var entries []int64
	outcomes, err := w.Book.PostEach(t.Context(), proposals)
	for _, o := range outcomes {
		if err = cmp.Or(err, o.Err); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, o.Number)
	}
	statement := must(w, w.State, stated("2024-02-01", "2024-02-29", "6000.00", "6000.00")).Document
	must(w, w.Match, matched([]string{statement + ".0"}, entries...))
}
