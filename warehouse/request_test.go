package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// asks makes a request of the point PT-1 to the warehouse, on the second of March, and answers with its document.
func (h *house) asks(lines ...warehouse.RequestLine) string {
	h.t.Helper()
	return h.post(h.Ask(h.t.Context(), h.by(), warehouse.Request{From: "WH-1", To: "PT-1", On: day("2024-03-02"), NeededBy: day("2024-03-09"), Lines: lines})).Document
}

func wants(item, quantity string, fund ...string) warehouse.RequestLine {
	l := warehouse.RequestLine{Item: item, Quantity: number(quantity)}
	if len(fund) > 0 {
		l.Fund = fund[0]
	}
	return l
}

func apart(item, quantity string) warehouse.ReservationLine {
	return warehouse.ReservationLine{Item: item, Quantity: number(quantity)}
}

func (h *house) reserves(request, on string, lines ...warehouse.ReservationLine) (*ledger.Proposal, error) {
	return h.Reserve(h.t.Context(), h.by(), warehouse.Reservation{Request: request, On: day(on), Lines: lines})
}

func (h *house) releases(request, on string, lines ...warehouse.ReservationLine) (*ledger.Proposal, error) {
	return h.Release(h.t.Context(), h.by(), warehouse.Release{Request: request, On: day(on), Reason: "fewer came", Lines: lines})
}

func (h *house) ends(request, on string) (*ledger.Proposal, error) {
	return h.CloseRequest(h.t.Context(), h.by(), warehouse.RequestClosing{Request: request, On: day(on), Reason: "the cold is over"})
}

// answers dispatches goods for a request.
func (h *house) answers(request, on string, lines ...warehouse.DispatchLine) (*ledger.Proposal, error) {
	return h.Dispatch(h.t.Context(), h.by(), warehouse.Dispatch{From: "WH-1", To: "PT-1", Request: request, On: day(on), Lines: lines})
}

// stands wants a request to stand so: its state, then "ITEM ASKED RESERVED DISPATCHED OPEN" of each line.
func (h *house) stands(request, state string, lines ...string) warehouse.RequestNote {
	h.t.Helper()
	q, err := h.RequestNote(h.t.Context(), request)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []string
	for _, l := range q.Lines {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", l.Item, l.Asked, l.Reserved, l.Dispatched, l.Open))
	}
	if q.State != state || !slices.Equal(got, lines) {
		h.t.Errorf("request %s is %s %q, want %s %q", request, q.State, got, state, lines)
	}
	return q
}

