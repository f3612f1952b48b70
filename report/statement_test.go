package report_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/fund"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// funded is a house whose first fund got a grant, bought quilts, owes for them in part, gave one out and paid relief cash.
func funded(t *testing.T) *house {
	h := newHouse(t)
	h.post(h.officer.Contribute(h.ctx(), h.by(), fund.Contribution{On: day("2024-01-02"), Fund: "F1", Kind: "grant", Party: "GIVER", Bank: "B", Amount: number("5000.00")}))
	h.receive(warehouse.Purchase, "2024-01-03", "F1", "QUILT", "10", "1000.00")
	h.post(h.officer.Invoice(h.ctx(), h.by(), fund.Invoice{On: day("2024-01-10"), Receipt: "GR-WH-2024-00001", Party: "SUP", Amount: number("1000.00"), Final: true}))
	h.post(h.officer.Pay(h.ctx(), h.by(), fund.Payment{On: day("2024-01-20"), Kind: "supplier", Fund: "F1", Bank: "B", Payee: "SUP", Amount: number("600.00")}))
	h.send("2024-02-01", "WH", "PT-1", "QUILT", "4")
	h.handOut("2024-02-02", "PT-1", "COLD", "QUILT", "1")
	h.post(h.officer.Pay(h.ctx(), h.by(), fund.Payment{On: day("2024-02-03"), Kind: "relief-cash", Fund: "F1", Bank: "B", Payee: "p-1", Amount: number("250.50"), Campaign: "COLD", Location: "ST-1"}))
	// A promise stands in no statement and no trial balance.
	h.post(h.officer.Plan(h.ctx(), h.by(), fund.Budget{
		On: day("2024-02-01"), Fund: "F1", Name: "Winter", StartsOn: day("2024-01-01"), EndsOn: day("2024-03-31"),
		Lines: []fund.BudgetLine{{Code: "QUILTS", Name: "Quilts", Amount: number("500.00")}},
	}))
	h.post(h.officer.Order(h.ctx(), h.by(), fund.Purchase{
		On: day("2024-02-04"), Fund: "F1", Party: "SUP", Budget: "QUILTS", Lines: []fund.PurchaseLine{{Item: "QUILT", Quantity: number("2"), Value: some("200.00")}},
	}))
	return h
}

func amounts(lines []report.StatementLine) []string {
	var amounts []string
	for _, l := range lines {
		amounts = append(amounts, l.Account+" "+string(l.Amount))
	}
	return amounts
}

func TestFundStatement(t *testing.T) {
	t.Parallel()
	h := funded(t)
	for _, c := range []struct {
		name             string
		query            report.StatementQuery
		opening, closing report.Number
		in, out, madeOf  []string
	}{
		{
			"all of it",
			report.StatementQuery{},
			"0.00", "4649.50",
			[]string{"income 5000.00"},
			[]string{"handed-out 100.00", "expense:relief-cash 250.50"},
			[]string{"bank 4149.50", "stock 900.00", "payable -400.00"},
		},
		{
			"January",
			report.StatementQuery{From: day("2024-01-01"), To: day("2024-01-31")},
			"0.00", "5000.00",
			[]string{"income 5000.00"},
			nil,
			[]string{"bank 4400.00", "stock 1000.00", "payable -400.00"},
		},
		{
			"February",
			report.StatementQuery{From: day("2024-02-01"), To: day("2024-02-29")},
			"5000.00", "4649.50",
			nil,
			[]string{"handed-out 100.00", "expense:relief-cash 250.50"},
			[]string{"bank 4149.50", "stock 900.00", "payable -400.00"},
		},
		{
			"received and not yet invoiced",
			report.StatementQuery{KnownAt: 2},
			"0.00", "5000.00",
			[]string{"income 5000.00"},
			nil,
			[]string{"bank 5000.00", "stock 1000.00", "supplier -1000.00"},
		},
	} {
		s, err := h.FundStatement(t.Context(), "F1", c.query)
		h.must(err)
		if s.Opening != c.opening || s.Closing != c.closing || !slices.Equal(amounts(s.In), c.in) || !slices.Equal(amounts(s.Out), c.out) || !slices.Equal(amounts(s.MadeOf), c.madeOf) {
			t.Errorf("%s: opens with %s, got %q, used %q, closes with %s made of %q", c.name, s.Opening, amounts(s.In), amounts(s.Out), s.Closing, amounts(s.MadeOf))
		}
		for _, l := range slices.Concat(s.In, s.Out, s.MadeOf) {
			// A source gives: what it gave counts below zero on its own side.
			if _, _, value := h.opened(l.Query); !value.Abs().Equal(number(string(l.Amount)).Abs()) {
				t.Errorf("%s: %s opens to %s, not to %s", c.name, l.Query, value, l.Amount)
			}
		}
	}
	if _, err := h.FundStatement(t.Context(), "F9", report.StatementQuery{}); err == nil || err.Error() != `fund "F9" is not in the register` {
		t.Errorf("a statement of no fund: %v", err)
	}
}

