package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) close() *cobra.Command {
	c := &cobra.Command{Use: "close", Short: "Close a temporary point, or a period of the book"}
	c.AddCommand(s.closePoint(), s.closePeriod())
	return c
}

func (s *settings) closePoint() *cobra.Command {
	p := s.posting("point POINT", "End the life of a temporary point, which must be empty", cobra.ExactArgs(1), `  relief close point PT-0031 --reason "the cold wave is over"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.ClosePoint(ctx, args[0], &client.ClosePointParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.PointClosing{Reason: reason, On: p.day()})
	})
}

func (s *settings) closePeriod() *cobra.Command {
	p := s.posting("period UNTIL", "Close the book up to and with a day", cobra.ExactArgs(1), `  relief close period 2023-12-31 --reason "December is reported"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	_ = p.Flags().MarkHidden("on") // a closing has no business date but its own
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.ClosePeriod(ctx, &client.ClosePeriodParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.Close{Until: args[0], Reason: reason})
	})
}
