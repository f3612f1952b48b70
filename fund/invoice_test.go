package fund_test

import (
	"context"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

func invoice(receipt, amount string, final bool) fund.Invoice {
	return fund.Invoice{Receipt: receipt, Party: "S-01", Amount: dec(amount), Final: final, Reference: "F-1"}
}

func TestInvoicesInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "118", "7227.50"})
	first := must(w, w.Invoice, invoice(receipt, "5000.00", false))
	if first.Kind != "invoice" || first.Document != "IV-F1-2024-00001" {
		t.Errorf("got %+v", first.Entry)
	}
	w.holds("payable:S-01 F1 CNY -5000 -5000", "supplier:S-01 F1 CNY 5000 5000", "supplier:S-01 F1 QUILT/GR-WH-1-2024-00001.1 -118 -7227.50")
	refused(w, w.Invoice, invoice(receipt, "2227.51", false),
		"/amount invalid: receipt GR-WH-1-2024-00001 was ordered for 7227.50 and 5000.00 of it is invoiced, 2227.51 wanted\n"+
			"say final to settle the 0.01 above the order onto the goods")
	must(w, w.Invoice, invoice(receipt, "2227.50", true))
	refused(w, w.Invoice, invoice(receipt, "1.00", true), "/receipt already-done: receipt GR-WH-1-2024-00001 has its final invoice")
	w.holds("payable:S-01 F1 CNY -7227.50 -7227.50", "stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 118 7227.50", "expense:price-difference F1 CNY 0 0")
}

// TestWhatInvoicesRestOn undoes a receipt with its invoices from the last to the first, the only order that is accepted.
func TestWhatInvoicesRestOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "100.00"})
	slip := must(w, w.Invoice, invoice(receipt, "70.00", false))
	must(w, w.reverse, slip.Number)
	part := must(w, w.Invoice, invoice(receipt, "60.00", false))
	final := must(w, w.Invoice, invoice(receipt, "41.00", true))
	refused(w, w.reverse, 1, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (2): reverse them first")
	refused(w, w.reverse, part.Number, "/entry moved-on: entry 4 cannot be undone, later documents rest on it (1): reverse them first")

	must(w, w.reverse, final.Number)
	refused(w, w.reverse, 1, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (1): reverse them first")
	must(w, w.reverse, part.Number)
	must(w, w.reverse, 1)
	w.holds("stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 0 0", "payable:S-01 F1 CNY 0 0", "supplier:S-01 F1 CNY 0 0")
}

// TestFinalInvoiceKnowsThoseBefore has another clerk's part of the bill arrive between the building of a final invoice and its turn.
func TestFinalInvoiceKnowsThoseBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "100.00"})
	gone := must(w, w.Invoice, invoice(receipt, "50.00", false))
	final, err := w.Invoice(t.Context(), w.by(), invoice(receipt, "40.00", true))
	if err != nil {
		t.Fatal(err)
	}
	late := func(context.Context, ledger.By, int) (*ledger.Proposal, error) { return final, nil }
	must(w, w.Invoice, invoice(receipt, "10.00", false))
	refused(w, late, 0, "/receipt moved-on: receipt GR-WH-1-2024-00001 has 2 invoices, 1 a moment ago: send this one again")
	must(w, w.reverse, gone.Number)
	refused(w, late, 0, "/receipt moved-on: receipt GR-WH-1-2024-00001 has 1 invoices, 0 a moment ago: send this one again")
	must(w, w.Invoice, invoice(receipt, "90.00", true))
	w.holds("payable:S-01 F1 CNY -100 -100")
}

