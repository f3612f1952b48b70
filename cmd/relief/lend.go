package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) lend() *cobra.Command {
	p := s.posting("lend ACCOUNT QUANTITY", "Let one fund use what another one has, openly: goods or money stay where they are", cobra.ExactArgs(2), `  relief lend stock:ST-5101-01 5 --item COAT --from GIFT --to WINTER-23 --reason "back in January"
  relief lend bank:ICBC 2000.00 --from GIFT --to WINTER-23 --reason "until the grant arrives"`)
	var b client.Interfund
	var item, lot string
	p.Flags().StringVar(&b.FromFund, "from", "", "fund that gives")
	p.Flags().StringVar(&b.ToFund, "to", "", "fund that takes")
	p.Flags().StringVar(&item, "item", "", "item of the goods; none for money")
	p.Flags().StringVar(&lot, "lot", "", "lot of the goods; the first to expire when left out")
	p.Flags().StringVar(&b.Reason, "reason", "", "why, and when it is to come back")
	need(p.Command, "from", "to", "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		b.Account, b.Quantity, b.Item, b.Lot, b.On = args[0], args[1], given(item), given(lot), p.day()
		return api.UseAnotherFund(ctx, &client.UseAnotherFundParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, b)
	})
}
