package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) lots() *cobra.Command {
	r := s.report("lots", "Print lots: when they came in, when they expire, and what of each is there", cobra.NoArgs, `  relief lots --held --expires-by 2024-01-31          what must be used first
  relief lots --item FOOD --under 5101
  relief lots --lot GR-WH-51-2023-00001.1 --json`)
	q := report.LotQuery{Limit: report.MaxEntries}
	held := false
	r.Flags().StringVar(&q.Item, "item", "", "one item")
	r.Flags().StringVar(&q.Lot, "lot", "", "one lot")
	r.Flags().StringVar(&q.Under, "under", "", "root of a subtree of locations")
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	r.Flags().TextVar(&q.ExpiresBy, "expires-by", ledger.Date(0), "last usable day is this one or earlier")
	r.Flags().BoolVar(&held, "held", false, "only those of which something is still there")
	asked := func() report.LotQuery {
		if held {
			q.Held = "true"
		}
		return q
	}
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.LotPage, error) {
		return everyLot(asked(), func(q report.LotQuery) (report.LotPage, error) { return room.Lots(ctx, q) })
	}, func(ctx context.Context, api *client.Client, _ []string) (report.LotPage, error) {
		return everyLot(asked(), func(q report.LotQuery) (report.LotPage, error) {
			return read[report.LotPage](api.ListLots(ctx, &client.ListLotsParams{
				Item: given(q.Item), Lot: given(q.Lot), Under: given(q.Under), Fund: given(q.Fund), ExpiresBy: given(q.ExpiresBy.String()),
				Held: given(client.ListLotsParamsHeld(q.Held)), After: given(q.After), Limit: given(int64(q.Limit)),
			}))
		})
	}, s.showLots)
}

// everyLot reads all pages.
func everyLot(q report.LotQuery, page func(report.LotQuery) (report.LotPage, error)) (report.LotPage, error) {
	whole, err := page(q)
	for err == nil && whole.Next != "" {
		q.After = whole.Next
		var more report.LotPage
		more, err = page(q)
		whole.Lots, whole.Next = append(whole.Lots, more.Lots...), more.Next
	}
	return whole, err
}

func (s *settings) showLots(w io.Writer, page report.LotPage) error {
	t := s.columns([]int{6, 8}, "item", "name", "lot", "batch", "received on", "expires", "quantity", "unit", "value")
	for _, l := range page.Lots {
		t.add(l.Item, s.named(l.Name, l.NameEn), l.Lot, l.Batch, l.ReceivedOn.String(), l.ExpiresOn.String(), string(l.Quantity), l.Unit, string(l.Value))
	}
	return t.write(w)
}
