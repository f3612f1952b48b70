package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) dualControls() *cobra.Command {
	r := s.report("dual-controls", "Print what needed two people: who proposed it, who agreed, and what is still open", cobra.NoArgs, `  relief dual-controls --state open
  relief dual-controls --rule write-off --json`)
	q := report.ControlQuery{Limit: report.MaxEntries}
	oneOf(r.Command, &q.Rule, "rule", "one rule", "write-off", "reopening", "short-closing", "count")
	oneOf(r.Command, &q.State, "state", "where it stands", "open", "agreed", "withdrawn", "undone")
	return answers(r, func(ctx context.Context, room report.Room, _ []string) (report.ControlPage, error) {
		return everyControl(q, func(q report.ControlQuery) (report.ControlPage, error) { return room.Controls(ctx, q) })
	}, func(ctx context.Context, api *client.Client, _ []string) (report.ControlPage, error) {
		return everyControl(q, func(q report.ControlQuery) (report.ControlPage, error) {
			return read[report.ControlPage](api.ListDualControls(ctx, &client.ListDualControlsParams{
				Rule: given(client.ListDualControlsParamsRule(q.Rule)), State: given(client.ListDualControlsParamsState(q.State)),
				After: given(q.After), Limit: given(int64(q.Limit)),
			}))
		})
	}, s.showControls)
}

// everyControl reads all pages.
func everyControl(q report.ControlQuery, page func(report.ControlQuery) (report.ControlPage, error)) (report.ControlPage, error) {
	whole, err := page(q)
	for err == nil && whole.Next != "" {
		q.After = whole.Next
		var more report.ControlPage
		more, err = page(q)
		whole.Controls, whole.Next = append(whole.Controls, more.Controls...), more.Next
	}
	return whole, err
}

func (s *settings) showControls(w io.Writer, page report.ControlPage) error {
	t := s.columns(nil, "entry", "rule", "document", "state", "proposed by", "proposed", "agreed by", "agreed")
	for _, c := range page.Controls {
		agreed := ""
		if c.Agreement != 0 {
			agreed = fmt.Sprintf("%s, %d", c.AgreedAt.Format(time.DateOnly), c.Agreement)
		}
		t.add(fmt.Sprint(c.Proposal), s.say(c.Rule), c.Document, s.say(c.State), c.ProposedBy, c.ProposedAt.Format(time.DateOnly), c.AgreedBy, agreed)
	}
	return t.write(w)
}
