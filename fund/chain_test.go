package fund_test

import (
	"testing"

	"reliefledger/fund"
)

// TestChain is one chain of worked postings from the grant to the handout, with the balances after every step.
// The numbers in front are the rows of the accountants' table that it follows; the acts of goods are written as their moves.
func TestChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blanket := "BLANKET/GR-WH-1-2023-00001.1"

	// 2: 30,000.00 arrives.
	must(w, w.Contribute, fund.Contribution{On: day("2023-11-01"), Fund: "F1", Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec("30000.00")})
	w.holds("bank:ICBC F1 CNY 30000 30000", "income:D-01 F1 CNY -30000 -30000")

	// 4: of 120 ordered at 61.25, 118 are accepted.
	receipt := w.receive("purchase", "F1", day("2023-11-10"), line{"BLANKET", "118", "7227.50"})
	w.holds("stock:WH-1 F1 "+blanket+" 118 7227.50", "supplier:S-01 F1 "+blanket+" -118 -7227.50")

	// 5: the invoice agrees.
	must(w, w.Invoice, fund.Invoice{On: day("2023-11-12"), Receipt: receipt, Party: "S-01", Amount: dec("7227.50"), Final: true})
	w.holds("supplier:S-01 F1 CNY 7227.50 7227.50", "payable:S-01 F1 CNY -7227.50 -7227.50")

	// 6: freight of 150.00 for this delivery.
	must(w, w.Freight, fund.Freight{On: day("2023-11-13"), Receipt: receipt, Party: "C-01", Amount: dec("150.00")})
	w.holds("stock:WH-1 F1 "+blanket+" 118 7377.50", "payable:C-01 F1 CNY -150 -150")

	// 8: both are paid, 7,377.50 in all.
	for payee, amount := range map[string]string{"S-01": "7227.50", "C-01": "150.00"} {
		must(w, w.Pay, fund.Payment{On: day("2023-11-20"), Kind: "supplier", Fund: "F1", Bank: "ICBC", Payee: payee, Amount: dec(amount)})
	}
	w.holds("bank:ICBC F1 CNY 22622.50 22622.50", "payable:S-01 F1 CNY 0 0", "payable:C-01 F1 CNY 0 0")

	// 9 and 10: 40 leave for WH-2, 39 arrive.
	lot := receipt + ".1"
	w.carry("dispatch", day("2023-12-01"), "F1", "stock:WH-1", "transit:WB-1", "BLANKET", lot, "40")
	w.holds("stock:WH-1 F1 "+blanket+" 78 4876.65", "transit:WB-1 F1 "+blanket+" 40 2500.85")
	w.carry("arrival", day("2023-12-02"), "F1", "transit:WB-1", "stock:WH-2", "BLANKET", lot, "39")
	w.holds("stock:WH-2 F1 "+blanket+" 39 2438.33", "transit:WB-1 F1 "+blanket+" 1 62.52")

	// 11 and 12: one is lost, the carrier pays 50.00 in full.
	short := w.carry("close-short", day("2023-12-03"), "F1", "transit:WB-1", "claims:C-01", "BLANKET", lot, "1")
	w.holds("claims:C-01 F1 " + blanket + " 1 62.52")
	must(w, w.SettleClaim, fund.Claim{On: day("2023-12-10"), Claimed: short.Document, Fund: "F1", Bank: "ICBC", Received: dec("50.00")})
	w.holds("bank:ICBC F1 CNY 22672.50 22672.50", "claims:C-01 F1 "+blanket+" 0 0", "lost:C-01 F1 "+blanket+" 1 62.52", "lost:C-01 F1 CNY -50 -50")

	// 13: 30 are handed out at WH-2.
	w.carry("handout", day("2023-12-24"), "F1", "stock:WH-2", "handed-out:WH-2", "BLANKET", lot, "30")
	w.holds("stock:WH-2 F1 "+blanket+" 9 562.69", "handed-out:WH-2 F1 "+blanket+" 30 1875.64")
}
