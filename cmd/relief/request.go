package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
)

func (s *settings) request() *cobra.Command {
	c := &cobra.Command{Use: "request", Short: "Ask for goods; reserve them for who asks, release them, and see what is still open"}
	c.AddCommand(s.newRequest(), s.listRequests(), s.showRequest(), s.reserve(), s.release(), s.closeRequest())
	return c
}

func (s *settings) newRequest() *cobra.Command {
	p := s.posting("new FROM TO LINE...", "Ask a warehouse, a station or a vehicle for goods that another location needs", linesFrom(2), `  relief request new WH-51 PT-0031 QUILT=40 FOOD=60 --needed-by 2023-12-05
  relief request new WH-51 PT-0031 QUILT=2:bale,fund=WINTER-23 --remark "cold wave from Friday"`)
	p.Long = `Asks FROM for goods that TO needs. Nothing moves: the keeper of FROM reserves what is there, and sends it with relief transfer --request.

A line is ITEM=QUANTITY, as QUILT=3, one for each item. More may be said:

  QUILT=12:bale                     12 bales; else in the item's base unit
  QUILT=3,fund=WINTER-23            only goods of this fund will do; else of any`
	var q client.GoodsRequest
	var campaign, remark string
	var neededBy ledger.Date
	p.Flags().TextVar(&neededBy, "needed-by", ledger.Date(0), "day on which the goods are wanted at the latest, as 2023-12-05")
	p.Flags().StringVar(&campaign, "campaign", "", "campaign that they are for")
	p.Flags().StringVar(&remark, "remark", "", "what the keeper should know")
	p.ValidArgsFunction = s.completeGoods(2)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[2:]
		lines, err := readLines(p.lines, "fund=")
		if err != nil {
			return nil, err
		}
		q.From, q.To, q.On, q.NeededBy, q.Campaign, q.Remark = args[0], args[1], p.day(), given(neededBy.String()), given(campaign), given(remark)
		for _, l := range lines {
			q.Lines = append(q.Lines, client.RequestLine{Item: l.item, Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund")})
		}
		return api.AskForGoods(ctx, &client.AskForGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, q)
	})
}

// apart are the lines of a reservation or a release; nil says all of it.
func (p *posting) apart(args []string) (*[]client.ReservationLine, error) {
	p.lines = args
	lines, err := readLines(args, "fund=")
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	apart := make([]client.ReservationLine, len(lines))
	for i, l := range lines {
		apart[i] = client.ReservationLine{Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund")}
	}
	return &apart, nil
}

func (s *settings) reserve() *cobra.Command {
	p := s.posting("reserve REQUEST [LINE...]", "Set goods apart for a request: all that is open of it, or some lines", cobra.MinimumNArgs(1), `  relief request reserve RQ-PT-0031-2023-00001
  relief request reserve RQ-PT-0031-2023-00001 --partial          what is there
  relief request reserve RQ-PT-0031-2023-00001 QUILT=20 FOOD=30`)
	p.Long = "Sets goods apart. Nobody else gets them until they are dispatched for the request or released.\n\n" + lineHelp
	var partial bool
	p.Flags().BoolVar(&partial, "partial", false, "reserve what is there where it is less than is wanted")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		lines, err := p.apart(args[1:])
		if err != nil {
			return nil, err
		}
		return api.ReserveGoods(ctx, args[0], &client.ReserveGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Reservation{On: p.day(), Partial: given(partial), Lines: lines})
	})
}

func (s *settings) release() *cobra.Command {
	p := s.posting("release REQUEST [LINE...]", "Put reserved goods back into stock: all of them, or some lines", cobra.MinimumNArgs(1), `  relief request release RQ-PT-0031-2023-00001 QUILT=5 --reason "fewer people came"`)
	p.Long = "Puts goods that are reserved for a request back into stock. They are open of the request again.\n\n" + lineHelp
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		lines, err := p.apart(args[1:])
		if err != nil {
			return nil, err
		}
		return api.ReleaseGoods(ctx, args[0], &client.ReleaseGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Release{On: p.day(), Reason: reason, Lines: lines})
	})
}