func TestARequestFromAskingToArrival(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	late := h.boughtAt("WH-1", "FOOD", "10", "30.00", "F1", "2024-06-30")
	early := h.boughtAt("WH-1", "FOOD", "4", "10.00", "F2", "2024-03-20")
	lot := h.bought("QUILT", "30", "100.00")
	request := h.asks(wants("QUILT", "30"), wants("FOOD", "6"))
	if request != "RQ-PT-1-2024-00001" {
		t.Errorf("request %s", request)
	}
	h.stands(request, "open", "QUILT 30 0 0 30", "FOOD 6 0 0 6")

	first := h.post(h.reserves(request, "2024-03-03", apart("QUILT", "20"), apart("FOOD", "6")))
	if first.Document != "RS-WH-1-2024-00001" || first.Kind != "reservation" || !slices.Equal(values(first), []string{"66.67", "10.00", "6.00"}) {
		t.Errorf("reserved %+v", first.Entry)
	}
	reserved := ledger.Reserved.In(request)
	h.holds(reserved, "FOOD/"+late+" F1 2 6.00", "FOOD/"+early+" F2 4 10.00", "QUILT/"+lot+" F1 20 66.67")
	q := h.stands(request, "reserved", "QUILT 30 20 0 10", "FOOD 6 6 0 0")
	var lots []string
	for _, l := range q.Reserved {
		lots = append(lots, fmt.Sprintf("%s/%s %s %s %s %s", l.Item, l.Lot, l.Fund, l.Quantity, l.Value.StringFixed(2), l.ExpiresOn))
	}
	if want := []string{"FOOD/" + early + " F2 4 10.00 2024-03-20", "FOOD/" + late + " F1 2 6.00 2024-06-30", "QUILT/" + lot + " F1 20 66.67 "}; !slices.Equal(lots, want) {
		t.Errorf("reserved lots %q, want %q", lots, want)
	}

	// What is reserved is nobody else's.
	h.refused(h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "WH-1", On: day("2024-03-03"), People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("11")}}}))(
		"insufficient /lines/0/quantity stock:WH-1 holds 10 of QUILT, 11 wanted")
	other := h.asks(wants("QUILT", "20"))
	h.refused(h.reserves(other, "2024-03-03"))("insufficient /request stock:WH-1 holds 10 of QUILT, 20 wanted")
	h.refused(h.answers(other, "2024-03-03", quilts("1")))("insufficient /lines/0/quantity reserved:RQ-PT-1-2024-00002 holds 0 of QUILT, 1 wanted")

	waybill := h.post(h.answers(request, "2024-03-04", quilts("20"), warehouse.DispatchLine{Item: "FOOD", Quantity: number("5")})).Document
	h.holds(reserved, "FOOD/"+late+" F1 1 3.00")
	h.holds(ledger.Transit.In(waybill), "FOOD/"+late+" F1 1 3.00", "FOOD/"+early+" F2 4 10.00", "QUILT/"+lot+" F1 20 66.67")
	h.stands(request, "partly-dispatched", "QUILT 30 0 20 10", "FOOD 6 1 5 0")
	if w, err := h.Waybill(t.Context(), waybill); err != nil || w.Request != request {
		t.Errorf("waybill %+v, %v", w, err)
	}
	h.post(h.Arrive(t.Context(), h.by(), warehouse.Arrival{Waybill: waybill, On: day("2024-03-05"), Lines: []warehouse.ArrivalLine{
		{Item: "QUILT", Quantity: number("19"), Outcome: warehouse.Good}, {Item: "QUILT", Quantity: number("1"), Outcome: warehouse.Short, Reason: "missing"},
	}}))
	h.stands(request, "partly-dispatched", "QUILT 30 0 20 10", "FOOD 6 1 5 0") // what was lost is asked for anew

	h.post(h.reserves(request, "2024-03-05"))
	h.post(h.answers(request, "2024-03-06", quilts("10"), warehouse.DispatchLine{Item: "FOOD", Quantity: number("1")}))
	q = h.stands(request, "fulfilled", "QUILT 30 0 30 0", "FOOD 6 0 6 0")
	var done []string
	for _, d := range q.Documents {
		done = append(done, fmt.Sprintf("%s %s %s %v", d.Act, d.Document, d.On, d.Reversed))
	}
	if want := []string{
		"reserve RS-WH-1-2024-00001 2024-03-03 false", "dispatch WB-WH-1-2024-00001 2024-03-04 false",
		"reserve RS-WH-1-2024-00002 2024-03-05 false", "dispatch WB-WH-1-2024-00002 2024-03-06 false",
	}; !slices.Equal(done, want) {
		t.Errorf("documents %q, want %q", done, want)
	}
	h.holds(reserved)
	h.refused(h.reserves(request, "2024-03-06"))("already-done /request nothing is open of request " + request)
	h.refused(h.reserves(request, "2024-03-06", apart("QUILT", "1")))("insufficient /lines/0/quantity request RQ-PT-1-2024-00001 has 0 of QUILT open, 1 wanted")

	// What a recall brings back is open again.
	h.post(h.Recall(t.Context(), h.by(), warehouse.Recall{Waybill: waybill, Reason: "snow", On: day("2024-03-07")}))
	h.stands(request, "partly-dispatched", "QUILT 30 0 30 0", "FOOD 6 0 1 5")
	h.wantBroken("")
}

func TestAskingIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	good := warehouse.Request{From: "WH-1", To: "PT-1", On: day("2024-03-02"), Lines: []warehouse.RequestLine{wants("QUILT", "1")}}
	h.Campaign = func(_ context.Context, code, _ string, _ ledger.Date) (bool, error) { return code == "DRILL", nil }
	for _, c := range []struct {
		change func(*warehouse.Request)
		faults []string
	}{
		{func(q *warehouse.Request) { q.From = "PT-1" }, []string{
			"invalid /from location PT-1 is a point, a warehouse, a station or a vehicle is asked", "invalid /from location PT-1 asks itself for goods",
		}},
		{func(q *warehouse.Request) { q.From = "5101" }, []string{"invalid /from location 5101 is a prefecture, goods stand only below it"}},
		{func(q *warehouse.Request) { q.From, q.To = "X", "Y" }, []string{
			`not-found /to location "Y" is not in the register`, `not-found /from location "X" is not in the register`,
		}},
		{func(q *warehouse.Request) { q.From = "no code" }, []string{`invalid /from location "no code" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`}},
		{func(q *warehouse.Request) { q.On = day("2023-10-01") }, []string{"not-open /to location PT-1 is open from 2023-11-01, not on 2023-10-01"}},
		{func(q *warehouse.Request) { q.NeededBy = day("2024-03-01") }, []string{"invalid /needed_by goods asked for on 2024-03-02 cannot be needed by 2024-03-01"}},
		{func(q *warehouse.Request) { q.Campaign = "DRILL" }, []string{"invalid /campaign campaign DRILL is a drill, no goods are asked for in one"}},
		{func(q *warehouse.Request) { q.Lines = nil }, []string{"invalid /lines 0 lines, 1 to 500 wanted"}},
		{func(q *warehouse.Request) {
			q.Lines = []warehouse.RequestLine{wants("QUILT", "1"), wants("NONE", "1"), wants("QUILT", "0.5", "F1"), wants("RICE", "1", "no fund")}
		}, []string{
			`not-found /lines/1/item item "NONE" is not in the register`, "invalid /lines/2/quantity 0.5 床 of QUILT has too many decimals, 0 wanted",
			"invalid /lines/2/item QUILT has 2 lines, one wanted", `invalid /lines/3/fund fund "no fund" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`,
			`invalid /lines/3/fund fund "no fund" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`,
		}},
	} {
		q := good
		c.change(&q)
		h.refused(h.Ask(t.Context(), h.by(), q))(c.faults...)
	}
	h.post(h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-1", Reason: "spring", On: day("2024-03-01")}))
	h.refused(h.Ask(t.Context(), h.by(), good))("not-open /to point PT-1 was closed, nothing moves there any more")
}

func TestReservingIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bought("QUILT", "5", "50.00")
	h.boughtAt("WH-1", "QUILT", "3", "30.00", "F2", "")
	old := h.boughtAt("WH-1", "FOOD", "4", "4.00", "F1", "2024-03-10")
	request := h.asks(wants("QUILT", "9", "F1"), wants("FOOD", "4"), wants("COAT", "1"))
	h.refused(h.reserves(request, "2024-03-01"))("invalid /on request " + request + " was made on 2024-03-02, nothing is reserved for it on 2024-03-01")
	h.refused(h.reserves("RQ-NONE", "2024-03-03"))("not-found /request there is no request RQ-NONE")
	h.refused(h.reserves(request, "2024-03-03"))(
		"insufficient /request stock:WH-1 holds 5 of QUILT for fund F1, 9 wanted", "insufficient /request stock:WH-1 holds 0 of COAT, 1 wanted")
	h.refused(h.reserves(request, "2024-03-11", apart("FOOD", "1"), apart("RICE", "1"), warehouse.ReservationLine{Item: "QUILT", Quantity: number("1"), Fund: "F2"}, apart("QUILT", "10")))(
		"invalid /lines/1/item request "+request+" asks for no RICE",
		"invalid /lines/2/fund request "+request+" asks for QUILT of fund F1, not of F2",
		"expired /lines/0/quantity stock:WH-1 holds 0 usable of FOOD, 1 wanted",
		"insufficient /lines/3/quantity request "+request+" has 9 of QUILT open, 10 wanted")
	h.stands(request, "open", "QUILT 9 0 0 9", "FOOD 4 0 0 4", "COAT 1 0 0 1")

	// In part, when that is asked: what is there of each line, and nothing of another fund.
	part := func(on string) (*ledger.Proposal, error) {
		return h.Reserve(t.Context(), h.by(), warehouse.Reservation{Request: request, Partial: true, On: day(on)})
	}
	if posted := h.post(part("2024-03-03")); len(posted.Moves) != 2 {
		t.Errorf("moves %+v", posted.Moves)
	}
	h.stands(request, "reserved", "QUILT 9 5 0 4", "FOOD 4 4 0 0", "COAT 1 0 0 1")
	h.refused(part("2024-03-03"))("insufficient /request stock:WH-1 holds nothing that request " + request + " still asks for")

	// A lot that expires while it is reserved goes back, not on.
	h.refused(h.answers(request, "2024-03-11", warehouse.DispatchLine{Item: "FOOD", Quantity: number("1")}))(
		"expired /lines/0/quantity reserved:" + request + " holds 0 usable of FOOD, 1 wanted")
	h.refused(h.releases(request, "2024-03-11", apart("FOOD", "5")))("insufficient /lines/0/quantity reserved:" + request + " holds 4 of FOOD, 5 wanted")
	h.post(h.releases(request, "2024-03-11", apart("FOOD", "4")))
	h.holds("stock:WH-1", "FOOD/"+old+" F1 4 4.00", "QUILT/GR-WH-1-2024-00002.1 F2 3 30.00")
	h.stands(request, "reserved", "QUILT 9 5 0 4", "FOOD 4 0 0 4", "COAT 1 0 0 1")

	// A waybill for a request goes where the request says, and waits for the reservation.
	h.refused(h.Dispatch(t.Context(), h.by(), warehouse.Dispatch{From: "WH-1", To: "ST-1", Request: request, On: day("2024-03-11"), Lines: []warehouse.DispatchLine{quilts("1")}}))(
		"invalid /request request " + request + " is from WH-1 to PT-1, not from WH-1 to ST-1")
	h.refused(h.answers("RQ-NONE", "2024-03-11", quilts("1")))("not-found /request there is no request RQ-NONE")
	_, err := h.attempt(h.answers(request, "2024-03-11", quilts("6")))
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Faults[0].Hint != "a waybill for a request takes only what is reserved for it: reserve it first" {
		t.Errorf("refused %v", err)
	}

	// No goods are reserved, or sent, for a point that was closed.
	h.post(h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-1", Reason: "spring", On: day("2024-03-12")}))
	h.refused(h.reserves(request, "2024-03-12"))("not-open /request point PT-1 was closed, nothing moves there any more")
	h.post(h.releases(request, "2024-03-12"))
	h.stands(request, "open", "QUILT 9 0 0 9", "FOOD 4 0 0 4", "COAT 1 0 0 1")
	h.refused(h.releases(request, "2024-03-12"))("insufficient /request reserved:" + request + " holds 0 of everything, something left wanted")
	h.wantBroken("")
}

func TestARequestIsClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "10", "100.00")
	request := h.asks(wants("QUILT", "8"))
	h.post(h.reserves(request, "2024-03-03", apart("QUILT", "6")))
	waybill := h.post(h.answers(request, "2024-03-04", quilts("2"))).Document
	h.refused(h.ends(request, "2024-03-01"))("invalid /on request " + request + " was made on 2024-03-02, it is not closed on 2024-03-01")
	h.refused(h.ends(request, "2024-03-02"))("insufficient  reserved:" + request + " holds 0 of QUILT/" + lot + " for fund F1, 4 wanted on 2024-03-02")
	closing := h.post(h.ends(request, "2024-03-05"))
	if closing.Document != "RX-PT-1-2024-00001" || closing.Kind != "request-closing" || !slices.Equal(values(closing), []string{"40.00"}) {
		t.Errorf("closing %+v", closing.Entry)
	}
	h.holds(ledger.Reserved.In(request))
	h.stands(request, "closed", "QUILT 8 0 2 6")
	err := h.Book.DB().RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE tallies SET quantity = quantity + 1 WHERE name = ?", "request-closed:"+request)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), `new row for relation "tallies" violates check constraint "tallies_once"`) {
		t.Errorf("closed twice: %v", err)
	}
	over := "already-done /request request " + request + " was closed, nothing is reserved for it any more"
	h.refused(h.reserves(request, "2024-03-06"))(over)
	h.refused(h.releases(request, "2024-03-06"))(over)
	h.refused(h.ends(request, "2024-03-06"))(over)
	h.refused(h.answers(request, "2024-03-06", quilts("1")))(over)

	// Nothing comes back to it, until the closing itself is taken back.
	h.refused(h.undo(waybill))(fmt.Sprintf("already-done /entry entry 4 cannot be undone, request %s was closed since: reverse the closing first", request))
	h.post(h.undo(closing.Document))
	h.stands(request, "partly-dispatched", "QUILT 8 4 2 2")
	h.post(h.undo(waybill))
	h.stands(request, "reserved", "QUILT 8 6 0 2")
	h.wantBroken("")
}