// TestPriceDifference is the worked case of a price 0.50 higher on 118 pieces of which 40 were given out at the order's price.
func TestPriceDifference(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount string
		want   []string
	}{
		"dearer": {"7286.50", []string{
			"stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 58 3581.50", "transit:WB-1 F1 QUILT/GR-WH-1-2024-00001.1 20 1235.00",
			"handed-out:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 40 2450.00", "expense:price-difference F1 CNY 20 20",
			"supplier:S-01 F1 QUILT/GR-WH-1-2024-00001.1 -118 -7266.50", "supplier:S-01 F1 CNY 7266.50 7266.50", "payable:S-01 F1 CNY -7286.50 -7286.50",
		}},
		"cheaper": {"7168.50", []string{
			"stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 58 3523.50", "transit:WB-1 F1 QUILT/GR-WH-1-2024-00001.1 20 1215.00",
			"expense:price-difference F1 CNY -20 -20",
			"supplier:S-01 F1 QUILT/GR-WH-1-2024-00001.1 -118 -7188.50", "supplier:S-01 F1 CNY 7188.50 7188.50", "payable:S-01 F1 CNY -7168.50 -7168.50",
		}},
		"for nothing": {"0", []string{
			"stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 58 0", "transit:WB-1 F1 QUILT/GR-WH-1-2024-00001.1 20 0",
			"expense:price-difference F1 CNY -2450 -2450", "supplier:S-01 F1 CNY 2450 2450", "payable:S-01 F1 CNY 0 0",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "118", "7227.50"})
			w.carry("handout", day("2024-03-02"), "F1", "stock:WH-1", "handed-out:WH-1", "QUILT", receipt+".1", "40")
			w.carry("dispatch", day("2024-03-03"), "F1", "stock:WH-1", "transit:WB-1", "QUILT", receipt+".1", "20")
			posted := must(w, w.Invoice, invoice(receipt, c.amount, true))
			w.holds(c.want...)

			must(w, w.reverse, posted.Number)
			w.holds("stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.1 58 3552.50", "transit:WB-1 F1 QUILT/GR-WH-1-2024-00001.1 20 1225.00",
				"expense:price-difference F1 CNY 0 0", "payable:S-01 F1 CNY 0 0",
				"supplier:S-01 F1 CNY 0 0", "supplier:S-01 F1 QUILT/GR-WH-1-2024-00001.1 -118 -7227.50")
			must(w, w.Invoice, invoice(receipt, "7227.50", true))
		})
	}
}

// TestInvoiceIsNotTakenFromOtherGoods has the goods that an invoice made dearer leave, and others of the lot, that left before it, come back.
func TestInvoiceIsNotTakenFromOtherGoods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "10", "100.00"})
	lot := receipt + ".1"
	before := w.carry("handout", day("2024-03-02"), "F1", "stock:WH-1", "handed-out:WH-1", "QUILT", lot, "5")
	bill := must(w, w.Invoice, invoice(receipt, "200.00", true))
	after := w.carry("handout", day("2024-03-15"), "F1", "stock:WH-1", "handed-out:WH-1", "QUILT", lot, "5")
	must(w, w.reverse, before.Number)
	w.holds("stock:WH-1 F1 QUILT/"+lot+" 5 50", "handed-out:WH-1 F1 QUILT/"+lot+" 5 100")
	stale, err := w.reverse(t.Context(), w.by(), bill.Number)
	if err != nil {
		t.Fatal(err)
	}
	moved := "/entry moved-on: entry 3 cannot be undone, goods it revalued have moved on: 5 of QUILT/" + lot + " left stock:WH-1 since and did not come back with the value they took\n" +
		"reverse what took them from there, the latest first, and then this entry"
	refused(w, w.reverse, bill.Number, moved)

	w.carry("dispatch", day("2024-03-15"), "F1", "stock:WH-1", "transit:WB-1", "QUILT", lot, "1")
	late := func(context.Context, ledger.By, int) (*ledger.Proposal, error) { return stale, nil }
	refused(w, late, 0, "/entry moved-on: stock:WH-1 holds 4 worth 40 of QUILT/"+lot+", 5 worth 50 a moment ago: send this one again")
	w.carry("arrival", day("2024-03-15"), "F1", "transit:WB-1", "stock:WH-1", "QUILT", lot, "1")
	refused(w, w.reverse, bill.Number, moved) // of the handout only: what was on its way is back

	must(w, w.reverse, after.Number)
	must(w, w.reverse, bill.Number)
	w.holds("stock:WH-1 F1 QUILT/"+lot+" 10 100", "handed-out:WH-1 F1 QUILT/"+lot+" 0 0", "supplier:S-01 F1 CNY 0 0", "expense:price-difference F1 CNY 0 0")
}

