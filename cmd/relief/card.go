package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) card() *cobra.Command {
	return s.report("card LOCATION ITEM", "Print a stock card: every move of an item at a location", cobra.ExactArgs(2), `  relief card ST-5101-01 QUILT
  relief card ST-5101-01 QUILT --from 2023-12-01 --to 2023-12-31 --fund WINTER-23`).ofCard(s.showCard)
}

// ofCard makes the command ask for a stock card.
func (r *reporting) ofCard(show func(io.Writer, report.Card) error) *cobra.Command {
	var q report.CardQuery
	r.Flags().StringVar(&q.Condition, "condition", "", "stock, reserved or quarantine; stock when left out")
	r.Flags().StringVar(&q.Lot, "lot", "", "one lot")
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	r.days(&q.From, &q.To)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.Card, error) {
		q.Location, q.Item = args[0], args[1]
		return room.Card(ctx, q)
	}, func(ctx context.Context, api *client.Client, args []string) (report.Card, error) {
		return read[report.Card](api.ReadStockCard(ctx, &client.ReadStockCardParams{
			Location: args[0], Item: args[1], Condition: given(client.ReadStockCardParamsCondition(q.Condition)), Lot: given(q.Lot), Fund: given(q.Fund),
			From: given(q.From.String()), To: given(q.To.String()), KnownAt: given(q.KnownAt),
		}))
	}, show)
}

func (s *settings) showCard(w io.Writer, c report.Card) error {
	if err := s.notice(w, "%s %s, %s %s, in %s\n", c.Item, s.named(c.Name, c.NameEn), c.Location, s.named(c.Place, c.PlaceEn), c.Unit); err != nil {
		return err
	}
	t := s.columns([]int{0, 6, 7, 8, 9}, "entry", "on", "document", "from or to", "lot", "fund", "in", "out", "holds", "value")
	t.add("", c.From.String(), s.say("opening"), "", "", "", "", "", string(c.Opening.Quantity), string(c.Opening.Value))
	for _, l := range c.Lines {
		t.add(fmt.Sprint(l.Entry), l.On.String(), l.Document, l.Account, l.Lot, l.Fund, string(l.In), string(l.Out), string(l.Balance.Quantity), string(l.Balance.Value))
	}
	t.add("", c.To.String(), s.say("closing"), "", "", "", "", "", string(c.Closing.Quantity), string(c.Closing.Value))
	return t.write(w)
}
