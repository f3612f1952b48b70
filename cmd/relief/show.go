package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) showDocument() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show DOCUMENT", Short: "Show a document as it stands: a waybill with what is left, a request with what is open, an order with what came, a handout with what came back, or any other", Args: cobra.ExactArgs(1),
		Example: `  relief show WB-WH-51-2023-00007      what was sent, what became of it, what is still in transit
  relief show HO-PT-0031-2023-00042    what was given and what came back
  relief show GR-WH-51-2023-00001      the moves of any document`,
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			return s.printDocument(c.Context(), api, args[0], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) printDocument(ctx context.Context, api *client.Client, name string, asJSON bool) error {
	prefix, _, _ := strings.Cut(name, "-")
	switch prefix {
	case "WB":
		return printed(s, asJSON, s.printWaybill)(read[client.Waybill](api.ReadTransfer(ctx, name)))
	case "RQ":
		return printed(s, asJSON, s.printRequest)(read[client.RequestNote](api.ReadRequest(ctx, name)))
	case "PO":
		return printed(s, asJSON, s.printPurchase)(read[client.PurchaseHead](api.ReadPurchase(ctx, name)))
	case "BG":
		return printed(s, asJSON, func(b report.BudgetState) error { return s.printBudget(s.out, b) })(read[report.BudgetState](api.ReadBudget(ctx, name, &client.ReadBudgetParams{})))
	case "BS":
		return printed(s, asJSON, func(b report.BankStatementHead) error { return s.printBankStatement(s.out, b) })(read[report.BankStatementHead](api.ReadBankStatement(ctx, name)))
	case "HO":
		return printed(s, asJSON, s.printHandout)(read[client.HandoutNote](api.ReadHandout(ctx, name)))
	case "WO":
		return printed(s, asJSON, s.printWriteOff)(read[client.WriteOffNote](api.ReadWriteOff(ctx, name)))
	case "CN":
		return printed(s, asJSON, s.printCount)(read[client.CountNote](api.ReadCount(ctx, name)))
	case "KT":
		return printed(s, asJSON, s.printKits)(read[client.KitNote](api.ReadKits(ctx, name)))
	}
	return printed(s, asJSON, s.printEntry)(read[client.Entry](api.ReadDocument(ctx, name)))
}

// printed prints an answer as JSON, or as a person reads it.
func printed[A any](s *settings, asJSON bool, show func(A) error) func(A, error) error {
	return func(answer A, err error) error {
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(s.out, answer)
		}
		return show(answer)
	}
}

// title is the first line of a document.
func (s *settings) title(document string, entry int64, on, actor string, reversed bool, more ...string) {
	parts := append([]string{fmt.Sprintf("%s %d", s.say("entry"), entry), on, actor}, more...)
	if reversed {
		parts = append(parts, s.say("reversed"))
	}
	fmt.Fprintf(s.out, "%s  %s\n\n", document, strings.Join(parts, ", "))
}

func (s *settings) printWaybill(w client.Waybill) error {
	more := []string{w.From + " → " + w.To}
	if w.Request != "" {
		more = append(more, w.Request)
	}
	s.title(w.Document, w.Entry, w.On, w.Actor, w.Reversed, more...)
	t := s.columns([]int{3, 4}, "item", "lot", "fund", "sent", "left")
	for _, l := range w.Lines {
		t.add(l.Item, l.Lot, l.Fund, l.Sent, l.Left)
	}
	if err := t.write(s.out); err != nil || len(w.Reports) == 0 {
		return err
	}
	fmt.Fprintln(s.out)
	t = s.columns([]int{5}, "document", "on", "item", "lot", "outcome", "quantity", "reason", "")
	for _, r := range w.Reports {
		state := ""
		if r.Reversed {
			state = s.say("reversed")
		}
		t.add(r.Document, r.On, r.Item, r.Lot, s.outcome(string(r.Outcome)), r.Quantity, r.Reason, state)
	}
	return t.write(s.out)
}

// arrivedAs are the Chinese words of what became of goods on their way; a good token is another word.
var arrivedAs = map[string]string{"good": "完好", "damaged": "损坏", "short": "短少", "over": "多出", "refused": "拒收", "recalled": "召回"}

func (s *settings) outcome(word string) string {
	if s.language() == "zh" {
		return cmp.Or(arrivedAs[word], word)
	}
	return word
}

func (s *settings) printHandout(h client.HandoutNote) error {
	s.title(h.Document, h.Entry, h.On, h.Actor, h.Reversed, h.Location, fmt.Sprintf("%s %d", s.say("people"), h.People))
	t := s.columns([]int{3, 4, 5}, "item", "lot", "fund", "given", "value", "returned")
	for _, l := range h.Lines {
		t.add(l.Item, l.Lot, l.Fund, l.Quantity, l.Value, l.Returned)
	}
	return t.write(s.out)
}

func (s *settings) printWriteOff(w client.WriteOffNote) error {
	more := []string{w.Location, w.Reason}
	if w.Approval != "" {
		more = append(more, s.say("approved by")+" "+w.Approval)
	}
	s.title(w.Document, w.Entry, w.On, w.Actor, w.Reversed, more...)
	t := s.columns([]int{3}, "item", "lot", "fund", "quantity")
	for _, l := range w.Lines {
		t.add(l.Item, l.Lot, l.Fund, l.Quantity)
	}
	return t.write(s.out)
}

func (s *settings) printCount(n client.CountNote) error {
	more := []string{n.Location}
	if n.Remark != "" {
		more = append(more, n.Remark)
	}
	if n.Approval != "" {
		more = append(more, s.say("approved by")+" "+n.Approval)
	}
	s.title(n.Document, n.Entry, n.On, n.Actor, n.Reversed, more...)
	t := s.columns([]int{3, 4}, "item", "lot", "fund", "held", "found")
	for _, l := range n.Lines {
		t.add(l.Item, l.Lot, l.Fund, l.Held, l.Found)
	}
	return t.write(s.out)
}

func (s *settings) printKits(k client.KitNote) error {
	s.title(k.Document, k.Entry, k.On, k.Actor, k.Reversed, k.Location, k.Fund, k.Item+"/"+k.Lot+" "+k.Quantity, k.Value)
	t := s.columns([]int{2, 3}, "item", "lot", "quantity", "value", "expires")
	for _, p := range k.Parts {
		t.add(p.Item, p.Lot, p.Quantity, p.Value, orNothing(p.ExpiresOn))
	}
	return t.write(s.out)
}

func (s *settings) printEntry(e client.Entry) error {
	s.title(orNothing(e.Document), e.Entry, e.On, e.Actor, false, e.Kind)
	return s.showMoves(e.Moves)
}
