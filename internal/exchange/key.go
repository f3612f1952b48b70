package exchange

import (
	"context"
	"fmt"
	"slices"

	"reliefledger/ledger"
)

// keys are made of the documents' own first rows.
func (p *passes[B]) keys(batch []document[B]) []string {
	if p.older {
		return p.placed(batch[0].rows[0], len(batch))
	}
	keys := make([]string, len(batch))
	for i, d := range batch {
		keys[i] = fmt.Sprintf("%s/%d", p.summary.Key, d.rows[0])
	}
	return keys
}

// placed are the keys that were made before: of the first row of a batch, and of the place in it.
func (p *passes[B]) placed(first, documents int) []string {
	keys := make([]string, documents)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s/%d/%d", p.summary.Key, first, i)
	}
	return keys
}

// recognise looks whether an earlier version has begun this file. Keys by place hold only for the very same rows: the same file goes on
// under them, and a corrected one is refused, because what it has left out would make new documents of all that follow.
func (p *passes[B]) recognise(ctx context.Context) error {
	if p.record {
		return nil // known by its code
	}
	t := p.table(func(Fault) {})
	for batch, err := range batches(t.documents(p.file.Rows())) {
		if err != nil {
			return err
		}
		if p.older, err = p.begunByPlace(ctx, t, batch); err != nil {
			return fmt.Errorf("%s from row %d on: %w", Trying, batch[0].rows[0], err)
		}
		if p.older && p.corrected {
			return &ledger.Refusal{Faults: []ledger.Fault{{
				Code:    ledger.KeyReused,
				Message: fmt.Sprintf("an earlier version has booked a part under key %s, which holds for that very file only", p.summary.Key),
				Hint:    "put the rows that are still to be booked into a file of their own, and import it without --key",
			}}}
		}
		return nil // every import began with its first rows
	}
	return nil
}

// begunByPlace asks for the first keys that a file would have had: its first row may have been emptied since.
func (p *passes[B]) begunByPlace(ctx context.Context, t *table[B], batch []document[B]) (bool, error) {
	for _, first := range slices.Compact([]int{t.heading + 1, batch[0].rows[0]}) {
		outcomes, err := p.ask(ctx, true, p.placed(first, len(batch)), batch)
		if err != nil || slices.ContainsFunc(outcomes, known) {
			return err == nil, err
		}
	}
	return false, nil
}

// known says that the book has something under the key that was asked for.
func known(o Outcome) bool {
	return o.Repeated || slices.ContainsFunc(o.Faults, func(f ledger.Fault) bool { return f.Code == ledger.KeyReused })
}
