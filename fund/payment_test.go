package fund_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/ledger"
)

func relief(fundCode, payee, amount string) fund.Payment {
	return fund.Payment{Kind: "relief-cash", Fund: fundCode, Bank: "ICBC", Payee: payee, Amount: dec(amount), Location: "ST-5101"}
}

func TestPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "1000.00")
	posted := must(w, w.Pay, relief("F1", "p-000001", "482.00"))
	if posted.Kind != "payment" || posted.Document != "PY-F1-2024-00001" {
		t.Errorf("got %+v", posted.Entry)
	}
	must(w, w.Pay, fund.Payment{Kind: "charity", Fund: "F1", Bank: "ICBC", Payee: "p-000002", Amount: dec("100.5")})
	must(w, w.Pay, fund.Payment{Kind: "project", Fund: "F1", Bank: "ICBC", Payee: "ST-5101", Location: "ST-5101", Amount: dec("17.50")})
	w.holds("bank:ICBC F1 CNY 400 400", "expense:relief-cash F1 CNY 482 482", "expense:charity F1 CNY 100.5 100.5", "expense:renovation F1 CNY 17.5 17.5")

	must(w, w.reverse, posted.Number)
	w.holds("bank:ICBC F1 CNY 882 882", "expense:relief-cash F1 CNY 0 0")
}

func TestRenovationShares(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F2", "38600000.00")
	var proposals []*ledger.Proposal
	for i, amount := range fund.EqualShares(dec("38600000.00"), 94, w.Book.Decimals) {
		station := fmt.Sprintf("ST-%02d", i+1)
		p, err := w.Pay(t.Context(), w.by(), fund.Payment{Kind: "project", Fund: "F2", Bank: "ICBC", Payee: station, Location: station, Amount: amount})
		if err != nil {
			t.Fatal(err)
		}
		proposals = append(proposals, p)
	}
	if _, err := w.Book.PostAll(t.Context(), proposals); err != nil {
		t.Fatal(err)
	}
	w.holds("bank:ICBC F2 CNY 0 0", "expense:renovation F2 CNY 38600000 38600000")
}

func TestPaymentRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Campaign = func(_ context.Context, code, action string, on ledger.Date) (bool, error) {
		if code == "NONE" {
			return false, ledger.Refuse(ledger.NotFound, "/campaign", "there is no campaign NONE")
		}
		return code == "DRILL", nil
	}
	with := func(change func(*fund.Payment)) fund.Payment {
		p := relief("F1", "p-1", "1.00")
		change(&p)
		return p
	}
	for _, c := range []struct {
		request fund.Payment
		want    []string
	}{
		{relief("F1", "p-1", "500.00"), []string{"/amount insufficient: bank:ICBC holds 0.00 CNY for fund F1, 500.00 wanted"}},
		{
			with(func(p *fund.Payment) { p.On = day("2023-09-30") }),
			[]string{"/fund not-open: fund F1 is valid from 2023-10-01 to 2024-06-30, not on 2023-09-30"},
		},
		{relief("HELD", "p-1", "1.00"), []string{"/fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted"}},
		{
			with(func(p *fund.Payment) { p.Location = "" }),
			[]string{"/location invalid: a relief-cash payment names no location, the one that reports it wanted"},
		},
		{
			with(func(p *fund.Payment) { p.Prepayment = true }),
			[]string{"/prepayment invalid: a relief-cash payment has no invoice to be ahead of"},
		},
		{
			with(func(p *fund.Payment) { p.Payee = "11010519491231002X" }),
			[]string{"/payee invalid: the payee looks like a telephone or a resident number, a random code wanted"},
		},
		{
			with(func(p *fund.Payment) { p.Payee = "13800138000" }),
			[]string{"/payee invalid: the payee looks like a telephone or a resident number, a random code wanted"},
		},
		{
			with(func(p *fund.Payment) { p.Kind, p.Payee = "charity", "p-130503670401001" }),
			[]string{"/payee invalid: the payee looks like a telephone or a resident number, a random code wanted"},
		},
		{
			with(func(p *fund.Payment) { p.Action = "A1" }),
			[]string{"/action invalid: action \"A1\" stands without its campaign"},
		},
		{
			with(func(p *fund.Payment) { p.Campaign = "NONE" }),
			[]string{"/campaign not-found: there is no campaign NONE"},
		},
		{
			with(func(p *fund.Payment) { p.Campaign = "DRILL" }),
			[]string{"/campaign invalid: campaign DRILL is a drill, no money is paid in it"},
		},
		{fund.Payment{Kind: "bribe", Fund: "F9", Bank: "", Payee: "Zhang San", Amount: dec("-1")}, []string{
			"/kind invalid: kind \"bribe\" is none of supplier, relief-cash, charity, project",
			"/bank invalid: bank \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/amount invalid: amount -1 is not above zero",
			"/payee invalid: payee \"Zhang San\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/fund not-found: fund \"F9\" is not in the register",
		}},
	} {
		refused(w, w.Pay, c.request, c.want...)
	}
}