// TestPriceDifferenceOfSeveralLots has lots whose cells cannot bear all of a lower price, because rounding left them less than their share.
func TestPriceDifferenceOfSeveralLots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"SOAP", "3", "0.05"}, line{"TOWEL", "10", "100.00"})
	w.carry("handout", day("2024-03-02"), "F1", "stock:WH-1", "handed-out:WH-1", "SOAP", receipt+".1", "2")
	w.holds("stock:WH-1 F1 SOAP/GR-WH-1-2024-00001.1 1 0.02")
	must(w, w.Invoice, invoice(receipt, "0", true))
	w.holds("stock:WH-1 F1 SOAP/GR-WH-1-2024-00001.1 1 0", "stock:WH-1 F1 TOWEL/GR-WH-1-2024-00001.2 10 0", "expense:price-difference F1 CNY -0.03 -0.03")
}

func TestInvoiceRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.receive("purchase", "F1", day("2024-03-05"), line{"QUILT", "10", "100.00"})
	w.receive("in-kind", "F2", day("2024-03-05"), line{"COAT", "10", "100.00"})
	quilts := invoice("GR-WH-1-2024-00001", "90.00", true)
	refused(w, w.Invoice, invoice("GR-WH-1-2024-00002", "100.00", true), "/receipt invalid: receipt GR-WH-1-2024-00002 is in-kind, a purchase wanted")
	refused(w, w.Invoice, invoice("GR-WH-9-2024-00001", "100.00", true), "/receipt not-found: receipt \"GR-WH-9-2024-00001\" is not in the book")
	refused(w, w.Invoice, invoice("GR-WH-1-2024-00001", "0", false), "/amount invalid: amount 0 is not above zero")
	other := quilts
	other.Party = "S-02"
	refused(w, w.Invoice, other, "/party invalid: receipt GR-WH-1-2024-00001 came from S-01, not from S-02")

	early := quilts
	early.On = day("2024-03-04")
	refused(w, w.Invoice, early,
		"/on invalid: receipt GR-WH-1-2024-00001 came on 2024-03-05, nothing is billed for it on 2024-03-04")
	held := w.receive("purchase", "HELD", day("2024-03-05"), line{"COAT", "10", "100.00"})
	refused(w, w.Invoice, invoice(held, "100.00", true), "/receipt fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted")

	must(w, w.reverse, 1)
	refused(w, w.Invoice, quilts, "/receipt already-done: receipt GR-WH-1-2024-00001 was reversed")
}

// TestLateInvoiceOfGoodsInKits: components that went into kits bear nothing of a later bill; the kits keep their cost, and the share of what is in
// them is an expense, so that all of the bill is on goods or spent.
func TestLateInvoiceOfGoodsInKits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"TOWEL", "30", "100.00"})
	w.carry("assembly", day("2024-03-02"), "F1", "stock:WH-1", "assembly:WH-1", "TOWEL", receipt+".1", "10")
	must(w, w.Invoice, invoice(receipt, "115.00", true))
	lot := "TOWEL/" + receipt + ".1"
	w.holds("stock:WH-1 F1 "+lot+" 20 76.67", "assembly:WH-1 F1 "+lot+" 10 33.33", "expense:price-difference F1 CNY 5 5", "payable:S-01 F1 CNY -115 -115")
}
