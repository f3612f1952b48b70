package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// HandoutReturn brings back a part of a handout, at the cost it left with.
type HandoutReturn struct {
	Handout string              `json:"handout,omitempty" maxLength:"80" example:"HO-PT-0031-2023-00233" doc:"Document number of the handout; the path's where the path names one."`
	Reason  string              `json:"reason" minLength:"1" maxLength:"300" example:"came back unused"`
	On      ledger.Date         `json:"on,omitempty" required:"false" example:"2023-12-25" doc:"Business date; today when absent."`
	Lines   []HandoutReturnLine `json:"lines" minItems:"1" maxItems:"200"`
}

// HandoutReturnLine is goods that came back. They return to the stock of the point, damaged ones to its quarantine.
type HandoutReturnLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"1" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Which lot of the handout; in the order of its moves when absent."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Whose goods; any of the handout's when absent."`
	Damaged  bool            `json:"damaged,omitempty" doc:"The goods may not be handed out again."`
}

var handoutReturns = ledger.Documents("handout_returns", "handout bigint", "move integer", "quantity numeric", "value numeric", "reason text")

// comingBack is a line of a return that was looked over.
type comingBack struct {
	line
	to ledger.Account
}

// TakeBack proposes the return of a part of a handout.
func (k *Keeper) TakeBack(ctx context.Context, by ledger.By, back HandoutReturn) (*ledger.Proposal, error) {
	r, content := k.review(back.On), back
	handout, err := k.handout(ctx, back.Handout)
	if r.add("/handout", err); r.err() != nil {
		return nil, r.err()
	}
	r.unless(r.on >= handout.On, "/on", "handout %s happened on %s, nothing of it comes back on %s", handout.Document, handout.On, r.on)
	back.Reason = r.text("/reason", "reason", back.Reason, 300, true)
	r.lines(len(back.Lines), mostHandoutLines)
	location := handout.Moves[0].From.Name()
	r.location(ctx, "/handout", location)
	series := r.series("HR", location)
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(series), closedTally(location), ledger.ReversedTally(handout.Number), ledger.RestedTally(handout.Number)}}
	for i := range handout.Moves {
		needs.Tallies = append(needs.Tallies, ledger.ReturnedTally(handout.Number, i+1))
	}
	lines := make([]comingBack, len(back.Lines))
	for i, l := range back.Lines {
		lines[i] = comingBack{r.line(ctx, i, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity}), ledger.Stock.In(location)}
		if l.Damaged {
			lines[i].to = ledger.Quarantine.In(location)
		}
		needs.Groups = append(needs.Groups, between([]line{lines[i].line}, ledger.HandedOut.In(location), lines[i].to)...)
	}
	lines = sound(r, lines)
	return r.propose(ctx, by, "handout-return", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/handout", location); err != nil {
			return err
		}
		if d.Tally(ledger.ReversedTally(handout.Number)).Quantity.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "/handout", fmt.Sprintf("handout %s was reversed, nothing of it is out", handout.Document))
		}
		if rested := d.Rested(handout.Number); d.On() < rested {
			return ledger.Refuse(ledger.Invalid, "/on", fmt.Sprintf("what had come back of handout %s was out again on %s, nothing more of it comes back before that", handout.Document, rested))
		}
		d.Document(series)
		var faults ledger.Faults
		for _, l := range lines {
			if err := faults.Add(l.at, k.takeBack(d, handout, l, back.Reason)); err != nil {
				return err
			}
		}
		return faults.Err()
	})
}

// handout is the entry of a handout that gave something.
func (k *Keeper) handout(ctx context.Context, document string) (ledger.Entry, error) {
	if err := ledger.CheckCode("handout", document); err != nil {
		return ledger.Entry{}, ledger.Refuse(ledger.Invalid, "", err.Error())
	}
	entry, err := k.Book.EntryOf(ctx, document)
	switch {
	case err != nil:
		return entry, err
	case entry.Kind != "handout":
		return entry, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("document %s is a %s, a handout wanted", document, entry.Kind))
	case len(entry.Moves) == 0:
		return entry, ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("handout %s was a drill, nothing of it is out", document))
	}
	return entry, nil
}

// takeBack spreads a line over the handout's moves in their order. Each part carries its share of what is still out of its own move,
// so that a handout that comes back piece by piece brings back to the fen what it took.
func (k *Keeper) takeBack(d *ledger.Draft, handout ledger.Entry, l comingBack, reason string) error {
	wanted := l.quantity
	for i, m := range handout.Moves {
		if m.Item != l.item.Code || l.lot != "" && l.lot != m.Lot || l.fund != "" && l.fund != m.Fund {
			continue
		}
		tally := ledger.ReturnedTally(handout.Number, i+1)
		returned := d.Tally(tally)
		out, worth := m.Quantity.Sub(returned.Quantity), m.Value.Sub(returned.Value)
		q := decimal.Min(out, wanted)
		if !q.IsPositive() {
			continue
		}
		value := ledger.Portion(out, worth, q, k.Book.Decimals)
		m.From, m.To, m.Quantity, m.Value = m.To, l.to, q, value
		if err := d.Move(m); err != nil {
			return err
		}
		d.Count(tally, q, value)
		d.Row(handoutReturns, handout.Number, i+1, q, value, reason)
		wanted = wanted.Sub(q)
	}
	if wanted.IsZero() {
		return nil
	}
	out := l.quantity.Sub(wanted)
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.Insufficient, Pointer: "/quantity",
		Message: fmt.Sprintf("handout %s has %s of %s%s out, %s wanted", handout.Document, out,
			ledger.Commodity{Item: l.item.Code, Lot: l.lot}, ofFund(l.fund), l.quantity),
		Item: l.item.Code, Lot: l.lot, Fund: l.fund, There: out.String(), Asked: l.quantity.String(),
	}}}
}

func init() {
	ledger.MustHold("no more returns than was handed out", `
		SELECT 'move ' || b.move || ' of handout ' || h.document || ' gave ' || coalesce(m.quantity, 0) || ' worth ' || coalesce(m.value, 0)
			|| ', returned ' || sum(b.quantity) || ' worth ' || sum(b.value)
		FROM handout_returns b
		LEFT JOIN entries h ON h.book_id = b.book_id AND h.number = b.handout AND h.kind = 'handout'
		LEFT JOIN moves m ON m.book_id = b.book_id AND m.number = b.handout AND m.line = b.move
		WHERE b.book_id = ?0 AND `+standing("b")+`
		GROUP BY b.handout, b.move, h.number, h.document, m.quantity, m.value
		HAVING h.number IS NULL OR m.quantity IS NULL OR sum(b.quantity) > m.quantity OR sum(b.value) > m.value
			OR (sum(b.quantity) = m.quantity AND sum(b.value) <> m.value)`)
	ledger.MustHold("nothing comes back while it counts as back", `
		SELECT 'return ' || e.document || ' of ' || e."on" || ': what ' || p.document || ' brought back of the same handout was out again on ' || u."on"
		FROM entries u JOIN entries p ON p.book_id = u.book_id AND p.number = u.reverses AND p.kind = 'handout-return' AND p."on" < u."on"
		JOIN (SELECT DISTINCT number, handout FROM handout_returns WHERE book_id = ?0) a ON a.number = p.number
		JOIN (SELECT DISTINCT number, handout FROM handout_returns WHERE book_id = ?0) b ON b.handout = a.handout AND b.number > u.number
		JOIN entries e ON e.book_id = u.book_id AND e.number = b.number AND e."on" < u."on"
		WHERE u.book_id = ?0 AND u.reverses IS NOT NULL`)
	ledger.MustHold("nothing returns of a handout that was reversed", `
		SELECT 'handout ' || h.document || ' was reversed and partly returned'
		FROM handout_returns b JOIN entries h ON h.book_id = b.book_id AND h.number = b.handout
		JOIN entries u ON u.book_id = b.book_id AND u.reverses = b.handout
		WHERE b.book_id = ?0 AND `+standing("b"))
}
