package warehouse

import (
	"context"
	"fmt"

	"reliefledger/ledger"
)

// Reverse proposes the undoing of an entry, as Book.Reverse does, and keeps two rules that only the keeper knows:
// nothing comes back into a point that was closed, and a write-off that was approved is not taken back from under its approval.
// Entries without goods pass through, so it serves every reversal.
func (k *Keeper) Reverse(ctx context.Context, by ledger.By, reversal ledger.Reversal) (*ledger.Proposal, error) {
	p, err := k.Book.Reverse(ctx, by, reversal)
	if err != nil {
		return nil, err
	}
	approved, places := approvedTally(reversal.Entry), placesOf(p.Needs.Groups)
	p.Needs.Tallies = append(p.Needs.Tallies, approved)
	for _, place := range places {
		p.Needs.Tallies = append(p.Needs.Tallies, closedTally(place))
	}
	undo := p.Compose
	p.Compose = func(d *ledger.Draft) error {
		for _, place := range places {
			if err := stillOpen(d, "/entry", place); err != nil {
				return err
			}
		}
		if d.Tally(approved).Quantity.IsPositive() {
			return ledger.Refuse(ledger.MovedOn, "/entry", fmt.Sprintf("entry %d is a write-off that was approved: reverse the approval first", reversal.Entry))
		}
		return undo(d)
	}
	return p, nil
}

// placesOf are the locations at whose doors the groups stand.
func placesOf(groups []ledger.Group) []string {
	seen := map[string]bool{}
	var places []string
	for _, g := range groups {
		switch g.Account.Class() {
		case ledger.Stock, ledger.Reserved, ledger.Quarantine:
			if place := g.Account.Name(); !seen[place] {
				seen[place] = true
				places = append(places, place)
			}
		}
	}
	return places
}
