package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) settle() *cobra.Command {
	p := s.posting("settle DOCUMENT RECEIVED", "Settle what a carrier owes for goods that did not arrive", cobra.ExactArgs(2), `  relief settle AR-ST-5101-01-2023-00007 50.00 --fund WINTER-23 --bank ICBC
  relief settle AR-ST-5101-01-2023-00007 0 --fund WINTER-23          nothing will be paid: it is lost`)
	var m client.Claim
	var bank, reference string
	p.Flags().StringVar(&m.Fund, "fund", "", "fund whose goods they were")
	p.Flags().StringVar(&bank, "bank", "", "bank account that takes the money in; cash:CODE for a money box")
	p.Flags().StringVar(&reference, "reference", "", "the carrier's or the insurer's reference")
	need(p.Command, "fund")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		m.Claimed, m.Received, m.Bank, m.Reference, m.On = args[0], args[1], given(bank), given(reference), p.day()
		return api.SettleClaim(ctx, &client.SettleClaimParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}
