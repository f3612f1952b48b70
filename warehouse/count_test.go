package warehouse_test

import (
	"strings"
	"sync"
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func (h *house) counted(c warehouse.Count) (*ledger.Proposal, error) {
	h.t.Helper()
	if c.Location == "" {
		c.Location = "WH-1"
	}
	return h.Count(h.t.Context(), h.by(), c)
}

func (h *house) agree(by ledger.By, count string) (*ledger.Proposal, error) {
	h.t.Helper()
	return h.ApproveCount(h.t.Context(), by, warehouse.CountApproval{Count: count})
}

// found is a line of a count, written ITEM[/LOT] QUANTITY, with a fund or without one.
func found(goods, quantity string, fund ...string) warehouse.CountLine {
	item, lot, _ := strings.Cut(goods, "/")
	return warehouse.CountLine{Item: item, Lot: lot, Fund: strings.Join(fund, ""), Quantity: number(quantity)}
}

func (h *house) differences(count string) (told []string) {
	h.t.Helper()
	n, err := h.CountNote(h.t.Context(), count)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, l := range n.Lines {
		told = append(told, l.Item+"/"+l.Lot+" "+l.Fund+" "+l.Held.String()+" "+l.Found.String())
	}
	return told
}

func TestCountIsAgreedToByTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	quilts, coats := h.bought("QUILT", "40", "1000.01"), h.bought("COAT", "3", "100.00")
	posted := h.post(h.counted(warehouse.Count{Remark: "yearly", Blind: true, Lines: []warehouse.CountLine{found("QUILT", "37"), found("COAT", "4")}}))
	if posted.Document != "CN-WH-1-2024-00001" || len(posted.Moves) != 0 {
		t.Errorf("count %s moves %v", posted.Document, posted.Moves)
	}
	h.holds("stock:WH-1", "COAT/"+coats+" F1 3 100.00", "QUILT/"+quilts+" F1 40 1000.01")
	h.refused(h.agree(h.by(), posted.Document))("same-person /count keeper reported count CN-WH-1-2024-00001, another person's approval wanted")
	h.refused(h.agree(h.boss(), "CN-9"))("not-found /count there is no count CN-9")
	h.refused(h.ApproveCount(t.Context(), h.boss(), warehouse.CountApproval{Count: posted.Document, On: posted.On - 1}))(
		"invalid /on count CN-WH-1-2024-00001 was taken on " + posted.On.String() + ", it is not approved on " + (posted.On - 1).String())

	done := h.post(h.agree(h.boss(), posted.Document))
	if done.Document != "CA-WH-1-2024-00001" || done.Kind != "count-approval" {
		t.Errorf("approval %+v", done.Entry)
	}
	h.holds("stock:WH-1", "COAT/"+coats+" F1 4 133.33", "QUILT/"+quilts+" F1 37 925.01")
	h.holds("lost:WH-1", "QUILT/"+quilts+" F1 3 75.00")
	h.holds("found:WH-1", "COAT/"+coats+" F1 -1 -33.33")
	h.refused(h.agree(h.boss(), posted.Document))("already-done /count count CN-WH-1-2024-00001 was approved before")
	h.refused(h.agree(h.boss(), done.Document))("not-found /count there is no count CA-WH-1-2024-00001")
	h.refused(h.undo(posted.Document))("moved-on /entry entry 3 cannot be undone, later documents rest on it (1): reverse them first")
	n, err := h.CountNote(t.Context(), posted.Document)
	if err != nil || n.Approval != done.Document || n.Differences != 2 || !n.Blind || n.Whole || n.Remark != "yearly" || n.Actor != "keeper" {
		t.Errorf("note %+v, %v", n, err)
	}
	h.wantControls("count CN-WH-1-2024-00001 of keeper agreed by boss in CA-WH-1-2024-00001")

	h.post(h.undo(done.Document))
	h.post(h.undo(posted.Document))
	h.refused(h.agree(h.boss(), posted.Document))("already-done /count count CN-WH-1-2024-00001 was taken back")
	h.holds("stock:WH-1", "COAT/"+coats+" F1 3 100.00", "QUILT/"+quilts+" F1 40 1000.01")
	h.holds("lost:WH-1")
}

