package warehouse_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestWhereAccountsStand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bought("QUILT", "4", "40.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("4"))
	request := h.asks(wants("QUILT", "1"))
	standing, err := h.Standing(t.Context(), []ledger.Account{
		ledger.Reserved.In(request), "reserved:WH-NONE", "stock:PT-1", "handed-out:PT-2", "lost:WH-1", ledger.Lost.In(waybill), ledger.Transit.In(waybill), "transit:WB-NEW", "supplier:SUP", "assembly:WH-1", "bank:PT-1", "stock:NOWHERE",
	})
	if err != nil {
		t.Fatal(err)
	}
	both := "[/5101/WH-1/ /5101/ST-1/PT-1/]"
	want := fmt.Sprintf("map[assembly:WH-1:[/5101/WH-1/] handed-out:PT-2:[/5101/ST-1/PT-2/] lost:%[1]s:%[2]s lost:WH-1:[/5101/WH-1/] reserved:%[3]s:%[2]s stock:PT-1:[/5101/ST-1/PT-1/] transit:%[1]s:%[2]s]", waybill, both, request)
	if got := fmt.Sprint(standing); got != want {
		t.Errorf("they stand at %s\nwanted %s", got, want)
	}
}

type rootKey struct{}

// under is a context of somebody who reaches only what stands under a path.
func (h *house) under(path string) context.Context {
	return context.WithValue(h.t.Context(), rootKey{}, path)
}

// confined hides what is not under the path of the context; without one, nothing.
func confined(h *house) {
	root := func(ctx context.Context) string { s, _ := ctx.Value(rootKey{}).(string); return s }
	h.Locations.Confine(register.Reach[warehouse.Location]{
		Holds: func(ctx context.Context, l warehouse.Location) bool { return strings.HasPrefix(l.Path, root(ctx)) },
		Where: func(ctx context.Context) schema.QueryWithArgs {
			return bun.SafeQuery("starts_with(r.path, ?)", root(ctx))
		},
	})
}