// Statements of days that follow each other fit together, and a statement of now is the one known at the last entry.
func TestFundStatementsFollowEachOther(t *testing.T) {
	t.Parallel()
	h := funded(t)
	read := func(q report.StatementQuery) report.FundStatement {
		s, err := h.Room.FundStatement(h.ctx(), "F1", q)
		h.must(err)
		return s
	}
	before := read(report.StatementQuery{To: day("2023-12-31")})
	for on := day("2024-01-01"); on <= day("2024-02-10"); on++ {
		q := report.StatementQuery{From: on, To: on}
		s := read(q)
		if s.Opening != before.Closing {
			t.Errorf("%s opens with %s after %s", on, s.Opening, before.Closing)
		}
		q.KnownAt = s.KnownAt
		if known := read(q); fmt.Sprint(known) != fmt.Sprint(s) {
			t.Errorf("%s is %v, and as known at the last entry %v", on, s, known)
		}
		if before = read(report.StatementQuery{To: on}); s.Closing != before.Closing {
			t.Errorf("%s closes with %s, and everything until then with %s", on, s.Closing, before.Closing)
		}
	}
	if before.Closing != "4649.50" {
		t.Errorf("the last day closes with %s", before.Closing)
	}
}

func TestTrialBalance(t *testing.T) {
	t.Parallel()
	h := funded(t)
	trial, err := h.TrialBalance(t.Context(), report.TrialQuery{Fund: "F1", From: day("2024-02-01")})
	h.must(err)
	var got []string
	for _, l := range append(trial.Funds[0].Lines, trial.Funds[0].Sum) {
		got = append(got, fmt.Sprintf("%s %s +%s -%s %s", l.Account, l.Opening, l.Debit, l.Credit, l.Closing))
	}
	want := []string{
		"bank 4400.00 +0.00 -250.50 4149.50",
		"stock 1000.00 +400.00 -500.00 900.00",
		"transit 0.00 +400.00 -400.00 0.00",
		"payable -400.00 +0.00 -0.00 -400.00",
		"income -5000.00 +0.00 -0.00 -5000.00",
		"handed-out 0.00 +100.00 -0.00 100.00",
		"expense 0.00 +250.50 -0.00 250.50",
		" 0.00 +1150.50 -1150.50 0.00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("trial balance of February is\n%q, want\n%q", got, want)
	}
	by, err := h.TrialBalance(t.Context(), report.TrialQuery{By: "account"})
	h.must(err)
	for _, f := range by.Funds {
		if f.Sum.Closing != "0.00" || f.Sum.Debit != f.Sum.Credit {
			t.Errorf("fund %s sums to %+v", f.Fund, f.Sum)
		}
		for _, l := range f.Lines {
			if _, _, value := h.opened(l.Query); !value.Equal(number(string(l.Closing))) {
				t.Errorf("%s opens to %s, not to %s", l.Query, value, l.Closing)
			}
		}
	}
}

// The side of the moves is summed without any balance, so this also proves the balances of every date as known at every entry.
func TestGoodsAndMoneyAgreeAtEveryMoment(t *testing.T) {
	t.Parallel()
	h := busy(t)
	for _, on := range []string{"2024-01-02", "2024-01-11", "2024-01-12", "2024-01-31", "2024-02-01", "2024-02-11", "2024-03-15", ""} {
		var asOf ledger.Date
		h.must(asOf.UnmarshalText([]byte(on)))
		head, err := h.Agreement(t.Context(), report.AgreementQuery{AsOf: asOf})
		h.must(err)
		for known := int64(1); known <= head.KnownAt; known++ {
			a, err := h.Agreement(t.Context(), report.AgreementQuery{AsOf: asOf, KnownAt: known})
			h.must(err)
			if !a.Agreed {
				t.Errorf("as of %s, known at %d: %+v", on, known, a.Funds)
			}
		}
		if !head.Agreed || head.KnownAt < 20 {
			t.Errorf("as of %s: %+v", on, head)
		}
	}
}

func TestAgreementFindsAFen(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	agreement := func() report.Agreement {
		t.Helper()
		a, err := h.Agreement(t.Context(), report.AgreementQuery{})
		h.must(err)
		return a
	}
	whole := agreement()
	if !whole.Agreed || whole.Funds[0].Goods != "900.00" || whole.Funds[0].Others != "900.00" || whole.Funds[1].Accounts != "202.00" {
		t.Errorf("a whole book agrees as %+v", whole)
	}
	owner := pgtest.Owner(t, h.Book.DB())
	change := func(statement string) {
		t.Helper()
		h.must(pg.Transact(t.Context(), owner, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}))
	}
	change("UPDATE cells SET value = value + 0.01 WHERE account = 'stock:PT-1'")
	broken := agreement()
	if broken.Agreed || broken.Funds[0].Difference != "0.01" || broken.Funds[0].Lines[0].Difference != "0.01" || broken.Funds[0].Lines[0].Account != "stock:PT-1" {
		t.Errorf("a fen too much at PT-1 shows as %+v", broken)
	}
	change("UPDATE cells SET value = value - 0.01 WHERE account = 'stock:PT-1'")
}
