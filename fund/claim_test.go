package fund_test

import (
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

func claim(claimed, received string) fund.Claim {
	c := fund.Claim{Claimed: claimed, Fund: "F1", Received: dec(received), Reference: "PICC-1"}
	if c.Received.IsPositive() {
		c.Bank = "ICBC"
	}
	return c
}

// short lets goods of two lots go missing between the doors: 3 quilts that cost 100.00 and 10 coats that cost 50.00.
func (w *world) short() (document string) {
	w.t.Helper()
	w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "3", "100.00"})
	w.receive("in-kind", "F1", day("2024-03-01"), line{"COAT", "10", "50.00"})
	w.carry("dispatch", day("2024-03-02"), "F1", "stock:WH-1", "transit:WB-1", "QUILT", "GR-WH-1-2024-00001.1", "3")
	w.carry("dispatch", day("2024-03-02"), "F1", "stock:WH-1", "transit:WB-1", "COAT", "GR-WH-1-2024-00002.1", "10")
	return w.ended("transit:WB-1", "claims:C-01")
}

// ended closes a waybill short, as the keepers of goods do.
func (w *world) ended(from, to ledger.Account) string {
	w.t.Helper()
	items := []ledger.Group{{Account: from, Item: "QUILT"}, {Account: from, Item: "COAT"}, {Account: to, Item: "QUILT"}, {Account: to, Item: "COAT"}}
	return w.post(&ledger.Proposal{
		Header: ledger.Header{Kind: "close-short", On: day("2024-03-04"), Actor: "keeper", Key: w.by().Key},
		Needs:  ledger.Needs{Groups: items, Tallies: []string{ledger.SeriesTally("CS-WH-1-2024")}},
		Compose: func(d *ledger.Draft) error {
			d.Document("CS-WH-1-2024")
			for _, g := range items[:2] {
				for _, c := range d.Cells(g.Account, g.Item) {
					if _, err := d.Take(c.CellKey, to, c.Quantity); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}).Document
}

func TestClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	posted := must(w, w.SettleClaim, claim(w.short(), "120.00"))
	if posted.Kind != "claim" || posted.Document != "CL-F1-2024-00001" {
		t.Errorf("got %+v", posted.Entry)
	}
	settled := []string{
		"claims:C-01 F1 QUILT/GR-WH-1-2024-00001.1 0 0", "claims:C-01 F1 COAT/GR-WH-1-2024-00002.1 0 0", "bank:ICBC F1 CNY 120 120",
		"lost:C-01 F1 QUILT/GR-WH-1-2024-00001.1 3 100", "lost:C-01 F1 COAT/GR-WH-1-2024-00002.1 10 50", "lost:C-01 F1 CNY -120 -120",
	}
	w.holds(settled...)
	refused(w, w.SettleClaim, claim("CS-WH-1-2024-00001", "1.00"), "/claimed already-done: all that CS-WH-1-2024-00001 claims for fund F1 is settled")
	refused(w, w.reverse, 5, "/entry moved-on: entry 5 cannot be undone, later documents rest on it (1): reverse them first")

	must(w, w.reverse, posted.Number)
	w.holds("claims:C-01 F1 QUILT/GR-WH-1-2024-00001.1 3 100", "bank:ICBC F1 CNY 0 0", "lost:C-01 F1 CNY 0 0")
	must(w, w.SettleClaim, claim("CS-WH-1-2024-00001", "120.00"))
	w.holds(settled...)
}

// TestClaimInParts settles quilt by quilt, with their cost to the fen, and gives the rest up.
func TestClaimInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	document := w.short()
	quilts := func(received, quantity string) fund.Claim {
		c := claim(document, received)
		c.Lines = []fund.ClaimLine{{Item: "QUILT", Lot: "GR-WH-1-2024-00001.1", Quantity: dec(quantity)}}
		return c
	}
	first := must(w, w.SettleClaim, quilts("30.00", "1"))
	must(w, w.SettleClaim, quilts("40.00", "1"))
	w.holds("lost:C-01 F1 QUILT/GR-WH-1-2024-00001.1 2 66.67", "lost:C-01 F1 CNY -70 -70", "claims:C-01 F1 QUILT/GR-WH-1-2024-00001.1 1 33.33")
	refused(w, w.SettleClaim, quilts("40.00", "2"),
		"/lines/0/quantity insufficient: CS-WH-1-2024-00001 claims 3 of QUILT/GR-WH-1-2024-00001.1 for fund F1 and 1 of it is open, 2 wanted")
	must(w, w.reverse, first.Number)
	w.holds("claims:C-01 F1 QUILT/GR-WH-1-2024-00001.1 2 66.66")

	must(w, w.SettleClaim, claim(document, "0"))
	w.holds("lost:C-01 F1 QUILT/GR-WH-1-2024-00001.1 3 100", "lost:C-01 F1 COAT/GR-WH-1-2024-00002.1 10 50", "lost:C-01 F1 CNY -40 -40", "bank:ICBC F1 CNY 40 40")
	var rows string
	err := w.Book.DB().NewRaw(`SELECT string_agg(concat_ws(' ', number, party, item, quantity, value, received, bank), E'\n' ORDER BY number, line) FROM claims`).
		Scan(t.Context(), &rows)
	if want := "6 C-01 QUILT 1 33.33 30 ICBC\n7 C-01 QUILT 1 33.34 40 ICBC\n9 C-01 QUILT 2 66.66 0 \n9 C-01 COAT 10 50 0 "; err != nil || rows != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, rows, want)
	}
}

func TestClaimRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	document := w.short()
	with := func(change func(*fund.Claim)) fund.Claim {
		c := claim(document, "10.00")
		change(&c)
		return c
	}
	quilt := fund.ClaimLine{Item: "QUILT", Lot: "GR-WH-1-2024-00001.1", Quantity: dec("1")}
	for _, c := range []struct {
		request fund.Claim
		want    []string
	}{
		{claim("AR-X", "1.00"), []string{"/claimed not-found: there is no document AR-X in book TEST"}},
		{claim("dispatch-2024-00001", "1.00"), []string{"/claimed not-found: dispatch-2024-00001 claims 0 goods of fund F1"}},
		{with(func(c *fund.Claim) { c.Fund = "F2" }), []string{"/claimed not-found: CS-WH-1-2024-00001 claims 0 goods of fund F2"}},
		{with(func(c *fund.Claim) { c.Fund, c.Bank, c.Received, c.Claimed = "HELD", "", dec("0.001"), "" }), []string{
			"/fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted",
			"/received invalid: received 0.001 has more than 2 decimals",
			"/bank invalid: bank \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
			"/claimed invalid: claimed \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		}},
		{with(func(c *fund.Claim) { c.Received = dec("0") }), []string{"/bank invalid: bank ICBC takes 0 in, no bank wanted"}},
		{with(func(c *fund.Claim) { c.On = day("2024-03-03") }), []string{"/on invalid: CS-WH-1-2024-00001 claimed on 2024-03-04, nothing is settled on 2024-03-03"}},
		{with(func(c *fund.Claim) {
			c.Lines = []fund.ClaimLine{quilt, quilt, {Item: "QUILT", Lot: "L9", Quantity: dec("0")}}
		}), []string{
			"/lines/1 invalid: QUILT/GR-WH-1-2024-00001.1 has 2 lines, one wanted",
			"/lines/2/quantity invalid: quantity 0 is not above zero",
			"/lines/2 not-found: CS-WH-1-2024-00001 claims no QUILT/L9",
		}},
		{with(func(c *fund.Claim) {
			c.Lines = []fund.ClaimLine{{Item: quilt.Item, Lot: quilt.Lot, Quantity: dec("0.25")}}
		}), []string{"/lines invalid: 0.25 of QUILT/GR-WH-1-2024-00001.1 has more than 1 decimals"}},
	} {
		refused(w, w.SettleClaim, c.request, c.want...)
	}
	must(w, w.reverse, 5)
	refused(w, w.SettleClaim, claim(document, "1.00"), "/claimed already-done: CS-WH-1-2024-00001 was reversed")
}
