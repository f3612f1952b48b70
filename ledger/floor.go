package ledger

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// fits refuses a change that leaves more in a cell than is kept exactly, and one that would break the floor of a real place at the
// entry's date or any later one: less than nothing, or value without goods.
func (d *Draft) fits(c *cell, quantity, value decimal.Decimal) error {
	changeQ, changeV := toFixed(quantity), toFixed(value)
	if toFixed(c.Quantity).plus(changeQ).vast() || toFixed(c.Value).plus(changeV).vast() {
		return vast(c.Cell, quantity, value)
	}
	if !c.Account.Floored() {
		return nil
	}
	var first closing
	for at := range c.closings(d.On()) {
		q, v := at.quantity.plus(changeQ), at.value.plus(changeV)
		switch {
		case q.vast() || v.vast():
			return vast(c.Cell, quantity, value)
		case q.negative() || v.negative() || q.zero() && !v.zero():
			first = at
		}
	}
	if first.on == 0 {
		return nil
	}
	return d.breaks(c, first, quantity.Neg(), value.Neg())
}

// vast is the refusal of a change by which a cell would hold more than is kept exactly.
func vast(c Cell, quantity, value decimal.Decimal) *Refusal {
	refusal := Refuse(Invalid, "", fmt.Sprintf("%s holds %s worth %s of %s for fund %s and would hold %s worth %s, at most %d digits before the point are kept exactly",
		c.Account, c.Quantity, c.Value, c.Commodity, c.Fund, c.Quantity.Add(quantity), c.Value.Add(value), maxHeldDigits))
	refusal.Faults[0].Hint = "look for a slip in the amounts before this one and reverse it"
	return refusal
}

// breaks says why a taking does not fit on a day.
func (d *Draft) breaks(c *cell, at closing, quantity, value decimal.Decimal) *Refusal {
	holdsQ, holdsV := at.quantity.decimal(), at.value.decimal()
	left := holdsV.Sub(value)
	switch {
	case holdsQ.LessThan(quantity):
		return d.shortAt(c, at, quantity)
	case left.IsNegative():
		return d.movedOn(c, at, fmt.Sprintf("%s in value, %s wanted", holdsV, value), quantity)
	}
	return d.movedOn(c, at, fmt.Sprintf("%s worth %s, and %s would stay without goods", holdsQ, holdsV, left), quantity)
}

func (d *Draft) movedOn(c *cell, at closing, holds string, wanted decimal.Decimal) *Refusal {
	refusal := Refuse(MovedOn, "", fmt.Sprintf("%s holds %s of %s for fund %s", c.Account, holds, c.Commodity, c.Fund))
	return d.inPast(refusal, c, at, wanted)
}

func (d *Draft) shortAt(c *cell, at closing, wanted decimal.Decimal) *Refusal {
	holds := c.Cell
	holds.Quantity = at.quantity.decimal()
	return d.inPast(short(holds, wanted), c, at, wanted)
}

// inPast says on which date a backdated change fails.
func (d *Draft) inPast(refusal *Refusal, c *cell, at closing, wanted decimal.Decimal) *Refusal {
	if d.On() < c.lastOn {
		refusal.Faults[0].Message += " on " + at.on.String()
		if at.on > d.On() {
			refusal.past = &pastFailure{cell: c.id, on: at.on, wanted: wanted}
		}
	}
	return refusal
}

// short is the refusal of a taking.
func short(c Cell, wanted decimal.Decimal) *Refusal {
	return &Refusal{Faults: []Fault{{
		Code:     Insufficient,
		Message:  fmt.Sprintf("%s holds %s of %s for fund %s, %s wanted", c.Account, c.Quantity, c.Commodity, c.Fund, wanted),
		Location: c.Account.Name(), Item: c.Item, Lot: c.Commodity.Lot, Fund: c.Fund,
		There: c.Quantity.String(), Asked: wanted.String(),
	}}}
}
