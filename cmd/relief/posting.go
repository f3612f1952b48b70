package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
)

// posting is a command that posts one document to a server.
type posting struct {
	*settings
	*cobra.Command
	key   string
	on    ledger.Date
	dry   bool
	json  bool
	lines []string // as typed, to show which one a fault is about
}

// posting makes a command that posts. Its flags are the same for every document.
func (s *settings) posting(use, short string, args cobra.PositionalArgs, example string) *posting {
	p := &posting{settings: s, Command: &cobra.Command{Use: use, Short: short, Args: args, Example: example}}
	f := p.Flags()
	f.StringVar(&p.key, "key", "", "key of the request; a new one is made and printed when left out. Sent again with the same key, nothing is booked twice")
	f.TextVar(&p.on, "on", ledger.Date(0), "business date, as 2023-12-24; today when left out")
	f.BoolVar(&p.dry, "dry-run", false, "check everything and show what would be left, and write nothing")
	f.BoolVar(&p.json, "json", false, "print JSON, as the API answers")
	return p
}

// sends says how the command posts. The key is told before the request leaves, so that it is known whatever happens then.
func (p *posting) sends(send func(ctx context.Context, api *client.Client, args []string) (*http.Response, error)) *cobra.Command {
	p.RunE = func(c *cobra.Command, args []string) error {
		api, err := p.connect()
		if err != nil {
			return err
		}
		if p.key == "" {
			p.key = strings.ToLower(rand.Text())
			api.RequestEditors = append(api.RequestEditors, p.tellKey)
		}
		entry, err := p.entry(send(c.Context(), api, args))
		if err != nil {
			return p.explain(c.Context(), err)
		}
		return p.show(entry)
	}
	return p.Command
}

// tellKey tells a key that was made here when the request under it is about to leave.
func (p *posting) tellKey(_ context.Context, r *http.Request) error {
	if r.Header.Get("Idempotency-Key") != "" && !p.dry {
		fmt.Fprintf(p.err, "%s: %s\n", p.say("key"), p.key)
	}
	return nil
}

// entry reads an answer. With --json its very text is printed, problems included, because a script reads them.
func (p *posting) entry(answer *http.Response, err error) (client.Entry, error) {
	var entry client.Entry
	text, err := body(answer, err)
	if err == nil {
		err = json.Unmarshal(text, &entry)
	}
	return entry, err
}

func (p *posting) explain(ctx context.Context, err error) error {
	var problem answered
	if errors.As(err, &problem) {
		if p.json {
			err = errors.Join(err, printJSON(p.out, problem.Problem))
		}
		problem.lines = p.lines
		if !isUnknown(err) {
			return problem
		}
		err = problem
	}
	if !p.dry && (isUnknown(err) || ctx.Err() != nil) {
		return hinted{err, fmt.Sprintf("it may have been booked all the same: the same command with --key %s tells, and books nothing twice", p.key)}
	}
	return err
}

// printJSON prints for programs: indented, and with < and > as they are.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// show prints an entry: its document, what moved, and in a dry run what would be left.
func (p *posting) show(e client.Entry) error {
	if p.json {
		return printJSON(p.out, e)
	}
	if e.DryRun != nil && *e.DryRun {
		fmt.Fprintf(p.out, "%s: %s %s\n\n", p.say("dry run, nothing written"), e.Kind, e.On)
	} else {
		fmt.Fprintln(p.out, strings.TrimSpace(fmt.Sprintf("%s  %s %d, %s, %s, %s %s", orNothing(e.Document), p.say("entry"), e.Entry, e.Kind, e.On, p.say("key"), e.Key)))
		if e.Replayed {
			fmt.Fprintln(p.out, p.say("posted before, this is the first answer again"))
		}
		fmt.Fprintln(p.out)
	}
	if err := p.settings.showMoves(e.Moves); err != nil || e.Balances == nil {
		return err
	}
	fmt.Fprintf(p.out, "\n%s:\n", p.say("it would leave"))
	t := p.columns([]int{4, 5}, "account", "item", "lot", "fund", "quantity", "value")
	for _, b := range *e.Balances {
		t.add(b.Account, b.Item, orNothing(b.Lot), b.Fund, b.Quantity, b.Value)
	}
	return t.write(p.out)
}

func (s *settings) showMoves(moves []client.Move) error {
	if len(moves) == 0 {
		return nil // a paper alone: a drill, or an approval that moves nothing
	}
	t := s.columns([]int{5, 6}, "from", "to", "item", "lot", "fund", "quantity", "value")
	for _, m := range moves {
		t.add(m.From, m.To, m.Item, orNothing(m.Lot), m.Fund, m.Quantity, m.Value)
	}
	return t.write(s.out)
}

// dryRun is the parameter of that name; absent when it is not asked for.
func (p *posting) dryRun() *bool { return given(p.dry) }

// day is the business date as the contract writes it; absent when it is today.
func (p *posting) day() *string { return given(p.on.String()) }

// given is a member of a request; absent when nothing was said.
func given[T comparable](v T) *T {
	var nothing T
	if v == nothing {
		return nil
	}
	return &v
}

// need marks flags that the command cannot do without.
func need(c *cobra.Command, names ...string) {
	for _, name := range names {
		_ = c.MarkFlagRequired(name) // fails only for a flag that is not there
	}
}

// oneOf is a flag that takes one of some words, which the shell completes.
func oneOf(c *cobra.Command, v *string, name, usage string, words ...string) {
	c.Flags().StringVar(v, name, "", usage+": "+strings.Join(words, ", "))
	_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
