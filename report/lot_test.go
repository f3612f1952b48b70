package report_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// perishable is a house with quilts that keep, and food of two lots of which the older is all handed out.
func perishable(t *testing.T) *house {
	h := newHouse(t)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "10", "1000.00")
	for n, expires := range []string{"2024-02-10", "2024-03-31"} {
		h.post(h.keeper.Receive(h.ctx(), h.by(), warehouse.Receipt{
			On: day("2024-01-03"), Location: "WH", Kind: warehouse.InKind, Party: "GIVER", Fund: "F2", Evidence: "invoice",
			Lines: []warehouse.ReceiptLine{{Item: "RICE", Quantity: number("5"), Value: some("20.00"), ExpiresOn: day(expires), Batch: fmt.Sprint("B", n)}},
		}))
	}
	h.send("2024-01-10", "WH", "PT-1", "RICE", "5")
	h.handOut("2024-01-11", "PT-1", "COLD", "RICE", "5")
	h.dispatch("2024-01-12", "WH", "ST-2", "QUILT", "4")
	return h
}

func TestLots(t *testing.T) {
	t.Parallel()
	h := perishable(t)
	const quilts, eaten, rice = "QUILT GR-WH-2024-00001.1   GR-WH-2024-00001 10 1000.00", "RICE GR-WH-2024-00002.1 B0 2024-02-10 GR-WH-2024-00002 0 0.00",
		"RICE GR-WH-2024-00003.1 B1 2024-03-31 GR-WH-2024-00003 5 20.00"
	for _, c := range []struct {
		name  string
		query report.LotQuery
		want  []string
	}{
		{"all of them, goods on their way too", report.LotQuery{}, []string{quilts, eaten, rice}},
		{"of one item", report.LotQuery{Item: "QUILT"}, []string{quilts}},
		{"one", report.LotQuery{Lot: "GR-WH-2024-00003.1"}, []string{rice}},
		{"of a fund", report.LotQuery{Fund: "F2"}, []string{eaten, rice}},
		{"that are there", report.LotQuery{Held: "true"}, []string{quilts, rice}},
		{"what expires until February", report.LotQuery{ExpiresBy: day("2024-02-29")}, []string{eaten}},
		{"and is there", report.LotQuery{ExpiresBy: day("2024-02-29"), Held: "true"}, nil},
		{"its last day counts", report.LotQuery{ExpiresBy: day("2024-03-31"), Held: "true"}, []string{rice}},
		{"what a station and its point had", report.LotQuery{Under: "ST-1"}, []string{eaten}},
	} {
		var got []string
		q := c.query
		for q.Limit = 1; ; {
			page, err := h.Lots(h.ctx(), q)
			h.must(err)
			for _, l := range page.Lots {
				got = append(got, fmt.Sprintf("%s %s %s %s %s %s %s", l.Item, l.Lot, l.Batch, l.ExpiresOn, l.Document, l.Quantity, l.Value))
				h.opens(l)
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	_, err := h.Lots(h.ctx(), report.LotQuery{After: "RICE"})
	var refusal *ledger.Refusal
	if want := `after is "RICE", the next of a page wanted`; !errors.As(err, &refusal) || err.Error() != want {
		t.Errorf("says %v, want %s", err, want)
	}
}

// opens follows the query of a lot to the stock that makes its quantity.
func (h *house) opens(l report.LotHead) {
	h.t.Helper()
	asked, err := url.Parse(l.Query)
	h.must(err)
	v := asked.Query()
	if asked.Path != "/v1/stock" || v.Get("item") != l.Item || v.Get("lot") != l.Lot {
		h.t.Errorf("lot %s opens %s", l.Lot, l.Query)
	}
	stock, err := h.Stock(h.ctx(), report.StockQuery{Item: v.Get("item"), Lot: v.Get("lot"), Fund: v.Get("fund"), Under: v.Get("under"), By: strings.Split(v.Get("by"), ",")})
	h.must(err)
	sum := decimal.Zero
	for _, line := range stock.Lines {
		sum = sum.Add(number(string(line.Quantity)))
	}
	if !sum.Equal(number(string(l.Quantity))) {
		h.t.Errorf("lot %s has %s, its query opens to %s", l.Lot, l.Quantity, sum)
	}
}

func TestShortClosingsAreListed(t *testing.T) {
	t.Parallel()
	h := perishable(t)
	first := h.dispatch("2024-01-15", "WH", "ST-2", "QUILT", "1")
	h.post(h.keeper.CloseShort(h.ctx(), h.by(), warehouse.CloseShort{Waybill: first, Reason: "stolen"}))
	second := h.dispatch("2024-01-16", "WH", "ST-2", "QUILT", "2")
	proposed := h.post(h.keeper.ProposeShort(h.ctx(), h.by(), warehouse.CloseShort{Waybill: second, Reason: "burnt"}))
	for _, c := range []struct {
		query report.ShortClosingQuery
		want  string
	}{
		{report.ShortClosingQuery{}, fmt.Sprintf("[close %s stolen 100.00 propose %s burnt 200.00]", first, second)},
		{report.ShortClosingQuery{Act: "propose"}, fmt.Sprintf("[propose %s burnt 200.00]", second)},
		{report.ShortClosingQuery{Waybill: first}, fmt.Sprintf("[close %s stolen 100.00]", first)},
		{report.ShortClosingQuery{Pages: report.Pages{Document: proposed.Document}}, fmt.Sprintf("[propose %s burnt 200.00]", second)},
	} {
		page, err := h.ShortClosings(h.ctx(), c.query)
		h.must(err)
		var got []string
		for _, s := range page.Documents {
			got = append(got, fmt.Sprintf("%s %s %s %s", s.Act, s.Waybill, s.Reason, s.Value))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%+v: %s, want %s", c.query, got, c.want)
		}
	}
}
