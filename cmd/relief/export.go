package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

func (s *settings) export() *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write the whole book, or a report as a table for a spreadsheet",
		Example: `  relief export jsonl > book.jsonl
  relief export hledger > book.journal && hledger -f book.journal balance
  relief export stock -o stock.xlsx`,
	}
	c.AddCommand(
		s.exportAs("jsonl", "Write the whole book as JSON lines, in the order of entries", ledger.ExportLines),
		s.exportAs("hledger", "Write the whole book as an hledger journal, money and quantities side by side", ledger.ExportHledger),
	)
	c.AddCommand(s.tables()...)
	return c
}

func (s *settings) exportAs(name, short string, export func(context.Context, *bun.DB, ledger.Info, io.Writer) error) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.look(c.Context(), true, func(r *reading) error {
				return export(c.Context(), r.db, r.book, s.out)
			})
		},
	}
}
