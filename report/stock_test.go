package report_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// stocked is a house in which goods were bought, given, sent, damaged and handed out.
func stocked(t *testing.T) *house {
	h := newHouse(t)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "10", "1000.00") // entry 1
	h.receive(warehouse.InKind, "2024-01-03", "F2", "RICE", "50.5", "202.00")   // 2
	h.send("2024-01-10", "WH", "PT-1", "QUILT", "3")                            // 3, 4
	h.send("2024-02-10", "WH", "PT-2", "RICE", "10")                            // 5, 6
	h.handOut("2024-01-11", "PT-1", "COLD", "QUILT", "1")                       // 7, backdated
	h.dispatch("2024-02-20", "WH", "ST-2", "QUILT", "2")                        // 8, on its way
	return h
}

func lines(s report.Stock) []string {
	var lines []string
	for _, l := range s.Lines {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s %s", l.Item, l.Condition, l.Location, l.Fund, l.Quantity, l.Value))
	}
	return lines
}

func TestStock(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	for _, c := range []struct {
		name  string
		query report.StockQuery
		value report.Number
		want  []string
	}{
		{"now, everywhere", report.StockQuery{}, "1102.00", []string{"QUILT stock   7 700.00", "QUILT transit   2 200.00", "RICE stock   50.5 202.00"}},
		{"by location and fund", report.StockQuery{By: []string{"location", "fund"}}, "1102.00", []string{
			"QUILT stock PT-1 F1 2 200.00", "QUILT stock WH F1 5 500.00", "QUILT transit WH F1 2 200.00", "RICE stock PT-2 F2 10 40.00", "RICE stock WH F2 40.5 162.00",
		}},
		{"goods on their way stand with their sender", report.StockQuery{Under: "5132"}, "40.00", []string{"RICE stock   10 40.00"}},
		{"a station and its point", report.StockQuery{Under: "ST-1", By: []string{"location"}}, "200.00", []string{"QUILT stock PT-1  2 200.00"}},
		{"as of the end of January", report.StockQuery{AsOf: day("2024-01-31"), By: []string{"location"}}, "1102.00", []string{
			"QUILT stock PT-1  2 200.00", "QUILT stock WH  7 700.00", "RICE stock WH  50.5 202.00",
		}},
		{"as of the tenth of January", report.StockQuery{AsOf: day("2024-01-10"), Item: "QUILT"}, "1000.00", []string{"QUILT stock   10 1000.00"}},
		{"as known at the first two entries", report.StockQuery{KnownAt: 2}, "1202.00", []string{"QUILT stock   10 1000.00", "RICE stock   50.5 202.00"}},
		{"January, as known before the handout was recorded", report.StockQuery{AsOf: day("2024-01-31"), KnownAt: 6, Under: "5101"}, "300.00", []string{"QUILT stock   3 300.00"}},
		{"the second, as known at the third", report.StockQuery{AsOf: day("2024-01-02"), KnownAt: 3}, "1000.00", []string{"QUILT stock   10 1000.00"}},
		{"what is reserved", report.StockQuery{Condition: "reserved"}, "0.00", nil},
	} {
		s, err := h.Stock(t.Context(), c.query)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := lines(s); !slices.Equal(got, c.want) || s.Value != c.value {
			t.Errorf("%s: %q worth %s, want %q worth %s", c.name, got, s.Value, c.want, c.value)
		}
		for _, l := range s.Lines {
			if _, q, v := h.opened(l.Query); !q.Equal(number(string(l.Quantity))) || !v.Equal(number(string(l.Value))) {
				t.Errorf("%s: %s opens to %s worth %s, not to %s worth %s", c.name, l.Query, q, v, l.Quantity, l.Value)
			}
		}
	}
}

func TestStockInPages(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	whole, err := h.Stock(t.Context(), report.StockQuery{By: []string{"location", "lot"}})
	h.must(err)
	var paged []string
	q := report.StockQuery{By: []string{"location", "lot"}, Limit: 2}
	for {
		page, err := h.Stock(t.Context(), q)
		h.must(err)
		if paged = append(paged, lines(page)...); page.Next == "" {
			break
		}
		q.After = page.Next
	}
	if !slices.Equal(paged, lines(whole)) {
		t.Errorf("pages show %q, the whole %q", paged, lines(whole))
	}
}

func TestStockRefuses(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	for want, q := range map[string]report.StockQuery{
		`location "NOWHERE" is not in the register`:      {Under: "NOWHERE"},
		`the book has 8 entries, entry 9 wanted`:         {KnownAt: 9},
		`stock by "color", location, lot or fund wanted`: {By: []string{"color"}},
		`after is "QUILT", the next of a page wanted`:    {After: "QUILT"},
	} {
		_, err := h.Stock(t.Context(), q)
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) || err.Error() != want {
			t.Errorf("refused with %v, want %s", err, want)
		}
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	for _, c := range []struct {
		query            report.CardQuery
		opening, closing report.CardBalance
		want             []string
	}{
		{report.CardQuery{Location: "WH", Item: "QUILT"}, report.CardBalance{Quantity: "0", Value: "0.00"}, report.CardBalance{Quantity: "5", Value: "500.00"}, []string{
			"1 2024-01-02 receipt supplier:SUP +10 -0 1000.00 = 10 1000.00",
			"3 2024-01-10 dispatch transit:WB-WH-2024-00001 +0 -3 -300.00 = 7 700.00",
			"8 2024-02-20 dispatch transit:WB-WH-2024-00003 +0 -2 -200.00 = 5 500.00",
		}},
		{
			report.CardQuery{Location: "PT-1", Item: "QUILT", From: day("2024-01-11"), To: day("2024-01-31")},
			report.CardBalance{Quantity: "3", Value: "300.00"},
			report.CardBalance{Quantity: "2", Value: "200.00"},
			[]string{"7 2024-01-11 handout handed-out:PT-1 +0 -1 -100.00 = 2 200.00"},
		},
		{
			report.CardQuery{Location: "PT-1", Item: "QUILT", From: day("2024-01-11"), KnownAt: 6},
			report.CardBalance{Quantity: "3", Value: "300.00"},
			report.CardBalance{Quantity: "3", Value: "300.00"},
			nil,
		},
	} {
		card, err := h.Card(t.Context(), c.query)
		h.must(err)
		var got []string
		for _, l := range card.Lines {
			got = append(got, fmt.Sprintf("%d %s %s %s +%s -%s %s = %s %s", l.Entry, l.On, l.Kind, l.Account, l.In, l.Out, l.Value, l.Balance.Quantity, l.Balance.Value))
		}
		if !slices.Equal(got, c.want) || card.Opening != c.opening || card.Closing != c.closing {
			t.Errorf("card %+v opens with %v, shows %q and closes with %v", c.query, card.Opening, got, card.Closing)
		}
	}
	_, err := h.Card(t.Context(), report.CardQuery{Location: "WH", Item: "TENT"})
	if err == nil || err.Error() != `item "TENT" is not in the register` {
		t.Errorf("a card of what is no item: %v", err)
	}
}
