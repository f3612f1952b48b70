package main

import (
	"context"
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) reverse() *cobra.Command {
	p := s.posting("reverse DOCUMENT", "Undo a document, once, at the very value that moved", cobra.ExactArgs(1), `  relief reverse HO-PT-0031-2023-00042 --reason "wrong point"
  relief reverse 60211 --reason "typed twice"         an entry, by its number`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why it is undone")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		number, err := numberOf(ctx, api, args[0])
		if err != nil {
			return nil, err
		}
		return api.ReverseEntry(ctx, &client.ReverseEntryParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Reversal{Entry: number, Reason: reason, On: p.day()})
	})
}

// numberOf is the entry that a document, or an entry's number, names.
func numberOf(ctx context.Context, api *client.Client, name string) (int64, error) {
	if number, err := strconv.ParseInt(name, 10, 64); err == nil {
		return number, nil
	}
	entry, err := read[client.Entry](api.ReadDocument(ctx, name))
	return entry.Entry, err
}