func TestWhatWasDoneForARequestIsUndone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "20", "100.00")
	request := h.asks(wants("QUILT", "10"))
	first := h.post(h.reserves(request, "2024-03-03"))
	h.refused(h.undo(request))("moved-on /entry entry 2 cannot be undone, later documents rest on it (1): reverse them first")
	back := h.post(h.releases(request, "2024-03-04", apart("QUILT", "4")))
	h.refused(h.undo(first.Document))("moved-on /entry entry 3 cannot be undone, what it brought has moved on: reserved:" + request + " holds 6 of QUILT/" + lot + " for fund F1, 10 wanted")
	again := h.post(h.reserves(request, "2024-03-04", apart("QUILT", "3")))
	h.refused(h.undo(back.Document))("moved-on /entry entry 4 cannot be undone, request " + request + " asks for 10 of QUILT and would have 13: release some of it first")
	h.post(h.undo(again.Document))
	h.post(h.undo(back.Document))
	h.stands(request, "reserved", "QUILT 10 10 0 0")

	// A recall that is taken back takes the place of what was reserved since.
	waybill := h.post(h.answers(request, "2024-03-15", quilts("10"))).Document
	h.stands(request, "fulfilled", "QUILT 10 0 10 0")
	recall := h.post(h.Recall(t.Context(), h.by(), warehouse.Recall{Waybill: waybill, Reason: "snow", On: day("2024-03-15")}))
	h.stands(request, "open", "QUILT 10 0 0 10")
	again = h.post(h.reserves(request, "2024-03-15", apart("QUILT", "2")))
	h.refused(h.undo(recall.Document))(fmt.Sprintf("moved-on /entry entry %d cannot be undone, request %s asks for 10 of QUILT and would have 12: release some of it first", recall.Number, request))
	h.post(h.undo(again.Document))
	h.post(h.undo(recall.Document))
	h.stands(request, "fulfilled", "QUILT 10 0 10 0")
	h.post(h.undo(waybill))
	h.post(h.undo(first.Document))
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 20 100.00")
	h.post(h.undo(request))
	h.stands(request, "reversed", "QUILT 10 0 0 10")
	h.refused(h.reserves(request, "2024-03-15"))("already-done /request request " + request + " was reversed, nothing is asked for")
	h.wantBroken("")
}

func TestTwoKeepersReserveTheLastQuilts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bought("QUILT", "10", "100.00")
	var proposals []*ledger.Proposal
	for range 5 {
		p, err := h.reserves(h.asks(wants("QUILT", "3")), "2024-03-03")
		if err != nil {
			t.Fatal(err)
		}
		proposals = append(proposals, p)
	}
	refused := make(chan error, len(proposals))
	for _, p := range proposals {
		go func() {
			_, err := h.Book.Post(context.WithoutCancel(t.Context()), p)
			refused <- err
		}()
	}
	n := 0
	for range proposals {
		if err := <-refused; err != nil {
			n++
			if !strings.Contains(err.Error(), "stock:WH-1 holds 1 of QUILT, 3 wanted") {
				t.Error(err)
			}
		}
	}
	if n != 2 {
		t.Errorf("%d of 5 were refused, there were quilts for 3", n)
	}
	h.holds("stock:WH-1", "QUILT/GR-WH-1-2024-00001.1 F1 1 10.00")
}

// A point that reaches nothing but itself asks what stands above it, or directly below such a place; what is elsewhere is not there.
func TestAPointAsksWhoIsNear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Locations.CreateMany(t.Context(), "keeper", []warehouse.Location{
		{Code: "ROOT", Name: "中央库", Kind: warehouse.Warehouse},
		{Code: "5132", Name: "甘孜州", Kind: warehouse.Prefecture},
		{Code: "ST-9", Name: "救助站", Kind: warehouse.Station, Parent: "5132", ClosesOn: day("2024-02-01")},
		{Code: "WH-9", Name: "仓库", Kind: warehouse.Warehouse, Parent: "ST-1", ClosesOn: day("2024-02-01")},
	})
	if err != nil {
		t.Fatal(err)
	}
	confined(h)
	point := h.under("/5101/ST-1/PT-1/")
	ask := func(from string) (*ledger.Proposal, error) {
		return h.Ask(point, h.by(), warehouse.Request{From: from, To: "PT-1", On: day("2024-03-02"), Lines: []warehouse.RequestLine{wants("QUILT", "1")}})
	}
	for _, near := range []string{"ST-1", "WH-1", "ROOT"} {
		h.post(ask(near))
	}
	for from, fault := range map[string]string{
		"ST-9": `not-found /from location "ST-9" is not in the register`,
		"NONE": `not-found /from location "NONE" is not in the register`,
		"PT-2": `not-found /from location "PT-2" is not in the register`,
		"5101": "invalid /from location 5101 is a prefecture, goods stand only below it",
		"WH-9": "not-open /from location WH-9 is open until 2024-02-01, not on 2024-03-02",
	} {
		h.refused(ask(from))(fault)
	}
	// Who asked does not reserve: the goods are not there for a point that does not reach them.
	h.refused(h.Reserve(point, h.by(), warehouse.Reservation{Request: "RQ-PT-1-2024-00001"}))(`not-found /request location "ST-1" is not in the register`)
	h.refused(h.Release(point, h.by(), warehouse.Release{Request: "RQ-PT-1-2024-00001", Reason: "x"}))(`not-found /request location "ST-1" is not in the register`)
	h.post(h.CloseRequest(point, h.by(), warehouse.RequestClosing{Request: "RQ-PT-1-2024-00001", Reason: "came from elsewhere"}))
	h.stands("RQ-PT-1-2024-00001", "closed", "QUILT 1 0 0 1")
}

