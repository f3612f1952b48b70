package ledger_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

func rat(d decimal.Decimal) *big.Rat { return d.Rat() }

// FuzzNumber: what is read is exactly what is written, and nothing else is read.
func FuzzNumber(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string, decimals uint8) {
		allowed := int32(decimals % 10)
		d, err := ledger.ParseNumber(s, allowed)
		whole, part, point := strings.Cut(s, ".")
		digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
		plain := digits(whole) && (!point || digits(part)) && (whole == "0" || whole[0] != '0') && len(whole) <= 24 && len(part) <= int(allowed)
		if (err == nil) != plain {
			t.Fatalf("%q with %d decimals: %v", s, allowed, err)
		}
		if err != nil {
			return
		}
		if want, ok := new(big.Rat).SetString(s); !ok || rat(d).Cmp(want) != 0 {
			t.Errorf("%q was read as %s", s, d)
		}
		if again, err := ledger.ParseNumber(d.String(), allowed); err != nil || !again.Equal(d) {
			t.Errorf("%s was read again as %s, %v", d, again, err)
		}
	})
}

// FuzzPortion: the cost of a part is the exact share rounded half up, never more than there is, more for more goods,
// and what stays is the rest to the fen.
func FuzzPortion(f *testing.F) {
	f.Fuzz(func(t *testing.T, quantity, value, q uint64, exponent, decimals uint8) {
		places := int32(decimals % 5)
		whole, held := decimal.NewFromUint64(quantity).Shift(-int32(exponent%10)), decimal.NewFromUint64(value).Shift(-places)
		if quantity == 0 {
			return
		}
		if q > quantity {
			q %= quantity
		}
		part := decimal.NewFromUint64(q).Shift(-int32(exponent % 10))
		got := ledger.Portion(whole, held, part, places)
		if got.IsNegative() || got.GreaterThan(held) || !got.Equal(got.Truncate(places)) {
			t.Fatalf("%s of %s worth %s carries %s", part, whole, held, got)
		}
		if part.Equal(whole) {
			if !got.Equal(held) {
				t.Errorf("all of it carries %s of %s", got, held)
			}
			return
		}
		// Half up: exact - unit/2 < got <= exact + unit/2.
		exact := new(big.Rat).Quo(new(big.Rat).Mul(rat(held), rat(part)), rat(whole))
		half := new(big.Rat).Quo(rat(decimal.New(1, -places)), big.NewRat(2, 1))
		over := new(big.Rat).Sub(rat(got), exact)
		if over.Cmp(half) > 0 || over.Cmp(new(big.Rat).Neg(half)) <= 0 {
			t.Errorf("%s of %s worth %s carries %s, exactly %s", part, whole, held, got, exact.FloatString(12))
		}
		if more := ledger.Portion(whole, held, part.Add(decimal.New(1, -int32(exponent%10))), places); more.LessThan(got) {
			t.Errorf("more goods carry less: %s, then %s", got, more)
		}
	})
}

// FuzzShares: the parts add up to the amount, each is within one unit of its exact share, and a heavier line never gets less.
func FuzzShares(f *testing.F) {
	f.Fuzz(func(t *testing.T, amount uint64, decimals uint8, heavy []byte) {
		places := int32(decimals % 5)
		heavy = heavy[:min(len(heavy), 200)] // the test compares every part with every other
		total, weights := decimal.Zero, make([]decimal.Decimal, 0, len(heavy)/2)
		for i := 0; i+1 < len(heavy); i += 2 {
			weights = append(weights, decimal.New(int64(heavy[i]), -int32(heavy[i+1]%5)))
			total = total.Add(weights[len(weights)-1])
		}
		if total.IsZero() {
			return
		}
		all := decimal.NewFromUint64(amount).Shift(-places)
		parts, sum, unit := ledger.Shares(all, weights, places), decimal.Zero, rat(decimal.New(1, -places))
		for i, part := range parts {
			sum = sum.Add(part)
			exact := new(big.Rat).Quo(new(big.Rat).Mul(rat(all), rat(weights[i])), rat(total))
			if off := new(big.Rat).Sub(rat(part), exact); off.Abs(off).Cmp(unit) >= 0 || !part.Equal(part.Truncate(places)) || weights[i].IsZero() && !part.IsZero() {
				t.Errorf("%s shared by %v: part %d is %s, exactly %s", all, weights, i, part, exact.FloatString(9))
			}
			for j := range i {
				heavier := weights[i].Cmp(weights[j])
				if got := part.Cmp(parts[j]); got*heavier < 0 || heavier == 0 && got > 0 {
					t.Errorf("%s shared by %v: part %d is %s, part %d is %s", all, weights, j, parts[j], i, part)
				}
			}
		}
		if !sum.Equal(all) {
			t.Errorf("%s shared by %v adds up to %s", all, weights, sum)
		}
	})
}
