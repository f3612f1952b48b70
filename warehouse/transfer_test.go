package warehouse_test

import (
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func quilts(quantity string) warehouse.DispatchLine {
	return warehouse.DispatchLine{Item: "QUILT", Quantity: number(quantity)}
}

// arrived is an arrival of quilts on the day after their dispatch.
func arrived(waybill string, lines ...warehouse.ArrivalLine) warehouse.Arrival {
	return warehouse.Arrival{Waybill: waybill, On: day("2024-03-03"), Lines: lines}
}

func of(outcome, quantity string) warehouse.ArrivalLine {
	l := warehouse.ArrivalLine{Item: "QUILT", Quantity: number(quantity), Outcome: outcome}
	if outcome != warehouse.Good {
		l.Reason = "seen at the door"
	}
	return l
}

// TestCostTravelsWithGoods is the chain of blankets whose cost the finance officer computed by hand.
func TestCostTravelsWithGoods(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "118", "7377.50")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("40"))
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 78 4876.65")
	short := of(warehouse.Short, "1")
	short.Claim = true
	h.post(h.Arrive(t.Context(), h.by(), arrived(waybill, of(warehouse.Good, "39"), short)))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 39 2438.33")
	h.holds("claims:CAR", "QUILT/"+lot+" F1 1 62.52")
	out := h.gives("PT-1", "2024-03-04", "QUILT", "30")
	if got := values(out); !slices.Equal(got, []string{"1875.64"}) {
		t.Errorf("30 left with %s", got)
	}
	back := h.post(h.TakeBack(t.Context(), h.by(), warehouse.HandoutReturn{
		Handout: out.Document, Reason: "unused", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("4")}},
	}))
	if got := values(back); !slices.Equal(got, []string{"250.09"}) {
		t.Errorf("4 came back with %s", got)
	}
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 13 812.78")
}

func TestDiscrepancies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.bought("QUILT", "40", "400.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("40"))
	if waybill != "WB-WH-1-2024-00001" {
		t.Errorf("waybill %s", waybill)
	}
	h.holds(ledger.Transit.In(waybill), "QUILT/"+lot+" F1 40 400.00")
	if w, err := h.Waybill(ctx, waybill); err != nil || w.Reports == nil || !w.Lines[0].LeftValue.Equal(number("400")) {
		t.Errorf("waybill %+v, %v", w, err)
	}
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "30"))))
	h.refused(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "5"), of(warehouse.Damaged, "6"), of(warehouse.Refused, "3"), of(warehouse.Refused, "3"))))(
		"insufficient /lines/1/quantity transit:"+waybill+" holds 5 of QUILT, 6 wanted", "insufficient /lines/3/quantity transit:"+waybill+" holds 2 of QUILT, 3 wanted")
	over := of(warehouse.Over, "2")
	h.post(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Damaged, "3"), of(warehouse.Short, "2"), over, of(warehouse.Refused, "5"))))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 32 300.00")
	h.holds("quarantine:PT-1", "QUILT/"+lot+" F1 3 30.00")
	h.holds(ledger.Lost.In(waybill), "QUILT/"+lot+" F1 2 20.00")
	h.holds("found:PT-1", "QUILT/"+lot+" F1 -2 0.00")
	h.holds(ledger.Transit.In(waybill), "QUILT/"+lot+" F1 5 50.00")
	h.refused(h.Arrive(ctx, h.by(), arrived(waybill, of(warehouse.Good, "6"))))("insufficient /lines/0/quantity transit:" + waybill + " holds 5 of QUILT, 6 wanted")
	h.post(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: waybill, Reason: "refused at the door", On: day("2024-03-04")}))
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 5 50.00")
	h.refused(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: waybill, Reason: "again"}))("insufficient /waybill transit:" + waybill + " holds 0 of everything, something left wanted")
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: waybill, Reason: "again"}))("insufficient /waybill transit:" + waybill + " holds 0 of everything, something left wanted")

	w, err := h.Waybill(ctx, waybill)
	if err != nil {
		t.Fatal(err)
	}
	if w.From != "WH-1" || w.To != "PT-1" || w.Carrier != "CAR" || len(w.Lines) != 1 || !w.Lines[0].Sent.Equal(number("40")) || !w.Lines[0].Left.IsZero() {
		t.Errorf("waybill %+v", w)
	}
	var told []string
	for _, r := range w.Reports {
		told = append(told, r.Document+" "+r.Outcome+" "+r.Quantity.String()+" "+r.Value.StringFixed(2))
	}
	if want := []string{
		"AR-PT-1-2024-00001 good 30 300.00", "AR-PT-1-2024-00002 damaged 3 30.00", "AR-PT-1-2024-00002 short 2 20.00",
		"AR-PT-1-2024-00002 over 2 0.00", "AR-PT-1-2024-00002 refused 5 0.00", "RC-WH-1-2024-00001 recalled 5 50.00",
	}; !slices.Equal(told, want) {
		t.Errorf("told %q\nwant %q", told, want)
	}
}

