package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Reversal asks that an entry be undone: the same moves backwards, at the very value that went out.
type Reversal struct {
	Entry  int64  `json:"entry" doc:"number of the entry to undo" minimum:"1" example:"5120"`
	On     Date   `json:"on,omitempty" required:"false" doc:"business date; today when left out. A slip of the keyboard is best undone on the date of the original"`
	Reason string `json:"reason" doc:"why it is undone" minLength:"1" maxLength:"500" example:"counted twice"`
}

var reversals = Documents("reversals", "reverses bigint", "reason text")

// ReversedTally is the tally that says whether an entry was undone.
func ReversedTally(number int64) string { return fmt.Sprintf("reversed:%d", number) }

// ReturnedTally is the tally of what was returned of one move of an entry, in quantity and value.
func ReturnedTally(number int64, line int) string { return fmt.Sprintf("returned:%d:%d", number, line) }

// BoundTally is the tally of how many later documents rest on an entry, as an invoice rests on its receipt. While there is one,
// the entry cannot be reversed. Whoever rests on an entry counts it up; reversing that document counts it down again.
func BoundTally(number int64) string { return fmt.Sprintf("bound:%d", number) }

// unreversible are the kinds whose undoing is an act of its own.
var unreversible = map[string]string{
	"reversal":        "a reversal is not reversed: post the right entry instead",
	"close":           "a close is undone by a reopening, which needs two people",
	"reopen":          "a reopening is undone by a new close",
	"reopen-proposal": "a proposal that nobody agreed to has no effect",
}

// Reverse proposes the undoing of an entry. It is refused when the entry was undone before, when part of it was returned,
// and with MovedOn where the goods or the money have gone on.
func (b *Book) Reverse(ctx context.Context, by By, r Reversal) (*Proposal, error) {
	original, err := b.Entry(ctx, r.Entry)
	if err != nil {
		return nil, err
	}
	if why, refused := unreversible[original.Kind]; refused {
		return nil, Refuse(Invalid, "/entry", fmt.Sprintf("entry %d is a %s: %s", r.Entry, original.Kind, why))
	}
	counted, err := b.tallyChanges(ctx, r.Entry)
	if err != nil {
		return nil, err
	}
	revalued, err := b.revalued(ctx, r.Entry)
	if err != nil {
		return nil, err
	}
	on := r.On
	if on.IsZero() {
		on = b.Today()
	}
	return &Proposal{
		Header:   Header{Kind: "reversal", On: on, Actor: by.Actor, Key: by.Key, Content: r},
		Reverses: r.Entry,
		Needs:    reversalNeeds(original, counted, on),
		Compose:  func(d *Draft) error { return d.reverse(original, counted, revalued, r.Reason) },
	}, nil
}

func reversalSeries(on Date) string { return fmt.Sprintf("RV-%d", on.Year()) }

func reversalNeeds(original Entry, counted []count, on Date) Needs {
	needs := Needs{Tallies: []string{ReversedTally(original.Number), BoundTally(original.Number), SeriesTally(reversalSeries(on))}}
	for i, m := range original.Moves {
		needs.Groups = append(needs.Groups, Group{m.From, m.Item}, Group{m.To, m.Item})
		needs.Tallies = append(needs.Tallies, ReturnedTally(original.Number, i+1))
	}
	for _, n := range counted {
		needs.Tallies = append(needs.Tallies, n.name)
	}
	return needs
}

func (d *Draft) reverse(original Entry, counted []count, revalued []Cell, reason string) error {
	for _, m := range original.Moves {
		m.From, m.To = m.To, m.From
		if err := d.proposal.allows(m); err != nil { // before any place tells what it holds
			return err
		}
	}
	if err := d.mayReverse(original, revalued); err != nil {
		return err
	}
	d.Document(reversalSeries(d.On()))
	var faults Faults
	for _, m := range slices.Backward(original.Moves) {
		m.From, m.To = m.To, m.From
		if err := faults.Add("/entry", goneOn(d.Move(m), original)); err != nil {
			return err
		}
	}
	d.Count(ReversedTally(original.Number), decimal.NewFromInt(one), decimal.Zero)
	for _, n := range counted {
		d.Count(n.name, n.quantity.Neg(), n.value.Neg())
	}
	d.Row(reversals, original.Number, reason)
	return faults.Err()
}

