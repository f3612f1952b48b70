package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
	"reliefledger/report"
)

// reporting is a command that prints a report.
type reporting struct {
	*settings
	*cobra.Command
	json     bool
	currency string // of the book that was opened; a server does not tell it
}

// report makes a command that answers one question of the reading room: as a table, or as the API's JSON.
func (s *settings) report(use, short string, args cobra.PositionalArgs, example string) *reporting {
	r := &reporting{settings: s, Command: &cobra.Command{Use: use, Short: short, Args: args, Example: example}}
	r.Flags().BoolVar(&r.json, "json", false, "print JSON, as the API answers")
	return r
}

// answers says how the command finds its answer, in the database or at a server, and how a person reads it.
func answers[A any](r *reporting, ask func(ctx context.Context, room report.Room, args []string) (A, error),
	fetch func(ctx context.Context, api *client.Client, args []string) (A, error), show func(io.Writer, A) error,
) *cobra.Command {
	shown := func(answer A, err error) error {
		switch {
		case err != nil:
			return err
		case r.json:
			return printJSON(r.out, answer)
		}
		return show(r.out, answer)
	}
	r.RunE = func(c *cobra.Command, args []string) error {
		elsewhere, err := r.isRemote(c)
		if err != nil {
			return err
		}
		if elsewhere {
			api, err := r.connect()
			if err != nil {
				return err
			}
			return shown(fetch(c.Context(), api, args))
		}
		return r.look(c.Context(), false, func(open *reading) error {
			book := ledger.Open(open.db, open.book, ledger.Options{})
			defer book.Close()
			r.currency = book.Currency
			return shown(ask(c.Context(), report.Room{Book: book}, args))
		})
	}
	return r.Command
}

// days are the flags of a stretch of time.
func (r *reporting) days(from, to *ledger.Date) {
	r.Flags().TextVar(from, "from", ledger.Date(0), "first business date, as 2023-12-01; from the beginning when left out")
	r.Flags().TextVar(to, "to", ledger.Date(0), "last business date; to the end when left out")
}

func (r *reporting) asOf(on *ledger.Date) {
	r.Flags().TextVar(on, "as-of", ledger.Date(0), "at the end of this business date; now when left out")
}

func (r *reporting) knownAt(number *int64) {
	r.Flags().Int64Var(number, "known-at", 0, "as known at this entry number; the latest when left out")
}
