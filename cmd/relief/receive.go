package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) receive() *cobra.Command {
	p := s.posting("receive LOCATION LINE...", "Receive goods into a location", linesFrom(1), `  relief receive WH-51 QUILT=120@61.25 --kind purchase --party SUP-1 --fund WINTER-23 --reference PO-7
  relief receive WH-51 FOOD=40:box,value=880.00,expires=2024-06-30 --kind purchase --party SUP-1 --fund WINTER-23
  relief receive WH-51 COAT=25,value=2750.00 --kind in-kind --party DONOR-3 --evidence quotation --fund GIFT
  relief receive WH-51 TENT=7,value=3500.00 --kind opening --fund WINTER-23 --dry-run`)
	p.Long = "Receives goods into a location. Every line becomes a lot, named by the document and the line.\n\n" + `A line is ITEM=QUANTITY@PRICE, with the price of one base unit, or ITEM=QUANTITY,value=VALUE with the cost of the whole line. More may be said:

  QUILT=12:bale@61.25               12 bales; else in the item's base unit. The price stays that of one base unit
  FOOD=40,expires=2024-06-30        last usable day
  FOOD=40,made=2023-12-01           day of production; the item's shelf life then gives the last usable day
  FOOD=40,batch=B-17                the maker's batch number`
	var r client.Receipt
	var kind, party, reference, evidence, unvalued string
	oneOf(p.Command, &kind, "kind", "how the goods came", "purchase", "in-kind", "opening", "custody")
	p.Flags().StringVar(&r.Fund, "fund", "", "fund that pays for the goods or that they were given to")
	p.Flags().StringVar(&party, "party", "", "supplier, donor or owner; opening stock has none")
	p.Flags().StringVar(&reference, "reference", "", "number on the sender's paper")
	oneOf(p.Command, &evidence, "evidence", "what the value of goods in kind rests on", "invoice", "quotation", "appraisal", "none")
	oneOf(p.Command, &unvalued, "unvalued", "how goods in kind without evidence are valued", "zero", "nominal")
	need(p.Command, "kind", "fund")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "@", "value=", "expires=", "made=", "batch=")
		if err != nil {
			return nil, err
		}
		r.Location, r.Kind, r.On = args[0], client.ReceiptKind(kind), p.day()
		r.Party, r.Reference = given(party), given(reference)
		r.Evidence, r.Unvalued = given(client.ReceiptEvidence(evidence)), given(client.ReceiptUnvalued(unvalued))
		for _, l := range lines {
			r.Lines = append(r.Lines, client.ReceiptLine{
				Item: l.item, Quantity: l.quantity, Pack: given(l.pack), UnitPrice: given(l.price), Value: l.of("value"),
				ExpiresOn: l.of("expires"), ProducedOn: l.of("made"), Batch: l.of("batch"),
			})
		}
		return api.ReceiveGoods(ctx, &client.ReceiveGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, r)
	})
}
