package report_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// busy is a house with a campaign in which things were done, returned, undone and exercised.
func busy(t *testing.T) *house {
	h := newHouse(t)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "100", "10000.00")
	h.receive(warehouse.InKind, "2024-01-02", "F2", "RICE", "50", "200.00")
	h.send("2024-01-10", "WH", "PT-1", "QUILT", "50")
	h.send("2024-02-10", "WH", "PT-2", "QUILT", "10")
	h.send("2024-02-10", "WH", "PT-2", "RICE", "20")

	out := h.handOut("2024-01-11", "PT-1", "COLD", "QUILT", "20")
	back := h.post(h.keeper.TakeBack(h.ctx(), h.by(), warehouse.HandoutReturn{
		Handout: out.Document, Reason: "unused", On: day("2024-01-12"), Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("5")}},
	}))
	h.undo("2024-01-13", back.Number) // the return was a slip: 20 stay handed out
	h.post(h.keeper.TakeBack(h.ctx(), h.by(), warehouse.HandoutReturn{
		Handout: out.Document, Reason: "unused", On: day("2024-02-01"), Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("2")}},
	}))
	h.undo("2024-02-02", h.handOut("2024-01-20", "PT-1", "COLD", "QUILT", "7").Number)
	h.handOut("2024-02-11", "PT-2", "COLD", "QUILT", "3")
	h.handOut("2024-02-11", "PT-2", "COLD", "RICE", "12.5")
	h.handOut("2024-02-11", "PT-2", "", "QUILT", "1") // of no campaign
	h.handOut("2024-02-11", "PT-2", "DRILL", "QUILT", "900")

	h.record("COLD", "ST-1", "2024-01-15", false, "patrol-staff", "301")
	h.record("COLD", "ST-2", "2024-02-15", false, "patrol-staff", "30")
	h.record("COLD", "ST-1", "2024-01-15", true, "patrol-staff", "1000")
	h.record("DRILL", "ST-1", "2024-01-15", false, "patrol-staff", "1000")
	h.undo("2024-02-16", h.record("COLD", "ST-2", "2024-02-16", false, "settled", "8").Number)
	h.record("COLD", "ST-2", "2024-02-16", false, "settled", "7")

	h.post(h.officer.Contribute(h.ctx(), h.by(), fund.Contribution{On: day("2024-01-02"), Fund: "F1", Kind: "grant", Party: "GIVER", Bank: "B", Amount: number("50000.00")}))
	h.pay("2024-01-20", "ST-1", "12345.67")
	h.undo("2024-02-20", h.pay("2024-02-20", "ST-2", "99.00").Number)
	return h
}

func (h *house) undo(on string, number int64) {
	h.t.Helper()
	h.post(h.keeper.Reverse(h.ctx(), h.by(), ledger.Reversal{Entry: number, On: day(on), Reason: "recorded twice"}))
}

func (h *house) record(code, location, on string, drill bool, measure, quantity string) ledger.Posted {
	h.t.Helper()
	return h.post(h.desk.Record(h.ctx(), h.by(), campaign.Activity{
		Campaign: code, Location: location, On: day(on), Drill: drill, Measures: []campaign.ActivityMeasure{{Measure: measure, Quantity: number(quantity)}},
	}))
}

func (h *house) pay(on, location, amount string) ledger.Posted {
	h.t.Helper()
	return h.post(h.officer.Pay(h.ctx(), h.by(), fund.Payment{
		On: day(on), Kind: "relief-cash", Fund: "F1", Bank: "B", Payee: "p-1", Amount: number(amount), Campaign: "COLD", Location: location,
	}))
}

// counted are the figures that are not zero.
func counted(b report.Bulletin) map[string]string {
	figures := map[string]string{}
	for _, f := range b.Figures {
		if q := string(f.Quantity); q != "0" && q != "0.00" {
			figures[f.Code] = q
		}
	}
	return figures
}

