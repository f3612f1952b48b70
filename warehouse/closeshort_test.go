package warehouse_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// careful is a house where one person alone gives up goods worth 50.00 of a waybill.
func careful(t *testing.T) (*house, string) {
	t.Helper()
	h := newHouse(t)
	h.ShortLimit = decimal.NewNullDecimal(number("50"))
	h.bought("QUILT", "10", "300.00")
	return h, h.sends("WH-1", "PT-1", "2024-03-02", quilts("10"))
}

func (h *house) boss() ledger.By {
	by := h.by()
	by.Actor = "boss"
	return by
}

func TestALargeLossTakesTwo(t *testing.T) {
	t.Parallel()
	h, waybill := careful(t)
	ctx := t.Context()
	loss := warehouse.CloseShort{Waybill: waybill, Reason: "truck burnt", On: day("2024-03-04")}
	h.refused(h.CloseShort(ctx, h.by(), loss))("two-people /waybill waybill " + waybill + " would be short of goods worth 300.00, one person alone gives up 50.00 at most")

	hasty := loss
	hasty.On = day("2024-03-01")
	h.refused(h.ProposeShort(ctx, h.by(), hasty))("invalid /on waybill " + waybill + " was sent on 2024-03-02, nothing becomes of it on 2024-03-01")

	proposal := h.post(h.ProposeShort(ctx, h.by(), loss))
	if proposal.Document != "SP-WH-1-2024-00001" || len(proposal.Moves) != 0 {
		t.Errorf("proposal %s moves %v", proposal.Document, proposal.Moves)
	}
	h.holds(ledger.Lost.In(waybill))
	approval := warehouse.ShortApproval{Proposal: proposal.Document, On: day("2024-03-05")}
	h.refused(h.ApproveShort(ctx, h.by(), approval))("same-person /proposal keeper proposed short closing SP-WH-1-2024-00001, another person's approval wanted")
	early := approval
	early.On = day("2024-03-03")
	h.refused(h.ApproveShort(ctx, h.boss(), early))("invalid /on short closing SP-WH-1-2024-00001 was proposed on 2024-03-04, it is not approved on 2024-03-03")
	h.refused(h.ApproveShort(ctx, h.boss(), warehouse.ShortApproval{Proposal: "SP-9"}))("not-found /proposal there is no short-closing proposal SP-9")

	// Some of it turns up before anybody agrees: less is given up than was proposed, never more.
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "2"))))
	done := h.post(h.ApproveShort(ctx, h.boss(), approval))
	if done.Document != "CS-WH-1-2024-00001" || done.Kind != "close-short" {
		t.Errorf("approval %s %s", done.Kind, done.Document)
	}
	h.holds(ledger.Transit.In(waybill))
	h.refused(h.ApproveShort(ctx, h.boss(), approval))("already-done /proposal short closing SP-WH-1-2024-00001 was approved before")
	n, err := h.ShortNote(ctx, proposal.Document)
	if err != nil || n.Waybill != waybill || !n.Value.Equal(number("300")) || n.Approval != done.Document || n.Actor != "keeper" {
		t.Errorf("note %+v, %v", n, err)
	}
	h.refused(h.undo(proposal.Document))("moved-on /entry entry 3 cannot be undone, later documents rest on it (1): reverse them first")
	h.wantControls("short-closing SP-WH-1-2024-00001 of keeper agreed by boss in CS-WH-1-2024-00001")

	h.post(h.undo(done.Document))
	h.wantControls("short-closing SP-WH-1-2024-00001 of keeper agreed by boss in CS-WH-1-2024-00001, undone")
	h.post(h.undo(proposal.Document))
	h.refused(h.ApproveShort(ctx, h.boss(), approval))("already-done /proposal short closing SP-WH-1-2024-00001 was taken back")
	h.refused(h.undo(waybill))("moved-on /entry entry 2 cannot be undone, later documents rest on it (1): reverse them first")
	h.post(h.undo("AR-PT-1-2024-00001"))
	h.post(h.undo(waybill))
	h.holds("stock:WH-1", "QUILT/GR-WH-1-2024-00001.1 F1 10 300.00")
}

// A large loss is not taken in small steps, neither by short closings nor by arrivals.
func TestLossesOfAWaybillAddUp(t *testing.T) {
	t.Parallel()
	h, waybill := careful(t)
	ctx := t.Context()
	h.refused(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Short, "1"), of(warehouse.Good, "5"), of(warehouse.Short, "1"))))(
		"two-people /lines waybill " + waybill + " would be short of goods worth 60.00, one person alone gives up 50.00 at most")
	first := h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Short, "1"))))
	h.refused(h.Arrive(ctx, h.boss(), arrived(waybill, of(warehouse.Short, "1"))))(
		"two-people /lines waybill " + waybill + " would be short of goods worth 60.00, one person alone gives up 50.00 at most")
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "8"))))
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))(
		"two-people /waybill waybill " + waybill + " would be short of goods worth 60.00, one person alone gives up 50.00 at most")
	h.post(h.undo(first.Document))
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))(
		"two-people /waybill waybill " + waybill + " would be short of goods worth 60.00, one person alone gives up 50.00 at most")
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "1"))))
	h.post(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))
	h.holds(ledger.Lost.In(waybill), "QUILT/GR-WH-1-2024-00001.1 F1 1 30.00")
	h.refused(h.ProposeShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "again"}))(
		"insufficient /waybill transit:" + waybill + " holds 0 of everything, something left wanted")
	h.wantControls()
}