func (s *settings) closeRequest() *cobra.Command {
	p := s.posting("close REQUEST", "End a request: what is reserved for it is released, and nothing is reserved any more", cobra.ExactArgs(1), `  relief request close RQ-PT-0031-2023-00001 --reason "the cold wave is over"`)
	p.Aliases = []string{"cancel"}
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.CloseRequest(ctx, args[0], &client.CloseRequestParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.RequestClosing{On: p.day(), Reason: reason})
	})
}

func (s *settings) showRequest() *cobra.Command {
	c := s.showDocument()
	c.Use, c.Short = "show REQUEST", "Show a request as it stands: what was asked, reserved, dispatched, and is open"
	c.Example = "  relief request show RQ-PT-0031-2023-00001"
	return c
}

func (s *settings) listRequests() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List requests for goods", Args: cobra.NoArgs,
		Example: `  relief request list --of WH-51 --state open              what this warehouse is asked for
  relief request list --to PT-0031 --needed-until 2023-12-05`,
	}
	var of, to, item, state string
	var neededUntil ledger.Date
	var asJSON bool
	c.Flags().StringVar(&of, "of", "", "location that is asked")
	c.Flags().StringVar(&to, "to", "", "location that asks")
	c.Flags().StringVar(&item, "item", "", "item that is asked for")
	c.Flags().TextVar(&neededUntil, "needed-until", ledger.Date(0), "needed on this day or before")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	oneOf(c, &state, "state", "how they stand", "open", "reserved", "partly-dispatched", "fulfilled", "closed", "reversed")
	c.RunE = func(c *cobra.Command, _ []string) error {
		api, err := s.connect()
		if err != nil {
			return err
		}
		p := client.ListRequestsParams{
			Sender: given(of), Receiver: given(to), Item: given(item), NeededUntil: given(neededUntil.String()), State: given(client.ListRequestsParamsState(state)),
		}
		return printed(s, asJSON, s.printRequests)(everyRequest(c.Context(), api, p))
	}
	return c
}

// everyRequest reads all pages.
func everyRequest(ctx context.Context, api *client.Client, p client.ListRequestsParams) (client.DocumentPageRequestHead, error) {
	whole, err := read[client.DocumentPageRequestHead](api.ListRequests(ctx, &p))
	for err == nil && whole.Next != nil {
		p.After, p.KnownAt = whole.Next, &whole.KnownAt
		var more client.DocumentPageRequestHead
		more, err = read[client.DocumentPageRequestHead](api.ListRequests(ctx, &p))
		whole.Documents, whole.Next = append(whole.Documents, more.Documents...), more.Next
	}
	return whole, err
}

func (s *settings) printRequests(page client.DocumentPageRequestHead) error {
	t := s.columns(nil, "document", "on", "asked of", "asked by", "needed by", "state", "goods")
	for _, q := range page.Documents {
		goods := make([]string, len(q.Lines))
		for i, l := range q.Lines {
			goods[i] = l.Item + "=" + l.Quantity
		}
		t.add(orNothing(q.Document), q.On, q.From, q.To, orNothing(q.NeededBy), s.say(string(q.State)), strings.Join(goods, " "))
	}
	return t.write(s.out)
}

func (s *settings) printRequest(q client.RequestNote) error {
	more := []string{q.From + " → " + q.To, s.say(string(q.State))}
	if by := orNothing(q.NeededBy); by != "" {
		more = append(more, s.say("needed by")+" "+by)
	}
	if q.Remark != "" {
		more = append(more, q.Remark)
	}
	s.title(q.Document, q.Entry, q.On, q.Actor, false, more...)
	t := s.columns([]int{2, 3, 4, 5}, "item", "fund", "asked", "reserved", "dispatched", "still wanted")
	for _, l := range q.Lines {
		t.add(l.Item, l.Fund, l.Asked, l.Reserved, l.Dispatched, l.Open)
	}
	if err := t.write(s.out); err != nil || len(q.Documents) == 0 {
		return err
	}
	t = s.columns(nil, "document", "on", "actor", "reason", "")
	for _, d := range q.Documents {
		state := ""
		if d.Reversed {
			state = s.say("reversed")
		}
		t.add(d.Document, d.On, d.Actor, d.Reason, state)
	}
	if _, err := s.out.Write([]byte("\n")); err != nil {
		return err
	}
	return t.write(s.out)
}
