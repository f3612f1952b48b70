package fund_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

func some(s string) *decimal.Decimal {
	d := dec(s)
	return &d
}

// order is 120 blankets at 62.50, promised out of no line of a budget.
func order() fund.Purchase {
	return fund.Purchase{
		On: day("2024-02-20"), Fund: "F1", Party: "S-01", Reference: "HT-1",
		Lines: []fund.PurchaseLine{{Item: "BLANKET", Quantity: dec("120"), UnitPrice: some("62.50")}},
	}
}

func named(i fund.Invoice, purchase string) fund.Invoice {
	i.Purchase = purchase
	return i
}

// TestPurchase is the whole life of an order: 118 of 120 come, the invoice asks 0.50 more for each, the rest is given up.
func TestPurchase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ordered := must(w, w.Order, order())
	if ordered.Kind != "purchase" || ordered.Document != "PO-F1-2024-00001" {
		t.Errorf("got %+v", ordered.Entry)
	}
	w.holds("committed:PO-F1-2024-00001 F1 CNY 7500 7500", "budget:unplanned F1 CNY -7500 -7500")
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"BLANKET", "118", "7375.00"})
	w.holds("committed:PO-F1-2024-00001 F1 CNY 7500 7500")
	part := must(w, w.Invoice, named(invoice(receipt, "5000.00", false), ordered.Document))
	w.holds("committed:PO-F1-2024-00001 F1 CNY 2500 2500", "payable:S-01 F1 CNY -5000 -5000")
	final := must(w, w.Invoice, named(invoice(receipt, "2434.00", true), ordered.Document))
	w.holds("committed:PO-F1-2024-00001 F1 CNY 125 125", "budget:unplanned F1 CNY -7559 -7559", "spent:unplanned F1 CNY 7434 7434", "stock:WH-1 F1 BLANKET/GR-WH-1-2024-00001.1 118 7434")
	refused(w, w.reverse, ordered.Number, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (2): reverse them first")

	closing := must(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered.Document, Reason: "two were refused"})
	if closing.Kind != "purchase-closing" || closing.Document != "PC-F1-2024-00001" {
		t.Errorf("got %+v", closing.Entry)
	}
	w.holds("committed:PO-F1-2024-00001 F1 CNY 0 0", "budget:unplanned F1 CNY -7434 -7434")
	refused(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered.Document, Reason: "again"},
		"/purchase already-done: nothing is left of purchase PO-F1-2024-00001")

	for _, number := range []int64{closing.Number, final.Number, part.Number} {
		must(w, w.reverse, number)
	}
	w.holds("committed:PO-F1-2024-00001 F1 CNY 7500 7500")
	must(w, w.reverse, ordered.Number)
	w.holds("committed:PO-F1-2024-00001 F1 CNY 0 0", "budget:unplanned F1 CNY 0 0")
	refused(w, w.Invoice, named(invoice(receipt, "7375.00", true), ordered.Document), "/purchase already-done: purchase PO-F1-2024-00001 was reversed")
	refused(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered.Document, Reason: "gone"}, "/purchase already-done: purchase PO-F1-2024-00001 was reversed")
}

// TestInvoicesReleaseNoMoreThanIsLeft: more came than was ordered, and a bill that comes after the closing finds nothing to release.
func TestInvoicesReleaseNoMoreThanIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := quilts()
	must(w, w.Plan, exceedable(budget()))
	ordered := must(w, w.Order, p)
	more := w.receive("purchase", "F1", day("2024-03-01"), line{"BLANKET", "130", "8125.00"})
	must(w, w.Invoice, named(invoice(more, "8125.00", false), ordered.Document))
	w.holds("committed:PO-F1-2024-00001 F1 CNY 0 0", "spent:QUILTS F1 CNY 8125 8125", "budget:QUILTS F1 CNY -125 -125")

	second := must(w, w.Order, p)
	late := w.receive("purchase", "F1", day("2024-03-02"), line{"BLANKET", "10", "6250.00"})
	closing := must(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: second.Document, Reason: "they have gone bankrupt"})
	bill := must(w, w.Invoice, named(invoice(late, "625.00", true), second.Document))
	w.holds("committed:PO-F1-2024-00002 F1 CNY 0 0", "payable:S-01 F1 CNY -8750 -8750")
	must(w, w.reverse, bill.Number)
	must(w, w.reverse, closing.Number)
	w.holds("committed:PO-F1-2024-00002 F1 CNY 7500 7500", "budget:QUILTS F1 CNY -7625 -7625")
	// The keeper typed the price of ten: what is released is the order's price all the same.
	must(w, w.Invoice, named(invoice(late, "630.00", true), second.Document))
	w.holds("committed:PO-F1-2024-00002 F1 CNY 6875 6875", "payable:S-01 F1 CNY -8755 -8755")
}

func TestPurchaseRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Item = func(_ context.Context, code string, quantity decimal.Decimal) error {
		switch {
		case code != "BLANKET" && code != "COAT":
			return ledger.Refuse(ledger.NotFound, "", "item "+code+" is not in the register")
		case !quantity.IsInteger():
			return ledger.Refuse(ledger.Invalid, "/quantity", "0 decimals wanted")
		}
		return nil
	}
	with := func(change func(*fund.Purchase)) fund.Purchase {
		p := order()
		change(&p)
		return p
	}
	for _, c := range []struct {
		request fund.Purchase
		want    []string
	}{
		{with(func(p *fund.Purchase) { p.Fund, p.Party, p.Budget = "HELD", "川西", "unplanned" }), []string{
			"/fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted",
			"/party invalid: party \"川西\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/budget invalid: budget line unplanned is no line, name none for what is in none",
		}},
		{with(func(p *fund.Purchase) { p.On = day("2023-09-30") }), []string{"/fund not-open: fund F1 is valid from 2023-10-01 to 2024-06-30, not on 2023-09-30"}},
		{with(func(p *fund.Purchase) { p.Lines = nil }), []string{"/lines invalid: a purchase of 0 lines, at least 1 wanted"}},
		{with(func(p *fund.Purchase) {
			p.Lines = []fund.PurchaseLine{
				{Item: "BLANKET", Quantity: dec("3"), UnitPrice: some("33.333")},
				{Item: "BLANKET", Quantity: dec("1"), Value: some("0.001")},
				{Item: "TENT", Quantity: dec("1"), Value: some("1")},
				{Item: "COAT", Quantity: dec("0.5"), Value: some("1"), UnitPrice: some("2")},
			}
		}), []string{
			"/lines/0/unit_price invalid: 3 of BLANKET at 33.333 are 99.999, 2 decimals wanted: give the value of the line instead",
			"/lines/1/item invalid: BLANKET has 2 lines, one wanted",
			"/lines/1/value invalid: value 0.001 has more than 2 decimals",
			"/lines/2/item not-found: item TENT is not in the register",
			"/lines/3/quantity invalid: 0 decimals wanted",
			"/lines/3/value invalid: COAT needs either a unit_price or a value",
		}},
		{with(func(p *fund.Purchase) {
			p.Lines = []fund.PurchaseLine{
				{Item: "BLANKET", Quantity: dec("900000000000000000000000"), UnitPrice: some("900000000000000000000000")},
				{Item: "COAT", Quantity: decimal.New(1, 999_999_999), UnitPrice: some("1")},
			}
		}), []string{
			"/lines/0/unit_price invalid: 900000000000000000000000 of BLANKET at 900000000000000000000000 are 810000000000000000000000000000000000000000000000, " +
				"at most 24 digits before the point wanted",
			"/lines/1/quantity invalid: quantity has more than 24 digits before or 9 after the point",
		}},
		{with(func(p *fund.Purchase) {
			p.Lines = []fund.PurchaseLine{{Item: "BLANKET", Quantity: dec("1"), Value: some("900000000000000000000000")}, {Item: "COAT", Quantity: dec("1"), Value: some("100000000000000000000000")}}
		}), []string{"/lines invalid: a purchase of 1000000000000000000000000, at most 24 digits before the point wanted"}},
	} {
		refused(w, w.Order, c.request, c.want...)
	}
}

// TestPurchaseIsNotTheReceipts names a purchase for goods that it cannot have ordered.
func TestPurchaseIsNotTheReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ordered := must(w, w.Order, order()).Document
	coats := w.receive("purchase", "F1", day("2024-02-01"), line{"COAT", "1", "10.00"})
	other := w.receive("purchase", "F2", day("2024-03-01"), line{"BLANKET", "1", "10.00"})
	blankets := w.receive("purchase", "F1", day("2024-02-01"), line{"BLANKET", "1", "10.00"})
	refused(w, w.Invoice, named(invoice(coats, "10.00", false), "PO-X"), `/purchase not-found: purchase "PO-X" is not in the book`)
	refused(w, w.Invoice, named(invoice(coats, "10.00", false), ordered), "/purchase invalid: purchase PO-F1-2024-00001 orders no item of receipt GR-WH-1-2024-00001")
	refused(w, w.Invoice, named(invoice(other, "10.00", false), ordered),
		"/purchase invalid: purchase PO-F1-2024-00001 is from S-01 in fund F1, receipt GR-WH-1-2024-00002 from S-01 in fund F2")
	early := named(invoice(blankets, "10.00", false), ordered)
	early.On = day("2024-02-19")
	refused(w, w.Invoice, early, "/on invalid: purchase PO-F1-2024-00001 was ordered on 2024-02-20, nothing is invoiced on 2024-02-19")
	refused(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: "PO-X", On: day("2024-02-19")},
		"/reason invalid: reason is empty, 1 to 500 characters wanted", `/purchase not-found: purchase "PO-X" is not in the book`)
	refused(w, w.ClosePurchase, fund.PurchaseClosing{Purchase: ordered, On: day("2024-02-19"), Reason: "r"},
		"/on invalid: purchase PO-F1-2024-00001 was ordered on 2024-02-20, it is not closed on 2024-02-19")
}