func TestRulesOfRequestsFindTampering(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("WH-1", "FOOD", "9", "90.00", "F1", "2024-03-20")
	request := h.asks(wants("FOOD", "8"))
	h.post(h.reserves(request, "2024-03-03"))
	food := func(quantity string) warehouse.DispatchLine {
		return warehouse.DispatchLine{Item: "FOOD", Quantity: number(quantity)}
	}
	waybill := h.post(h.answers(request, "2024-03-04", food("3"))).Document
	h.post(h.answers(request, "2024-03-04", food("1")))
	h.post(h.Recall(t.Context(), h.by(), warehouse.Recall{Waybill: waybill, Reason: "snow", On: day("2024-03-05")}))
	h.wantBroken("")
	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			"what a request asks for is reserved, dispatched or open", "UPDATE request_lines SET quantity = 4", "UPDATE request_lines SET quantity = 8",
			"request RQ-PT-1-2024-00001 asks for 4 of FOOD, 4 are reserved and 1 dispatched, 5 counted",
		},
		{
			"what a request asks for is reserved, dispatched or open", "UPDATE arrivals SET quantity = 2", "UPDATE arrivals SET quantity = 3",
			"request RQ-PT-1-2024-00001 asks for 8 of FOOD, 4 are reserved and 2 dispatched, 5 counted",
		},
		{
			"what is reserved stands with a request that is open", "UPDATE reservations SET act = 'close', reason = 'x' WHERE number = 3", "UPDATE reservations SET act = 'reserve', reason = '' WHERE number = 3",
			"reserved:RQ-PT-1-2024-00001 holds 4, 4 counted, for a closed request",
		},
		{
			"what is reserved stands with a request that is open", "UPDATE tallies SET quantity = 3 WHERE name LIKE 'request-reserved:%'", "UPDATE tallies SET quantity = 4 WHERE name LIKE 'request-reserved:%'",
			"reserved:RQ-PT-1-2024-00001 holds 4, 3 counted, for its request",
		},
		{
			"what is reserved stands with a request that is open", "UPDATE entries SET document = 'X' WHERE kind = 'request'", "UPDATE entries SET document = 'RQ-PT-1-2024-00001' WHERE kind = 'request'",
			"reserved:RQ-PT-1-2024-00001 holds 4, 4 counted, for no request",
		},
		{
			"reserved goods come from where they were asked for, and go back there or on a waybill to who asked",
			"UPDATE requests SET to_location = 'PT-2'", "UPDATE requests SET to_location = 'PT-1'",
			"entry 4 moves 3 of FOOD/GR-WH-1-2024-00001.1 from reserved:RQ-PT-1-2024-00001 to transit:WB-WH-1-2024-00001",
		},
		{
			"goods are reserved by their last usable day", "UPDATE commodities SET expires_on = '2024-03-02'", "UPDATE commodities SET expires_on = '2024-03-20'",
			"reservation RS-WH-1-2024-00001 of 2024-03-03 took FOOD/GR-WH-1-2024-00001.1, usable until 2024-03-02",
		},
		{
			"what is reserved is of the fund that its request asks for", "UPDATE request_lines SET fund = 'F2'", "UPDATE request_lines SET fund = ''",
			"entry 3 reserves 8 of FOOD/GR-WH-1-2024-00001.1 of fund F1, request RQ-PT-1-2024-00001 asks for fund F2",
		},
		{
			"a request is closed once", "UPDATE reservations SET act = 'close', reason = 'x' WHERE act = 'dispatch'", "UPDATE reservations SET act = 'dispatch', reason = '' WHERE act = 'close'",
			"request RQ-PT-1-2024-00001 was closed 2 times",
		},
	} {
		h.tamper(c.tamper)
		h.wantBroken(c.rule, c.want)
		h.tamper(c.restore)
	}
	h.wantBroken("")
}