// TestRegistersOfTheOtherWing wants places and parties looked up where somebody can look them up, and people never.
func TestRegistersOfTheOtherWing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "1000.00")
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "100.00"})
	w.Place = func(_ context.Context, location string, on ledger.Date) error {
		return ledger.Refuse(ledger.NotOpen, "", fmt.Sprintf("location %s is not open on %s", location, on))
	}
	w.Party = func(_ context.Context, code string, kinds ...string) error {
		return ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("party %s is not one of %v", code, kinds))
	}
	refused(w, w.Contribute, fund.Contribution{Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("1.00")},
		"/party not-found: party D-01 is not one of [donor organisation]")
	refused(w, w.Invoice, invoice(receipt, "100.00", true), "/party not-found: party S-01 is not one of [supplier]")
	refused(w, w.Freight, freight(receipt, "1.00"), "/party not-found: party C-01 is not one of [supplier carrier]")
	refused(w, w.Pay, fund.Payment{On: day("2024-03-05"), Kind: "supplier", Fund: "F1", Bank: "ICBC", Payee: "S-01", Amount: dec("1.00"), Location: "ST-1"},
		"/payee not-found: party S-01 is not one of [supplier carrier]", "/location not-open: location ST-1 is not open on 2024-03-05")
	must(w, w.Pay, fund.Payment{Kind: "charity", Fund: "F1", Bank: "ICBC", Payee: "p-000001", Amount: dec("1.00")})
}

func TestOneFundNeverPaysForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "29500.00")
	w.grant("F2", "300.00")
	refused(w, w.Pay, relief("F2", "p-1", "500.00"), "/amount fund-not-allowed: bank:ICBC holds 300.00 CNY for fund F2, 500.00 wanted\n"+
		"fund F1 holds 29500.00 there, but one fund never pays for another silently: record an interfund entry to fund F2 first")
	must(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "bank:ICBC", Quantity: dec("200.00"), Reason: "until the gift arrives"})
	must(w, w.Pay, relief("F2", "p-1", "500.00"))
	w.holds("bank:ICBC F1 CNY 29300 29300", "bank:ICBC F2 CNY 0 0", "interfund:F2 F1 CNY 200 200", "interfund:F1 F2 CNY -200 -200")
}

func TestSupplierIsPaidWhatIsOwed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "1000.00")
	w.grant("F2", "1000.00")
	must(w, w.Invoice, fund.Invoice{Receipt: w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "600.00"}), Party: "S-01", Amount: dec("600.00")})
	pay := func(fundCode, amount string) fund.Payment {
		return fund.Payment{Kind: "supplier", Fund: fundCode, Bank: "ICBC", Payee: "S-01", Amount: dec(amount)}
	}
	refused(w, w.Pay, pay("F1", "600.01"), "/amount insufficient: fund F1 owes S-01 600.00, 600.01 wanted\nbook the invoice first, or say prepayment to pay ahead of it")
	refused(w, w.Pay, pay("F2", "600.00"), "/amount fund-not-allowed: fund F2 owes S-01 0.00, 600.00 wanted\n"+
		"fund F1 owes it 600.00: one fund never pays for another silently, pay from the fund that owes")
	must(w, w.Pay, pay("F1", "400.00"))
	refused(w, w.Pay, pay("F1", "200.01"), "/amount insufficient: fund F1 owes S-01 200.00, 200.01 wanted\nbook the invoice first, or say prepayment to pay ahead of it")
	ahead := pay("F1", "250.00")
	ahead.Prepayment = true
	must(w, w.Pay, ahead)
	w.holds("payable:S-01 F1 CNY 50 50", "bank:ICBC F1 CNY 350 350", "payable:S-01 F2 CNY 0 0")
	refused(w, w.Pay, pay("F1", "1.00"), "/amount insufficient: fund F1 owes S-01 0.00, 1.00 wanted\nbook the invoice first, or say prepayment to pay ahead of it")
}

