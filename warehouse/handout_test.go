package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestThreeQuiltsForAHundred(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("PT-1", "QUILT", "3", "100.00", "F1", "")
	for i, want := range []string{"33.33", "33.34", "33.33"} {
		out := h.gives("PT-1", "2024-03-10", "QUILT", "1")
		if got := values(out); !slices.Equal(got, []string{want}) || out.Document != fmt.Sprintf("HO-PT-1-2024-%05d", i+1) {
			t.Errorf("quilt %d left as %s with %s, want %s", i+1, out.Document, got, want)
		}
	}
	h.holds("stock:PT-1")
	h.refused(h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}}))(
		"insufficient /lines/0/quantity stock:PT-1 holds 0 of QUILT, 1 wanted")
}

func TestHandoutsPickFirstExpiredFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	late := h.boughtAt("PT-1", "FOOD", "5", "50.00", "F1", "2024-03-20")
	soon := h.boughtAt("PT-1", "FOOD", "5", "25.00", "F2", "2024-03-10")
	give := func(on string, lines ...warehouse.HandoutLine) (*ledger.Proposal, error) {
		return h.HandOut(ctx, h.by(), warehouse.Handout{Location: "PT-1", On: day(on), People: 2, Lines: lines})
	}
	food := func(quantity, lot, fund string) warehouse.HandoutLine {
		return warehouse.HandoutLine{Item: "FOOD", Quantity: number(quantity), Lot: lot, Fund: fund}
	}
	lots := func(posted ledger.Posted) (lots []string) {
		for _, m := range posted.Moves {
			lots = append(lots, fmt.Sprintf("%s %s %s", m.Lot, m.Quantity, m.Fund))
		}
		return lots
	}
	t.Run("usable through the printed day, over funds", func(t *testing.T) {
		got := lots(h.post(give("2024-03-10", food("2", "", ""), food("4", "", ""))))
		if want := []string{soon + " 2 F2", soon + " 3 F2", late + " 1 F1"}; !slices.Equal(got, want) {
			t.Errorf("took %q, want %q", got, want)
		}
	})
	t.Run("a named lot", func(t *testing.T) {
		if got := lots(h.post(give("2024-03-10", food("1", late, "")))); !slices.Equal(got, []string{late + " 1 F1"}) {
			t.Errorf("took %q", got)
		}
	})
	t.Run("all failing lines at once", func(t *testing.T) {
		h.refused(give("2024-03-12", food("2", "", "F2"), food("2", "", ""), food("2", "", "F1"), food("9", "", "")))(
			"insufficient /lines/0/quantity stock:PT-1 holds 0 of FOOD for fund F2, 2 wanted",
			"insufficient /lines/2/quantity stock:PT-1 holds 1 of FOOD for fund F1, 2 wanted",
			"insufficient /lines/3/quantity stock:PT-1 holds 1 of FOOD, 9 wanted")
	})
	t.Run("the printed day has passed", func(t *testing.T) {
		p, err := give("2024-03-15", food("3", "", ""))
		h.refused(p, err)()
		h.boughtAt("PT-1", "FOOD", "2", "20.00", "F1", "2024-03-14")
		_, err = h.attempt(give("2024-03-15", food("1", "", "")))
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) || refusal.Faults[0].There != "0" || refusal.Faults[0].Asked != "1" || refusal.Faults[0].Location != "PT-1" || refusal.Faults[0].Item != "FOOD" ||
			refusal.Faults[0].Hint != "also there: 2 of lot GR-PT-1-2024-00003.1 for fund F1 expired on 2024-03-14" {
			t.Errorf("got %+v", refusal)
		}
		wantFaults(t, "handout", err, "expired /lines/0/quantity stock:PT-1 holds 0 usable of FOOD, 1 wanted")
		h.post(give("2024-03-14", food("1", "", "")))
	})
}

func TestALateHandoutTakesWhatWasThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old := h.boughtAt("PT-1", "FOOD", "5", "50.00", "F1", "2024-04-20")
	waybill := func() string {
		h.boughtAt("WH-1", "FOOD", "5", "25.00", "F1", "2024-03-30")
		return h.sends("WH-1", "PT-1", "2024-03-08", warehouse.DispatchLine{Item: "FOOD", Quantity: number("5")})
	}()
	h.post(h.Arrive(t.Context(), h.by(), warehouse.Arrival{Waybill: waybill, On: day("2024-03-09"), Lines: []warehouse.ArrivalLine{{Item: "FOOD", Quantity: number("5"), Outcome: warehouse.Good}}}))
	if m := h.gives("PT-1", "2024-03-07", "FOOD", "2").Moves; len(m) != 1 || m[0].Lot != old {
		t.Errorf("the night before the truck came, %+v were given", m)
	}
	h.refused(h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "PT-1", On: day("2024-03-07"), Lines: []warehouse.HandoutLine{{Item: "FOOD", Quantity: number("4")}}}))(
		"insufficient /lines/0/quantity stock:PT-1 holds 3 of FOOD, 4 wanted: stock:PT-1 holds 0 of FOOD/GR-WH-1-2024-00001.1 for fund F1, 4 wanted on 2024-03-07")
}

func TestPacksOfHandouts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("PT-1", "QUILT", "20", "200.00", "F1", "")
	h.boughtAt("PT-1", "RICE", "1.25", "7.51", "F1", "")
	give := func(item, quantity, pack string) (*ledger.Proposal, error) {
		return h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "PT-1", Lines: []warehouse.HandoutLine{{Item: item, Quantity: number(quantity), Pack: pack}}})
	}
	if m := h.post(give("QUILT", "0.3", "bale")).Moves[0]; m.Quantity.String() != "6" || m.Value.StringFixed(2) != "60.00" {
		t.Errorf("0.3 bale is %+v", m)
	}
	if m := h.post(give("RICE", "2.002", "sack")).Moves[0]; m.Quantity.String() != "1.001" || m.Value.StringFixed(2) != "6.01" {
		t.Errorf("2.002 sacks are %+v", m)
	}
	h.refused(give("RICE", "2.001", "sack"))("invalid /lines/0/quantity 2.001 sack of 0.5 is 1.0005 kg of RICE, at most 3 decimals wanted")
	h.refused(give("QUILT", "0.33", "bale"))("invalid /lines/0/quantity 0.33 bale of 20 is 6.6 床 of QUILT, at most 0 decimals wanted")
}

func TestHandoutsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Campaign = func(_ context.Context, code, action string, _ ledger.Date) (bool, error) {
		if code != "WINTER" {
			return false, ledger.Refuse(ledger.NotFound, "", "there is no campaign "+code)
		}
		return action == "exercise", nil
	}
	for _, c := range []struct {
		change func(*warehouse.Handout)
		want   []string
	}{
		{func(o *warehouse.Handout) { o.Location = "PT-9" }, []string{`not-found /location location "PT-9" is not in the register`}},
		{func(o *warehouse.Handout) { o.Campaign, o.Action = "SUMMER", "street" }, []string{"not-found /campaign there is no campaign SUMMER"}},
		{func(o *warehouse.Handout) { o.Action = "street" }, []string{`invalid /action action "street" is named without its campaign`}},
		{func(o *warehouse.Handout) { o.People, o.Sex, o.Age = -1, "m", "old" }, []string{
			"invalid /people -1 people, 0 to 1000000 wanted", `invalid /sex sex "m" is none of female, male`, `invalid /age age band "old" is none of 0-17, 18-59, 60+`,
		}},
		{func(o *warehouse.Handout) { o.Pseudonym, o.People = "p-1", 2 }, []string{"invalid /people 2 people under one pseudonym, 1 wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "13800138000" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "11010519491231002X" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "p-11010519491231002X" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "11010519491231002x-1" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "p_8613800138000.b" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "x130503670401001" }, []string{"invalid /pseudonym the pseudonym looks like a telephone or a resident number, a random code wanted"}},
		{func(o *warehouse.Handout) { o.Pseudonym = "小王" }, []string{`invalid /pseudonym pseudonym "小王" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`}},
		{func(o *warehouse.Handout) { o.Lines[0].Quantity = number("0") }, []string{"invalid /lines/0/quantity quantity of QUILT is 0, a number above 0 of at most 24 digits and 9 decimals wanted"}},
		{func(o *warehouse.Handout) { o.Lines = nil }, []string{"invalid /lines 0 lines, 1 to 200 wanted"}},
		{func(o *warehouse.Handout) { o.On = day("2024-03-16") }, []string{"invalid /on 2024-03-16 lies after today, 2024-03-15"}},
	} {
		out := warehouse.Handout{Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}}
		c.change(&out)
		h.refused(h.HandOut(t.Context(), h.by(), out))(c.want...)
	}
}

