package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/fund"
	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) bank() *cobra.Command {
	c := &cobra.Command{Use: "bank", Short: "Hold bank accounts against the bank's statements"}
	c.AddCommand(s.bankStatement(), s.matchBank(), s.unmatchBank(), s.reconciliation())
	return c
}

func (s *settings) bankStatement() *cobra.Command {
	r := s.report("statement STATEMENT", "Show a bank statement with its lines, and what each was matched by; relief import bank-statement takes one in", cobra.ExactArgs(1),
		`  relief bank statement BS-ICBC-2024-00001`)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.BankStatementHead, error) {
		return room.BankStatement(ctx, args[0])
	}, func(ctx context.Context, api *client.Client, args []string) (report.BankStatementHead, error) {
		return read[report.BankStatementHead](api.ReadBankStatement(ctx, args[0]))
	}, s.printBankStatement)
}

func (s *settings) printBankStatement(_ io.Writer, b report.BankStatementHead) error {
	s.title(b.Document, b.Entry, b.On.String(), b.Actor, b.Reversed, b.Account, fmt.Sprintf("%s – %s", b.StartsOn, b.EndsOn), fmt.Sprintf("%s → %s", b.Opening, b.Closing))
	t := s.columns([]int{2}, "line", "on", "value", "reference", "counterparty", "text", "match")
	for _, l := range b.Lines {
		t.add(l.Name, l.On.String(), string(l.Amount), l.Reference, l.Counterparty, l.Text, l.Match)
	}
	return t.write(s.out)
}

func (s *settings) matchBank() *cobra.Command {
	p := s.posting("match BANK LINE=ENTRY...", "Say which lines of a bank are which entries of the book, or take what is proposed", cobra.MinimumNArgs(1),
		`  relief bank match ICBC BS-ICBC-2024-00001.3=PY-WINTER-23-2023-00017
  relief bank match ICBC BS-ICBC-2024-00001.4=60211 BS-ICBC-2024-00001.4=60212    one line, two entries, by their numbers
  relief bank match ICBC --proposed                                         all that the reconciliation proposes`)
	var proposed bool
	p.Flags().BoolVar(&proposed, "proposed", false, "take all matches that the reconciliation proposes")
	alone := p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		m, err := matchOf(ctx, api, args)
		if err != nil {
			return nil, err
		}
		m.On = p.day()
		return api.MatchBankLines(ctx, &client.MatchBankLinesParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
	one := alone.RunE
	alone.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case proposed && len(args) > 1:
			return misuse{errors.New("--proposed takes no lines")}
		case proposed:
			return p.takeProposed(c.Context(), args[0])
		}
		return one(c, args)
	}
	return alone
}

// matchOf reads the pairs of a match; each side of a pair may be named again in another.
func matchOf(ctx context.Context, api *client.Client, args []string) (client.BankMatch, error) {
	m := client.BankMatch{Bank: args[0], BankLines: &[]string{}, Entries: &[]int64{}}
	lines, entries := map[string]bool{}, map[int64]bool{}
	for _, pair := range args[1:] {
		line, name, both := strings.Cut(pair, "=")
		if !both || line == "" || name == "" {
			return m, misuse{fmt.Errorf("%q is not LINE=ENTRY", pair)}
		}
		number, err := numberOf(ctx, api, name)
		if err != nil {
			return m, err
		}
		if !lines[line] {
			*m.BankLines = append(*m.BankLines, line)
		}
		if !entries[number] {
			*m.Entries = append(*m.Entries, number)
		}
		lines[line], entries[number] = true, true
	}
	return m, nil
}

// takeProposed confirms every match that the reconciliation proposes, each by itself.
func (p *posting) takeProposed(ctx context.Context, bank string) error {
	api, err := p.connect()
	if err != nil {
		return err
	}
	found, err := read[report.Reconciliation](api.ReadBankReconciliation(ctx, &client.ReadBankReconciliationParams{Bank: bank}))
	if err != nil {
		return err
	}
	t := p.columns(nil, "document", "line", "entry", "reason")
	var proposals []report.BankProposal
	body := client.BulkBankMatch{Mode: client.BulkBankMatchModeEach}
	for _, proposal := range found.Proposals {
		if n := len(proposal.Entries); n > fund.MaxMatched { // it would keep the others back
			t.add(p.told("%d entries, one match holds %d: take the first statement back and begin with an earlier one", n, fund.MaxMatched), strings.Join(proposal.Lines, " "), "", proposal.Why)
			continue
		}
		proposals = append(proposals, proposal)
		body.Lines = append(body.Lines, client.BankMatch{Bank: bank, BankLines: &proposal.Lines, Entries: &proposal.Entries, On: p.day()})
	}
	for first := 0; first < len(body.Lines); first += 500 {
		part := client.BulkBankMatch{Mode: body.Mode, Lines: body.Lines[first:min(first+500, len(body.Lines))]}
		// What is matched is matched once, whatever key asks for it.
		key := fmt.Sprintf("%s/proposed/%d/%d", strings.ReplaceAll(bank, ":", "/"), found.KnownAt, first)
		if p.key != "" {
			key = fmt.Sprintf("%s/%d", p.key, first)
		}
		answer, err := read[client.BulkAnswer](api.MatchBankLinesInBulk(ctx, &client.MatchBankLinesInBulkParams{IdempotencyKey: key, DryRun: p.dryRun()}, part))
		if err != nil {
			return p.explain(ctx, err)
		}
		for i, result := range answer.Results {
			proposal, outcome := proposals[first+i], ""
			switch {
			case result.Entry != nil:
				outcome = orNothing(result.Entry.Document)
			case result.Problem != nil:
				outcome = orNothing(result.Problem.Detail)
			}
			t.add(outcome, strings.Join(proposal.Lines, " "), strings.Trim(fmt.Sprint(proposal.Entries), "[]"), proposal.Why)
		}
	}
	return t.write(p.out)
}

