package warehouse_test

import (
	"context"
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestReceipts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	posted := h.post(h.Receive(ctx, h.by(), warehouse.Receipt{
		Location: "WH-1", Kind: warehouse.Purchase, Party: "SUP", Fund: "F1", On: day("2024-03-01"), Reference: "PO-1",
		Lines: []warehouse.ReceiptLine{
			{Item: "QUILT", Quantity: number("0.3"), Pack: "bale", UnitPrice: some("61.25")},
			{Item: "FOOD", Quantity: number("48"), Value: some("211.20"), Batch: "B-7", ProducedOn: day("2024-02-20")},
			{Item: "RICE", Quantity: number("2.5"), UnitPrice: some("3.004")},
		},
	}))
	if posted.Document != "GR-WH-1-2024-00001" {
		t.Errorf("document %s", posted.Document)
	}
	h.holds("supplier:SUP", "FOOD/GR-WH-1-2024-00001.2 F1 -48 -211.20", "QUILT/GR-WH-1-2024-00001.1 F1 -6 -367.50", "RICE/GR-WH-1-2024-00001.3 F1 -2.5 -7.51")
	h.holds("stock:WH-1", "FOOD/GR-WH-1-2024-00001.2 F1 48 211.20", "QUILT/GR-WH-1-2024-00001.1 F1 6 367.50", "RICE/GR-WH-1-2024-00001.3 F1 2.5 7.51")
	note, err := h.ReceiptNote(ctx, posted.Document)
	if err != nil || note.Location != "WH-1" || note.Kind != warehouse.Purchase || note.Reference != "PO-1" || note.Actor != "keeper" || note.Entry != 1 || len(note.Lots) != 3 {
		t.Errorf("note %+v, %v", note, err)
	}
	lot, err := h.Lot(ctx, ledger.Commodity{Item: "FOOD", Lot: "GR-WH-1-2024-00001.2"})
	if err != nil || lot.ExpiresOn != day("2024-03-21") || lot.Batch != "B-7" || !lot.Value.Equal(number("211.2")) {
		t.Errorf("lot %+v, %v", lot, err)
	}
	_, err = h.Lot(ctx, ledger.Commodity{Item: "FOOD", Lot: "L"})
	wantFaults(t, "lot", err, "not-found  there is no lot FOOD/L")
	_, err = h.ReceiptNote(ctx, "GR-9")
	wantFaults(t, "receipt", err, "not-found  there is no receipt GR-9")
}

func TestReceiptsThatAreNotBought(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	lines := func(value string) []warehouse.ReceiptLine {
		l := warehouse.ReceiptLine{Item: "COAT", Quantity: number("25")}
		if value != "" {
			l.Value = some(value)
		}
		return []warehouse.ReceiptLine{l}
	}
	given := func(evidence, unvalued, value string) warehouse.Receipt {
		return warehouse.Receipt{Location: "WH-1", Kind: warehouse.InKind, Party: "GIVER", Fund: "F1", Evidence: evidence, Unvalued: unvalued, Lines: lines(value)}
	}
	for _, c := range []struct {
		receipt warehouse.Receipt
		from    ledger.Account
		lot     string
		value   string
	}{
		{given("quotation", "", "2750.00"), "donor:GIVER", "GR-WH-1-2024-00001.1", "2750.00"},
		{given("none", "", ""), "donor:GIVER", "GR-WH-1-2024-00002.1", "0.00"},
		{given("none", "nominal", ""), "donor:GIVER", "GR-WH-1-2024-00003.1", "1.00"},
		{warehouse.Receipt{Location: "WH-1", Kind: warehouse.Opening, Fund: "F1", Lines: lines("10.00")}, "opening:WH-1", "GR-WH-1-2024-00004.1", "10.00"},
		{warehouse.Receipt{Location: "WH-1", Kind: warehouse.Custody, Party: "OWNER", Fund: "KEPT", Lines: lines("600.00")}, "custody:OWNER", "GC-WH-1-2024-00001.1", "600.00"},
	} {
		m := h.post(h.Receive(ctx, h.by(), c.receipt)).Moves[0]
		if m.From != c.from || m.To != "stock:WH-1" || m.Lot != c.lot || m.Value.StringFixed(2) != c.value {
			t.Errorf("got %+v, want %s %s %s", m, c.from, c.lot, c.value)
		}
	}
	t.Run("what is kept for its owner is not handed out as our own", func(t *testing.T) {
		out := warehouse.Handout{Location: "WH-1", Lines: []warehouse.HandoutLine{{Item: "COAT", Quantity: number("101")}}}
		h.refused(h.HandOut(ctx, h.by(), out))("insufficient /lines/0/quantity stock:WH-1 holds 100 of COAT, 101 wanted")
		out.Lines[0] = warehouse.HandoutLine{Item: "COAT", Quantity: number("5"), Fund: "KEPT"}
		if got := values(h.post(h.HandOut(ctx, h.by(), out))); !slices.Equal(got, []string{"120.00"}) {
			t.Errorf("its owner's order took %s", got)
		}
	})
}

func TestReceiptsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Charge = func(_ context.Context, fund string, _ ledger.Date) (bool, error) {
		if fund == "F1" || fund == "KEPT" {
			return fund == "KEPT", nil
		}
		return false, ledger.Refuse(ledger.NotFound, "", "there is no fund "+fund)
	}
	good := func(change func(*warehouse.Receipt, *warehouse.ReceiptLine)) warehouse.Receipt {
		r := warehouse.Receipt{
			Location: "WH-1", Kind: warehouse.Purchase, Party: "SUP", Fund: "F1", On: day("2024-03-01"),
			Lines: []warehouse.ReceiptLine{{Item: "QUILT", Quantity: number("3"), Value: some("100.00")}},
		}
		change(&r, &r.Lines[0])
		return r
	}
	for _, c := range []struct {
		change func(*warehouse.Receipt, *warehouse.ReceiptLine)
		want   []string
	}{
		{func(r *warehouse.Receipt, l *warehouse.ReceiptLine) {
			r.Location, r.Party, r.Fund, l.Item = "X", "GIVER", "F9", "X"
		}, []string{
			`not-found /location location "X" is not in the register`, "not-found /fund there is no fund F9",
			`invalid /party party GIVER is a donor, one of ["supplier"] wanted`, `not-found /lines/0/item item "X" is not in the register`,
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Location = "5101" }, []string{"invalid /location location 5101 is a prefecture, goods stand only below it"}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Location, r.On = "PT-1", day("2023-10-31") }, []string{"not-open /location location PT-1 is open from 2023-11-01, not on 2023-10-31"}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Location, r.Fund = "a\x00b", "" }, []string{
			`invalid /location location "a\x00b" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`, `invalid /fund fund "" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`,
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Fund = "KEPT" }, []string{"fund-not-allowed /fund fund KEPT holds goods for their owner, an own fund wanted"}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) {
			r.Kind, r.Party, r.Fund = warehouse.Opening, "", "KEPT"
		}, []string{
			"fund-not-allowed /fund fund KEPT holds goods for their owner, an own fund wanted",
		}},
		{func(r *warehouse.Receipt, l *warehouse.ReceiptLine) {
			r.Kind, r.Party, l.Item = warehouse.Custody, "OWNER", "OLD"
		}, []string{
			"fund-not-allowed /fund fund F1 is an own fund, goods held for their owner want a custody fund",
			"invalid /lines/0/item item OLD is retired, no more of it is taken in",
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Kind = "theft" }, []string{`invalid /kind kind "theft" is none of purchase, in-kind, opening, custody`}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Kind = warehouse.Opening }, []string{`invalid /party opening stock comes from no party, not from "SUP"`}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Evidence, r.Unvalued = "invoice", "nominal" }, []string{
			`invalid /evidence evidence "invoice" belongs to goods in kind, this is purchase`, `invalid /unvalued value "nominal" is for goods in kind without evidence`,
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Kind, r.Party = warehouse.InKind, "GIVER" }, []string{
			`invalid /evidence evidence of goods in kind "" is none of invoice, quotation, appraisal, none`,
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) {
			r.Kind, r.Party, r.Evidence = warehouse.InKind, "GIVER", "none"
		}, []string{
			"invalid /lines/0/value goods in kind without evidence carry no value of their own",
		}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Lines = nil }, []string{"invalid /lines 0 lines, 1 to 500 wanted"}},
		{func(r *warehouse.Receipt, _ *warehouse.ReceiptLine) { r.Reference = "a\u202eb" }, []string{"invalid /reference reference holds the character U+202E, plain text wanted"}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Item = "OLD" }, []string{"invalid /lines/0/item item OLD is retired, no more of it is taken in"}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Quantity, l.Pack = number("0.33"), "bale" }, []string{
			"invalid /lines/0/quantity 0.33 bale of 20 is 6.6 床 of QUILT, at most 0 decimals wanted",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Value = nil }, []string{"invalid /lines/0/value QUILT needs either a unit_price or a value"}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.UnitPrice = some("33.33") }, []string{"invalid /lines/0/value QUILT needs either a unit_price or a value"}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Value = some("100.001") }, []string{
			"invalid /lines/0/value value is 100.001, 0 or more of at most 24 digits and 2 decimals wanted",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Value = some("-1") }, []string{"invalid /lines/0/value value is -1, 0 or more of at most 24 digits and 2 decimals wanted"}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Value, l.UnitPrice = nil, some("0.0333") }, []string{
			"invalid /lines/0/unit_price 3 床 of QUILT at 0.0333 are 0.0999, 2 decimals wanted: give the value of the line instead",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) {
			l.Value, l.UnitPrice, l.Quantity = nil, some("900000000000000000000000"), number("400000")
		}, []string{
			"invalid /lines/0/unit_price 400000 床 of QUILT at 900000000000000000000000 are 360000000000000000000000000000, at most 24 digits before the point wanted",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Item = "FOOD" }, []string{
			"invalid /lines/0/expires_on FOOD expires: the day printed on it is needed, or the day of production and a shelf life of the item",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) {
			l.ProducedOn, l.ExpiresOn = day("2024-03-02"), day("2024-03-01")
		}, []string{
			"invalid /lines/0/produced_on QUILT was produced on 2024-03-02, after 2024-03-01", "invalid /lines/0/expires_on QUILT expires on 2024-03-01, before it was produced on 2024-03-02",
		}},
		{func(_ *warehouse.Receipt, l *warehouse.ReceiptLine) { l.Item, l.ExpiresOn = "FOOD", day("2024-02-29") }, []string{
			"expired /lines/0/expires_on FOOD expired on 2024-02-29, it cannot be taken in on 2024-03-01",
		}},
	} {
		h.refused(h.Receive(t.Context(), h.by(), good(c.change)))(c.want...)
	}
	if posted := h.post(h.Receive(t.Context(), h.by(), good(func(*warehouse.Receipt, *warehouse.ReceiptLine) {}))); posted.Number != 1 || posted.Document != "GR-WH-1-2024-00001" {
		t.Errorf("refusals left a trace: %+v", posted.Entry)
	}
}