func TestRecallAndCloseShort(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lot := h.bought("QUILT", "3", "100.00")
	coat := h.bought("COAT", "1", "80.00")
	first := h.sends("WH-1", "PT-1", "2024-03-02", quilts("2"), warehouse.DispatchLine{Item: "COAT", Quantity: number("1")})
	h.refused(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: first, Reason: "snow", On: day("2024-03-01")}))(
		"invalid /on waybill " + first + " was sent on 2024-03-02, nothing becomes of it on 2024-03-01")
	h.post(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: first, Reason: "snow", On: day("2024-03-02")}))
	h.holds("stock:WH-1", "COAT/"+coat+" F1 1 80.00", "QUILT/"+lot+" F1 3 100.00")

	second := h.sends("WH-1", "PT-1", "2024-03-02", quilts("2"))
	h.post(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: second, Claim: true, Reason: "truck burnt"}))
	h.holds("claims:CAR", "QUILT/"+lot+" F1 2 66.67")
	h.holds(ledger.Transit.In(second))

	third := h.post(h.Dispatch(ctx, h.by(), warehouse.Dispatch{From: "WH-1", To: "PT-1", Lines: []warehouse.DispatchLine{quilts("1")}})).Document
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: third, Claim: true, Reason: "lost"}))("invalid /claim waybill " + third + " names no carrier to claim from")
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: third}))("invalid /reason reason is empty, 1 to 300 characters wanted")
	h.refused(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: "WB-9", Reason: "x"}))("not-found /waybill there is no waybill WB-9")
	h.refused(h.Recall(ctx, h.by(), warehouse.Recall{Waybill: "a b", Reason: "x"}))(`invalid /waybill waybill "a b" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`)
	h.post(h.CloseShort(ctx, h.by(), warehouse.CloseShort{Waybill: third, Reason: "lost"}))
	h.holds(ledger.Lost.In(third), "QUILT/"+lot+" F1 1 33.33")
}

func TestDispatchesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	old := h.boughtAt("WH-1", "FOOD", "4", "40.00", "F1", "2024-03-04")
	fresh := h.boughtAt("WH-1", "FOOD", "3", "30.00", "F1", "2024-04-04")
	food := func(to, lot, quantity string) warehouse.Dispatch {
		return warehouse.Dispatch{From: "WH-1", To: to, On: day("2024-03-05"), Lines: []warehouse.DispatchLine{{Item: "FOOD", Lot: lot, Quantity: number(quantity)}}}
	}
	h.refused(h.Dispatch(ctx, h.by(), food("PT-1", "", "4")))("expired /lines/0/quantity stock:WH-1 holds 3 usable of FOOD, 4 wanted")
	h.refused(h.Dispatch(ctx, h.by(), food("PT-1", old, "1")))("expired /lines/0/quantity stock:WH-1 holds 0 usable of FOOD/" + old + ", 1 wanted")
	h.refused(h.Dispatch(ctx, h.by(), food("ST-1", "", "4")))("expired /lines/0/quantity stock:WH-1 holds 3 usable of FOOD, 4 wanted")
	h.refused(h.Dispatch(ctx, h.by(), food("WH-1", "", "1")))("invalid /to goods are sent from WH-1 to itself")
	bad := food("PT-1", "", "1")
	bad.Carrier, bad.Vehicle, bad.Lines[0].Fund = "SUP", "\x01", "a b"
	h.refused(h.Dispatch(ctx, h.by(), bad))(`invalid /carrier party SUP is a supplier, one of ["carrier"] wanted`,
		"invalid /vehicle vehicle holds the character U+0001, plain text wanted",
		`invalid /lines/0/fund fund "a b" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`)
	if m := h.post(h.Dispatch(ctx, h.by(), food("ST-1", old, "4"))).Moves; len(m) != 1 || m[0].Lot != old {
		t.Errorf("expired goods go back by name: %+v", m)
	}
	if m := h.post(h.Dispatch(ctx, h.by(), food("PT-1", "", "3"))).Moves; len(m) != 1 || m[0].Lot != fresh {
		t.Errorf("usable goods go to the point: %+v", m)
	}
}

func TestArrivalsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	first, second := h.bought("QUILT", "2", "20.00"), h.bought("QUILT", "2", "30.00")
	waybill := h.post(h.Dispatch(ctx, h.by(), warehouse.Dispatch{From: "WH-1", To: "PT-1", On: day("2024-03-02"), Lines: []warehouse.DispatchLine{quilts("3")}})).Document
	line := func(change func(*warehouse.ArrivalLine)) warehouse.Arrival {
		l := of(warehouse.Good, "1")
		change(&l)
		return arrived(waybill, l)
	}
	early := line(func(l *warehouse.ArrivalLine) { l.Outcome, l.Reason, l.Lot = warehouse.Over, "more", first })
	early.On = day("2024-03-01")
	for _, c := range []struct {
		arrival warehouse.Arrival
		want    []string
	}{
		{arrived("WB-9", of(warehouse.Good, "1")), []string{"not-found /waybill there is no waybill WB-9"}},
		{arrived(waybill), []string{"invalid /lines 0 lines, 1 to 500 wanted"}},
		{line(func(l *warehouse.ArrivalLine) { l.Outcome, l.Reason = "eaten", "hunger" }), []string{`invalid /lines/0/outcome outcome "eaten" is none of good, damaged, short, over, refused`}},
		{line(func(l *warehouse.ArrivalLine) { l.Outcome = warehouse.Damaged }), []string{"invalid /lines/0/reason reason is empty, 1 to 300 characters wanted"}},
		{line(func(l *warehouse.ArrivalLine) { l.Claim, l.Value = true, some("1.00") }), []string{
			"invalid /lines/0/claim goods that are good are not claimed from a carrier", "invalid /lines/0/value goods that are good arrive at the cost they left with",
		}},
		{line(func(l *warehouse.ArrivalLine) { l.Outcome, l.Claim, l.Reason = warehouse.Short, true, "gone" }), []string{"invalid /lines/0/claim waybill " + waybill + " names no carrier to claim from"}},
		{line(func(l *warehouse.ArrivalLine) { l.Outcome, l.Reason = warehouse.Over, "more" }), []string{
			"invalid /lines/0/lot waybill " + waybill + " carries QUILT in 2 ways, name the lot and the fund of what came over",
		}},
		{line(func(l *warehouse.ArrivalLine) {
			l.Outcome, l.Reason, l.Lot, l.Fund = warehouse.Over, "more", "L9", "F1"
		}), []string{
			"not-found /lines/0/lot waybill " + waybill + " carries no such QUILT/L9",
		}},
		{line(func(l *warehouse.ArrivalLine) {
			l.Outcome, l.Reason, l.Lot, l.Fund = warehouse.Over, "more", first, "F7"
		}), []string{
			"not-found /lines/0/lot waybill " + waybill + " carries no such QUILT/" + first,
		}},
		{line(func(l *warehouse.ArrivalLine) {
			l.Outcome, l.Reason, l.Lot, l.Quantity, l.Value = warehouse.Over, "more", first, number("1000"), some("10000.01")
		}), []string{
			"invalid /lines/0/value 1000 of QUILT/" + first + " are worth 10000 at most, as many left with waybill " + waybill + " for that, not 10000.01",
		}},
		{line(func(l *warehouse.ArrivalLine) {
			l.Outcome, l.Reason, l.Lot, l.Quantity = warehouse.Over, "more", first, number("1000")
		}), []string{
			"two-people /lines/0/quantity waybill " + waybill + " carries 2 of QUILT/" + first + " for fund F1, one person alone reports as many again at most, not 1000",
		}},
		{line(func(l *warehouse.ArrivalLine) { l.Lot = second; l.Quantity = number("2") }), []string{
			"insufficient /lines/0/quantity transit:" + waybill + " holds 1 of QUILT/" + second + ", 2 wanted",
		}},
		{warehouse.Arrival{Waybill: waybill, On: day("2024-03-01"), Lines: []warehouse.ArrivalLine{of(warehouse.Good, "1")}}, []string{
			"invalid /on waybill " + waybill + " was sent on 2024-03-02, nothing becomes of it on 2024-03-01",
		}},
		{early, []string{
			"invalid /on waybill " + waybill + " was sent on 2024-03-02, nothing becomes of it on 2024-03-01",
		}},
	} {
		h.refused(h.Arrive(ctx, h.by(), c.arrival))(c.want...)
	}
	over := h.post(h.Arrive(ctx, h.by(), line(func(l *warehouse.ArrivalLine) {
		l.Outcome, l.Reason, l.Lot, l.Value = warehouse.Over, "more", first, some("9.99")
	})))
	h.holds("stock:PT-1", "QUILT/"+first+" F1 1 9.99")
	more := line(func(l *warehouse.ArrivalLine) { l.Outcome, l.Reason, l.Lot = warehouse.Over, "more", first })
	more.Lines = append(more.Lines, more.Lines[0])
	h.refused(h.Arrive(ctx, h.by(), more))(
		"two-people /lines/1/quantity waybill " + waybill + " carries 2 of QUILT/" + first + " for fund F1, one person alone reports as many again at most, not 3")
	h.wantBroken("")
	h.tamper("UPDATE tallies SET quantity = 3 WHERE name LIKE 'over:%'")
	h.wantBroken("no more comes over a waybill than it carries", "over waybill "+waybill+" came 3 of QUILT/"+first+" for fund F1, it carries 2")
	h.tamper("UPDATE tallies SET quantity = 1 WHERE name LIKE 'over:%'")
	h.refused(h.undo(waybill))("moved-on /entry entry 3 cannot be undone, later documents rest on it (1): reverse them first")
	h.post(h.undo(over.Document))
	h.post(h.undo(waybill))
	h.refused(h.Arrive(ctx, h.by(), line(func(*warehouse.ArrivalLine) {})))("already-done /waybill waybill " + waybill + " was reversed, nothing is on its way")
	h.holds("stock:WH-1", "QUILT/"+first+" F1 2 20.00", "QUILT/"+second+" F1 2 30.00")
}

// What the waybill does not carry is not one person's word: it is counted, and another agrees.
func TestAWrongItemOnTheTruck(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bought("QUILT", "2", "20.00")
	coat := h.bought("COAT", "5", "50.00")
	waybill := h.sends("WH-1", "PT-1", "2024-03-02", quilts("2"))
	h.refused(h.Arrive(t.Context(), h.by(), arrived(waybill, of(warehouse.Short, "2"),
		warehouse.ArrivalLine{Item: "COAT", Quantity: number("2"), Outcome: warehouse.Over, Reason: "coats instead of quilts", Lot: coat, Fund: "F1"})))(
		"not-found /lines/1/lot waybill " + waybill + " carries no such COAT/" + coat)
	h.post(h.Arrive(t.Context(), h.by(), arrived(waybill, of(warehouse.Short, "2"))))
	count := h.post(h.counted(warehouse.Count{Location: "PT-1", Lines: []warehouse.CountLine{found("COAT/"+coat, "2", "F1")}})).Document
	h.post(h.agree(h.boss(), count))
	h.holds("stock:PT-1", "COAT/"+coat+" F1 2 0.00")
}
