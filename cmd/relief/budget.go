package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) budget() *cobra.Command {
	c := &cobra.Command{Use: "budget", Short: "Plan what a fund is spent on, change it, and see what is left"}
	c.AddCommand(s.planBudget(), s.changeBudget(), s.listBudgets(), s.showBudget())
	return c
}

func (s *settings) planBudget() *cobra.Command {
	p := s.posting("new FUND LINE...", "Plan a budget: lines with amounts, and the days in which they are drawn on", linesFrom(1),
		`  relief budget new WINTER-23 QUILTS=7500.00,name=棉被 CASH=1000.00,name=临时救助金 --name 2023年冬季预算 --starts-on 2023-11-01 --ends-on 2024-03-31`)
	p.Long = "Plans a budget. Purchases and payments name a line with --budget; what they ask above what is left of it is refused, unless --may-exceed is given here.\n\n" +
		"A line is CODE=AMOUNT,name=NAME. Its code is used once in a fund."
	var m client.Budget
	var reference string
	var exceed bool
	p.Flags().StringVar(&m.Name, "name", "", "what people call it")
	p.Flags().StringVar(&m.StartsOn, "starts-on", "", "first day on which it is drawn on, as 2023-11-01")
	p.Flags().StringVar(&m.EndsOn, "ends-on", "", "last day on which it is drawn on")
	p.Flags().StringVar(&reference, "reference", "", "number of the paper that approved it")
	p.Flags().BoolVar(&exceed, "may-exceed", false, "let draws above what is left through, and show them below zero")
	need(p.Command, "name", "starts-on", "ends-on")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "name=")
		if err != nil {
			return nil, err
		}
		m.Fund, m.Reference, m.MayExceed, m.On = args[0], given(reference), given(exceed), p.day()
		for _, l := range lines {
			m.Lines = append(m.Lines, client.BudgetLine{Code: l.item, Amount: l.quantity, Name: l.words["name"]})
		}
		return api.PlanBudget(ctx, &client.PlanBudgetParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}

func (s *settings) changeBudget() *cobra.Command {
	p := s.posting("change BUDGET LINE...", "Raise lines of a budget, lower them, shift from one to another, or add new ones", linesFrom(1),
		`  relief budget change BG-WINTER-23-2023-00001 QUILTS=-500.00 CASH=500.00 --reason "the cold wave, as the bureau agreed"
  relief budget change BG-WINTER-23-2023-00001 COATS=2000.00,name=棉衣 --reason "a new line"`)
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why it is changed, and who agreed")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "name=")
		if err != nil {
			return nil, err
		}
		m := client.BudgetChange{Reason: reason, On: p.day()}
		for _, l := range lines {
			m.Lines = append(m.Lines, client.BudgetShift{Code: l.item, Amount: l.quantity, Name: l.of("name")})
		}
		return api.ChangeBudget(ctx, args[0], &client.ChangeBudgetParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}

func (s *settings) listBudgets() *cobra.Command {
	r := s.report("list", "List budgets", cobra.NoArgs, `  relief budget list --fund WINTER-23`)
	q := report.BudgetQuery{Pages: report.Pages{Limit: report.MaxDocuments}}
	r.Flags().StringVar(&q.Fund, "fund", "", "one fund")
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.DocumentPage[report.BudgetHead], error) {
		return everyDocument(&q.After, func() (report.DocumentPage[report.BudgetHead], error) { return room.Budgets(ctx, q) })
	}, func(ctx context.Context, api *client.Client, _ []string) (report.DocumentPage[report.BudgetHead], error) {
		return everyDocument(&q.After, func() (report.DocumentPage[report.BudgetHead], error) {
			return read[report.DocumentPage[report.BudgetHead]](api.ListBudgets(ctx, &client.ListBudgetsParams{
				Fund: given(q.Fund), After: given(q.After), Limit: given(int64(q.Limit)),
			}))
		})
	}, s.printBudgets)
}

// everyDocument reads all pages of a list.
func everyDocument[T any](after *int64, page func() (report.DocumentPage[T], error)) (report.DocumentPage[T], error) {
	whole, err := page()
	for err == nil && whole.Next != 0 {
		*after = whole.Next
		var more report.DocumentPage[T]
		more, err = page()
		whole.Documents, whole.Next = append(whole.Documents, more.Documents...), more.Next
	}
	return whole, err
}

func (s *settings) printBudgets(w io.Writer, page report.DocumentPage[report.BudgetHead]) error {
	t := s.columns([]int{5}, "document", "fund", "name", "starts on", "ends on", "value", "")
	for _, b := range page.Documents {
		state := ""
		if b.Reversed {
			state = s.say("reversed")
		}
		t.add(b.Document, b.Fund, b.Name, b.StartsOn.String(), b.EndsOn.String(), string(b.Amount), state)
	}
	return t.write(w)
}

func (s *settings) showBudget() *cobra.Command {
	r := s.report("show BUDGET", "Show a budget: for each line what is planned, committed, spent and left", cobra.ExactArgs(1), `  relief budget show BG-WINTER-23-2023-00001
  relief budget show BG-WINTER-23-2023-00001 --as-of 2023-12-31`)
	var q report.BudgetAt
	r.asOf(&q.AsOf)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.BudgetState, error) {
		return room.Budget(ctx, args[0], q)
	}, func(ctx context.Context, api *client.Client, args []string) (report.BudgetState, error) {
		return read[report.BudgetState](api.ReadBudget(ctx, args[0], &client.ReadBudgetParams{AsOf: given(q.AsOf.String()), KnownAt: given(q.KnownAt)}))
	}, s.printBudget)
}

func (s *settings) printBudget(_ io.Writer, b report.BudgetState) error {
	s.title(b.Document, b.Entry, b.On.String(), b.Actor, b.Reversed, b.Fund, b.Name, fmt.Sprintf("%s – %s", b.StartsOn, b.EndsOn))
	t := s.columns([]int{2, 3, 4, 5}, "code", "name", "planned", "committed", "spent", "left over")
	add := func(code, name string, sum report.BudgetSum) {
		t.add(code, name, string(sum.Planned), string(sum.Committed), string(sum.Spent), string(sum.Left))
	}
	for _, l := range b.Lines {
		add(l.Code, l.Name, l.BudgetSum)
	}
	add("", s.say("sum"), b.Sum)
	if err := t.write(s.out); err != nil || len(b.Changes) == 0 {
		return err
	}
	fmt.Fprintln(s.out)
	t = s.columns([]int{3}, "document", "on", "code", "value", "reason", "by", "")
	for _, c := range b.Changes {
		state := ""
		if c.Reversed {
			state = s.say("reversed")
		}
		for _, l := range c.Lines {
			t.add(c.Document, c.On.String(), l.Code, string(l.Amount), c.Reason, c.Actor, state)
		}
	}
	return t.write(s.out)
}
