package warehouse_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// house is a keeper with a small operation: a warehouse, a station with two points, four items and four parties.
type house struct {
	*warehouse.Keeper
	t *testing.T
	n int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Keeper: warehouse.NewKeeper(pgtest.Book(t), pgtest.Now), t: t}
	_, err := h.Items.CreateMany(t.Context(), "keeper", []warehouse.Item{
		{Code: "QUILT", Name: "棉被", Unit: "床", Category: "quilt", Packs: []warehouse.Pack{{Name: "bale", Quantity: number("20")}}},
		{Code: "COAT", Name: "棉衣", Unit: "件", Category: "clothing"},
		{Code: "FOOD", Name: "食品", Unit: "份", Category: "food", Expires: true, ShelfLifeDays: 30},
		{Code: "RICE", Name: "大米", Unit: "kg", Decimals: 3, Category: "food", Packs: []warehouse.Pack{{Name: "sack", Quantity: number("0.5")}}},
		{Code: "OLD", Name: "旧物", Unit: "件", Category: "other", Retired: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Locations.CreateMany(t.Context(), "keeper", []warehouse.Location{
		{Code: "5101", Name: "成都市", Kind: warehouse.Prefecture},
		{Code: "WH-1", Name: "仓库", Kind: warehouse.Warehouse, Parent: "5101"},
		{Code: "ST-1", Name: "救助站", Kind: warehouse.Station, Parent: "5101"},
		{Code: "PT-1", Name: "取暖点", Kind: warehouse.Point, Parent: "ST-1", OpensOn: day("2023-11-01")},
		{Code: "PT-2", Name: "取暖点", Kind: warehouse.Point, Parent: "ST-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Parties.CreateMany(t.Context(), "keeper", []warehouse.Party{
		{Code: "SUP", Name: "纺织厂", Kind: warehouse.Supplier},
		{Code: "GIVER", Name: "捐赠人", Kind: warehouse.Donor},
		{Code: "OWNER", Name: "红十字会", Kind: warehouse.Organisation},
		{Code: "CAR", Name: "运输公司", Kind: warehouse.Carrier},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func some(s string) *decimal.Decimal {
	d := number(s)
	return &d
}

// by is the keeper under a new key.
func (h *house) by() ledger.By {
	h.n++
	return ledger.By{Actor: "keeper", Key: fmt.Sprintf("key-%d", h.n)}
}

// attempt posts a proposal, if there is one.
func (h *house) attempt(p *ledger.Proposal, err error) (ledger.Posted, error) {
	if err != nil {
		return ledger.Posted{}, err
	}
	return h.Book.Post(h.t.Context(), p)
}

// post posts a proposal that must pass.
func (h *house) post(p *ledger.Proposal, err error) ledger.Posted {
	h.t.Helper()
	posted, err := h.attempt(p, err)
	if err != nil {
		h.t.Fatal(err)
	}
	return posted
}

// refused wants exactly these faults, from the review or from the book.
func (h *house) refused(p *ledger.Proposal, err error) func(faults ...string) {
	_, err = h.attempt(p, err)
	return func(faults ...string) {
		h.t.Helper()
		wantFaults(h.t, "request", err, faults...)
	}
}

// bought takes goods in at the warehouse in fund F1, and answers with the lot.
func (h *house) bought(item, quantity, value string) string {
	return h.boughtAt("WH-1", item, quantity, value, "F1", "")
}

// boughtAt takes goods in, on the first of March, and answers with the lot.
func (h *house) boughtAt(location, item, quantity, value, fund, expires string) string {
	h.t.Helper()
	l := warehouse.ReceiptLine{Item: item, Quantity: number(quantity), Value: some(value)}
	if expires != "" {
		l.ExpiresOn = day(expires)
	}
	return h.post(h.Receive(h.t.Context(), h.by(), warehouse.Receipt{
		Location: location, Kind: warehouse.Purchase, Party: "SUP", Fund: fund, On: day("2024-03-01"), Lines: []warehouse.ReceiptLine{l},
	})).Moves[0].Lot
}

// gives hands goods out at a location and answers with the values that left.
func (h *house) gives(location, on, item string, quantities ...string) (posted ledger.Posted) {
	h.t.Helper()
	request := warehouse.Handout{Location: location, On: day(on), People: 1}
	for _, q := range quantities {
		request.Lines = append(request.Lines, warehouse.HandoutLine{Item: item, Quantity: number(q)})
	}
	return h.post(h.HandOut(h.t.Context(), h.by(), request))
}

// sends dispatches goods and answers with the waybill.
func (h *house) sends(from, to, on string, lines ...warehouse.DispatchLine) string {
	h.t.Helper()
	return h.post(h.Dispatch(h.t.Context(), h.by(), warehouse.Dispatch{From: from, To: to, Carrier: "CAR", On: day(on), Lines: lines})).Document
}

// holds wants an account to hold exactly these lots, written "ITEM/LOT FUND QUANTITY VALUE" in order of item, lot and fund.
func (h *house) holds(account ledger.Account, want ...string) {
	h.t.Helper()
	var rows []struct {
		Item, Lot, Fund string
		Quantity, Value decimal.Decimal
	}
	err := h.Book.DB().NewRaw(`SELECT item, lot, fund, quantity, value FROM cells
		WHERE book_id = ? AND account = ? AND (quantity <> 0 OR value <> 0) ORDER BY item, lot, fund`, h.Book.ID, string(account)).Scan(h.t.Context(), &rows)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s/%s %s %s %s", r.Item, r.Lot, r.Fund, r.Quantity, r.Value.StringFixed(2)))
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("%s holds\n %q, want\n %q", account, got, want)
	}
}

// values are the values of an entry's moves.
func values(posted ledger.Posted) (values []string) {
	for _, m := range posted.Moves {
		values = append(values, m.Value.StringFixed(2))
	}
	return values
}

// undo reverses the entry of a document.
func (h *house) undo(document string) (*ledger.Proposal, error) {
	h.t.Helper()
	entry, err := h.Book.EntryOf(h.t.Context(), document)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.Reverse(h.t.Context(), h.by(), ledger.Reversal{Entry: entry.Number, Reason: "a slip"})
}
