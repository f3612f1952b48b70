package warehouse_test

import (
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestAPointClosesEmpty(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.bought("QUILT", "5", "100.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("4"))
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "2"), of(warehouse.Damaged, "1"))))
	closing := func(location, on string) (*ledger.Proposal, error) {
		return h.ClosePoint(ctx, h.by(), warehouse.PointClosing{Location: location, On: day(on), Reason: "end of winter"})
	}
	h.refused(closing("WH-1", "2024-03-10"))("invalid /location location WH-1 is a warehouse, only a point is closed")
	h.refused(closing("PT-9", "2024-03-10"))(`not-found /location location "PT-9" is not in the register`)
	h.refused(closing("PT-1", "2024-03-10"))(
		"not-empty /location stock:PT-1 holds 2 of QUILT/"+lot+" for fund F1, 0 wanted", "not-empty /location quarantine:PT-1 holds 1 of QUILT/"+lot+" for fund F1, 0 wanted")

	out := h.gives("PT-1", "2024-03-04", "QUILT", "1").Document
	home := h.sends("PT-1", "WH-1", "2024-03-05", quilts("1"))
	h.post(h.Arrive(ctx, h.by(), warehouse.Arrival{Waybill: home, On: day("2024-03-06"), Lines: []warehouse.ArrivalLine{of(warehouse.Good, "1")}}))
	torn := h.post(h.ProposeWriteOff(ctx, h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "torn", On: day("2024-03-06"), Lines: []warehouse.WriteOffLine{
		{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1"), Quarantined: true},
	}})).Document
	h.post(h.ApproveWriteOff(ctx, ledger.By{Actor: "boss", Key: "w"}, warehouse.WriteOffApproval{Proposal: torn, Certificate: "DC-1", On: day("2024-03-07")}))
	h.refused(closing("PT-1", "2024-03-06"))("invalid /on goods moved at point PT-1 on 2024-03-07, it cannot be closed on 2024-03-06")
	closed := h.post(closing("PT-1", "2024-03-07"))
	if closed.Document != "PC-PT-1-2024-00001" {
		t.Errorf("closing %+v", closed.Entry)
	}

	const shut = " point PT-1 was closed, nothing moves there any more"
	h.refused(closing("PT-1", "2024-03-08"))("already-done /location point PT-1 was closed before")
	h.refused(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "1"))))("not-open /waybill" + shut)
	h.refused(h.Receive(ctx, h.by(), warehouse.Receipt{Location: "PT-1", Kind: warehouse.Opening, Fund: "F1", Lines: []warehouse.ReceiptLine{
		{Item: "QUILT", Quantity: number("1"), Value: some("1.00")},
	}}))("not-open /location" + shut)
	h.refused(h.Dispatch(ctx, h.by(), warehouse.Dispatch{From: "WH-1", To: "PT-1", Lines: []warehouse.DispatchLine{quilts("1")}}))("not-open /to" + shut)
	h.refused(h.HandOut(ctx, h.by(), warehouse.Handout{Location: "PT-1", Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}}))("not-open /location" + shut)
	h.refused(h.TakeBack(ctx, h.by(), warehouse.HandoutReturn{Handout: out, Reason: "late", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("1")}}}))(
		"not-open /handout" + shut)
	h.refused(h.undo(out))("not-open /entry" + shut)
	h.post(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: waybill, Reason: "point closed"}))

	h.post(h.undo(closed.Document))
	h.post(h.undo(out))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 1 20.00")
}

// A closing is looked over, and before it is posted a handout of the next day empties the point.
func TestAPointClosesOnItsLastDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.boughtAt("PT-1", "QUILT", "5", "100.00", "F1", "")
	h.gives("PT-1", "2024-03-05", "QUILT", "2")
	const late = "invalid /on goods moved at point PT-1 on 2024-03-06, it cannot be closed on 2024-03-05"
	closing, err := h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-1", On: day("2024-03-05"), Reason: "end of winter"})
	if err != nil {
		t.Fatal(err)
	}
	h.gives("PT-1", "2024-03-06", "QUILT", "2")
	h.refused(closing, nil)(late, "not-empty /location stock:PT-1 holds 1 of QUILT/"+lot+" for fund F1, 0 wanted")
	h.gives("PT-1", "2024-03-06", "QUILT", "1")
	h.refused(closing, nil)(late)
	h.post(h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-1", On: day("2024-03-06"), Reason: "end of winter"}))
	h.wantBroken("")
	h.tamper(`UPDATE entries SET "on" = '2024-03-05' WHERE kind = 'point-closing'`)
	h.wantBroken("nothing moves at a point after the day it was closed", "point PT-1 was closed on 2024-03-05 and stock:PT-1 moved QUILT/"+lot+" on 2024-03-06")
	h.tamper(`UPDATE entries SET "on" = '2024-03-06' WHERE kind = 'point-closing'`)
	h.wantBroken("")
}
