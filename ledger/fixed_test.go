package ledger

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// aNumber is any number that a book may hold, of either sign.
var aNumber = rapid.Custom(func(t *rapid.T) decimal.Decimal {
	s := rapid.StringMatching(`-?(0|[1-9][0-9]{0,23})(\.[0-9]{1,9})?`).Draw(t, "number")
	return decimal.RequireFromString(s)
})

// A fixed is the decimal it was made from, and what is done to it is what is done to the decimal.
func TestFixedIsDecimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := aNumber.Draw(t, "a"), aNumber.Draw(t, "b")
		x, y := toFixed(a), toFixed(b)
		for _, c := range []struct {
			name string
			got  fixed
			want decimal.Decimal
		}{
			{"itself", x, a}, {"sum", x.plus(y), a.Add(b)}, {"difference", x.minus(y), a.Sub(b)},
		} {
			if !c.got.decimal().Equal(c.want) || c.got != toFixed(c.want) {
				t.Fatalf("%s of %s and %s is %s, want %s", c.name, a, b, c.got.decimal(), c.want)
			}
		}
		if x.less(y) != a.LessThan(b) || x.zero() != a.IsZero() || x.negative() != a.IsNegative() {
			t.Fatalf("%s and %s are not compared as decimals are", a, b)
		}
	})
}

// The largest numbers of a book can be added up a hundred thousand times.
func TestFixedHoldsManyOfTheLargest(t *testing.T) {
	t.Parallel()
	largest := decimal.RequireFromString("999999999999999999999999.999999999")
	sum := fixed{}
	for range 100_000 {
		sum = sum.plus(toFixed(largest))
	}
	if want := largest.Mul(decimal.NewFromInt(100_000)); !sum.decimal().Equal(want) {
		t.Errorf("the sum is %s, want %s", sum.decimal(), want)
	}
}

// What a cell may hold, and what is added to it before anybody looks, stays within these bits.
func TestVast(t *testing.T) {
	t.Parallel()
	largest, added := decimal.New(1, maxHeldDigits).Sub(decimal.New(1, -MaxDecimals)), decimal.RequireFromString("999999999999999999999999.999999999")
	for _, n := range []decimal.Decimal{largest, largest.Neg(), decimal.Zero} {
		if toFixed(n).vast() {
			t.Errorf("%s is too much for a cell", n)
		}
	}
	for _, n := range []decimal.Decimal{decimal.New(1, maxHeldDigits), decimal.New(-1, maxHeldDigits), largest.Add(added), largest.Add(added).Neg()} {
		if !toFixed(n).vast() {
			t.Errorf("%s is not too much for a cell", n)
		}
	}
}

// An old book may have taken in what is too long; its reversal is let through.
func TestOnlyReversalsMayBeTooLong(t *testing.T) {
	t.Parallel()
	m := Move{From: "supplier:S", To: "stock:A", Fund: "F1", Commodity: Commodity{"QUILT", "L1"}, Quantity: decimal.New(4, 5), Value: decimal.New(36, 28)}
	if err := (Info{Decimals: 2}).checkMove(m, true); err != nil {
		t.Error(err)
	}
	if err := (Info{Decimals: 2}).checkMove(m, false); err == nil ||
		err.Error() != "a move of 400000 worth 360000000000000000000000000000, at most 24 digits before the point wanted" {
		t.Errorf("got %v", err)
	}
}