// TestSupplierIsPaidWhenItIsOwed: what is owed now was not owed before the invoice, nor while it was paid.
func TestSupplierIsPaidWhenItIsOwed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w, w.Contribute, fund.Contribution{On: day("2024-01-01"), Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("1000.00")})
	bill := func(on string) {
		i := invoice(w.receive("purchase", "F1", day(on), line{"QUILT", "10", "100.00"}), "100.00", true)
		i.On = day(on)
		must(w, w.Invoice, i)
	}
	pay := func(on, amount string) fund.Payment {
		return fund.Payment{On: day(on), Kind: "supplier", Fund: "F1", Bank: "ICBC", Payee: "S-01", Amount: dec(amount)}
	}
	const later = "date it later, or say prepayment to pay ahead of the invoice"
	bill("2024-03-01")
	refused(w, w.Pay, pay("2024-01-10", "100.00"), "/amount insufficient: fund F1 owes S-01 0.00 on 2024-01-10, 100.00 wanted\n"+later)
	ahead := pay("2024-01-10", "30.00")
	ahead.Prepayment = true
	must(w, w.Pay, ahead)
	must(w, w.Pay, pay("2024-03-05", "70.00"))
	bill("2024-03-08")
	refused(w, w.Pay, pay("2024-03-02", "60.00"), "/amount insufficient: fund F1 owes S-01 0.00 on 2024-03-05, 60.00 wanted\n"+later)
	refused(w, w.Pay, pay("2024-03-02", "100.01"), "/amount insufficient: fund F1 owes S-01 100.00, 100.01 wanted\nbook the invoice first, or say prepayment to pay ahead of it")
	must(w, w.Pay, pay("2024-03-08", "60.00"))
	w.holds("payable:S-01 F1 CNY -40 -40")
}

func TestBackdatedPaymentRespectsLaterDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w, w.Contribute, fund.Contribution{On: day("2024-03-01"), Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("100.00")})
	late := relief("F1", "p-2", "90.00")
	late.On = day("2024-03-10")
	must(w, w.Pay, late)
	must(w, w.Contribute, fund.Contribution{On: day("2024-03-12"), Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("100.00")})
	early := relief("F1", "p-1", "20.00")
	early.On = day("2024-03-05")
	refused(w, w.Pay, early, "/amount insufficient: bank:ICBC holds 10 of CNY for fund F1, 20 wanted on 2024-03-10\n"+
		"entry 2 PY-F1-2024-00001 of that day would fail: reverse it first, or date this one later")
}

// TestPaymentsRace lets many officers fight for one bank account: it is emptied to the unit and never below.
func TestPaymentsRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "1000.00")
	w.grant("F2", "1000.00")
	const officers = 300
	paid := make([]error, officers)
	var wg sync.WaitGroup
	for i := range officers {
		wg.Go(func() {
			by := ledger.By{Actor: "officer", Key: fmt.Sprintf("race-%d", i)}
			p, err := w.Pay(t.Context(), by, relief("F1", fmt.Sprintf("p-%d", i), "7.00"))
			if err == nil {
				_, err = w.Book.Post(t.Context(), p)
			}
			paid[i] = err
		})
	}
	wg.Wait()
	went := 0
	for i, err := range paid {
		switch {
		case err == nil:
			went++
		case err.Error() != "bank:ICBC holds 6.00 CNY for fund F1, 7.00 wanted":
			t.Errorf("payment %d: %v", i, err)
		}
	}
	if went != 142 {
		t.Errorf("%d payments of 7.00 went out of 1000.00, want 142", went)
	}
	left := dec("1000.00").Sub(decimal.NewFromInt(7 * 142)).String()
	w.holds("bank:ICBC F1 CNY "+left+" "+left, "bank:ICBC F2 CNY 1000 1000", "expense:relief-cash F1 CNY 994 994")
}
