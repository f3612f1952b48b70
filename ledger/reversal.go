package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

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

// RestedTally is the tally of the day until which something rested on an entry that has been undone since, or was out again after it had come
// back. An entry that was undone before that day would be undone twice in the days between.
func RestedTally(number int64) string { return fmt.Sprintf("rested:%d", number) }

// Rested is the day until which something rested on an entry that has been undone since; a needed tally says so.
func (d *Draft) Rested(number int64) Date {
	return Date(d.Tally(RestedTally(number)).Quantity.IntPart())
}

// restsOn is the number of the entry that the document behind a counter rested on, 0 where it rested on none.
func (n count) restsOn() int64 {
	what, rest, _ := strings.Cut(n.name, ":")
	if !n.quantity.IsPositive() || what != "bound" && what != "returned" {
		return 0
	}
	text, _, _ := strings.Cut(rest, ":")
	number, _ := strconv.ParseInt(text, 10, 64) // both are named after a number, above
	return number
}

// unreversible are the kinds whose undoing is an act of its own.
var unreversible = map[string]string{
	"reversal":        "a reversal is not reversed: post the right entry instead",
	"close":           "a close is undone by a reopening, which needs two people",
	"reopen":          "a reopening is undone by a new close",
	"reopen-proposal": "a proposal that nobody agreed to has no effect",
}

// Reverse proposes the undoing of an entry. It is refused when the entry was undone before, with MovedOn when part of it was returned, a later document
// rests on it, or the goods or the money have gone on, and with a date before the day until which something rested on it.
func (b *Book) Reverse(ctx context.Context, by By, r Reversal) (*Proposal, error) {
	reason, err := reasonOf(r.Reason)
	if err != nil {
		return nil, err
	}
	original, err := b.Entry(ctx, r.Entry)
	if err != nil {
		return nil, At("/entry", err)
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
		Compose:  func(d *Draft) error { return d.reverse(original, counted, revalued, reason) },
	}, nil
}

func reversalSeries(on Date) string { return fmt.Sprintf("RV-%d", on.Year()) }

func reversalNeeds(original Entry, counted []count, on Date) Needs {
	needs := Needs{Tallies: []string{ReversedTally(original.Number), BoundTally(original.Number), RestedTally(original.Number), SeriesTally(reversalSeries(on))}}
	for i, m := range original.Moves {
		needs.Groups = append(needs.Groups, Group{m.From, m.Item}, Group{m.To, m.Item})
		needs.Tallies = append(needs.Tallies, ReturnedTally(original.Number, i+1))
	}
	for _, n := range counted {
		needs.Tallies = append(needs.Tallies, n.name)
		if rested := n.restsOn(); rested != 0 {
			needs.Tallies = append(needs.Tallies, RestedTally(rested))
		}
	}
	return needs
}

func (d *Draft) reverse(original Entry, counted []count, revalued []revaluation, reason string) error {
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
		if rested := n.restsOn(); rested != 0 && d.On() > original.On { // undone on its own day it is as if it had not been
			d.release(rested)
		}
	}
	d.Row(reversals, original.Number, reason)
	return faults.Err()
}

// release notes that something rested on an entry until the day of this one.
func (d *Draft) release(entry int64) {
	if later := int64(d.On() - d.Rested(entry)); later > 0 {
		d.Count(RestedTally(entry), decimal.NewFromInt(later), decimal.Zero)
	}
}

func (d *Draft) mayReverse(original Entry, revalued []revaluation) error {
	if d.Tally(ReversedTally(original.Number)).Quantity.IsPositive() {
		return Refuse(AlreadyDone, "/entry", fmt.Sprintf("entry %d was reversed already", original.Number))
	}
	if d.On() < original.On {
		return Refuse(Invalid, "/on", fmt.Sprintf("entry %d happened on %s, it cannot be undone before that", original.Number, original.On))
	}
	if bound := d.Tally(BoundTally(original.Number)).Quantity; bound.IsPositive() {
		return Refuse(MovedOn, "/entry", fmt.Sprintf("entry %d cannot be undone, later documents rest on it (%s): reverse them first", original.Number, bound))
	}
	if rested := d.Rested(original.Number); d.On() < rested {
		return Refuse(Invalid, "/on", fmt.Sprintf("entry %d cannot be undone before %s: until then something rested on it", original.Number, rested))
	}
	for i := range original.Moves {
		if back := d.Tally(ReturnedTally(original.Number, i+1)).Quantity; back.IsPositive() {
			return Refuse(MovedOn, "/entry", fmt.Sprintf("%s of move %d of entry %d was returned already: reverse the return first", back, i+1, original.Number))
		}
	}
	for _, r := range revalued {
		if err := r.stands(original, d.Cell(r.CellKey)); err != nil {
			return err
		}
	}
	return nil
}

