package report_test

import (
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/internal/demo"
	"reliefledger/internal/pgtest"
	"reliefledger/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// published are the figures of the published report, and what the same entries say besides.
var published = map[string]string{
	"patrol-staff": "15400", "patrol-vehicles": "4000", "helped-in-street": "1200", "came-to-station": "320", "points-opened": "750",
	"clothing": "4300", "quilt": "1900", "hygiene": "2600", "food": "4500", "leaflet": "32800", "media-reports": "300",
	"in-kind": "800000.00", "cadres-sent": "55000", "visits": "348000", "entitlements": "45000",
	"relief-cash": "32540000.00", "helped-by-charity": "2900", "charity": "2710000.00",
	"escorted-home": "11349", "families-found": "407", "settled": "76", "project": "38600000.00",
	"equipment:台": "1600", "other:套": "4000",
}

func TestTheWinterCampaign(t *testing.T) {
	t.Parallel()
	h := newDemo(t)
	b, err := h.Bulletin(t.Context(), demo.Campaign, report.BulletinQuery{To: day("2024-01-02")})
	h.must(err)
	if got := counted(b); !maps.Equal(got, published) {
		t.Errorf("the bulletin says %v, the report %v", got, published)
	}
	golden(t, "bulletin.zh.txt", b.Chinese())
	golden(t, "bulletin.en.txt", b.English())

	h.sumsUp(t, b)
	county, err := h.Bulletin(t.Context(), demo.Campaign, report.BulletinQuery{Under: "5132"})
	h.must(err)
	h.opensAll(county)

	agreement, err := h.Agreement(t.Context(), report.AgreementQuery{})
	h.must(err)
	if !agreement.Agreed || len(agreement.Funds) != 6 {
		t.Errorf("goods and money of %d funds agree: %t", len(agreement.Funds), agreement.Agreed)
	}
	shares(t, h)
}

// newDemo is a book with the demo, whose first run was interrupted in the middle.
func newDemo(t *testing.T) *house {
	t.Helper()
	book := pgtest.Book(t)
	h := &house{Room: report.Room{Book: book}, t: t}
	h.keeper, h.officer, h.desk = wings(book)
	options := demo.Options{Book: book, Keeper: h.keeper, Officer: h.officer, Desk: h.desk, Seed: 1}
	ctx, cancel := context.WithCancel(t.Context())
	total := 0
	options.Progress = func(done, of int) {
		if total = of; done > of/3 {
			cancel()
		}
	}
	if err := demo.Run(ctx, options); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted demo says %v", err)
	}
	options.Progress = nil
	h.must(demo.Run(t.Context(), options))
	options.Progress = func(done, of int) { t.Errorf("a finished demo goes on with %d of %d", done, of) }
	h.must(demo.Run(t.Context(), options))
	other := options
	other.Seed = 2
	want := "book TEST holds a demo of another seed than 2, in entry 1 demo/1/000001: two campaigns would double the totals"
	if err := demo.Run(t.Context(), other); err == nil || err.Error() != want {
		t.Errorf("a second campaign: %v, want %s", err, want)
	}
	var entries int
	h.must(book.DB().NewRaw("SELECT count(*) FROM entries").Scan(t.Context(), &entries))
	if entries != total || total < 55_000 || total > 65_000 {
		t.Errorf("the demo has %d entries, the book %d", total, entries)
	}
	return h
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s differs (%v); -update writes it anew:\n%s", name, err, got)
	}
}

// sumsUp proves that the figures of the prefectures add up to those of the province.
func (h *house) sumsUp(t *testing.T, whole report.Bulletin) {
	t.Helper()
	sums := map[string]decimal.Decimal{}
	var prefectures []string
	h.must(h.Book.DB().NewRaw("SELECT code FROM locations WHERE kind = 'prefecture'").Scan(t.Context(), &prefectures))
	if len(prefectures) != 21 {
		t.Errorf("%d prefectures, 21 wanted", len(prefectures))
	}
	for _, code := range prefectures {
		b, err := h.Bulletin(t.Context(), demo.Campaign, report.BulletinQuery{Under: code})
		h.must(err)
		for _, f := range b.Figures {
			sums[f.Code] = sums[f.Code].Add(number(string(f.Quantity)))
		}
	}
	for _, f := range whole.Figures {
		if !sums[f.Code].Equal(number(string(f.Quantity))) {
			t.Errorf("%s of the prefectures is %s, of the province %s", f.Code, sums[f.Code], f.Quantity)
		}
	}
}

// shares proves the equal shares of the renovation to the fen.
func shares(t *testing.T, h *house) {
	t.Helper()
	count := map[string]int{}
	entries, _, value := h.opened(report.EntryQuery{Kind: "payment", Payment: "project", Campaign: demo.Campaign, KnownAt: 1 << 40}.URL())
	for _, e := range entries {
		count[e.Value.StringFixed(2)]++
	}
	if want := map[string]int{"410638.30": 74, "410638.29": 20}; !maps.Equal(count, want) || !value.Equal(number("38600000")) {
		t.Errorf("the stations got %v, %s in all", count, value)
	}
}
