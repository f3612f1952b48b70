package warehouse

import (
	"context"

	"reliefledger/ledger"
)

// Reverse proposes the undoing of an entry, as Book.Reverse does, and keeps a rule that only the keeper knows:
// nothing comes back into a point that was closed. Entries without goods pass through, so it serves every reversal.
func (k *Keeper) Reverse(ctx context.Context, by ledger.By, reversal ledger.Reversal) (*ledger.Proposal, error) {
	p, err := k.Book.Reverse(ctx, by, reversal)
	if err != nil {
		return nil, err
	}
	places := placesOf(p.Needs.Groups)
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
