package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Reverse proposes the undoing of an entry, as Book.Reverse does, and keeps the rules that only the keeper knows: nothing comes back into
// a point that was closed, nor to a request that was closed or got all it asked for. Entries without goods pass through, so it serves every reversal.
func (k *Keeper) Reverse(ctx context.Context, by ledger.By, reversal ledger.Reversal) (*ledger.Proposal, error) {
	p, err := k.Book.Reverse(ctx, by, reversal)
	if err != nil {
		return nil, err
	}
	places := placesOf(p.Needs.Groups)
	for _, place := range places {
		p.Needs.Tallies = append(p.Needs.Tallies, closedTally(place))
	}
	asked, err := k.reopened(ctx, p)
	if err != nil {
		return nil, err
	}
	undo := p.Compose
	p.Compose = func(d *ledger.Draft) error {
		for _, place := range places {
			if err := stillOpen(d, "/entry", place); err != nil {
				return err
			}
		}
		if err := undo(d); err != nil {
			return err
		}
		return asked.hold(d, reversal.Entry)
	}
	return p, nil
}

// placesOf are the locations at whose doors the groups stand.
func placesOf(groups []ledger.Group) []string {
	seen := map[string]bool{}
	var places []string
	for _, g := range groups {
		switch g.Account.Class() {
		case ledger.Stock, ledger.Quarantine:
			if place := g.Account.Name(); !seen[place] {
				seen[place] = true
				places = append(places, place)
			}
		}
	}
	return places
}

// reopened is what a reversal may give back to requests, by the tallies that it changes.
type reopened struct {
	got    []gotBack
	closed []string
}

type gotBack struct {
	Request, Item string
	Asked         decimal.Decimal
}

// reopened finds the requests that a reversal gives something back to. What they ask for never changes.
func (k *Keeper) reopened(ctx context.Context, p *ledger.Proposal) (o reopened, err error) {
	var requests, items []string
	for _, name := range p.Needs.Tallies {
		if rest, is := strings.CutPrefix(name, gotTallies); is {
			request, item, _ := strings.Cut(rest, ":")
			requests, items = append(requests, request), append(items, item)
		}
		if request, is := strings.CutPrefix(name, reservedTallies); is && !slices.Contains(o.closed, request) {
			o.closed = append(o.closed, request)
		}
	}
	for _, request := range o.closed {
		p.Needs.Tallies = append(p.Needs.Tallies, closedRequestTally(request))
	}
	if len(requests) > 0 {
		err = k.Book.DB().NewRaw(`SELECT e.document AS request, l.item, l.quantity AS asked FROM entries e JOIN request_lines l USING (book_id, number)
			WHERE e.book_id = ? AND e.document IN (?) AND l.item IN (?)`, k.Book.ID, bun.List(requests), bun.List(items)).Scan(ctx, &o.got)
	}
	return o, err
}

// hold refuses a reversal after which a request would have more than it asked for, or goods although it was closed.
func (o reopened) hold(d *ledger.Draft, entry int64) error {
	for _, g := range o.got {
		if got := d.Tally(gotTally(g.Request, g.Item)).Quantity; got.GreaterThan(g.Asked) {
			return ledger.Refuse(ledger.MovedOn, "/entry", fmt.Sprintf("entry %d cannot be undone, request %s asks for %s of %s and would have %s: release some of it first",
				entry, g.Request, g.Asked, g.Item, got))
		}
	}
	for _, request := range o.closed {
		if d.Tally(closedRequestTally(request)).Quantity.IsPositive() && d.Tally(reservedTally(request)).Quantity.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "/entry", fmt.Sprintf("entry %d cannot be undone, request %s was closed since: reverse the closing first", entry, request))
		}
	}
	return nil
}
