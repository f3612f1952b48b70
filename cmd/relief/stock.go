package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) stock() *cobra.Command {
	r := s.report("stock", "Print what there is, with its value", cobra.NoArgs, `  relief stock                              everything, by item
  relief stock --under 5101 --by location   in Chengdu, by location
  relief stock --item QUILT --as-of 2023-12-31 --by lot,fund`)
	q := report.StockQuery{Limit: report.MaxStockLines}
	r.stockFlags(&q)
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.Stock, error) {
		return wholeStock(q, func(q report.StockQuery) (report.Stock, error) { return room.Stock(ctx, q) })
	}, func(ctx context.Context, api *client.Client, _ []string) (report.Stock, error) {
		return wholeStock(q, func(q report.StockQuery) (report.Stock, error) {
			return read[report.Stock](api.ReadStock(ctx, stockParameters(q)))
		})
	}, s.showStock)
}

// stockFlags are the flags of a question about stock.
func (r *reporting) stockFlags(q *report.StockQuery) {
	r.Flags().StringVar(&q.Under, "under", "", "root of a subtree of locations")
	r.Flags().StringVar(&q.Item, "item", "", "one item")
	r.Flags().StringVar(&q.Lot, "lot", "", "one lot")
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	r.Flags().StringVar(&q.Condition, "condition", "", "stock, reserved, quarantine or transit")
	r.Flags().StringSliceVar(&q.By, "by", q.By, "split the lines by location, lot, fund")
	r.asOf(&q.AsOf)
	r.knownAt(&q.KnownAt)
}

// stockParameters is the query as the contract writes it.
func stockParameters(q report.StockQuery) *client.ReadStockParams {
	p := &client.ReadStockParams{
		Under: given(q.Under), Item: given(q.Item), Lot: given(q.Lot), Fund: given(q.Fund), Condition: given(client.ReadStockParamsCondition(q.Condition)),
		AsOf: given(q.AsOf.String()), KnownAt: given(q.KnownAt), After: given(q.After), Limit: given(int64(q.Limit)),
	}
	if len(q.By) > 0 {
		by := make([]client.ReadStockParamsBy, len(q.By))
		for i, b := range q.By {
			by[i] = client.ReadStockParamsBy(b)
		}
		p.By = &by
	}
	return p
}

// wholeStock reads all pages.
func wholeStock(q report.StockQuery, page func(report.StockQuery) (report.Stock, error)) (report.Stock, error) {
	whole, err := page(q)
	for err == nil && whole.Next != "" {
		q.After, q.KnownAt = whole.Next, whole.KnownAt
		var more report.Stock
		more, err = page(q)
		whole.Lines, whole.Next = append(whole.Lines, more.Lines...), more.Next
	}
	return whole, err
}

func (s *settings) showStock(w io.Writer, stock report.Stock) error {
	t := s.columns([]int{7, 9}, "item", "name", "condition", "location", "lot", "expires", "fund", "quantity", "unit", "value")
	for _, l := range stock.Lines {
		t.add(l.Item, s.named(l.Name, l.NameEn), s.say(l.Condition), strings.TrimSpace(l.Location+" "+l.Waybill+l.Request), l.Lot, l.ExpiresOn.String(), l.Fund, string(l.Quantity), l.Unit, string(l.Value))
	}
	if err := t.write(w); err != nil {
		return err
	}
	return s.notice(w, "\nvalue %s, as known at entry %d", stock.Value, stock.KnownAt)
}
