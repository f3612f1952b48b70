package warehouse_test

import (
	"fmt"
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// kitHouse is a house that knows kits: KIT does not expire of itself, RATION always does.
func kitHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	_, err := h.Items.CreateMany(t.Context(), "keeper", []warehouse.Item{
		{Code: "KIT", Name: "御寒套件", Unit: "套", Category: "other"},
		{Code: "RATION", Name: "口粮包", Unit: "包", Category: "food", Expires: true},
		{Code: "HALF", Name: "散装", Unit: "kg", Decimals: 1, Category: "other"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// makes puts kits together at the warehouse out of goods of F1, on the second of March.
func (h *house) makes(item, quantity string, lines ...warehouse.AssemblyLine) (*ledger.Proposal, error) {
	h.t.Helper()
	return h.Assemble(h.t.Context(), h.by(), warehouse.Assembly{Location: "WH-1", Item: item, Quantity: number(quantity), Fund: "F1", On: day("2024-03-02"), Lines: lines})
}

// takes is what one kit takes, with a pack or without one.
func takes(item, quantity string, pack ...string) warehouse.AssemblyLine {
	l := warehouse.AssemblyLine{Item: item, Quantity: number(quantity)}
	if len(pack) > 0 {
		l.Pack = pack[0]
	}
	return l
}

func TestKitsCarryWhatWentIn(t *testing.T) {
	t.Parallel()
	h := kitHouse(t)
	late := h.boughtAt("WH-1", "FOOD", "7", "70.07", "F1", "2024-06-30")
	early := h.boughtAt("WH-1", "FOOD", "2", "19.99", "F1", "2024-03-10")
	quilts := h.bought("QUILT", "3", "100.00")
	rice := h.bought("RICE", "2.5", "10.00")
	posted := h.post(h.makes("KIT", "2", takes("QUILT", "1"), takes("FOOD", "2"), takes("RICE", "1", "sack")))
	if posted.Document != "KT-WH-1-2024-00001" || posted.Kind != "assembly" {
		t.Errorf("posted %+v", posted.Entry)
	}
	// 100.00 · 2/3, all of 19.99, 70.07 · 2/7 and 10.00 · 1/2.5.
	if got := values(posted); !slices.Equal(got, []string{"66.67", "19.99", "20.02", "4.00", "110.68"}) {
		t.Errorf("values %s", got)
	}
	kits := "KT-WH-1-2024-00001.1"
	h.holds("stock:WH-1", "FOOD/"+late+" F1 5 50.05", "KIT/"+kits+" F1 2 110.68", "QUILT/"+quilts+" F1 1 33.33", "RICE/"+rice+" F1 1.5 6.00")
	lot, err := h.Lot(t.Context(), ledger.Commodity{Item: "KIT", Lot: kits})
	if err != nil || lot.ExpiresOn != day("2024-03-10") || !lot.Value.Equal(number("110.68")) || lot.Location != "WH-1" || lot.Fund != "F1" {
		t.Errorf("lot %+v, %v", lot, err)
	}
	n, err := h.KitNote(t.Context(), posted.Document)
	if err != nil || n.Item != "KIT" || n.Lot != kits || n.Fund != "F1" || n.Location != "WH-1" || !n.Value.Equal(lot.Value.Decimal) || n.ExpiresOn != lot.ExpiresOn {
		t.Errorf("note %+v, %v", n, err)
	}
	var told []string
	for _, l := range n.Lines {
		told = append(told, fmt.Sprintf("%s %s", l.Item, l.Quantity))
	}
	for _, p := range n.Parts {
		told = append(told, fmt.Sprintf("%s/%s %s %s %s", p.Item, p.Lot, p.Quantity, p.Value.StringFixed(2), p.ExpiresOn))
	}
	if want := []string{
		"QUILT 1", "FOOD 2", "RICE 0.5", "QUILT/" + quilts + " 2 66.67 ", "FOOD/" + early + " 2 19.99 2024-03-10", "FOOD/" + late + " 2 20.02 2024-06-30", "RICE/" + rice + " 1 4.00 ",
	}; !slices.Equal(told, want) {
		t.Errorf("note tells\n %q, want\n %q", told, want)
	}
	_, err = h.KitNote(t.Context(), "KT-9")
	wantFaults(t, "assembly", err, "not-found  there is no assembly KT-9")

	// A kit goes as any goods, and not after what is in it has expired.
	h.refused(h.HandOut(t.Context(), h.by(), warehouse.Handout{Location: "WH-1", On: day("2024-03-11"), People: 1, Lines: []warehouse.HandoutLine{{Item: "KIT", Quantity: number("1")}}}))(
		"expired /lines/0/quantity stock:WH-1 holds 0 usable of KIT, 1 wanted")
	out := h.gives("WH-1", "2024-03-05", "KIT", "1")
	if got := values(out); !slices.Equal(got, []string{"55.34"}) {
		t.Errorf("one kit took %s", got)
	}
	h.refused(h.undo(posted.Document))("moved-on /entry entry 5 cannot be undone, what it brought has moved on: stock:WH-1 holds 1 of KIT/" + kits + " for fund F1, 2 wanted")
	h.post(h.undo(out.Document))
	h.post(h.undo(posted.Document))
	h.holds("stock:WH-1", "FOOD/"+late+" F1 7 70.07", "FOOD/"+early+" F1 2 19.99", "QUILT/"+quilts+" F1 3 100.00", "RICE/"+rice+" F1 2.5 10.00")
	h.holds("assembly:WH-1")
}

func TestKitsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := kitHouse(t)
	food := h.boughtAt("WH-1", "FOOD", "9", "90.00", "F1", "2024-03-01")
	h.bought("QUILT", "3", "100.00")
	h.boughtAt("WH-1", "QUILT", "5", "50.00", "F2", "")
	kept := h.post(h.Receive(t.Context(), h.by(), warehouse.Receipt{
		Location: "WH-1", Kind: warehouse.Custody, Party: "OWNER", Fund: "F1", On: day("2024-03-01"),
		Lines: []warehouse.ReceiptLine{{Item: "COAT", Quantity: number("4"), Value: some("40.00")}},
	})).Moves[0].Lot
	for _, c := range []struct {
		item, quantity string
		lines          []warehouse.AssemblyLine
		faults         []string
	}{
		{"KIT", "2", []warehouse.AssemblyLine{takes("QUILT", "2"), takes("RICE", "1")}, []string{
			"insufficient /lines/0/quantity stock:WH-1 holds 3 of QUILT for fund F1, 4 wanted",
			"insufficient /lines/1/quantity stock:WH-1 holds 0 of RICE for fund F1, 2 wanted",
		}},
		{"KIT", "1", []warehouse.AssemblyLine{takes("FOOD", "1")}, []string{"expired /lines/0/quantity stock:WH-1 holds 0 usable of FOOD for fund F1, 1 wanted"}},
		{"KIT", "1", []warehouse.AssemblyLine{{Item: "FOOD", Lot: food, Quantity: number("1")}}, []string{"expired /lines/0/quantity stock:WH-1 holds 0 usable of FOOD/" + food + " for fund F1, 1 wanted"}},
		{"KIT", "1", []warehouse.AssemblyLine{{Item: "COAT", Lot: kept, Quantity: number("1")}}, []string{"insufficient /lines/0/quantity stock:WH-1 holds 0 of COAT/" + kept + " for fund F1, 1 wanted"}},
		{"KIT", "1", []warehouse.AssemblyLine{takes("QUILT", "1"), takes("KIT", "1")}, []string{
			"invalid /lines/1/item KIT cannot be put into itself",
		}},
		{"RATION", "1", []warehouse.AssemblyLine{takes("QUILT", "1")}, []string{"invalid /item RATION expires, and nothing that goes into it does"}},
		{"HALF", "0.5", []warehouse.AssemblyLine{takes("QUILT", "1")}, []string{"invalid /lines/0/quantity 0.5 床 of QUILT has too many decimals, 0 wanted"}},
		{"KIT", "0.5", []warehouse.AssemblyLine{takes("QUILT", "2")}, []string{"invalid /quantity 0.5 套 of KIT has too many decimals, 0 wanted"}},
		{"KIT", "0", nil, []string{
			"invalid /quantity quantity of KIT is 0, a number above 0 of at most 24 digits and 9 decimals wanted",
			"invalid /lines 0 lines, 1 to 500 wanted",
		}},
		{"OLD", "1", []warehouse.AssemblyLine{takes("X", "1"), takes("QUILT", "1", "crate")}, []string{
			"invalid /item item OLD is retired, no more of it is taken in", "not-found /lines/0/item item \"X\" is not in the register",
			"invalid /lines/1/pack item QUILT has no pack \"crate\", it is counted in 床, bale of 20",
		}},
	} {
		h.refused(h.makes(c.item, c.quantity, c.lines...))(c.faults...)
	}
	h.refused(h.Assemble(t.Context(), h.by(), warehouse.Assembly{Location: "5101", Item: "NONE", Quantity: number("1"), Fund: "F 1", Lines: []warehouse.AssemblyLine{takes("QUILT", "1")}}))(
		"invalid /location location 5101 is a prefecture, goods stand only below it",
		"invalid /fund fund \"F 1\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		"not-found /item item \"NONE\" is not in the register")
	h.post(h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-2", Reason: "never used"}))
	h.refused(h.Assemble(t.Context(), h.by(), warehouse.Assembly{Location: "PT-2", Item: "KIT", Quantity: number("1"), Fund: "F1", Lines: []warehouse.AssemblyLine{takes("QUILT", "1")}}))(
		"not-open /location point PT-2 was closed, nothing moves there any more")
	h.holds("assembly:WH-1")
}

// A kit may be a component of another: its lot goes in whole, with its cost and its life.
func TestKitsOfKits(t *testing.T) {
	t.Parallel()
	h := kitHouse(t)
	h.boughtAt("WH-1", "FOOD", "3", "10.00", "F1", "2024-05-31")
	h.bought("QUILT", "3", "100.00")
	first := h.post(h.makes("RATION", "3", takes("FOOD", "1")))
	second := h.post(h.makes("KIT", "2", takes("RATION", "1"), takes("QUILT", "1")))
	if got := values(second); !slices.Equal(got, []string{"6.67", "66.67", "73.34"}) {
		t.Errorf("values %s", got)
	}
	n, err := h.KitNote(t.Context(), second.Document)
	if err != nil || n.ExpiresOn != day("2024-05-31") {
		t.Errorf("note %+v, %v", n, err)
	}
	h.refused(h.undo(first.Document))("moved-on /entry entry 3 cannot be undone, what it brought has moved on: stock:WH-1 holds 1 of RATION/KT-WH-1-2024-00001.1 for fund F1, 3 wanted")
}

// A keeper of one place makes kits there, and not elsewhere.
func TestKitsAreMadeAtOnesOwnPlace(t *testing.T) {
	t.Parallel()
	h := kitHouse(t)
	h.bought("QUILT", "3", "100.00")
	bound := func(path string) (*ledger.Proposal, error) {
		p, err := h.makes("KIT", "1", takes("QUILT", "1"))
		if err != nil {
			t.Fatal(err)
		}
		return p, h.Confine(t.Context(), func(_ string, from, to []string) bool {
			return slices.Equal(from, []string{path}) && (to == nil || slices.Equal(to, from))
		}, p)
	}
	h.refused(bound("/5101/ST-1/"))("insufficient /lines/0/quantity stock:WH-1 holds 0 of QUILT for fund F1, 1 wanted")
	h.post(bound("/5101/WH-1/"))
}

func TestKitsThatWereTamperedWith(t *testing.T) {
	t.Parallel()
	h := kitHouse(t)
	h.boughtAt("WH-1", "FOOD", "2", "20.00", "F1", "2024-05-31")
	h.bought("QUILT", "3", "100.00")
	h.post(h.makes("KIT", "2", takes("QUILT", "1"), takes("FOOD", "1")))
	h.wantBroken("")
	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			"kits are worth what went into them", "UPDATE kits SET value = 90", "UPDATE kits SET value = 86.67",
			"assembly KT-WH-1-2024-00001 took goods worth 86.67 for 2 kits worth 86.67, its document says 2 worth 90",
		},
		{
			"kits are worth what went into them", "UPDATE moves SET value = 60 WHERE number = 3 AND line = 1", "UPDATE moves SET value = 66.67 WHERE number = 3 AND line = 1",
			"assembly KT-WH-1-2024-00001 took goods worth 80 for 2 kits worth 86.67, its document says 2 worth 86.67",
		},
		{
			"kits are made of what their assembly says", "UPDATE kit_lines SET quantity = 2 WHERE item = 'FOOD'", "UPDATE kit_lines SET quantity = 1 WHERE item = 'FOOD'",
			"assembly KT-WH-1-2024-00001 needs 4 of FOOD, it took 2",
		},
		{
			"kits last as long as what is in them, and nothing expired is",
			"UPDATE commodities SET expires_on = '2024-06-30' WHERE item = 'KIT'", "UPDATE commodities SET expires_on = '2024-05-31' WHERE item = 'KIT'",
			"assembly KT-WH-1-2024-00001 of 2024-03-02 made kits until 2024-06-30 of goods until 2024-05-31",
		},
		{
			"kits last as long as what is in them, and nothing expired is",
			"UPDATE commodities SET expires_on = '2024-03-01' WHERE item <> 'QUILT'", "UPDATE commodities SET expires_on = '2024-05-31' WHERE item <> 'QUILT'",
			"assembly KT-WH-1-2024-00001 of 2024-03-02 made kits until 2024-03-01 of goods until 2024-03-01",
		},
		{
			"no value stays in an assembly", "UPDATE cells SET value = value + 1 WHERE account = 'assembly:WH-1' AND item = 'FOOD'",
			"UPDATE cells SET value = value - 1 WHERE account = 'assembly:WH-1' AND item = 'FOOD'", "assembly:WH-1 holds 1 of fund F1",
		},
	} {
		h.tamper(c.tamper)
		h.wantBroken(c.rule, c.want)
		h.tamper(c.restore)
	}
	h.wantBroken("")
}
