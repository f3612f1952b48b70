package warehouse_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// FuzzQuantity: packs become exactly as much of the base unit as they hold, or are refused; nothing is ever rounded.
func FuzzQuantity(f *testing.F) {
	for _, seed := range []struct {
		q, holds string
		decimals uint8
		pack     bool
	}{
		{"0.3", "20", 0, true},                     // six pieces
		{"0.33", "20", 0, true},                    // 6.6 pieces are none
		{"3.000000000", "1", 0, false},             // zeros behind the point
		{"0.00004", "25", 3, true},                 // finer than the unit, but not in all
		{"999999999999999999999999", "2", 0, true}, // too long in all
		{"1e9999", "20", 9, true},                  // an exponent
		{"-0", "20", 9, true},                      // nothing
	} {
		f.Add(seed.q, seed.holds, seed.decimals, seed.pack)
	}
	f.Fuzz(func(t *testing.T, asked, holds string, places uint8, packed bool) {
		q, err := decimal.NewFromString(asked)
		pack, err2 := decimal.NewFromString(holds)
		decimals := int32(places % 10)
		if err != nil || err2 != nil || !sane(q) || !sane(pack) || !pack.IsPositive() {
			return // the door reads no such number
		}
		item := warehouse.Item{Code: "RICE", Unit: "kg", Decimals: decimals, Packs: []warehouse.Pack{{Name: "sack", Quantity: pack}}}
		name, factor := "", big.NewRat(1, 1)
		if packed {
			name, factor = "sack", pack.Rat()
		}
		want := new(big.Rat).Mul(q.Rat(), factor)
		got, err := item.Quantity(name, q)

		most := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(ledger.MaxIntegerDigits), nil))
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
		whole := new(big.Rat).Quo(want, unit).IsInt()
		fits := q.IsPositive() && q.Rat().Cmp(most) < 0 && q.Equal(q.Truncate(ledger.MaxDecimals)) && want.Cmp(most) < 0 && whole
		if (err == nil) != fits {
			t.Fatalf("%s × %s with %d decimals: %v", q, holds, decimals, err)
		}
		var refusal *ledger.Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Code() != ledger.Invalid) {
			t.Fatalf("%s × %s is refused with %v", q, holds, err)
		}
		if err == nil && (got.Rat().Cmp(want) != 0 || got.Exponent() < -decimals) {
			t.Errorf("%s × %s with %d decimals is %s", q, holds, decimals, got)
		}
	})
}

// sane keeps the reference from multiplying a hostile exponent out.
func sane(d decimal.Decimal) bool {
	return d.Exponent() > -100 && d.Exponent() < 100 && len(d.Coefficient().String()) < 100
}
