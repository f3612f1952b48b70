package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) purchase() *cobra.Command {
	c := &cobra.Command{Use: "purchase", Short: "Order goods from a supplier, and give up what will not come"}
	c.AddCommand(s.order(), s.closePurchase())
	return c
}

func (s *settings) order() *cobra.Command {
	p := s.posting("order SUPPLIER LINE...", "Order goods: their cost is committed in the fund until it is invoiced", linesFrom(1), `  relief purchase order SUP-1 QUILT=120@62.50 --fund WINTER-23 --reference HT-2023-118
  relief purchase order SUP-1 QUILT=120@62.50 COAT=3,value=100.00 --fund WINTER-23 --budget CLOTHES`)
	p.Long = "Orders goods. The keeper who receives them gives the order's number as --reference, the officer who records the invoice as --purchase.\n\n" +
		`A line is ITEM=QUANTITY@PRICE, with the price of one base unit, or ITEM=QUANTITY,value=VALUE with the cost of the whole line.`
	var m client.Purchase
	var budget, reference string
	p.Flags().StringVar(&m.Fund, "fund", "", "fund that will pay")
	p.Flags().StringVar(&budget, "budget", "", "line of the fund's budget that it draws on")
	p.Flags().StringVar(&reference, "reference", "", "number of the contract or of the supplier's offer")
	need(p.Command, "fund")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "@", "value=")
		if err != nil {
			return nil, err
		}
		m.Party, m.Budget, m.Reference, m.On = args[0], given(budget), given(reference), p.day()
		for _, l := range lines {
			m.Lines = append(m.Lines, client.PurchaseLine{Item: l.item, Quantity: l.quantity, UnitPrice: given(l.price), Value: l.of("value")})
		}
		return api.OrderGoods(ctx, &client.OrderGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}

func (s *settings) closePurchase() *cobra.Command {
	p := s.posting("close PURCHASE", "Give up what is left of a purchase: nothing more of it will come", cobra.ExactArgs(1), `  relief purchase close PO-WINTER-23-2023-00001 --reason "two quilts were refused"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why nothing more will come")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.ClosePurchase(ctx, args[0], &client.ClosePurchaseParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.PurchaseClosing{Reason: reason, On: p.day()})
	})
}

func (s *settings) printPurchase(p client.PurchaseHead) error {
	s.title(orNothing(p.Document), p.Entry, p.On, p.Actor, p.Reversed, p.Party, p.Fund, p.Value, s.say("committed")+" "+p.Committed, s.say("billed")+" "+p.Invoiced)
	t := s.columns([]int{1, 2, 3, 4, 5}, "item", "ordered", "value", "received", "invoiced", "still open")
	for _, l := range p.Lines {
		t.add(l.Item, l.Quantity, l.Value, l.Received, l.Invoiced, l.Open)
	}
	return t.write(s.out)
}