// TestAllFailingLinesAtOnce: a line that the registers refuse does not hide one that the stock refuses.
func TestAllFailingLinesAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.refused(h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{
		{Item: "COAT", Quantity: number("2")}, {Item: "TENT", Quantity: number("1")}, {Item: "QUILT", Quantity: number("0.5")},
	}}))(`not-found /lines/1/item item "TENT" is not in the register`,
		"invalid /lines/2/quantity 0.5 床 of QUILT has too many decimals, 0 wanted",
		"insufficient /lines/0/quantity stock:PT-1 holds 0 of COAT, 2 wanted")
}

func TestDrillsMoveNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.boughtAt("PT-1", "QUILT", "3", "100.00", "F1", "")
	h.Campaign = func(context.Context, string, string, ledger.Date) (bool, error) { return true, nil }
	out := warehouse.Handout{Location: "PT-1", Campaign: "DRILL", People: 4, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1"), Pack: "bale"}}}
	posted := h.post(h.HandOut(t.Context(), h.by(), out))
	if len(posted.Moves) != 0 || posted.Document != "HO-PT-1-2024-00001" {
		t.Errorf("drill %+v", posted.Entry)
	}
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 3 100.00")
	note, err := h.HandoutNote(t.Context(), posted.Document)
	if err != nil || !note.Drill || note.Campaign != "DRILL" || len(note.Lines) != 1 || note.Lines[0].Quantity.String() != "20" {
		t.Errorf("note %+v, %v", note, err)
	}
	h.refused(h.TakeBack(t.Context(), h.by(), warehouse.HandoutReturn{Handout: posted.Document, Reason: "x"}))("invalid /handout handout HO-PT-1-2024-00001 was a drill, nothing of it is out")
}

// TestTheLastQuilts lets hundreds of coordinators on two servers reach for forty quilts.
func TestTheLastQuilts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("PT-1", "QUILT", "15", "100.00", "F1", "")
	h.boughtAt("PT-1", "QUILT", "25", "33.33", "F2", "")
	second := ledger.Open(h.Book.DB(), h.Book.Info, ledger.Options{Now: pgtest.Now})
	defer second.Close()
	keepers := []*warehouse.Keeper{h.Keeper, warehouse.NewKeeper(second, pgtest.Now)}
	errs := make([]error, 300)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			p, err := keepers[i%2].HandOut(t.Context(), ledger.By{Actor: "coordinator", Key: fmt.Sprint("race-", i)}, warehouse.Handout{
				Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}},
			})
			if err == nil {
				_, err = keepers[i%2].Book.Post(t.Context(), p)
			}
			errs[i] = err
		})
	}
	wg.Wait()
	passed := 0
	for _, err := range errs {
		if err == nil {
			passed++
		} else if err.Error() != "stock:PT-1 holds 0 of QUILT, 1 wanted" {
			t.Errorf("got %v", err)
		}
	}
	if passed != 40 {
		t.Errorf("%d of 40 quilts were handed out", passed)
	}
	h.holds("stock:PT-1")
	h.holds("handed-out:PT-1", "QUILT/GR-PT-1-2024-00001.1 F1 15 100.00", "QUILT/GR-PT-1-2024-00002.1 F2 25 33.33")
}
