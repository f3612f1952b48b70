package warehouse_test

import (
	"context"
	"slices"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// TestRulesFindTampering books one of everything, changes one row past every guard, and wants the rule of that noun to name it.
func TestRulesFindTampering(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	food := h.boughtAt("PT-1", "FOOD", "9", "90.00", "F1", "2024-03-10")
	h.bought("QUILT", "5", "100.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("4"))
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "2"))))
	out := h.gives("PT-1", "2024-03-10", "FOOD", "5").Document
	h.post(h.TakeBack(ctx, h.by(), warehouse.HandoutReturn{Handout: out, Reason: "unused", Lines: []warehouse.HandoutReturnLine{{Item: "FOOD", Quantity: number("2")}}}))
	proposal := h.post(h.ProposeWriteOff(ctx, h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "wet", Lines: []warehouse.WriteOffLine{
		{Item: "FOOD", Lot: food, Fund: "F1", Quantity: number("1")},
	}})).Document
	h.post(h.ApproveWriteOff(ctx, ledger.By{Actor: "boss", Key: "w"}, warehouse.WriteOffApproval{Proposal: proposal, Certificate: "DC-1"}))
	h.post(h.ClosePoint(ctx, h.by(), warehouse.PointClosing{Location: "PT-2", Reason: "never used"}))
	h.wantBroken("")

	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			"goods are handed out by their last usable day",
			"UPDATE commodities SET expires_on = '2024-03-09' WHERE item = 'FOOD'", "UPDATE commodities SET expires_on = '2024-03-10' WHERE item = 'FOOD'",
			"handout HO-PT-1-2024-00001 of 2024-03-10 gave FOOD/GR-PT-1-2024-00001.1, usable until 2024-03-09",
		},
		{
			"goods are sent to a point by their last usable day",
			"UPDATE commodities SET expires_on = '2024-03-01' WHERE item = 'QUILT'", "UPDATE commodities SET expires_on = NULL WHERE item = 'QUILT'",
			"dispatch WB-WH-1-2024-00001 of 2024-03-02 sent QUILT/GR-WH-1-2024-00001.1, usable until 2024-03-01, to point PT-1",
		},
		{
			"a drill moves nothing", "UPDATE handouts SET drill = true", "UPDATE handouts SET drill = false",
			"drill HO-PT-1-2024-00001 moves goods",
		},
		{
			"what was dispatched has arrived, is missing, came back or is in transit",
			"UPDATE arrivals SET quantity = 3", "UPDATE arrivals SET quantity = 2",
			"waybill WB-WH-1-2024-00001 of QUILT/GR-WH-1-2024-00001.1 for fund F1: sent 4, accounted for 3, in transit 2",
		},
		{
			"nothing becomes of a waybill before it is sent",
			`UPDATE entries SET "on" = '2024-03-01' WHERE kind = 'arrival'`, `UPDATE entries SET "on" = '2024-03-03' WHERE kind = 'arrival'`,
			"arrival AR-PT-1-2024-00001 of 2024-03-01 is about waybill WB-WH-1-2024-00001, sent on 2024-03-02",
		},
		{
			"no more returns than was handed out", "UPDATE handout_returns SET quantity = 6", "UPDATE handout_returns SET quantity = 2",
			"move 1 of handout HO-PT-1-2024-00001 gave 5 worth 50, returned 6 worth 20",
		},
		{
			"nothing returns of a handout that was reversed",
			"UPDATE entries SET reverses = 5 WHERE kind = 'point-closing'", "UPDATE entries SET reverses = NULL WHERE kind = 'point-closing'",
			"handout HO-PT-1-2024-00001 was reversed and partly returned",
		},
		{
			"a write-off is approved once, by another person than its maker",
			"UPDATE entries SET actor = 'keeper' WHERE kind = 'write-off'", "UPDATE entries SET actor = 'boss' WHERE kind = 'write-off'",
			"write-off WO-PT-1-2024-00001 of keeper approved by keeper",
		},
		{
			"a write-off that was approved was not taken back",
			"UPDATE entries SET reverses = 7 WHERE kind = 'point-closing'", "UPDATE entries SET reverses = NULL WHERE kind = 'point-closing'",
			"write-off of entry 7 was reversed and approved",
		},
		{
			"a closed point holds nothing",
			"UPDATE point_closings SET location = 'PT-1'", "UPDATE point_closings SET location = 'PT-2'",
			"point PT-1 was closed and stock:PT-1 holds 2 of QUILT/GR-WH-1-2024-00001.1",
		},
	} {
		h.tamper(c.tamper)
		h.wantBroken(c.rule, c.want)
		h.tamper(c.restore)
	}
	h.wantBroken("")
}

// wantBroken wants Verify to find these things among the findings of one rule, or nothing at all.
func (h *house) wantBroken(rule string, want ...string) {
	h.t.Helper()
	findings, err := ledger.Verify(h.t.Context(), h.Book.DB(), h.Book.Info, ledger.VerifyOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	var texts []string
	for _, f := range findings {
		if rule == "" || f.Rule == rule {
			texts = append(texts, f.String())
		}
	}
	if len(want) == 0 && len(texts) > 0 || len(want) > 0 && !slices.Contains(texts, want[0]) {
		h.t.Errorf("%s: found %q, want %q", rule, texts, want)
	}
}

// tamper changes the database as its superuser, with the triggers that protect history out of the way.
func (h *house) tamper(statement string) {
	h.t.Helper()
	err := pgtest.Owner(h.t, h.Book.DB()).RunInTx(h.t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
