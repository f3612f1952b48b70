package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Recall proposes to take back to the sender what is still in transit.
func (k *Keeper) Recall(ctx context.Context, by ledger.By, recall Recall) (*ledger.Proposal, error) {
	r, content := k.review(recall.On), recall
	w := r.waybill(ctx, recall.Waybill)
	if r.err() != nil {
		return nil, r.err()
	}
	r.reached(ctx, "/waybill", w.From)
	recall.Reason = r.text("/reason", "reason", recall.Reason, 300, true)
	end := ending{w, ledger.Stock.In(w.From), Recalled, recall.Reason, r.series("RC", w.From)}
	needs := end.needs()
	needs.Tallies = append(needs.Tallies, closedTally(w.From))
	return r.propose(ctx, by, "recall", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/waybill", w.From); err != nil {
			return err
		}
		return end.compose(d)
	})
}

// missing is where goods go that did not arrive: to the carrier's debt, or lost.
func (r *review) missing(w Waybill, pointer string, claim bool) ledger.Account {
	if !claim {
		return ledger.Lost.In(w.Document)
	}
	r.unless(w.Carrier != "", pointer, "waybill %s names no carrier to claim from", w.Document)
	return ledger.Claims.In(w.Carrier)
}

// ending moves everything that is left of a waybill to one account.
type ending struct {
	Waybill
	to      ledger.Account
	outcome string
	reason  string
	series  string
}

func (e ending) needs() ledger.Needs {
	needs := ledger.Needs{Groups: e.items(e.inTransit(), e.to), Tallies: append(e.tallies(), ledger.SeriesTally(e.series))}
	for _, l := range e.Lines {
		if e.reopens() {
			needs.Tallies = append(needs.Tallies, gotTally(e.Request, l.Item))
		}
	}
	return needs
}

// reopens reports that what comes back is open again of the request that it was sent for. What is lost is not: it is asked for anew.
func (e ending) reopens() bool { return e.outcome == Recalled && e.Request != "" }

func (e ending) compose(d *ledger.Draft) error {
	_, err := e.give(d)
	return err
}

// give moves what is left under a document number, and answers with its value.
func (e ending) give(d *ledger.Draft) (decimal.Decimal, error) {
	if err := e.bind(d); err != nil {
		return decimal.Zero, err
	}
	d.Document(e.series)
	return e.moveLeft(d)
}

// moveLeft moves what is left and answers with its value.
func (e ending) moveLeft(d *ledger.Draft) (value decimal.Decimal, err error) {
	moved := false
	for _, g := range e.items(e.inTransit()) {
		for _, c := range d.Cells(g.Account, g.Item) {
			if c.Quantity.IsZero() {
				continue
			}
			m, err := d.Take(c.CellKey, e.to, c.Quantity)
			if err != nil {
				return value, err
			}
			moved, value = true, value.Add(m.Value)
			if e.reopens() {
				d.Count(gotTally(e.Request, m.Item), m.Quantity.Neg(), decimal.Zero)
			}
			d.Row(arrivals, e.Document, m.Item, m.Lot, m.Fund, e.outcome, m.Quantity, m.Value, e.reason)
		}
	}
	if moved {
		return value, nil
	}
	return value, e.nothingLeft()
}

func (w Waybill) nothingLeft() error {
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.Insufficient, Pointer: "/waybill", There: "0",
		Message: fmt.Sprintf("%s holds 0 of everything, something left wanted", w.inTransit()),
		Hint:    "all of it has arrived, was recalled or was closed short",
	}}}
}
