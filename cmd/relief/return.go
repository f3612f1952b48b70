package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) takeBack() *cobra.Command {
	p := s.posting("return HANDOUT LINE...", "Take back a part of a handout", linesFrom(1), `  relief return HO-PT-0031-2023-00042 QUILT=1 --reason "not needed"
  relief return HO-PT-0031-2023-00042 COAT=1,damaged --reason "torn zip"`)
	p.Long = "Takes back goods of a handout at the very cost they left with. To undo a whole handout, reverse it: relief reverse.\n\n" + lineHelp + `  COAT=1,damaged                    it may not be handed out again`
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "fund=", "damaged")
		if err != nil {
			return nil, err
		}
		r := client.HandoutReturn{Reason: reason, On: p.day()}
		for _, l := range lines {
			r.Lines = append(r.Lines, client.HandoutReturnLine{
				Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund"), Damaged: l.has("damaged"),
			})
		}
		return api.TakeBackGoods(ctx, args[0], &client.TakeBackGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, r)
	})
}
