package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) reopen() *cobra.Command {
	c := &cobra.Command{Use: "reopen", Short: "Open closed dates again: one person proposes, another agrees"}
	c.AddCommand(s.proposeReopening(), s.agreeToReopening())
	return c
}

func (s *settings) proposeReopening() *cobra.Command {
	p := s.posting("propose", "Propose to open closed dates again", cobra.NoArgs, `  relief reopen propose --until 2023-11-30 --reason "December lacks a receipt"`)
	var until, reason string
	p.Flags().StringVar(&until, "until", "", "last day that stays closed; everything is opened when left out")
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	_ = p.Flags().MarkHidden("on")
	return p.sends(func(ctx context.Context, api *client.Client, _ []string) (*http.Response, error) {
		return api.ProposeReopening(ctx, &client.ProposeReopeningParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.Reopening{Until: given(until), Reason: reason})
	})
}

func (s *settings) agreeToReopening() *cobra.Command {
	p := s.posting("agree ENTRY", "Agree to what another person proposed", cobra.ExactArgs(1), `  relief reopen agree 60211`)
	_ = p.Flags().MarkHidden("on")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		number, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			return nil, misuse{fmt.Errorf("%q is no number of an entry", args[0])}
		}
		return api.AgreeToReopening(ctx, &client.AgreeToReopeningParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.Consent{Proposal: number})
	})
}