func (d *Draft) mayReverse(original Entry, revalued []Cell) error {
	if d.Tally(ReversedTally(original.Number)).Quantity.IsPositive() {
		return Refuse(AlreadyDone, "/entry", fmt.Sprintf("entry %d was reversed already", original.Number))
	}
	if d.On() < original.On {
		return Refuse(Invalid, "/on", fmt.Sprintf("entry %d happened on %s, it cannot be undone before that", original.Number, original.On))
	}
	if bound := d.Tally(BoundTally(original.Number)).Quantity; bound.IsPositive() {
		return Refuse(MovedOn, "/entry", fmt.Sprintf("entry %d cannot be undone, %s later documents rest on it: reverse them first", original.Number, bound))
	}
	for i := range original.Moves {
		if back := d.Tally(ReturnedTally(original.Number, i+1)).Quantity; back.IsPositive() {
			return Refuse(MovedOn, "/entry", fmt.Sprintf("%s of move %d of entry %d was returned already: reverse the return first", back, i+1, original.Number))
		}
	}
	for _, then := range revalued {
		if now := d.Cell(then.CellKey).Quantity; now.LessThan(then.Quantity) {
			return Refuse(MovedOn, "/entry", fmt.Sprintf("entry %d cannot be undone, goods it revalued have moved on: %s held %s of %s, now %s",
				original.Number, then.Account, then.Quantity, then.Commodity, now))
		}
	}
	return nil
}

// revalued are the real places whose goods the entry only revalued, with the quantity that bore the change, in the order of its moves.
// Goods that left since took their share of it along, so it cannot be taken back from those that stayed.
func (b *Book) revalued(ctx context.Context, number int64) ([]Cell, error) {
	var rows []struct {
		Account, Fund, Item, Lot string
		Quantity                 decimal.Decimal
	}
	err := b.db.NewRaw(`SELECT c.account, c.fund, c.item, c.lot, CASE c.cell WHEN m.to_cell THEN m.to_quantity ELSE m.from_quantity END AS quantity
		FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell IN (m.from_cell, m.to_cell) AND c.floored
		WHERE m.book_id = ? AND m.number = ? AND m.quantity = 0 ORDER BY m.line, c.cell = m.to_cell`, b.ID, number).Scan(ctx, &rows)
	cells := make([]Cell, len(rows))
	for i, r := range rows {
		cells[i] = Cell{CellKey: CellKey{Account(r.Account), r.Fund, Commodity{r.Item, r.Lot}}, Quantity: r.Quantity}
	}
	return cells, err
}

// goneOn says in the words of a reversal that a place no longer holds what would have to come back.
func goneOn(err error, original Entry) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	for i := range refusal.Faults {
		refusal.Faults[i].Code = MovedOn
		refusal.Faults[i].Message = fmt.Sprintf("entry %d cannot be undone, what it brought has moved on: %s", original.Number, refusal.Faults[i].Message)
	}
	return refusal
}

func (b *Book) tallyChanges(ctx context.Context, number int64) ([]count, error) {
	var rows []struct {
		Name            string
		Quantity, Value decimal.Decimal
	}
	err := b.db.NewRaw("SELECT name, quantity, value FROM tally_changes WHERE book_id = ? AND number = ? ORDER BY line", b.ID, number).Scan(ctx, &rows)
	counted := make([]count, len(rows))
	for i, r := range rows {
		counted[i] = count{r.Name, r.Quantity, r.Value}
	}
	return counted, err
}
