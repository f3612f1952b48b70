package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) agreement() *cobra.Command {
	r := s.report("agreement", "Compare the value of goods with the accounts of the funds", cobra.NoArgs, `  relief agreement
  relief agreement --fund WINTER-23 --as-of 2023-12-31`)
	var q report.AgreementQuery
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	r.asOf(&q.AsOf)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.Agreement, error) {
		return room.Agreement(ctx, q)
	}, func(ctx context.Context, api *client.Client, _ []string) (report.Agreement, error) {
		return read[report.Agreement](api.ReadAgreement(ctx, &client.ReadAgreementParams{Fund: given(q.Fund), AsOf: given(q.AsOf.String()), KnownAt: given(q.KnownAt)}))
	}, s.showAgreement)
}

// showAgreement prints the places only where they disagree: where they agree there are hundreds, and they say nothing.
func (s *settings) showAgreement(w io.Writer, a report.Agreement) error {
	t := s.columns([]int{2, 3, 4}, "fund", "account", "goods", "accounts", "difference")
	places := 0
	for _, f := range a.Funds {
		places += len(f.Lines)
		t.add(f.Fund, s.say("all goods"), string(f.Goods), string(f.Accounts), string(f.Difference))
		for _, l := range f.Lines {
			if l.Goods != l.Accounts {
				t.add(f.Fund, l.Account, string(l.Goods), string(l.Accounts), string(l.Difference))
			}
		}
	}
	if err := t.write(w); err != nil {
		return err
	}
	verdict := s.say("goods and accounts agree")
	if !a.Agreed {
		verdict = s.say("goods and accounts DISAGREE: somebody has changed the database, relief verify names the rows")
	}
	return s.notice(w, "\n%s: %d funds, %d places, as known at entry %d", verdict, len(a.Funds), places, a.KnownAt)
}