func (s *settings) unmatchBank() *cobra.Command {
	p := s.posting("unmatch MATCH", "Take a match back; it stays in sight as reversed", cobra.ExactArgs(1), `  relief bank unmatch BM-ICBC-2024-00007 --reason "another payment of the same amount"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why it is undone")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		if !strings.HasPrefix(args[0], "BM-") {
			return nil, misuse{fmt.Errorf("%s is no match of bank lines", args[0])}
		}
		number, err := numberOf(ctx, api, args[0])
		if err != nil {
			return nil, err
		}
		return api.ReverseEntry(ctx, &client.ReverseEntryParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Reversal{Entry: number, Reason: reason, On: p.day()})
	})
}

func (s *settings) reconciliation() *cobra.Command {
	r := s.report("reconciliation BANK", "Hold an account against its bank: what each has that the other has not, and what could be matched", cobra.ExactArgs(1), `  relief bank reconciliation ICBC
  relief bank reconciliation cash:5101 --as-of 2023-12-31`)
	var q report.ReconciliationQuery
	r.asOf(&q.On)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.Reconciliation, error) {
		q.Bank = args[0]
		return room.Reconciliation(ctx, q)
	}, func(ctx context.Context, api *client.Client, args []string) (report.Reconciliation, error) {
		return read[report.Reconciliation](api.ReadBankReconciliation(ctx, &client.ReadBankReconciliationParams{Bank: args[0], On: given(q.On.String()), KnownAt: given(q.KnownAt)}))
	}, s.printReconciliation)
}

func (s *settings) printReconciliation(_ io.Writer, r report.Reconciliation) error {
	fmt.Fprintf(s.out, "%s  %s\n\n", r.Account, r.On)
	t := s.columns([]int{1}, "", "value")
	t.add(s.say("book"), string(r.Book))
	t.add("- "+s.say("not at the bank"), string(r.NotAtBank))
	t.add("+ "+s.say("not in the book"), string(r.NotInBook))
	t.add("= "+s.say("bank statement"), string(r.Statement))
	if strings.Trim(string(r.Difference), "0.") != "" {
		t.add(s.say("difference"), string(r.Difference))
	}
	if err := t.write(s.out); err != nil {
		return err
	}
	t = s.columns([]int{2}, "", "on", "value", "document", "reference", "text")
	for _, e := range r.Entries {
		t.add(s.say("not at the bank"), e.On.String(), string(e.Amount), cmp.Or(e.Document, fmt.Sprint(e.Entry)), e.Reference, e.Kind)
	}
	for _, l := range r.Lines {
		t.add(s.say("not in the book"), l.On.String(), string(l.Amount), l.Name, l.Reference, strings.TrimSpace(l.Counterparty+" "+l.Text))
	}
	return s.printOutstanding(t, r)
}

func (s *settings) printOutstanding(t *table, r report.Reconciliation) error {
	if len(t.rows) > 0 {
		fmt.Fprintln(s.out)
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	for _, side := range []struct {
		what         string
		shown, there int
	}{{"not at the bank", len(r.Entries), r.EntryCount}, {"not in the book", len(r.Lines), r.LineCount}} {
		if side.shown == side.there {
			continue
		}
		if err := s.notice(s.out, "%s: the oldest %s of %s", s.say(side.what), thousands(side.shown), thousands(side.there)); err != nil {
			return err
		}
	}
	if len(r.Proposals) == 0 {
		return nil
	}
	fmt.Fprintf(s.out, "\n%s:\n", s.say("relief bank match --proposed would match"))
	t = s.columns(nil, "line", "entry", "reason")
	for _, p := range r.Proposals {
		t.add(strings.Join(p.Lines, " "), strings.Trim(fmt.Sprint(p.Entries), "[]"), s.say(p.Why))
	}
	return t.write(s.out)
}

// thousands writes a count as it is read: 3,002.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
