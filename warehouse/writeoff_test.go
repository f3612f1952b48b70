package warehouse_test

import (
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestWriteOffs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.boughtAt("PT-1", "FOOD", "48", "211.20", "F1", "2024-03-05")
	propose := func(quantity string, quarantined bool) (*ledger.Proposal, error) {
		return h.ProposeWriteOff(ctx, h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "expired", Lines: []warehouse.WriteOffLine{
			{Item: "FOOD", Lot: lot, Fund: "F1", Quantity: number(quantity), Quarantined: quarantined},
		}})
	}
	approve := func(document, actor string) (*ledger.Proposal, error) {
		by := h.by()
		by.Actor = actor
		return h.ApproveWriteOff(ctx, by, warehouse.WriteOffApproval{Proposal: document, Certificate: "DC-17"})
	}
	first := h.post(propose("9", false)).Document
	h.holds("stock:PT-1", "FOOD/"+lot+" F1 39 171.60")
	h.holds("quarantine:PT-1", "FOOD/"+lot+" F1 9 39.60")
	h.refused(propose("40", false))("insufficient /lines/0 stock:PT-1 holds 39 of FOOD/" + lot + " for fund F1, 40 wanted")
	h.refused(propose("1", true))("insufficient /lines/0/quantity quarantine:PT-1 holds 0 of FOOD/" + lot + " for fund F1, 1 wanted")
	h.refused(approve(first, "keeper"))("same-person /proposal keeper proposed write-off WO-PT-1-2024-00001, another person's approval wanted")
	h.refused(approve("WO-9", "boss"))("not-found /proposal there is no write-off proposal WO-9")

	posted := h.post(approve(first, "boss"))
	if posted.Document != "WA-PT-1-2024-00001" || posted.Kind != "write-off" {
		t.Errorf("approval %+v", posted.Entry)
	}
	h.holds("written-off:PT-1", "FOOD/"+lot+" F1 9 39.60")
	h.refused(approve(first, "boss"))("already-done /proposal write-off WO-PT-1-2024-00001 was approved before")
	h.refused(approve(posted.Document, "boss"))("not-found /proposal there is no write-off proposal WA-PT-1-2024-00001")
	h.refused(h.undo(first))("moved-on /entry entry 2 cannot be undone, later documents rest on it (1): reverse them first")
	w, err := h.WriteOffNote(ctx, first)
	if err != nil || w.Approval != posted.Document || w.Location != "PT-1" || w.Reversed || len(w.Lines) != 1 || w.Lines[0].Quantity.String() != "9" {
		t.Errorf("write-off %+v, %v", w, err)
	}

	h.post(h.undo(posted.Document))
	h.post(h.undo(first))
	h.holds("stock:PT-1", "FOOD/"+lot+" F1 48 211.20")
	h.refused(approve(first, "boss"))("already-done /proposal write-off WO-PT-1-2024-00001 was taken back")
}

func TestWriteOffOfWhatArrivedDamaged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.bought("QUILT", "4", "100.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("4"))
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Damaged, "3"), of(warehouse.Good, "1"))))
	propose := func(lines ...warehouse.WriteOffLine) (*ledger.Proposal, error) {
		return h.ProposeWriteOff(ctx, h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "torn", Lines: lines})
	}
	torn := warehouse.WriteOffLine{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("2"), Quarantined: true}
	h.refused(propose(torn, torn))("insufficient /lines/1/quantity quarantine:PT-1 holds 1 of QUILT/" + lot + " for fund F1, 2 wanted")
	h.refused(propose(warehouse.WriteOffLine{Item: "QUILT", Quantity: number("1")}))(
		"invalid /lines/0/lot the lot of what is written off is missing", "invalid /lines/0/fund the fund of what is written off is missing")
	posted := h.post(propose(torn))
	if len(posted.Moves) != 0 {
		t.Errorf("goods in quarantine moved: %+v", posted.Moves)
	}
	h.post(h.ApproveWriteOff(ctx, ledger.By{Actor: "boss", Key: "a"}, warehouse.WriteOffApproval{Proposal: posted.Document, Certificate: "DC-1"}))
	h.holds("quarantine:PT-1", "QUILT/"+lot+" F1 1 25.00")
	h.holds("written-off:PT-1", "QUILT/"+lot+" F1 2 50.00")
}
