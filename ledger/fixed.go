package ledger

import (
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// maxHeldDigits is how many digits a cell holds before the point: ten thousand of the largest numbers, with room left for what a day
// changed and for what is added to it before anybody looks.
const maxHeldDigits = 28

// fixed is a number as a count of billionths in 128 bits, two's complement. A quantity or an amount has at most 24 digits before the point
// and 9 behind it, so that a hundred thousand of them can be added up without leaving these bits. Days in memory are kept this way:
// a decimal would be some allocations for each sum, and pointers for the garbage collector to follow.
type fixed struct {
	hi int64
	lo uint64
}

func toFixed(d decimal.Decimal) fixed {
	places := int(d.Exponent()) + MaxDecimals
	if places < 0 || places > MaxDecimals || d.NumDigits() > 18 {
		return bigToFixed(d.Shift(MaxDecimals).BigInt())
	}
	n := d.CoefficientInt64()
	hi, lo := bits.Mul64(uint64(max(n, -n)), powers[places])
	f := fixed{int64(hi), lo}
	if n < 0 {
		return fixed{}.minus(f)
	}
	return f
}

var powers = [MaxDecimals + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

func bigToFixed(n *big.Int) fixed {
	var hi, lo big.Int
	lo.And(n, maxUint64)
	hi.Rsh(n, 64)
	return fixed{hi.Int64(), lo.Uint64()}
}

var maxUint64 = new(big.Int).SetUint64(1<<64 - 1)

// decimal is the number without needless decimals.
func (f fixed) decimal() decimal.Decimal {
	if f.hi == int64(f.lo)>>63 {
		n, places := int64(f.lo), int32(MaxDecimals)
		for places > 0 && n%10 == 0 {
			n, places = n/10, places-1
		}
		return decimal.New(n, -places)
	}
	n := new(big.Int).Lsh(big.NewInt(f.hi), 64)
	return decimal.NewFromBigInt(n.Add(n, new(big.Int).SetUint64(f.lo)), -MaxDecimals)
}

func (f fixed) plus(g fixed) fixed {
	lo, carry := bits.Add64(f.lo, g.lo, 0)
	return fixed{f.hi + g.hi + int64(carry), lo}
}

func (f fixed) minus(g fixed) fixed {
	lo, borrow := bits.Sub64(f.lo, g.lo, 0)
	return fixed{f.hi - g.hi - int64(borrow), lo}
}

func (f fixed) less(g fixed) bool { return f.hi < g.hi || f.hi == g.hi && f.lo < g.lo }

var beyond = toFixed(decimal.New(1, maxHeldDigits))

// vast reports whether no cell may hold the number, nor its opposite.
func (f fixed) vast() bool { return !f.less(beyond) || !fixed{}.minus(beyond).less(f) }

func (f fixed) negative() bool { return f.hi < 0 }

func (f fixed) zero() bool { return f == fixed{} }