func TestWhatACountComparesWith(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.bought("QUILT", "40", "1000.00"), h.boughtAt("WH-1", "QUILT", "10", "300.00", "F2", "")
	rice := h.bought("RICE", "2.5", "10.00")
	elsewhere := h.boughtAt("ST-1", "COAT", "5", "50.00", "F1", "")
	all := []string{"QUILT/" + first + " F1 40 40", "QUILT/" + second + " F2 10 10"}
	for name, c := range map[string]struct {
		count  warehouse.Count
		want   []string
		faults []string
	}{
		"all lots agree":        {count: warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "50")}}, want: all},
		"two shelves are added": {count: warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "20"), found("QUILT", "30")}}, want: all},
		"packs": {
			count: warehouse.Count{Lines: []warehouse.CountLine{{Item: "QUILT", Fund: "F1", Quantity: number("2"), Pack: "bale"}, {Item: "RICE", Quantity: number("4"), Pack: "sack"}}},
			want:  []string{all[0], "RICE/" + rice + " F1 2.5 2"},
		},
		"lots told apart":     {count: warehouse.Count{Lines: []warehouse.CountLine{found("QUILT/"+second, "12"), found("QUILT", "0", "F1")}}, want: []string{"QUILT/" + second + " F2 10 12", "QUILT/" + first + " F1 40 0"}},
		"the rest is left":    {count: warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "40", "F1")}}, want: all[:1]},
		"the rest is missing": {count: warehouse.Count{Complete: []string{"QUILT"}, Lines: []warehouse.CountLine{found("QUILT", "40", "F1")}}, want: []string{all[0], "QUILT/" + second + " F2 10 0"}},
		"nothing is there":    {count: warehouse.Count{Whole: true}, want: []string{"QUILT/" + first + " F1 40 0", "QUILT/" + second + " F2 10 0", "RICE/" + rice + " F1 2.5 0"}},
		"an empty place":      {count: warehouse.Count{Location: "PT-1", Whole: true}},
		"none of what is not": {count: warehouse.Count{Lines: []warehouse.CountLine{found("COAT", "0")}}},
		"found again":         {count: warehouse.Count{Lines: []warehouse.CountLine{found("COAT/"+elsewhere, "1", "F1")}}, want: []string{"COAT/" + elsewhere + " F1 0 1"}},
		"ambiguous":           {count: warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "49")}}, faults: []string{"invalid /lines/0/lot QUILT stands in 2 lots or funds at stock:WH-1 and not all of it was found: name the lot and the fund of what was"}},
		"found, but what":     {count: warehouse.Count{Lines: []warehouse.CountLine{found("COAT", "1")}}, faults: []string{"invalid /lines/0/lot stock:WH-1 holds no COAT: name the lot and the fund of what was found"}},
		"of nobody":           {count: warehouse.Count{Lines: []warehouse.CountLine{found("COAT/"+elsewhere, "1", "F9")}}, faults: []string{"not-found /lines/0/lot fund F9 never had COAT/" + elsewhere}},
		"counted twice": {
			count:  warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "40", "F1"), found("QUILT", "50")}},
			faults: []string{"invalid /lines/1 QUILT/" + first + " for fund F1 is counted by /lines/0 already"},
		},
		"nothing counted": {count: warehouse.Count{}, faults: []string{"invalid /lines nothing was counted"}},
		"unknown things": {
			count:  warehouse.Count{Location: "5101", Complete: []string{"X"}, Lines: []warehouse.CountLine{found("Y", "0")}},
			faults: []string{"invalid /location location 5101 is a prefecture, goods stand only below it", "not-found /complete/0 item \"X\" is not in the register", "not-found /lines/0/item item \"Y\" is not in the register"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{Keeper: h.Keeper, t: t, n: 1000 * len(name)}
			by := ledger.By{Actor: "keeper", Key: name}
			if c.count.Location == "" {
				c.count.Location = "WH-1"
			}
			p, err := h.Count(t.Context(), by, c.count)
			if c.faults != nil {
				h.refused(p, err)(c.faults...)
				return
			}
			if got := h.differences(h.post(p, err).Document); strings.Join(got, "; ") != strings.Join(c.want, "; ") {
				t.Errorf("compared %q, wanted %q", got, c.want)
			}
		})
	}
}