// Goods move only between ends that the asker reaches; what is foreign looks absent, in the words of what is.
func TestGoodsElsewhereAreNobodysBusiness(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.boughtAt("PT-1", "QUILT", "4", "40.00", "F1", "")
	h.bought("QUILT", "9", "90.00")
	coming := h.sends("WH-1", "PT-1", "2024-03-02", quilts("3"))
	h.post(h.ProposeShort(t.Context(), h.by(), warehouse.CloseShort{Waybill: coming, Reason: "gone"}))
	h.post(h.ProposeWriteOff(t.Context(), h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "wet", Lines: []warehouse.WriteOffLine{{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1")}}}))
	out := h.gives("PT-1", "2024-03-04", "QUILT", "1").Document
	confined(h)
	here, there := h.under("/5101/ST-1/PT-1/"), h.under("/5101/ST-1/PT-2/")
	gives := func(location string) warehouse.Handout {
		return warehouse.Handout{Location: location, People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}}
	}
	send := func(from, to string) warehouse.Dispatch {
		return warehouse.Dispatch{From: from, To: to, On: day("2024-03-05"), Lines: []warehouse.DispatchLine{quilts("1")}}
	}
	absent := func(pointer, code string) string {
		return fmt.Sprintf("not-found %s location %q is not in the register", pointer, code)
	}
	h.refused(h.HandOut(there, h.by(), gives("PT-1")))(absent("/location", "PT-1"))
	h.refused(h.HandOut(there, h.by(), gives("PT-9")))(absent("/location", "PT-9"))
	h.refused(h.Dispatch(here, h.by(), send("PT-1", "ST-1")))(absent("/to", "ST-1"))
	h.refused(h.Dispatch(here, h.by(), send("ST-1", "PT-1")))(absent("/from", "ST-1"))
	h.refused(h.Dispatch(here, h.by(), send("WH-1", "PT-2")))(absent("/from", "WH-1"), absent("/to", "PT-2"))
	h.refused(h.Arrive(there, h.by(), arrived(coming, of(warehouse.Good, "3"))))(absent("/waybill", "PT-1"))
	h.refused(h.Recall(here, h.by(), warehouse.Recall{Waybill: coming, Reason: "x"}))(absent("/waybill", "WH-1"))
	h.refused(h.CloseShort(here, h.by(), warehouse.CloseShort{Waybill: coming, Reason: "x"}))(absent("/waybill", "WH-1"))
	h.refused(h.ProposeShort(here, h.by(), warehouse.CloseShort{Waybill: coming, Reason: "x"}))(absent("/waybill", "WH-1"))
	h.refused(h.ApproveShort(here, h.boss(), warehouse.ShortApproval{Proposal: "SP-WH-1-2024-00001"}))(absent("/waybill", "WH-1"))
	h.refused(h.ApproveWriteOff(there, h.boss(), warehouse.WriteOffApproval{Proposal: "WO-PT-1-2024-00001", Certificate: "DC-1"}))(absent("/proposal", "PT-1"))
	h.refused(h.ClosePoint(there, h.by(), warehouse.PointClosing{Location: "PT-1", Reason: "x"}))(absent("/location", "PT-1"))
	h.refused(h.TakeBack(there, h.by(), warehouse.HandoutReturn{Handout: out, Reason: "x", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("1")}}}))(absent("/handout", "PT-1"))
	_, err := h.Locations.Create(here, "x", warehouse.Location{Code: "PT-3", Name: "点", Kind: warehouse.Point, Parent: "ST-1"})
	wantFaults(t, "a location under a foreign one", err, "not-found /parent location ST-1 is not in the register, a parent of PT-3 wanted")
	_, err = h.Locations.Create(here, "x", warehouse.Location{Code: "52", Name: "省", Kind: warehouse.Province})
	wantFaults(t, "a root of its own", err, "not-found /code location 52 would stand outside of what its sender reaches")

	h.post(h.HandOut(here, h.by(), gives("PT-1")))
	h.post(h.Arrive(here, h.by(), arrived(coming, of(warehouse.Good, "3"))))
	h.post(h.Dispatch(h.under("/5101/"), h.by(), send("WH-1", "PT-2")))
}

// What a request does not name is looked at when the moves are known: goods of a foreign fund look as if they were not there, in what
// is taken and in what a refusal tells.
func TestWhatARequestComesTo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("PT-1", "QUILT", "5", "50.00", "F2", "2024-06-01")
	mine := h.boughtAt("PT-1", "QUILT", "1", "10.00", "F1", "2024-12-01")
	coming := h.sends("PT-1", "PT-2", "2024-03-02", warehouse.DispatchLine{Item: "QUILT", Quantity: number("1"), Fund: "F2"})
	var asked []string
	confined := func(p *ledger.Proposal, err error) (*ledger.Proposal, error) {
		if err == nil {
			asked = nil
			err = h.Confine(t.Context(), func(fund string, from, to []string) bool {
				asked = append(asked, fmt.Sprint(fund, from, to))
				return fund == "F1"
			}, p)
		}
		return p, err
	}
	wasAsked := func(want string) {
		t.Helper()
		if !slices.Contains(asked, want) {
			t.Errorf("asked about %q, wanted %s", asked, want)
		}
	}
	gives := func(quantity string) warehouse.Handout {
		return warehouse.Handout{Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number(quantity)}}}
	}
	h.refused(confined(h.HandOut(t.Context(), h.by(), gives("2"))))("insufficient /lines/0/quantity stock:PT-1 holds 1 of QUILT, 2 wanted")
	h.refused(confined(h.Arrive(t.Context(), h.by(), arrived(coming, of(warehouse.Good, "1")))))("insufficient /lines/0/quantity transit:" + coming + " holds 0 of QUILT, 1 wanted")
	wasAsked("F2[/5101/ST-1/PT-1/ /5101/ST-1/PT-2/] []")
	h.refused(confined(h.undo("GR-PT-1-2024-00001")))("fund-not-allowed  QUILT would move between places or of a fund that its sender does not reach")
	wasAsked("F2[/5101/ST-1/PT-1/] []")
	h.refused(confined(h.ProposeWriteOff(t.Context(), h.by(), warehouse.WriteOff{Location: "PT-1", Reason: "wet", Lines: []warehouse.WriteOffLine{
		{Item: "QUILT", Lot: "GR-PT-1-2024-00001.1", Fund: "F2", Quantity: number("1")},
	}})))("insufficient /lines/0 stock:PT-1 holds 0 of QUILT/GR-PT-1-2024-00001.1 for fund F2, 1 wanted")

	tried, errs, err := h.Book.Try(t.Context(), must(t)(confined(h.HandOut(t.Context(), h.by(), gives("1")))))
	if err != nil || errs[0] != nil || len(tried[0].Cells) != 2 {
		t.Errorf("tried: %+v, %v, %v", tried, errs, err)
	}
	posted := h.post(confined(h.HandOut(t.Context(), h.by(), gives("1"))))
	if m := posted.Moves; len(m) != 1 || m[0].Lot != mine {
		t.Errorf("moves %+v", m)
	}
	wasAsked("F1[/5101/ST-1/PT-1/] [/5101/ST-1/PT-1/]")
	h.post(h.undo(posted.Document))
	sent := h.post(confined(h.Dispatch(t.Context(), h.by(), warehouse.Dispatch{From: "PT-1", To: "PT-2", Lines: []warehouse.DispatchLine{{Item: "QUILT", Quantity: number("1"), Fund: "F1"}}})))
	if wasAsked("F1[/5101/ST-1/PT-1/] []"); sent.Document == "" {
		t.Errorf("sent %+v", sent)
	}
}

