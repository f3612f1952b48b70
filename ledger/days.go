package ledger

import (
	"iter"
	"slices"
)

// day is what a day changed in a cell.
type day struct {
	on              Date
	quantity, value fixed
}

// closing is a cell's balance at the end of a day.
type closing day

func (d day) plus(quantity, value fixed) day {
	return day{d.on, d.quantity.plus(quantity), d.value.plus(value)}
}

// changeDay adds to what a day changed, in place, and reports whether the day is new to the cell.
func (c *cell) changeDay(on Date, quantity, value fixed) (fresh bool) {
	i, found := c.day(on)
	if found {
		c.days[i] = c.days[i].plus(quantity, value)
		return false
	}
	c.days = slices.Insert(c.days, i, day{on, quantity, value})
	return true
}

// forgetDay takes a day out again that changeDay brought in.
func (c *cell) forgetDay(on Date) {
	if i, found := c.day(on); found {
		c.days = slices.Delete(c.days, i, i+1)
	}
}

func (c *cell) day(on Date) (int, bool) {
	return slices.BinarySearchFunc(c.days, on, func(d day, on Date) int { return int(d.on - on) })
}

// closings are the balances that a change dated on would shift: the one at the end of that day and at the end of every
// later day that changed the cell. The present one comes first, the day itself last.
func (c *cell) closings(on Date) iter.Seq[closing] {
	return func(yield func(closing) bool) {
		at := closing{on, toFixed(c.Quantity), toFixed(c.Value)}
		if on < c.lastOn {
			if on < c.daysFrom {
				panic("ledger: past days of " + string(c.Account) + " were not read")
			}
			for i := len(c.days) - 1; i >= 0 && c.days[i].on > on; i-- {
				d := &c.days[i]
				at.on = d.on
				if !yield(at) {
					return
				}
				at.quantity, at.value = at.quantity.minus(d.quantity), at.value.minus(d.value)
			}
			at.on = on
		}
		yield(at)
	}
}

// then is the cell as it was at the end of a day.
func (c *cell) then(on Date) Cell {
	then, at := c.Cell, closing{}
	for at = range c.closings(on) {
	}
	then.Quantity, then.Value = at.quantity.decimal(), at.value.decimal()
	return then
}
