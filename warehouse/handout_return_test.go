package warehouse_test

import (
	"fmt"
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestReturns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	first := h.boughtAt("PT-1", "QUILT", "3", "100.00", "F1", "")
	second := h.boughtAt("PT-1", "QUILT", "5", "80.00", "F2", "")
	out := h.gives("PT-1", "2024-03-10", "QUILT", "5")
	back := func(quantity string, change ...func(*warehouse.HandoutReturnLine)) (*ledger.Proposal, error) {
		l := warehouse.HandoutReturnLine{Item: "QUILT", Quantity: number(quantity)}
		for _, c := range change {
			c(&l)
		}
		return h.TakeBack(ctx, h.by(), warehouse.HandoutReturn{Handout: out.Document, Reason: "unused", Lines: []warehouse.HandoutReturnLine{l}})
	}
	ofFund := func(fund string) func(*warehouse.HandoutReturnLine) {
		return func(l *warehouse.HandoutReturnLine) { l.Fund = fund }
	}
	damaged := func(l *warehouse.HandoutReturnLine) { l.Damaged = true }

	posted := h.post(back("1"))
	if got := values(posted); posted.Document != "HR-PT-1-2024-00001" || !slices.Equal(got, []string{"33.33"}) {
		t.Errorf("%s brought %s", posted.Document, got)
	}
	if got := values(h.post(back("1", ofFund("F2"), damaged))); !slices.Equal(got, []string{"16.00"}) {
		t.Errorf("a damaged one brought %s", got)
	}
	h.holds("quarantine:PT-1", "QUILT/"+second+" F2 1 16.00")
	h.refused(back("4"))("insufficient /lines/0/quantity handout HO-PT-1-2024-00001 has 3 of QUILT out, 4 wanted")
	h.refused(back("2", ofFund("F2")))("insufficient /lines/0/quantity handout HO-PT-1-2024-00001 has 1 of QUILT for fund F2 out, 2 wanted")
	h.refused(h.undo(out.Document))("moved-on /entry 1 of move 1 of entry 3 was returned already: reverse the return first")

	note, err := h.HandoutNote(ctx, out.Document)
	if err != nil || note.Location != "PT-1" || note.People != 1 || note.Reversed || len(note.Lines) != 2 || note.Lines[0].Lot != first || note.Lines[0].Returned.String() != "1" ||
		note.Lines[1].ReturnedValue.StringFixed(2) != "16.00" {
		t.Errorf("note %+v, %v", note, err)
	}

	h.post(h.undo(posted.Document))
	if got := values(h.post(back("4"))); !slices.Equal(got, []string{"100.00", "16.00"}) {
		t.Errorf("the rest brought %s", got)
	}
	h.holds("handed-out:PT-1")
	h.holds("stock:PT-1", "QUILT/"+first+" F1 3 100.00", "QUILT/"+second+" F2 4 64.00")
}

// TestHandoutsAreUndoneAfterTheirReturns: while goods count as back, their handout cannot be undone too, also not later with an earlier date.
func TestHandoutsAreUndoneAfterTheirReturns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.boughtAt("PT-1", "QUILT", "3", "90.00", "F1", "")
	undo := func(document, on string) (*ledger.Proposal, error) {
		entry, err := h.Book.EntryOf(t.Context(), document)
		if err != nil {
			t.Fatal(err)
		}
		return h.Reverse(t.Context(), h.by(), ledger.Reversal{Entry: entry.Number, On: day(on), Reason: "a slip"})
	}
	comesBack := func(handout, on string) string {
		return h.post(h.TakeBack(t.Context(), h.by(), warehouse.HandoutReturn{
			Handout: handout, On: day(on), Reason: "unused", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("1")}},
		})).Document
	}
	twice := h.gives("PT-1", "2024-03-06", "QUILT", "2").Document
	h.post(undo(comesBack(twice, "2024-03-07"), "2024-03-07"))
	h.post(undo(twice, "2024-03-06"))

	out := h.gives("PT-1", "2024-03-06", "QUILT", "2")
	h.post(undo(comesBack(out.Document, "2024-03-07"), "2024-03-09"))
	h.refused(h.TakeBack(t.Context(), h.by(), warehouse.HandoutReturn{
		Handout: out.Document, On: day("2024-03-08"), Reason: "unused", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("1")}},
	}))("invalid /on what had come back of handout HO-PT-1-2024-00002 was out again on 2024-03-09, nothing more of it comes back before that")
	again := comesBack(out.Document, "2024-03-09")
	h.tamper(`UPDATE entries SET "on" = '2024-03-08' WHERE document = '` + again + `'`)
	h.wantBroken("nothing comes back while it counts as back", "return HR-PT-1-2024-00003 of 2024-03-08: what HR-PT-1-2024-00002 brought back of the same handout was out again on 2024-03-09")
	h.tamper(`UPDATE entries SET "on" = '2024-03-09' WHERE document = '` + again + `'`)
	h.post(undo(again, "2024-03-09"))
	h.refused(undo(out.Document, "2024-03-08"))("invalid /on entry 6 cannot be undone before 2024-03-09: until then something rested on it")
	undone := h.post(undo(out.Document, "2024-03-09"))
	h.holds("stock:PT-1", "QUILT/GR-PT-1-2024-00001.1 F1 3 90.00")

	h.tamper(fmt.Sprintf(`UPDATE entries SET "on" = '2024-03-08' WHERE number = %d`, undone.Number))
	h.wantBroken("reversals", "entry 11 undoes entry 6 on 2024-03-08, what rested on that was undone by entry 8 on 2024-03-09 only")
	h.tamper(fmt.Sprintf(`UPDATE entries SET "on" = '2024-03-09' WHERE number = %d`, undone.Number))
}

func TestReturnsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	h.boughtAt("PT-1", "QUILT", "3", "100.00", "F1", "")
	out := h.gives("PT-1", "2024-03-10", "QUILT", "2")
	back := func(change func(*warehouse.HandoutReturn)) (*ledger.Proposal, error) {
		b := warehouse.HandoutReturn{Handout: out.Document, Reason: "unused", Lines: []warehouse.HandoutReturnLine{{Item: "QUILT", Quantity: number("1")}}}
		change(&b)
		return h.TakeBack(ctx, h.by(), b)
	}
	h.refused(back(func(b *warehouse.HandoutReturn) { b.Handout = "HO-9" }))("not-found /handout there is no document HO-9 in book TEST")
	h.refused(back(func(b *warehouse.HandoutReturn) { b.Handout = "GR-PT-1-2024-00001" }))("not-found /handout document GR-PT-1-2024-00001 is a receipt, a handout wanted")
	h.refused(back(func(b *warehouse.HandoutReturn) { b.On, b.Reason = day("2024-03-09"), " " }))(
		"invalid /on handout HO-PT-1-2024-00001 happened on 2024-03-10, nothing of it comes back on 2024-03-09", "invalid /reason reason is empty, 1 to 300 characters wanted")
	h.refused(back(func(b *warehouse.HandoutReturn) { b.Lines[0].Item = "COAT" }))("insufficient /lines/0/quantity handout HO-PT-1-2024-00001 has 0 of COAT out, 1 wanted")
	h.post(h.undo(out.Document))
	h.refused(back(func(*warehouse.HandoutReturn) {}))("already-done /handout handout HO-PT-1-2024-00001 was reversed, nothing of it is out")
	h.refused(h.undo(out.Document))("already-done /entry entry 2 was reversed already")
}