// A count is of its own date: what came or went later is nothing that it missed.
func TestACountOfAnEarlierDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "40", "1000.00")
	h.gives("WH-1", "2024-03-05", "QUILT", "10")
	early := h.post(h.counted(warehouse.Count{On: day("2024-03-04"), Lines: []warehouse.CountLine{found("QUILT", "38")}})).Document
	if got := h.differences(early); got[0] != "QUILT/"+lot+" F1 40 38" {
		t.Errorf("compared %q", got)
	}
	same := h.post(h.counted(warehouse.Count{On: day("2024-03-05"), Whole: true, Lines: []warehouse.CountLine{found("QUILT", "30")}})).Document
	h.refused(h.agree(h.boss(), same))("invalid /count count " + same + " agrees with the book, nobody need approve it")

	// So much of it is handed out meanwhile that what was missed cannot be missing.
	out := h.gives("WH-1", "2024-03-06", "QUILT", "29").Document
	h.refused(h.agree(h.boss(), early))("moved-on /count count " + early + " cannot be approved, goods that it missed have moved since: stock:WH-1 holds 1 of QUILT/" + lot + " for fund F1, 2 wanted")
	h.post(h.undo(out))
	h.post(h.agree(h.boss(), early))
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 28 700.00")
	h.wantControls("count " + early + " of keeper agreed by boss in CA-WH-1-2024-00001")
}

// What the book learns of the day of a count after it is in the difference already: approving it would lose these goods twice.
func TestACountThatTheBookOvertook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.boughtAt("PT-1", "QUILT", "40", "1000.00", "F1", "")
	counted := func(on, quantity string) string {
		t.Helper()
		return h.post(h.counted(warehouse.Count{Location: "PT-1", On: day(on), Lines: []warehouse.CountLine{found("QUILT/"+lot, quantity, "F1")}})).Document
	}
	agree := func(count, on string) (*ledger.Proposal, error) {
		return h.ApproveCount(t.Context(), h.boss(), warehouse.CountApproval{Count: count, On: day(on)})
	}
	counts := []string{counted("2024-03-05", "38"), counted("2024-03-06", "38"), counted("2024-03-08", "37")}
	since := func(count, on string) string {
		return "moved-on /count count " + count + " is of " + on + ", and QUILT/" + lot + " for fund F1 was lost or found at PT-1 since"
	}

	undo := func(of ledger.Posted) {
		t.Helper()
		h.post(h.Reverse(t.Context(), h.by(), ledger.Reversal{Entry: of.Number, On: of.On, Reason: "a slip"}))
	}

	late := h.gives("PT-1", "2024-03-04", "QUILT", "2")
	h.refused(agree(counts[0], "2024-03-09"))("moved-on /count count " + counts[0] + " was held against 40 of QUILT/" + lot + " for fund F1, the book now says 38 of 2024-03-05")
	undo(late) // on its own day: it never was
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 40 1000.00")

	second := h.post(agree(counts[1], "2024-03-07"))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 38 950.00")
	h.refused(agree(counts[0], "2024-03-09"))(since(counts[0], "2024-03-05"))
	h.refused(agree(counts[2], "2024-03-09"))("moved-on /count count " + counts[2] + " was held against 40 of QUILT/" + lot + " for fund F1, the book now says 38 of 2024-03-08")
	undo(second)
	h.post(agree(counts[0], "2024-03-07"))
	h.refused(agree(counts[1], "2024-03-07"))(since(counts[1], "2024-03-06"))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 38 950.00")
	h.holds("lost:PT-1", "QUILT/"+lot+" F1 2 50.00")

	// Counted after the approval, against what it left; goods that move later are nobody's difference.
	fourth := counted("2024-03-10", "39")
	h.gives("PT-1", "2024-03-11", "QUILT", "5")
	h.post(agree(fourth, "2024-03-12"))
	h.holds("stock:PT-1", "QUILT/"+lot+" F1 34 850.00")
	h.wantBroken("")

	const rule = "a count that was agreed to missed nothing that the book had missed by then"
	h.tamper(`UPDATE entries SET "on" = '2024-03-09' WHERE "on" = '2024-03-11'`)
	h.wantBroken(rule, "approval CA-PT-1-2024-00003 of QUILT/"+lot+" for fund F1: held against 38, the book said 33 of 2024-03-10 and lost or found 0 since")
	h.tamper(`UPDATE entries SET "on" = '2024-03-10' WHERE "on" = '2024-03-09'`)
	h.wantBroken(rule)
	h.tamper(`UPDATE entries SET "on" = '2024-03-11' WHERE kind = 'handout' AND "on" = '2024-03-10'`)
	h.tamper(`UPDATE entries SET "on" = '2024-03-06' WHERE document = '` + fourth + "'")
	h.wantBroken(rule, "approval CA-PT-1-2024-00003 of QUILT/"+lot+" for fund F1: held against 38, the book said 40 of 2024-03-06 and lost or found -2 since")
	h.tamper(`UPDATE entries SET "on" = '2024-03-10' WHERE document = '` + fourth + "'")
	h.wantBroken("")
}