func must(t *testing.T) func(*ledger.Proposal, error) *ledger.Proposal {
	return func(p *ledger.Proposal, err error) *ledger.Proposal {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// A lot is looked for wherever it ever was, also on the road: one that only foreign places had is told from none by no answer, and one
// that came by a place of the sender is known.
func TestLotsElsewhereAreNotThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	foreign, near := h.boughtAt("WH-1", "QUILT", "9", "90.00", "F1", ""), h.boughtAt("PT-2", "QUILT", "4", "40.00", "F1", "")
	h.sends("WH-1", "PT-2", "2024-03-02", quilts("3"))
	coming := h.sends("PT-2", "PT-1", "2024-03-02", quilts("2"))
	bound := func(p *ledger.Proposal, err error) (*ledger.Proposal, error) {
		if err == nil {
			err = h.Confine(t.Context(), func(_ string, from, to []string) bool {
				reached := func(end []string) bool {
					return len(end) == 0 || slices.ContainsFunc(end, func(path string) bool { return strings.HasPrefix(path, "/5101/ST-1/PT-1/") })
				}
				return len(from)+len(to) > 0 && reached(from) && reached(to)
			}, p)
		}
		return p, err
	}
	count := func(lot string) warehouse.Count {
		return warehouse.Count{Location: "PT-1", Lines: []warehouse.CountLine{found("QUILT/"+lot, "1", "F1")}}
	}
	over := func(lot string) warehouse.Arrival {
		return arrived(coming, warehouse.ArrivalLine{Item: "QUILT", Lot: lot, Fund: "F1", Quantity: number("1"), Outcome: warehouse.Over, Reason: "x"})
	}
	for _, lot := range []string{foreign, "GR-WH-9-2024-00009.1"} {
		h.refused(bound(h.Count(t.Context(), h.by(), count(lot))))("not-found /lines/0/lot fund F1 never had QUILT/" + lot)
		h.refused(bound(h.Arrive(t.Context(), h.by(), over(lot))))("not-found /lines/0/lot waybill " + coming + " carries no such QUILT/" + lot)
	}
	h.post(bound(h.Count(t.Context(), h.by(), count(near))))
	h.post(bound(h.Arrive(t.Context(), h.by(), over(near))))
	h.post(h.Count(t.Context(), h.by(), count(foreign)))
}
