package ledger

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
)

// FuzzNumberText: numbers are written as decimal writes them, since leaves were hashed over those bytes.
func FuzzNumberText(f *testing.F) {
	for _, s := range []string{"0", "1", "-1", "100", "9223372036854775807", "-9223372036854775808", "999999999999999999999999", "1000000000000000000"} {
		for _, exponent := range []int8{0, -1, -2, -9, -10, -18, 3} {
			f.Add(s, exponent)
		}
	}
	f.Fuzz(func(t *testing.T, coefficient string, exponent int8) {
		n, ok := new(big.Int).SetString(coefficient, 10)
		if !ok || len(coefficient) > 60 {
			return
		}
		d := decimal.NewFromBigInt(n, int32(exponent))
		if got := numberText(d); got != d.String() {
			t.Errorf("%s with exponent %d is written %s, not %s", coefficient, exponent, got, d)
		}
	})
}
