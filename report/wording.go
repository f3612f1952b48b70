package report

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Wording is how official reports write a figure. The book keeps exact counts; only the printed form is floored to a step,
// and says 余, "more than", when something was cut. A number that was not reached is never printed without 近, "nearly".
type Wording int

const (
	// Exact prints every digit: people and places are not rounded.
	Exact Wording = iota
	// Floored prints tens from 100 and hundreds from 1,000.
	Floored
	// Nearly is Floored, but says 近 of a round hundred that is missed by no more than a twentieth.
	Nearly
	// InWan prints tenths of 万 from 10,000, and is Floored below.
	InWan
	// InWanYuan prints whole 万元 from 10,000 yuan, and is Floored below.
	InWanYuan
)

var (
	hundred = decimal.NewFromInt(100)
	wan     = decimal.NewFromInt(10_000)
	million = decimal.NewFromInt(1_000_000)
)

// printed is a figure cut to what is printed.
type printed struct {
	floor decimal.Decimal
	cut   bool // something was left out below
	near  bool // floor is a number that was not quite reached
}

// step is what a figure is floored to, or zero to print it whole. Negative figures, a period in which more came back than
// went out, are printed whole: flooring them would tell more than there was.
func (w Wording) step(q decimal.Decimal) decimal.Decimal {
	switch {
	case w == Exact || q.LessThan(hundred):
		return decimal.Zero
	case q.LessThan(decimal.NewFromInt(1000)):
		return decimal.NewFromInt(10)
	case q.LessThan(wan) || w == Floored || w == Nearly:
		return hundred
	case w == InWan:
		return decimal.NewFromInt(1000)
	default:
		return wan
	}
}

func (w Wording) print(q decimal.Decimal) printed {
	if over := q.Mod(hundred); w == Nearly && over.IsPositive() {
		missed := hundred.Sub(over)
		next := q.Add(missed)
		if missed.Mul(decimal.NewFromInt(20)).LessThanOrEqual(next) {
			return printed{floor: next, near: true}
		}
	}
	step := w.step(q)
	if step.IsZero() {
		return printed{floor: q}
	}
	rest := q.Mod(step)
	return printed{floor: q.Sub(rest), cut: !rest.IsZero()}
}

// Chinese writes an exact figure as official reports do: 4300件, 4300余件, 近300次, 5.5万人次, 3254万元.
func (w Wording) Chinese(q decimal.Decimal, unit string) string {
	p := w.print(q)
	number := p.floor.String()
	if (w == InWan || w == InWanYuan) && q.GreaterThanOrEqual(wan) {
		number = p.floor.Shift(-4).String() + "万"
	}
	switch {
	case p.near:
		return "近" + number + unit
	case p.cut:
		return number + "余" + unit
	}
	return number + unit
}

// English writes an exact figure: 4,300 pieces, more than 4,300 pieces, nearly 300 times, 32.54 million yuan.
func (w Wording) English(q decimal.Decimal, unit string) string {
	p := w.print(q)
	number := grouped(p.floor)
	if w == InWanYuan && q.GreaterThanOrEqual(million) {
		number = p.floor.Shift(-6).String() + " million"
	}
	if unit != "" {
		number += " " + unit
	}
	switch {
	case p.near:
		return "nearly " + number
	case p.cut:
		return "more than " + number
	}
	return number
}

// grouped writes a number with a comma between each three digits before the point.
func grouped(d decimal.Decimal) string {
	whole, fraction, _ := strings.Cut(d.Abs().String(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if d.IsNegative() {
		return "-" + whole
	}
	return whole
}
