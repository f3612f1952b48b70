package ledger

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Limits of a number as it may be written down. They are far above any relief operation and keep
// every product in the costing rule small; PostgreSQL stores the columns as unbounded NUMERIC.
const (
	MaxIntegerDigits = 24
	MaxDecimals      = 9
)

// NumberPattern is the only way to write a quantity or an amount: plain digits, an optional point, no sign,
// no exponent. It is checked on the text, before any arithmetic, because "1e9999999" is small only as text.
const NumberPattern = `^(0|[1-9][0-9]{0,23})(\.[0-9]{1,9})?$`

// SignedPattern is the way to write an amount that may be below zero.
const SignedPattern = `^-?(0|[1-9][0-9]{0,23})(\.[0-9]{1,9})?$`

// Signed is an amount that may be below zero, as what a budget line loses. Where it is not asked for, a sign is a slip of the keyboard.
type Signed struct{ decimal.Decimal }

var numberSyntax = regexp.MustCompile(NumberPattern)

// ParseNumber reads a quantity or an amount with at most the given number of decimals.
// Trailing zeros count as decimals: "1.500" is refused where two decimals are allowed, because it claims a precision that is not there.
func ParseNumber(s string, decimals int32) (decimal.Decimal, error) {
	if len(s) > MaxIntegerDigits+MaxDecimals+1 || !numberSyntax.MatchString(s) {
		return decimal.Zero, fmt.Errorf("%.40q is not a number of at most %d digits before and %d after the point", s, MaxIntegerDigits, MaxDecimals)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero, err
	}
	if -d.Exponent() > decimals {
		return decimal.Zero, fmt.Errorf("%s has more than %d decimals", s, decimals)
	}
	return d, nil
}

// ParseSigned is ParseNumber for an amount that may be below zero.
func ParseSigned(s string, decimals int32) (decimal.Decimal, error) {
	magnitude, below := strings.CutPrefix(s, "-")
	d, err := ParseNumber(magnitude, decimals)
	if below {
		d = d.Neg()
	}
	return d, err
}

// TooLong reports whether a number has more digits before the point than one of the book. A huge exponent is not multiplied out for it.
func TooLong(d decimal.Decimal) bool { return d.NumDigits()+int(d.Exponent()) > MaxIntegerDigits }

// Portion is the value that q takes out of a cell holding quantity with value: round half up of value·q/quantity
// to the given decimals of the currency, and all of the value when all of the quantity goes.
// It is the one place in the program where a number is rounded. Domain rule: cost travels with goods, no unit cost is stored,
// so three quilts for 100.00 leave one by one as 33.33, 33.34 and 33.33.
func Portion(quantity, value, q decimal.Decimal, decimals int32) decimal.Decimal {
	if q.Equal(quantity) {
		return value
	}
	return value.Mul(q).DivRound(quantity, decimals)
}

// Shares splits amount in proportion to weights so that the parts add up to the amount exactly:
// largest remainder, ties to the earlier weight. Weights are not negative and not all zero.
func Shares(amount decimal.Decimal, weights []decimal.Decimal, decimals int32) []decimal.Decimal {
	total := decimal.Sum(decimal.Zero, weights...)
	parts := make([]decimal.Decimal, len(weights))
	rests := make([]decimal.Decimal, len(weights))
	left := amount
	for i, w := range weights {
		quotient, rest := amount.Mul(w).QuoRem(total, decimals)
		parts[i], rests[i] = quotient, rest
		left = left.Sub(quotient)
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return rests[order[a]].GreaterThan(rests[order[b]]) })
	unit := decimal.New(1, -decimals)
	for _, i := range order {
		if !left.IsPositive() {
			break
		}
		parts[i] = parts[i].Add(unit)
		left = left.Sub(unit)
	}
	return parts
}

// appendNumber appends d as d.String writes it. Nearly every number of a book fits into an int64 and is written without big.Int, which
// would allocate four times for each of the dozen numbers of a handout.
func appendNumber(b []byte, d decimal.Decimal) []byte {
	places := -int(d.Exponent())
	if places < 0 || places > MaxDecimals || d.NumDigits() > 18 {
		return append(b, d.String()...)
	}
	n := d.CoefficientInt64()
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	for places > 0 && n%10 == 0 {
		n, places = n/10, places-1
	}
	unit := int64(1)
	for range places {
		unit *= 10
	}
	b = strconv.AppendInt(b, n/unit, 10)
	if places == 0 {
		return b
	}
	b = append(b, '.')
	for rest := n % unit; unit > 1; rest %= unit {
		unit /= 10
		b = append(b, byte('0'+rest/unit))
	}
	return b
}

// numberText is d.String.
func numberText(d decimal.Decimal) string { return string(appendNumber(nil, d)) }
