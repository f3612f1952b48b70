package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) statement() *cobra.Command {
	return s.report("statement FUND", "Print the statement of a fund: opening, in, out, closing", cobra.ExactArgs(1), `  relief statement WINTER-23
  relief statement WINTER-23 --from 2023-12-01 --to 2023-12-31 --json`).ofStatement(s.showStatement)
}

// ofStatement makes the command ask for the statement of a fund.
func (r *reporting) ofStatement(show func(io.Writer, report.FundStatement) error) *cobra.Command {
	var q report.StatementQuery
	r.days(&q.From, &q.To)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.FundStatement, error) {
		return room.FundStatement(ctx, args[0], q)
	}, func(ctx context.Context, api *client.Client, args []string) (report.FundStatement, error) {
		return read[report.FundStatement](api.ReadFundStatement(ctx, args[0], &client.ReadFundStatementParams{
			From: given(q.From.String()), To: given(q.To.String()), KnownAt: given(q.KnownAt),
		}))
	}, show)
}

func (s *settings) showStatement(w io.Writer, f report.FundStatement) error {
	if err := s.notice(w, "%s %s, as known at entry %d\n", f.Fund, s.named(f.Name, f.NameEn), f.KnownAt); err != nil {
		return err
	}
	t := s.columns([]int{3}, "", "account", "name", "amount")
	t.add(s.say("opening"), "", f.From.String(), string(f.Opening))
	part := func(name string, lines []report.StatementLine) {
		for _, l := range lines {
			t.add(name, l.Account, s.named(l.Name, l.NameEn), string(l.Amount))
		}
	}
	part(s.say("in"), f.In)
	part(s.say("out"), f.Out)
	t.add(s.say("closing"), "", f.To.String(), string(f.Closing))
	part(s.say("made of"), f.MadeOf)
	return t.write(w)
}
