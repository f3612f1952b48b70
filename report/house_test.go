package report_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// house is a small operation with its reading room: a province with a warehouse, two prefectures, a station and a point in each.
type house struct {
	report.Room
	t       *testing.T
	keeper  *warehouse.Keeper
	officer *fund.Officer
	desk    *campaign.Desk
	n       int
}

// wings ties the wings of a book together as the program does.
func wings(book *ledger.Book) (*warehouse.Keeper, *fund.Officer, *campaign.Desk) {
	keeper, officer, desk := warehouse.NewKeeper(book, pgtest.Now), fund.NewOfficer(book, pgtest.Now), campaign.NewDesk(book, pgtest.Now)
	keeper.Charge, keeper.Campaign, officer.Campaign = officer.Charge, desk.Check, desk.Check
	return keeper, officer, desk
}

func newHouse(t *testing.T) *house {
	t.Helper()
	book := pgtest.Book(t)
	h := &house{Room: report.Room{Book: book}, t: t}
	h.keeper, h.officer, h.desk = wings(book)
	ctx := t.Context()
	_, err := h.keeper.Locations.CreateMany(ctx, "keeper", []warehouse.Location{
		{Code: "51", Name: "四川省", NameEn: "Sichuan", Kind: warehouse.Province},
		{Code: "WH", Name: "省库", Kind: warehouse.Warehouse, Parent: "51"},
		{Code: "5101", Name: "成都市", NameEn: "Chengdu", Kind: warehouse.Prefecture, Parent: "51"},
		{Code: "5132", Name: "阿坝州", NameEn: "Aba", Kind: warehouse.Prefecture, Parent: "51"},
		{Code: "ST-1", Name: "一站", Kind: warehouse.Station, Parent: "5101"},
		{Code: "ST-2", Name: "二站", Kind: warehouse.Station, Parent: "5132"},
		{Code: "PT-1", Name: "一点", Kind: warehouse.Point, Parent: "ST-1", OpensOn: day("2024-01-05")},
		{Code: "PT-2", Name: "二点", Kind: warehouse.Point, Parent: "ST-2", OpensOn: day("2024-02-05")},
	})
	h.must(err)
	_, err = h.keeper.Items.CreateMany(ctx, "keeper", []warehouse.Item{
		{Code: "QUILT", Name: "棉被", NameEn: "Quilt", Unit: "床", Category: "quilt"},
		{Code: "RICE", Name: "大米", NameEn: "Rice", Unit: "kg", Decimals: 1, Category: "food"},
	})
	h.must(err)
	_, err = h.keeper.Parties.CreateMany(ctx, "keeper", []warehouse.Party{
		{Code: "SUP", Name: "纺织厂", Kind: warehouse.Supplier}, {Code: "GIVER", Name: "捐赠人", Kind: warehouse.Donor},
	})
	h.must(err)
	_, err = h.officer.Funds.CreateMany(ctx, "officer", []fund.Fund{{Code: "F1", Name: "资金一", NameEn: "Fund one"}, {Code: "F2", Name: "资金二"}})
	h.must(err)
	_, err = h.desk.Campaigns.CreateMany(ctx, "desk", []campaign.Campaign{
		{Code: "COLD", Name: "寒潮", NameEn: "Cold wave", StartsOn: day("2024-01-01"), EndsOn: day("2024-03-31"), Actions: []campaign.Action{{Code: "patrol", Name: "巡查"}}},
		{Code: "DRILL", Name: "演练", NameEn: "Exercise", StartsOn: day("2024-01-01"), Drill: true},
	})
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) ctx() context.Context { return h.t.Context() }

func (h *house) by() ledger.By {
	h.n++
	return ledger.By{Actor: "keeper", Key: fmt.Sprintf("key-%d", h.n)}
}

func (h *house) post(p *ledger.Proposal, err error) ledger.Posted {
	h.t.Helper()
	h.must(err)
	posted, err := h.Book.Post(h.ctx(), p)
	h.must(err)
	return posted
}

// receive takes goods in at the province's warehouse and answers with the lot.
func (h *house) receive(kind, on, fundCode, item, quantity, value string) string {
	h.t.Helper()
	receipt := warehouse.Receipt{
		Location: "WH", Kind: kind, Party: "SUP", Fund: fundCode, On: day(on),
		Lines: []warehouse.ReceiptLine{{Item: item, Quantity: number(quantity), Value: some(value)}},
	}
	if kind == warehouse.InKind {
		receipt.Party, receipt.Evidence = "GIVER", "quotation"
	}
	return h.post(h.keeper.Receive(h.ctx(), h.by(), receipt)).Moves[0].Lot
}

// send moves goods from one location to another, and answers with the waybill.
func (h *house) send(on, from, to, item, quantity string) string {
	h.t.Helper()
	waybill := h.dispatch(on, from, to, item, quantity)
	h.post(h.keeper.Arrive(h.ctx(), h.by(), warehouse.Arrival{
		Waybill: waybill, On: day(on), Lines: []warehouse.ArrivalLine{{Item: item, Quantity: number(quantity), Outcome: warehouse.Good}},
	}))
	return waybill
}

func (h *house) dispatch(on, from, to, item, quantity string) string {
	h.t.Helper()
	return h.post(h.keeper.Dispatch(h.ctx(), h.by(), warehouse.Dispatch{
		From: from, To: to, On: day(on), Lines: []warehouse.DispatchLine{{Item: item, Quantity: number(quantity)}},
	})).Document
}

func (h *house) handOut(on, location, campaign, item, quantity string) ledger.Posted {
	h.t.Helper()
	return h.post(h.keeper.HandOut(h.ctx(), h.by(), warehouse.Handout{
		Location: location, Campaign: campaign, On: day(on), People: 1, Lines: []warehouse.HandoutLine{{Item: item, Quantity: number(quantity)}},
	}))
}

// opened reads every page of the entries that a relative address names, and adds up what they count.
func (h *house) opened(address string) (entries []report.CountedEntry, quantity, value decimal.Decimal) {
	h.t.Helper()
	q := parse(h.t, address)
	for {
		page, err := h.Entries(h.ctx(), q)
		h.must(err)
		for _, e := range page.Entries {
			quantity, value = quantity.Add(e.Quantity), value.Add(e.Value)
		}
		entries = append(entries, page.Entries...)
		if page.Next == 0 {
			return entries, quantity, value
		}
		q.After = page.Next
	}
}

// parse reads an address as the API would.
func parse(t *testing.T, address string) report.EntryQuery {
	t.Helper()
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if err != nil || path != "/v1/entries" {
		t.Fatalf("%s does not open entries: %v", address, err)
	}
	q := report.EntryQuery{
		Kind: values.Get("kind"), Campaign: values.Get("campaign"), Action: values.Get("action"), Measure: values.Get("measure"),
		Payment: values.Get("payment"), Category: values.Get("item_category"), Unit: values.Get("unit"), Source: values.Get("source"),
		Class: values.Get("class"), Account: values.Get("account"), Fund: values.Get("fund"), Item: values.Get("item"), Lot: values.Get("lot"),
		Under: values.Get("under"), Limit: report.MaxEntries,
	}
	for name, date := range map[string]*ledger.Date{"from": &q.From, "to": &q.To} {
		if err := date.UnmarshalText([]byte(values.Get(name))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fmt.Sscan(values.Get("known_at"), &q.KnownAt); err != nil {
		t.Fatalf("%s does not say when it is known: %v", address, err)
	}
	return q
}

func number(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func some(s string) *decimal.Decimal {
	d := number(s)
	return &d
}

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}