func TestBulletin(t *testing.T) {
	t.Parallel()
	h := busy(t)
	for _, c := range []struct {
		name  string
		query report.BulletinQuery
		want  map[string]string
	}{
		{"everything", report.BulletinQuery{}, map[string]string{
			"quilt": "21", "food:kg": "12.5", "in-kind": "50.00", "patrol-staff": "331", "settled": "7", "relief-cash": "12345.67", "points-opened": "2",
		}},
		{"a prefecture", report.BulletinQuery{Under: "5101"}, map[string]string{
			"quilt": "18", "patrol-staff": "301", "relief-cash": "12345.67", "points-opened": "1",
		}},
		{"a point", report.BulletinQuery{Under: "PT-2"}, map[string]string{"quilt": "3", "food:kg": "12.5", "in-kind": "50.00", "points-opened": "1"}},
		{"January, before the slips were mended", report.BulletinQuery{To: day("2024-01-31")}, map[string]string{
			"quilt": "27", "patrol-staff": "301", "relief-cash": "12345.67", "points-opened": "1",
		}},
		{"February, with what it took back", report.BulletinQuery{From: day("2024-02-01"), To: day("2024-02-29")}, map[string]string{
			"quilt": "-6", "food:kg": "12.5", "in-kind": "50.00", "patrol-staff": "30", "settled": "7", "points-opened": "1",
		}},
		{"as known before anything was undone", report.BulletinQuery{KnownAt: 9}, map[string]string{"quilt": "20", "points-opened": "2"}},
	} {
		b, err := h.Bulletin(t.Context(), "COLD", c.query)
		h.must(err)
		if got := counted(b); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		h.opensAll(b)
	}
}

// opensAll proves that every figure opens to entries, or points, that add up to it.
func (h *house) opensAll(b report.Bulletin) {
	h.t.Helper()
	for _, f := range b.Figures {
		if f.Code == "points-opened" {
			continue
		}
		_, quantity, value := h.opened(f.Query)
		if f.Unit == "元" {
			quantity = value
		}
		if !quantity.Equal(number(string(f.Quantity))) {
			h.t.Errorf("%s: %s opens to %s, not to %s", f.Code, f.Query, quantity, f.Quantity)
		}
	}
}

func TestFiguresOpenToWhatUndidThem(t *testing.T) {
	t.Parallel()
	h := busy(t)
	b, err := h.Bulletin(t.Context(), "COLD", report.BulletinQuery{Under: "PT-1"})
	h.must(err)
	quilts := b.Figures[slices.IndexFunc(b.Figures, func(f report.BulletinFigure) bool { return f.Code == "quilt" })]
	entries, _, _ := h.opened(quilts.Query)
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%s %s %s", e.On, e.Kind, e.Quantity))
	}
	want := []string{
		"2024-01-11 handout 20", "2024-01-12 handout-return -5", "2024-01-13 reversal 5", "2024-02-01 handout-return -2",
		"2024-01-20 handout 7", "2024-02-02 reversal -7",
	}
	if !slices.Equal(got, want) {
		t.Errorf("quilts open to %q, want %q", got, want)
	}
	if entries[0].Moves[0].To != "handed-out:PT-1" || entries[0].Document != "HO-PT-1-2024-00001" {
		t.Errorf("an opened entry is %+v", entries[0])
	}
}

func TestADrillCountsNothing(t *testing.T) {
	t.Parallel()
	h := busy(t)
	b, err := h.Bulletin(t.Context(), "DRILL", report.BulletinQuery{})
	h.must(err)
	if got := counted(b); len(got) > 0 || !strings.Contains(b.Chinese(), "演练：不计入任何合计") {
		t.Errorf("a drill counts %v", got)
	}
}

func TestBulletinRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for want, ask := range map[string]func() (report.Bulletin, error){
		`campaign "HOT" is not in the register`: func() (report.Bulletin, error) { return h.Bulletin(t.Context(), "HOT", report.BulletinQuery{}) },
		`location "X" is not in the register`: func() (report.Bulletin, error) {
			return h.Bulletin(t.Context(), "COLD", report.BulletinQuery{Under: "X"})
		},
		`the book has 0 entries, entry 5 wanted`: func() (report.Bulletin, error) {
			return h.Bulletin(t.Context(), "COLD", report.BulletinQuery{KnownAt: 5})
		},
	} {
		if _, err := ask(); err == nil || err.Error() != want {
			t.Errorf("refused with %v, want %s", err, want)
		}
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	page, err := h.Points(t.Context(), report.PointQuery{From: day("2024-01-01"), Limit: 1})
	h.must(err)
	if len(page.Points) != 1 || page.Points[0].Code != "PT-1" || page.Points[0].OpensOn != day("2024-01-05") || page.Next != "PT-1" {
		t.Errorf("first page of points is %+v", page)
	}
	page, err = h.Points(t.Context(), report.PointQuery{From: day("2024-01-01"), After: page.Next})
	h.must(err)
	if len(page.Points) != 1 || page.Points[0].Code != "PT-2" || page.Next != "" {
		t.Errorf("last page of points is %+v", page)
	}
	page, err = h.Points(t.Context(), report.PointQuery{Under: "5101", To: day("2024-01-04")})
	h.must(err)
	if len(page.Points) != 0 {
		t.Errorf("before anything opened there are %+v", page)
	}
	// The campaign goes on after today, 2024-03-15, and so do openings: what is still to come is not counted.
	_, err = h.keeper.Locations.CreateMany(h.ctx(), "keeper", []warehouse.Location{
		{Code: "PT-3", Name: "三点", Kind: warehouse.Point, Parent: "ST-1", OpensOn: day("2024-03-15")},
		{Code: "PT-4", Name: "四点", Kind: warehouse.Point, Parent: "ST-1", OpensOn: day("2024-03-16")},
	})
	h.must(err)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "1", "1.00")
	for _, known := range []int64{0, 1} {
		page, err = h.Points(t.Context(), report.PointQuery{Under: "5101", To: day("2024-03-31"), KnownAt: known})
		h.must(err)
		b, err := h.Bulletin(t.Context(), "COLD", report.BulletinQuery{Under: "5101", KnownAt: known})
		h.must(err)
		if len(page.Points) != 2 || page.Points[1].Code != "PT-3" || counted(b)["points-opened"] != "2" {
			t.Errorf("as known at %d points are %+v, and the bulletin counts %v", known, page, counted(b))
		}
	}
	_, err = h.Points(t.Context(), report.PointQuery{KnownAt: 5})
	refused(t, "points", err, ledger.NotFound, "/known_at", "the book has 1 entries, entry 5 wanted")
}

// Kits came as all that is in them came, through kits of kits too. What was bought in part is nobody's gift as a whole, and is not split.
func TestKitsOfGivenGoodsAreGiven(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.keeper.Items.CreateMany(h.ctx(), "keeper", []warehouse.Item{
		{Code: "KIT", Name: "套件", Unit: "套", Category: "other"}, {Code: "BOX", Name: "套件箱", Unit: "箱", Category: "other"}, {Code: "MIXED", Name: "混合套件", Unit: "份", Category: "other"},
	})
	h.must(err)
	h.receive(warehouse.InKind, "2024-01-02", "F1", "QUILT", "9", "100.00")
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "RICE", "5", "20.00")
	assemble := func(item, quantity string, of ...string) {
		a := warehouse.Assembly{Location: "WH", Item: item, Quantity: number(quantity), Fund: "F1", On: day("2024-01-03")}
		for _, part := range of {
			a.Lines = append(a.Lines, warehouse.AssemblyLine{Item: part, Quantity: number("1")})
		}
		h.post(h.keeper.Assemble(h.ctx(), h.by(), a))
		h.send("2024-01-10", "WH", "PT-1", item, "1")
	}
	assemble("KIT", "5", "QUILT")
	assemble("BOX", "2", "KIT", "QUILT")
	assemble("MIXED", "2", "QUILT", "RICE")
	for _, c := range [][2]string{{"KIT", "11.11"}, {"BOX", "33.34"}, {"MIXED", "33.34"}} {
		out := h.handOut("2024-01-11", "PT-1", "COLD", c[0], "1")
		h.post(h.keeper.TakeBack(h.ctx(), h.by(), warehouse.HandoutReturn{
			Handout: out.Document, Reason: "unused", On: day("2024-01-12"), Lines: []warehouse.HandoutReturnLine{{Item: c[0], Quantity: number("1")}},
		}))
		h.handOut("2024-01-13", "PT-1", "COLD", c[0], "1")
		b, err := h.Bulletin(h.ctx(), "COLD", report.BulletinQuery{})
		h.must(err)
		if got := counted(b)["in-kind"]; got != c[1] {
			t.Errorf("with %s given out: %s, want %s", c[0], got, c[1])
		}
		h.opensAll(b)
	}
}
