package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) assemble() *cobra.Command {
	p := s.posting("assemble LOCATION KIT=QUANTITY LINE...", "Put goods together into kits", linesFrom(2), `  relief assemble WH-51 KIT=10 TOWEL=1 SOAP=2 --fund WINTER-23
  relief assemble WH-51 KIT=10 TOWEL/GR-WH-51-2023-00001.1=1 --fund WINTER-23 --dry-run`)
	p.Long = `Puts goods of one fund together into kits. The kits become a lot with exactly the cost of what went in, and the earliest expiry date of it.
The lines after the kits say what one kit takes. The kits are taken apart by relief reverse, as long as none of them has left.

A line is ITEM=QUANTITY, as SOAP=2. More may be said:

  SOAP/GR-WH-51-2023-00001.1=2      of this lot; else the first to expire
  SOAP=1:box                        1 box for one kit; else in the item's base unit`
	var a client.Assembly
	p.Flags().StringVar(&a.Fund, "fund", "", "fund of all that goes in, and so of the kits")
	need(p.Command, "fund")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[2:]
		lines, err := readLines(args[1:])
		if err != nil {
			return nil, err
		}
		kit := lines[0]
		if kit.lot != "" || kit.pack != "" {
			return nil, misuse{errors.New("the kits are ITEM=QUANTITY, as KIT=10: their lot is made, and they are counted in their base unit")}
		}
		a.Location, a.Item, a.Quantity, a.On = args[0], kit.item, kit.quantity, p.day()
		for _, l := range lines[1:] {
			a.Lines = append(a.Lines, client.AssemblyLine{Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack)})
		}
		return api.AssembleKits(ctx, &client.AssembleKitsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, a)
	})
}