// revaluation is a real place whose goods an entry only revalued, as it is now, with the goods that have left it since.
type revaluation struct {
	Cell
	Gone decimal.Decimal
}

// stands refuses to take back a revaluation of goods that have gone on: they took their share of it along, so it cannot be taken from those
// that stayed, or that came instead of them. What left was read outside the book's turn, so the cell must be as it was then.
func (r revaluation) stands(original Entry, now Cell) error {
	if !now.Quantity.Equal(r.Quantity) || !now.Value.Equal(r.Value) {
		return Refuse(MovedOn, "/entry", fmt.Sprintf("%s holds %s worth %s of %s, %s worth %s a moment ago: send this one again",
			r.Account, now.Quantity, now.Value, r.Commodity, r.Quantity, r.Value))
	}
	if r.Gone.IsZero() {
		return nil
	}
	refusal := Refuse(MovedOn, "/entry", fmt.Sprintf("entry %d cannot be undone, goods it revalued have moved on: %s of %s left %s since and did not come back with the value they took",
		original.Number, r.Gone, r.Commodity, r.Account))
	refusal.Faults[0].Hint = "reverse what took them from there, the latest first, and then this entry"
	return refusal
}

// revaluations finds the cells of real places that an entry u.reverses only revalued, and what left them after it and before entry u.number.
// An entry of that time that was reversed in it is as if it had not been. So is what left for somewhere and came back from there in the
// same quantity and value; all real places are one somewhere, because goods come back by another waybill than they went with.
const revaluations = `JOIN moves m ON m.book_id = ?0 AND m.number = u.reverses AND m.quantity = 0
	JOIN cells c ON c.book_id = ?0 AND c.cell IN (m.from_cell, m.to_cell) AND c.floored
	CROSS JOIN LATERAL (SELECT coalesce(sum(gone), 0) AS gone FROM (
		SELECT sum(f.gone) AS gone FROM (
			SELECT number, to_cell AS cell, quantity, value, quantity AS gone FROM moves
				WHERE book_id = ?0 AND from_cell = c.cell AND number > u.reverses AND number < u.number AND quantity > 0
			UNION ALL SELECT number, from_cell, -quantity, -value, 0 FROM moves
				WHERE book_id = ?0 AND to_cell = c.cell AND number > u.reverses AND number < u.number AND quantity > 0
		) f JOIN entries e ON e.book_id = ?0 AND e.number = f.number JOIN cells o ON o.book_id = ?0 AND o.cell = f.cell
		WHERE coalesce(e.reverses, 0) < u.reverses AND NOT EXISTS (SELECT FROM entries r WHERE r.book_id = ?0 AND r.reverses = f.number AND r.number < u.number)
		GROUP BY CASE WHEN o.floored THEN '' ELSE o.account END
		HAVING sum(f.gone) > 0 AND (sum(f.quantity), sum(f.value)) <> (0, 0)) AS apart) AS since`

// revalued are the revaluations of an entry, in the order of its moves.
func (b *Book) revalued(ctx context.Context, number int64) ([]revaluation, error) {
	var rows []struct {
		Account, Fund, Item, Lot string
		Quantity, Value, Gone    decimal.Decimal
	}
	err := b.db.NewRaw(`SELECT c.account, c.fund, c.item, c.lot, c.quantity, c.value, since.gone FROM (SELECT ?1::bigint AS reverses, ?2::bigint AS number) u `+
		revaluations+` ORDER BY m.line, c.cell = m.to_cell`, b.ID, number, int64(math.MaxInt64)).Scan(ctx, &rows)
	cells := make([]revaluation, len(rows))
	for i, r := range rows {
		cells[i] = revaluation{Cell{CellKey: CellKey{Account(r.Account), r.Fund, Commodity{r.Item, r.Lot}}, Quantity: r.Quantity, Value: r.Value}, r.Gone}
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
