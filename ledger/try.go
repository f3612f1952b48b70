package ledger

import (
	"context"
	"fmt"
)

// Tried is what a proposal would do: the entry it would make, with the number it would have now, and the
// cells it would touch as they would stand afterwards.
type Tried struct {
	Posted
	Cells []Cell
}

// Try composes proposals on a private copy of what they need, each after the ones before it, and writes nothing: a dry run.
// The answers are those that PostEach would give if nobody else posted meanwhile.
func (b *Book) Try(ctx context.Context, proposals ...*Proposal) ([]Tried, []error, error) {
	if err := b.bind(ctx, proposals); err != nil {
		return nil, nil, err
	}
	j := &job{proposals: proposals}
	if err := j.prepare(b.Info); err != nil {
		return nil, nil, err
	}
	c := &committer{Book: b, store: &database{Book: b}, state: newState(b.Info)}
	defer c.disconnect()
	attempt := &batch{jobs: []*job{j}, checkKeys: true}
	if err := c.load(ctx, attempt); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	c.compose(attempt)
	if err := b.finish(ctx, j); err != nil {
		return nil, nil, err
	}
	tried, errs := make([]Tried, len(proposals)), make([]error, len(proposals))
	for i, o := range j.outcomes {
		tried[i], errs[i] = Tried{Posted: o.Posted}, o.Err
		if o.Err == nil && !o.Replayed {
			tried[i].Cells = c.touched(proposals[i], o.Entry)
		}
	}
	return tried, errs, nil
}

// touched are the cells of an entry that its sender sees.
func (c *committer) touched(p *Proposal, e Entry) []Cell {
	seen := map[CellKey]bool{}
	var cells []Cell
	for _, m := range e.Moves {
		for _, account := range []Account{m.From, m.To} {
			key := CellKey{account, m.Fund, m.Commodity}
			if own := account.Name() == e.Document; !seen[key] && (own || !p.hides(key)) {
				seen[key] = true
				cells = append(cells, c.state.cells[key].Cell)
			}
		}
	}
	return sortCells(cells)
}
