package fund_test

import (
	"testing"

	"reliefledger/fund"
)

func TestContribution(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	grant := fund.Contribution{On: day("2023-11-03"), Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("30000.00"), Reference: "CT/118"}
	posted := must(w, w.Contribute, grant)
	if posted.Kind != "contribution" || posted.Document != "CT-F1-2023-00001" || posted.On != grant.On {
		t.Errorf("got %+v", posted.Entry)
	}
	box := must(w, w.Contribute, fund.Contribution{Fund: "F2", Kind: "gift", Party: "D-02", Bank: "cash:BOX-1", Amount: dec("200")})
	if box.Document != "CT-F2-2024-00001" || box.On != w.Book.Today() {
		t.Errorf("got %+v", box.Entry)
	}
	w.holds("bank:ICBC F1 CNY 30000 30000", "income:D-01 F1 CNY -30000 -30000", "cash:BOX-1 F2 CNY 200 200", "income:D-02 F2 CNY -200 -200")
}

func TestContributionRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := fund.Contribution{Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("1.00")}
	with := func(change func(*fund.Contribution)) fund.Contribution {
		c := good
		change(&c)
		return c
	}
	for _, c := range []struct {
		request fund.Contribution
		want    []string
	}{
		{
			with(func(c *fund.Contribution) { c.On = day("2023-09-30") }),
			[]string{"/fund not-open: fund F1 is valid from 2023-10-01 to 2024-06-30, not on 2023-09-30"},
		},
		{
			with(func(c *fund.Contribution) { c.On = day("2024-03-16") }),
			[]string{"/on invalid: 2024-03-16 lies after today, 2024-03-15"},
		},
		{
			with(func(c *fund.Contribution) { c.Fund = "HELD" }),
			[]string{"/fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted"},
		},
		{
			with(func(c *fund.Contribution) { c.Amount = dec("10.005") }),
			[]string{"/amount invalid: amount 10.005 has more than 2 decimals"},
		},
		{
			with(func(c *fund.Contribution) { c.Amount = dec("1e30") }),
			[]string{"/amount invalid: amount has more than 24 digits before or 9 after the point"},
		},
		{
			with(func(c *fund.Contribution) { c.Amount = dec("1e-9000") }),
			[]string{"/amount invalid: amount has more than 24 digits before or 9 after the point"},
		},
		{
			with(func(c *fund.Contribution) { c.Party = "11010519491231002X" }),
			[]string{"/party invalid: party holds a resident number, a code or pseudonym without one wanted"},
		},
		{fund.Contribution{Fund: "F9", Kind: "loan", Party: "D 01", Bank: "cash:", Reference: "a\nb"}, []string{
			"/kind invalid: kind \"loan\" is none of grant, gift",
			"/fund not-found: fund \"F9\" is not in the register",
			"/party invalid: party \"D 01\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/bank invalid: bank \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/amount invalid: amount 0 is not above zero",
			"/reference invalid: reference holds the character U+000A, plain text wanted",
		}},
	} {
		refused(w, w.Contribute, c.request, c.want...)
	}
}

func TestContributionReversed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.grant("F1", "100.00"), w.grant("F1", "50.00")
	must(w, w.Pay, fund.Payment{Kind: "charity", Fund: "F1", Bank: "ICBC", Payee: "p-1", Amount: dec("80.00")})
	refused(w, w.reverse, first.Number,
		"/entry moved-on: entry 1 cannot be undone, what it brought has moved on: bank:ICBC holds 70 of CNY for fund F1, 100 wanted")
	must(w, w.reverse, second.Number)
	refused(w, w.reverse, second.Number, "/entry already-done: entry 2 was reversed already")
	w.holds("bank:ICBC F1 CNY 20 20", "income:D-01 F1 CNY -100 -100")
}