// TestPurchaseOnceAndInOpenPeriods: the same key is answered with the first answer, another content under it is refused, and a closed
// period takes no order.
func TestPurchaseOnceAndInOpenPeriods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by := w.by()
	send := func(p fund.Purchase) (ledger.Posted, error) {
		proposal, err := w.Order(t.Context(), by, p)
		if err != nil {
			t.Fatal(err)
		}
		return w.Book.Post(t.Context(), proposal)
	}
	if _, err := send(order()); err != nil {
		t.Fatal(err)
	}
	again, err := send(order())
	if err != nil || !again.Replayed || again.Document != "PO-F1-2024-00001" {
		t.Errorf("got %+v, %v", again, err)
	}
	other := order()
	other.Lines[0].Quantity = dec("121")
	_, err = send(other)
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Code() != ledger.KeyReused || refusal.Faults[0].Pointer != "/lines/0/quantity" {
		t.Errorf("got %v", err)
	}
	closing, err := w.Book.ClosePeriod(w.by(), ledger.Close{Until: day("2024-02-29"), Reason: "February is reported"})
	if err != nil {
		t.Fatal(err)
	}
	w.post(closing)
	refused(w, w.Order, order(), "/on period-closed: 2024-02-20 lies in a closed period, closed until 2024-02-29\n"+
		"date it after the close, or have the period reopened by two people")
	w.holds("committed:PO-F1-2024-00001 F1 CNY 7500 7500")
}

// TestReceiptOfTwoPurchases: what came for one order is released of that one, whatever was billed of the other.
func TestReceiptOfTwoPurchases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ordering := func(item, value string) string {
		return must(w, w.Order, fund.Purchase{Fund: "F1", Party: "S-01", Lines: []fund.PurchaseLine{{Item: item, Quantity: dec("10"), Value: some(value)}}}).Document
	}
	blankets, coats := ordering("BLANKET", "1000.00"), ordering("COAT", "600.00")
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"BLANKET", "10", "1000.00"}, line{"COAT", "10", "600.00"})
	must(w, w.Invoice, named(invoice(receipt, "1000.00", false), blankets))
	final := must(w, w.Invoice, named(invoice(receipt, "600.00", true), coats))
	w.holds("committed:"+blankets+" F1 CNY 0 0", "committed:"+coats+" F1 CNY 0 0", "spent:unplanned F1 CNY 1600 1600", "budget:unplanned F1 CNY -1600 -1600")
	must(w, w.reverse, final.Number)
	w.holds("committed:"+blankets+" F1 CNY 0 0", "committed:"+coats+" F1 CNY 600 600", "spent:unplanned F1 CNY 1000 1000")
}

// TestReleasesOfAnOldBook goes on with a book that counted releases for a receipt alone.
func TestReleasesOfAnOldBook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ordered := must(w, w.Order, order()).Document
	other := must(w, w.Order, order()).Document
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"BLANKET", "100", "6250.00"})
	must(w, w.Invoice, named(invoice(receipt, "4000.00", false), ordered))
	slip := must(w, w.Invoice, named(invoice(receipt, "50.00", false), other))
	old, anew := "released:"+receipt, "released:"+receipt+":"
	w.tamper("UPDATE tally_changes SET name = '" + old + "' WHERE name LIKE '" + anew + "%'")
	w.tamper("DELETE FROM tallies WHERE name = '" + anew + other + "'")
	w.tamper("UPDATE tallies SET name = '" + old + "', quantity = 2, value = 4050 WHERE name = '" + anew + ordered + "'")
	upgraded := ledger.Open(w.Book.DB(), w.Book.Info, ledger.Options{Now: pgtest.Now})
	defer upgraded.Close()
	w.Officer = fund.NewOfficer(upgraded, pgtest.Now)

	late, err := w.Invoice(t.Context(), w.by(), named(invoice(receipt, "2250.00", true), ordered))
	if err != nil {
		t.Fatal(err)
	}
	must(w, w.reverse, slip.Number)
	refused(w, func(context.Context, ledger.By, int) (*ledger.Proposal, error) { return late, nil }, 0,
		"/receipt moved-on: an invoice of receipt GR-WH-1-2024-00001 came or went a moment ago: send this one again")
	final := must(w, w.Invoice, named(invoice(receipt, "2250.00", true), ordered))
	w.holds("committed:"+ordered+" F1 CNY 1250 1250", "committed:"+other+" F1 CNY 7500 7500", "spent:unplanned F1 CNY 6250 6250")
	if found := w.broken("tallies"); len(found) > 0 {
		t.Error(found)
	}
	const rule = "a final invoice leaves nothing committed of what came"
	if found := w.broken(rule); len(found) > 0 {
		t.Error(found)
	}
	w.tamper(fmt.Sprintf("UPDATE fulfilments SET released = 2000 WHERE number = %d", final.Number))
	if found := w.broken(rule); !slices.Equal(found, []string{"invoice 7 is final, 6000 of purchase PO-F1-2024-00001 is released for receipt GR-WH-1-2024-00001, " +
		"it was ordered for 6250 and 1250 is committed"}) {
		t.Error(found)
	}
}
