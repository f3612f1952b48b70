package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) count() *cobra.Command {
	c := &cobra.Command{Use: "count", Short: "Hold what was counted against the book: one person reports, another approves the differences"}
	c.AddCommand(s.reportCount(), s.approveCount())
	return c
}

func (s *settings) reportCount() *cobra.Command {
	p := s.posting("report LOCATION [LINE...]", "Report what was found in stock at a location", cobra.MinimumNArgs(1), `  relief count report PT-0031 QUILT=37 FOOD=12
  relief count report PT-0031 QUILT/GR-WH-51-2023-00001.1=37,fund=WINTER-23 --complete QUILT
  relief count report PT-0031 QUILT=37 --whole --blind --remark "yearly count"`)
	p.Long = `Reports what was found. Goods of one lot and one fund, or goods that agree with the book in sum, are named by their item; others by
their lot and fund, as relief stock --by lot,fund shows them. What no line names is not compared, unless --complete or --whole say that it is not there.

` + lineHelp
	var remark string
	var complete []string
	var whole, blind bool
	p.Flags().StringVar(&remark, "remark", "", "who counted and how")
	p.Flags().StringSliceVar(&complete, "complete", nil, "items that were counted completely: their other lots were not found")
	p.Flags().BoolVar(&whole, "whole", false, "everything there was counted: whatever no line names was not found")
	p.Flags().BoolVar(&blind, "blind", false, "those who counted did not see what the book holds")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "fund=")
		if err != nil {
			return nil, err
		}
		n := client.Count{Location: args[0], On: p.day(), Remark: given(remark), Whole: given(whole), Blind: given(blind)}
		if len(complete) > 0 {
			n.Complete = &complete
		}
		var found []client.CountLine
		for _, l := range lines {
			found = append(found, client.CountLine{Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund")})
		}
		if found != nil {
			n.Lines = &found
		}
		return api.CountGoods(ctx, &client.CountGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, n)
	})
}

func (s *settings) approveCount() *cobra.Command {
	p := s.posting("approve COUNT", "Approve the differences of a count that another person reported", cobra.ExactArgs(1), `  relief count approve CN-PT-0031-2024-00001`)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.ApproveCount(ctx, args[0], &client.ApproveCountParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.CountApproval{On: p.day()})
	})
}
