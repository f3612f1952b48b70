package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) trialBalance() *cobra.Command {
	r := s.report("trial-balance", "Print the trial balance of every fund", cobra.NoArgs, `  relief trial-balance --fund WINTER-23 --by account
  relief trial-balance --to 2023-12-31`)
	var q report.TrialQuery
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	r.Flags().StringVar(&q.By, "by", "class", "a line for each class of accounts, or for each account")
	r.days(&q.From, &q.To)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.TrialBalance, error) {
		return room.TrialBalance(ctx, q)
	}, func(ctx context.Context, api *client.Client, _ []string) (report.TrialBalance, error) {
		return read[report.TrialBalance](api.ReadTrialBalance(ctx, &client.ReadTrialBalanceParams{
			Fund: given(q.Fund), By: given(client.ReadTrialBalanceParamsBy(q.By)), From: given(q.From.String()), To: given(q.To.String()), KnownAt: given(q.KnownAt),
		}))
	}, s.showTrialBalance)
}

func (s *settings) showTrialBalance(w io.Writer, b report.TrialBalance) error {
	t := s.columns([]int{3, 4, 5, 6}, "fund", "account", "name", "opening", "debit", "credit", "closing")
	for _, f := range b.Funds {
		for _, l := range append(f.Lines, f.Sum) {
			t.add(f.Fund, l.Account, s.named(l.Name, l.NameEn), string(l.Opening), string(l.Debit), string(l.Credit), string(l.Closing))
		}
	}
	if err := t.write(w); err != nil {
		return err
	}
	return s.notice(w, "\nas known at entry %d", b.KnownAt)
}
