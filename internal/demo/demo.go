// Package demo books Sichuan's winter campaign of 2023-24 through the same proposals as everybody else: about 60,000 entries,
// whose totals are those of the published report to the digit. The same seed makes the same requests under the same keys, so
// that a demo which was interrupted goes on where it stopped.
package demo

import (
	"context"
	"fmt"
	"strings"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Campaign is the code of the campaign that the demo books.
const Campaign = "WINTER-23"

// Options say where the demo books.
type Options struct {
	Book    *ledger.Book
	Keeper  *warehouse.Keeper
	Officer *fund.Officer
	Desk    *campaign.Desk
	Seed    uint64
	// Progress is told how many entries of how many are in the book; nil when nobody listens.
	Progress func(done, total int)
}

// chunk is how many proposals are posted together: enough to fill a batch of the committer.
const chunk = 1000

// Run books the demo, or what is missing of it. It stops at the first refusal: the demo asks for nothing that its book cannot give.
func Run(ctx context.Context, o Options) error {
	p := newPlan(o)
	if err := p.resume(ctx); err != nil {
		return err
	}
	rest := p.ordered()
	if len(rest) == 0 {
		return nil
	}
	if err := p.register(ctx); err != nil {
		return err
	}
	for len(rest) > 0 {
		n := together(rest)
		if err := p.post(ctx, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
		if o.Progress != nil {
			o.Progress(len(p.events)-len(rest), len(p.events))
		}
	}
	return nil
}

// resume finds what an earlier run has booked. Its keys are the proof: they stand in the entries' own transactions.
func (p *plan) resume(ctx context.Context) error {
	var entries []struct {
		Number        int64
		Key, Document string
	}
	err := p.Book.DB().NewRaw("SELECT number, key, coalesce(document, '') AS document FROM entries WHERE book_id = ? AND starts_with(key, ?) ORDER BY number",
		p.Book.ID, keyPrefix).Scan(ctx, &entries)
	if err != nil {
		return fmt.Errorf("looking for an earlier demo: %w", err)
	}
	found := make(map[string]booked, len(entries))
	for _, e := range entries {
		if !strings.HasPrefix(e.Key, p.prefix()) {
			return fmt.Errorf("book %s holds a demo of another seed than %d, in entry %d %s: two campaigns would double the totals", p.Book.Code, p.Seed, e.Number, e.Key)
		}
		found[e.Key] = booked{e.Number, e.Document}
	}
	for _, e := range p.events {
		*e.booked = found[p.key(e)]
	}
	return nil
}

// together is how many of the events can be posted at once: those of one day and one wave, because a later wave asks what became
// of an earlier one.
func together(events []*event) int {
	n := 1
	for n < min(len(events), chunk) && events[n].on == events[0].on && events[n].wave == events[0].wave {
		n++
	}
	return n
}

func (p *plan) post(ctx context.Context, events []*event) error {
	proposals := make([]*ledger.Proposal, len(events))
	for i, e := range events {
		var err error
		if proposals[i], err = e.build(ctx, ledger.By{Actor: e.actor, Key: p.key(e)}); err != nil {
			return fmt.Errorf("demo %s on %s: %w", p.key(e), e.on, err)
		}
	}
	outcomes, err := p.Book.PostEach(ctx, proposals)
	if err != nil {
		return err
	}
	for i, outcome := range outcomes {
		if outcome.Err != nil {
			return fmt.Errorf("demo %s, %s on %s: %w", p.key(events[i]), proposals[i].Kind, events[i].on, outcome.Err)
		}
		*events[i].booked = booked{outcome.Number, outcome.Document}
	}
	return nil
}