// Goods that were handed out to the last piece and are found again have no cost left to come back with.
func TestFoundWhereNoneIsHeld(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "4", "100.00")
	h.gives("WH-1", "2024-03-05", "QUILT", "4")
	count := h.post(h.counted(warehouse.Count{Lines: []warehouse.CountLine{found("QUILT/"+lot, "1", "F1")}})).Document
	h.post(h.agree(h.boss(), count))
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 1 0.00")
	h.holds("found:WH-1", "QUILT/"+lot+" F1 -1 0.00")
}

func TestOnlyOneAgreesToACount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "10", "100.00")
	count := h.post(h.counted(warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "7")}})).Document
	const people = 8
	proposals, errs := make([]*ledger.Proposal, people), make([]error, people)
	for i := range people {
		p, err := h.agree(h.boss(), count)
		if err != nil {
			t.Fatal(err)
		}
		proposals[i] = p
	}
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() { _, errs[i] = h.Book.Post(t.Context(), proposals[i]) })
	}
	wg.Wait()
	agreed := 0
	for _, err := range errs {
		if err == nil {
			agreed++
		} else {
			wantFaults(t, "second", err, "already-done /count count "+count+" was approved before")
		}
	}
	if agreed != 1 {
		t.Errorf("%d people agreed", agreed)
	}
	h.holds("stock:WH-1", "QUILT/"+lot+" F1 7 70.00")
}

// Goods of a fund that its sender does not reach are not there for a count: it neither tells of them nor misses them.
func TestACountOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	foreign := h.bought("QUILT", "10", "100.00")
	own := h.boughtAt("WH-1", "QUILT", "4", "100.00", "F2", "")
	bound := func(c warehouse.Count) (*ledger.Proposal, error) {
		p, err := h.counted(c)
		if err != nil {
			t.Fatal(err)
		}
		return p, h.Confine(t.Context(), func(fund string, _, _ []string) bool { return fund == "F2" }, p)
	}
	h.refused(bound(warehouse.Count{Lines: []warehouse.CountLine{found("QUILT/"+foreign, "9", "F1")}}))(
		"not-found /lines/0/lot fund F1 never had QUILT/" + foreign)
	whole := h.post(bound(warehouse.Count{Whole: true, Lines: []warehouse.CountLine{found("QUILT", "3")}})).Document
	if got := h.differences(whole); len(got) != 1 || got[0] != "QUILT/"+own+" F2 4 3" {
		t.Errorf("compared %q", got)
	}
}

func TestCountsThatWereTamperedWith(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lot := h.bought("QUILT", "10", "100.00")
	count := h.post(h.counted(warehouse.Count{Lines: []warehouse.CountLine{found("QUILT", "7")}})).Document
	h.post(h.agree(h.boss(), count))
	h.post(h.ClosePoint(t.Context(), h.by(), warehouse.PointClosing{Location: "PT-2", Reason: "never used"}))
	h.wantBroken("")
	for _, c := range []struct{ rule, tamper, restore, want string }{
		{
			"a count is agreed to once, by another person than its maker",
			"UPDATE entries SET actor = 'keeper' WHERE kind = 'count-approval'", "UPDATE entries SET actor = 'boss' WHERE kind = 'count-approval'",
			"count CN-WH-1-2024-00001 of keeper approved by keeper",
		},
		{
			"a count that was agreed to was not taken back",
			"UPDATE entries SET reverses = 2 WHERE kind = 'point-closing'", "UPDATE entries SET reverses = NULL WHERE kind = 'point-closing'",
			"count of entry 2 was reversed and approved",
		},
		{
			"a count that was agreed to moves its differences", "UPDATE count_lines SET found = 8", "UPDATE count_lines SET found = 7",
			"approval CA-WH-1-2024-00001 of QUILT/" + lot + " for fund F1: counted -2, moved -3",
		},
		{
			"a count that was agreed to moves its differences", "UPDATE count_lines SET found = 10", "UPDATE count_lines SET found = 7",
			"approval CA-WH-1-2024-00001 of QUILT/" + lot + " for fund F1: counted 0, moved -3",
		},
	} {
		h.tamper(c.tamper)
		h.wantBroken(c.rule, c.want)
		h.tamper(c.restore)
	}
	h.wantBroken("")
}
