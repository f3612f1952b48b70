package fund_test

import (
	"testing"

	"reliefledger/fund"
)

func freight(receipt, amount string) fund.Freight {
	return fund.Freight{Receipt: receipt, Party: "C-01", Amount: dec(amount), Reference: "YD-1"}
}

// TestFreight shares 80.00 over three lots by value: the worked case of the largest remainder.
func TestFreight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("purchase", "F1", day("2024-03-01"), line{"HEATER", "10", "1000.00"}, line{"QUILT", "3", "333.33"}, line{"SOAP", "50", "66.67"})
	posted := must(w, w.Freight, freight(receipt, "80.00"))
	if posted.Kind != "freight" || posted.Document != "FR-F1-2024-00001" {
		t.Errorf("got %+v", posted.Entry)
	}
	w.holds("stock:WH-1 F1 HEATER/GR-WH-1-2024-00001.1 10 1057.14", "stock:WH-1 F1 QUILT/GR-WH-1-2024-00001.2 3 352.38",
		"stock:WH-1 F1 SOAP/GR-WH-1-2024-00001.3 50 70.48", "payable:C-01 F1 CNY -80 -80",
		"landed:GR-WH-1-2024-00001 F1 CNY 80 80", "landed:GR-WH-1-2024-00001 F1 HEATER/GR-WH-1-2024-00001.1 0 -57.14", "expense:freight F1 CNY 0 0")

	refused(w, w.reverse, 1, "/entry moved-on: entry 1 cannot be undone, later documents rest on it (1): reverse them first")
	must(w, w.reverse, posted.Number)
	w.holds("stock:WH-1 F1 HEATER/GR-WH-1-2024-00001.1 10 1000", "payable:C-01 F1 CNY 0 0", "landed:GR-WH-1-2024-00001 F1 CNY 0 0")
	must(w, w.reverse, 1)
}

// TestFreightOfGoodsGone leaves the part of what was given out to expense; goods wherever they are, damaged too, bear their own.
func TestFreightOfGoodsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("in-kind", "F2", day("2024-03-01"), line{"COAT", "10", "1000.00"})
	w.carry("handout", day("2024-03-02"), "F2", "stock:WH-1", "handed-out:WH-1", "COAT", receipt+".1", "3")
	w.carry("write-off-proposal", day("2024-03-02"), "F2", "stock:WH-1", "quarantine:WH-1", "COAT", receipt+".1", "2")
	posted := must(w, w.Freight, freight(receipt, "100.00"))
	w.holds("stock:WH-1 F2 COAT/GR-WH-1-2024-00001.1 5 550", "quarantine:WH-1 F2 COAT/GR-WH-1-2024-00001.1 2 220",
		"expense:freight F2 CNY 30 30", "landed:GR-WH-1-2024-00001 F2 CNY 70 70")

	w.carry("handout", day("2024-03-15"), "F2", "stock:WH-1", "handed-out:WH-1", "COAT", receipt+".1", "5")
	refused(w, w.reverse, posted.Number, "/entry moved-on: entry 4 cannot be undone, goods it revalued have moved on: "+
		"5 of COAT/GR-WH-1-2024-00001.1 left stock:WH-1 since and did not come back with the value they took\n"+
		"reverse what took them from there, the latest first, and then this entry")
}

func TestFreightRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := w.receive("custody", "HELD", day("2024-03-01"), line{"COAT", "10", "0"})
	refused(w, w.Freight, freight(held, "10.00"), "/receipt invalid: receipt GR-WH-1-2024-00001 is held for its owner, goods of an own fund wanted")
	refused(w, w.Freight, fund.Freight{Receipt: "GR-X", Party: "", Amount: dec("0.001")},
		"/party invalid: party \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		"/amount invalid: amount 0.001 has more than 2 decimals",
		"/receipt not-found: receipt \"GR-X\" is not in the book")

	quilts := w.receive("purchase", "F1", day("2024-03-05"), line{"QUILT", "10", "100.00"})
	early := freight(quilts, "10.00")
	early.On = day("2024-03-04")
	refused(w, w.Freight, early, "/on invalid: receipt GR-WH-1-2024-00002 came on 2024-03-05, nothing is billed for it on 2024-03-04")
	w.carry("dispatch", day("2024-03-07"), "F1", "stock:WH-1", "transit:WB-1", "QUILT", quilts+".1", "10")
	early.On = day("2024-03-06")
	refused(w, w.Freight, early, "/on moved-on: transit:WB-1 holds 0 worth 0, and 10 would stay without goods of QUILT/GR-WH-1-2024-00002.1 for fund F1 on 2024-03-06\n"+
		"the goods have moved since: date the bill on or after the day of their last movement")

	given := w.receive("in-kind", "HELD", day("2024-03-05"), line{"COAT", "10", "100.00"})
	refused(w, w.Freight, freight(given, "10.00"), "/receipt fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted")
}
