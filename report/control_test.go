package report_test

import (
	"fmt"
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

func TestControlsShowWhoAgreed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.receive(warehouse.Purchase, "2024-03-01", "F1", "QUILT", "10", "100.00")
	boss := func() ledger.By {
		by := h.by()
		by.Actor = "boss"
		return by
	}
	wet := func() string {
		return h.post(h.keeper.ProposeWriteOff(h.ctx(), h.by(), warehouse.WriteOff{
			Location: "WH", Reason: "wet", Lines: []warehouse.WriteOffLine{{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1")}},
		})).Document
	}
	undo := func(entry int64) {
		h.post(h.keeper.Reverse(h.ctx(), h.by(), ledger.Reversal{Entry: entry, Reason: "x"}))
	}
	first := wet() // entry 2
	agreed := h.post(h.keeper.ApproveWriteOff(h.ctx(), boss(), warehouse.WriteOffApproval{Proposal: first, Certificate: "DC-1"}))
	wet() // entry 4
	wet() // entry 5
	undo(5)
	waybill := h.dispatch("2024-03-02", "WH", "PT-1", "QUILT", "1")
	short := h.post(h.keeper.ProposeShort(h.ctx(), h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))
	given := h.post(h.keeper.ApproveShort(h.ctx(), boss(), warehouse.ShortApproval{Proposal: short.Document}))
	undo(given.Number)
	for _, c := range []struct {
		q    report.ControlQuery
		want []string
	}{
		{report.ControlQuery{}, []string{
			fmt.Sprintf("write-off WO-WH-2024-00001 of keeper agreed %d by boss", agreed.Number), "write-off WO-WH-2024-00002 of keeper open 0 by ",
			"write-off WO-WH-2024-00003 of keeper withdrawn 0 by ", fmt.Sprintf("short-closing SP-WH-2024-00001 of keeper undone %d by boss", given.Number),
		}},
		{report.ControlQuery{State: "open"}, []string{"write-off WO-WH-2024-00002 of keeper open 0 by "}},
		{report.ControlQuery{Rule: "short-closing"}, []string{fmt.Sprintf("short-closing SP-WH-2024-00001 of keeper undone %d by boss", given.Number)}},
		{report.ControlQuery{Rule: "reopening"}, nil},
		{report.ControlQuery{After: "4/0", Limit: 1}, []string{"write-off WO-WH-2024-00003 of keeper withdrawn 0 by "}},
	} {
		page, err := h.Controls(h.ctx(), c.q)
		h.must(err)
		var told []string
		for _, x := range page.Controls {
			told = append(told, fmt.Sprintf("%s %s of %s %s %d by %s", x.Rule, x.Document, x.ProposedBy, x.State, x.Agreement, x.AgreedBy))
			if x.ProposedAt.IsZero() || x.AgreedAt.IsZero() != (x.Agreement == 0) {
				t.Errorf("times of %+v", x)
			}
		}
		if !slices.Equal(told, c.want) || (page.Next != "") != (c.q.Limit == 1) {
			t.Errorf("%+v: %q and next %q, wanted %q", c.q, told, page.Next, c.want)
		}
	}
}

// One proposal stands in several rows where it was agreed to again, and the end of a page may fall between them.
func TestControlsLoseNothingBetweenPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.receive(warehouse.Purchase, "2024-03-01", "F1", "QUILT", "10", "100.00")
	propose := func() string {
		return h.post(h.keeper.ProposeWriteOff(h.ctx(), h.by(), warehouse.WriteOff{
			Location: "WH", Reason: "wet", Lines: []warehouse.WriteOffLine{{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1")}},
		})).Document
	}
	agree := func(document, certificate string) int64 {
		boss := h.by()
		boss.Actor = "boss"
		return h.post(h.keeper.ApproveWriteOff(h.ctx(), boss, warehouse.WriteOffApproval{Proposal: document, Certificate: certificate})).Number
	}
	first := propose() // entry 2
	h.post(h.keeper.Reverse(h.ctx(), h.by(), ledger.Reversal{Entry: agree(first, "DC-1"), Reason: "wrong certificate"}))
	agree(first, "DC-2") // entry 5
	propose()
	var told []string
	for q, more := (report.ControlQuery{Limit: 1}), true; more; {
		page, err := h.Controls(h.ctx(), q)
		h.must(err)
		for _, x := range page.Controls {
			told = append(told, fmt.Sprintf("%d %s %d", x.Proposal, x.State, x.Agreement))
		}
		q.After, more = page.Next, page.Next != ""
	}
	if want := []string{"2 undone 3", "2 agreed 5", "6 open 0"}; !slices.Equal(told, want) {
		t.Errorf("page by page %q, wanted %q", told, want)
	}
	for _, after := range []string{"5", "5/", "5/x", "5/6/7"} {
		_, err := h.Controls(h.ctx(), report.ControlQuery{After: after})
		if want := fmt.Sprintf("after is %q, the next of a page wanted", after); err == nil || err.Error() != want {
			t.Errorf("%v, %s wanted", err, want)
		}
	}
}