// Receipts of an older program, which did not look at the fund: verify names them.
func TestReceiptsOfTheWrongOwner(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	receive := func(kind, party, fund string) ledger.Posted {
		t.Helper()
		return h.post(h.Receive(t.Context(), h.by(), warehouse.Receipt{Location: "WH-1", Kind: kind, Party: party, Fund: fund, Lines: []warehouse.ReceiptLine{
			{Item: "COAT", Quantity: number("4"), Value: some("40.00")},
		}}))
	}
	h.tamper(`INSERT INTO funds SELECT book_id, f.code, 1, now(), 'finance', f.code, '', false, f.custody, '' FROM heads, (VALUES ('F1', false), ('KEPT', true)) f (code, custody)`)
	receive(warehouse.Purchase, "SUP", "F1")
	receive(warehouse.Custody, "OWNER", "KEPT")
	receive(warehouse.Opening, "", "KEPT")
	h.wantBroken("")
	const rule = "goods held for their owner are received in a custody fund, and bought or given ones in an own fund"
	for _, c := range []struct{ kind, party, fund, told string }{
		{warehouse.Custody, "OWNER", "F1", " of the kind custody is in fund F1, custody false"},
		{warehouse.Purchase, "SUP", "KEPT", " of the kind purchase is in fund KEPT, custody true"},
	} {
		wrong := receive(c.kind, c.party, c.fund).Document
		h.wantBroken(rule, "receipt "+wrong+c.told)
		h.post(h.undo(wrong))
		h.wantBroken("")
	}
}
