package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) transfer() *cobra.Command {
	p := s.posting("transfer FROM TO LINE...", "Send goods from one location to another", linesFrom(2), `  relief transfer WH-51 ST-5101-01 QUILT=40 COAT=20
  relief transfer WH-51 ST-5101-01 QUILT=4:bale,fund=WINTER-23 --carrier C-01 --vehicle 川A12345
  relief transfer WH-51 PT-0031 QUILT=40 --request RQ-PT-0031-2023-00001`)
	p.Long = "Sends goods. The document that is printed is the waybill: the goods are in transit until relief arrive says what became of them.\n\n" + lineHelp
	var carrier, vehicle, reference, request string
	p.Flags().StringVar(&carrier, "carrier", "", "party that answers for the goods on the way; none when the operation's own people drive")
	p.Flags().StringVar(&vehicle, "vehicle", "", "number plate")
	p.Flags().StringVar(&reference, "reference", "", "number of the order, or of a paper of the sender")
	p.Flags().StringVar(&request, "request", "", "request that the goods are for: what is reserved for it is taken, and nothing else")
	p.ValidArgsFunction = s.completeGoods(2)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[2:]
		lines, err := readLines(p.lines, "fund=")
		if err != nil {
			return nil, err
		}
		d := client.Dispatch{
			From: args[0], To: args[1], On: p.day(),
			Carrier: given(carrier), Vehicle: given(vehicle), Reference: given(reference), Request: given(request),
		}
		for _, l := range lines {
			d.Lines = append(d.Lines, client.DispatchLine{Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund")})
		}
		return api.DispatchGoods(ctx, &client.DispatchGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, d)
	})
}

func (s *settings) recall() *cobra.Command {
	p := s.posting("recall WAYBILL", "Take back what is still in transit", cobra.ExactArgs(1), `  relief recall WB-WH-51-2023-00007 --reason "road closed"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.RecallGoods(ctx, args[0], &client.RecallGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.Recall{Reason: reason, On: p.day()})
	})
}

func (s *settings) closeShort() *cobra.Command {
	p := s.posting("close-short WAYBILL", "Give up what is still in transit: it is lost, or the carrier owes it", cobra.ExactArgs(1), `  relief close-short WB-WH-51-2023-00007 --reason "fell into the river" --claim`)
	var reason string
	var claim bool
	p.Flags().StringVar(&reason, "reason", "", "why")
	p.Flags().BoolVar(&claim, "claim", false, "the carrier must make it good")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.CloseTransferShort(ctx, args[0], &client.CloseTransferShortParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.CloseShort{Reason: reason, Claim: given(claim), On: p.day()})
	})
}