// Goods that grew dearer on the way are not given up on an agreement to less.
func TestAnAgreementIsToWhatWasProposed(t *testing.T) {
	t.Parallel()
	h, waybill := careful(t)
	ctx := t.Context()
	arrival := h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "4"))))
	proposal := h.post(h.ProposeShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Claim: true, Reason: "gone"}))
	h.post(h.undo(arrival.Document))
	h.refused(h.ApproveShort(ctx, h.boss(), warehouse.ShortApproval{Proposal: proposal.Document}))(
		"moved-on /proposal transit:" + waybill + " holds goods worth 300.00, short closing SP-WH-1-2024-00001 proposed to give up 180.00: propose it again")
	h.wantControls("short-closing SP-WH-1-2024-00001 of keeper agreed by nobody")
	again := h.post(h.ProposeShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Claim: true, Reason: "gone"}))
	h.post(h.ApproveShort(ctx, h.boss(), warehouse.ShortApproval{Proposal: again.Document}))
	h.holds("claims:CAR", "QUILT/GR-WH-1-2024-00001.1 F1 10 300.00")
	h.refused(h.ApproveShort(ctx, h.boss(), warehouse.ShortApproval{Proposal: proposal.Document}))(
		"insufficient /waybill transit:" + waybill + " holds 0 of everything, something left wanted")
}

func TestShortClosingsThatWereTamperedWith(t *testing.T) {
	t.Parallel()
	h, waybill := careful(t)
	ctx := t.Context()
	proposal := h.post(h.ProposeShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))
	h.post(h.ApproveShort(ctx, h.boss(), warehouse.ShortApproval{Proposal: proposal.Document}))
	h.bought("QUILT", "1", "20.00")
	small := h.sends("WH-1", "PT-1", "2024-03-02", quilts("1"))
	h.post(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: small, Reason: "gone"}))
	h.wantBroken("")
	const two, sum = "a short closing above what one person may give up has two", "a short closing gives up what its document says"
	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			two, "UPDATE entries SET actor = 'keeper' WHERE number = 4", "UPDATE entries SET actor = 'boss' WHERE number = 4",
			"close-short CS-WH-1-2024-00001 of keeper gave up goods worth 300, proposed by keeper",
		},
		{
			two, "UPDATE short_closings SET proposal = 2 WHERE act = 'approve'", "UPDATE short_closings SET proposal = 3 WHERE act = 'approve'",
			"close-short CS-WH-1-2024-00001 of boss gave up goods worth 300, proposed by nobody",
		},
		{
			sum, "UPDATE short_closings SET value = 7 WHERE act = 'close'", "UPDATE short_closings SET value = 20 WHERE act = 'close'",
			"close-short CS-WH-1-2024-00002 says 7, its moves gave up 20",
		},
	} {
		h.tamper(c.tamper)
		h.wantBroken(c.rule, c.want)
		h.tamper(c.restore)
	}
	h.wantBroken("")
}

// Small losses of one waybill that add up to a large one are found, wherever they were told; what was taken back before counts no more.
func TestLossesThatAddUpAreFound(t *testing.T) {
	t.Parallel()
	h, waybill := careful(t)
	ctx := t.Context()
	undone := h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Short, "1"))))
	h.post(h.undo(undone.Document))
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Short, "1"), of(warehouse.Good, "8"))))
	h.ShortLimit = decimal.NewNullDecimal(number("60"))
	h.post(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "gone"}))
	h.wantBroken("")
	h.tamper("UPDATE short_closings SET alone = 50")
	h.wantBroken("a short closing above what one person may give up has two")
	h.wantBroken("what single persons gave up of a waybill adds up to no more than one person may",
		"close-short CS-WH-1-2024-00001 of keeper made it goods worth 60 that single persons gave up of waybill "+waybill+", 50 allowed")
	h.tamper("UPDATE short_closings SET alone = 60")
	h.wantBroken("")
}

func TestWriteOffsAndReopeningsShowWhoAgreed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.bought("QUILT", "10", "300.00")
	wet := warehouse.WriteOff{Location: "WH-1", Reason: "wet", Lines: []warehouse.WriteOffLine{{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1")}}}
	first := h.post(h.ProposeWriteOff(ctx, h.by(), wet)).Document
	h.post(h.ApproveWriteOff(ctx, h.boss(), warehouse.WriteOffApproval{Proposal: first, Certificate: "DC-1"}))
	second := h.post(h.ProposeWriteOff(ctx, h.by(), wet)).Document
	h.post(h.undo(second))
	h.post(h.Book.ClosePeriod(h.by(), ledger.Close{Until: day("2024-02-29"), Reason: "agreed"}))
	reopening := h.post(h.Book.ProposeReopening(h.by(), ledger.Reopening{Reason: "late invoice"}))
	h.post(h.Book.Reopen(ctx, h.boss(), reopening.Number))
	h.wantControls("reopening  of keeper agreed by boss in ",
		"write-off WO-WH-1-2024-00001 of keeper agreed by boss in WA-WH-1-2024-00001", "write-off WO-WH-1-2024-00002 of keeper agreed by nobody, withdrawn")
}

// wantControls wants the database to show these proposals with who agreed to them.
func (h *house) wantControls(want ...string) {
	h.t.Helper()
	var got []string
	err := h.Book.DB().NewRaw(`SELECT concat(rule, ' ', proposal_document, ' of ', proposed_by, ' agreed by ', coalesce(agreed_by || ' in ' || coalesce(agreement_document, ''), 'nobody'),
		CASE WHEN withdrawn THEN ', withdrawn' END, CASE WHEN undone THEN ', undone' END) FROM dual_controls ORDER BY rule, proposal`).Scan(h.t.Context(), &got)
	if err != nil {
		h.t.Fatal(err)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.t.Errorf("controls %q, wanted %q", got, want)
	}
}
