package fund

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

func TestEqualShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total string
		n     int
		want  string
	}{
		{"38600000.00", 94, "74 x 410638.30, 20 x 410638.29"},
		{"100.00", 3, "1 x 33.34, 2 x 33.33"},
		{"0.02", 3, "2 x 0.01, 1 x 0.00"},
		{"5.00", 1, "1 x 5.00"},
	} {
		shares := EqualShares(decimal.RequireFromString(c.total), c.n, 2)
		if got := runs(shares); got != c.want {
			t.Errorf("%s over %d: got %s, want %s", c.total, c.n, got, c.want)
		}
		if sum := decimal.Sum(decimal.Zero, shares...); sum.StringFixed(2) != c.total {
			t.Errorf("%s over %d adds up to %s", c.total, c.n, sum)
		}
	}
}

// runs writes equal neighbours together, as "2 x 33.33".
func runs(shares []decimal.Decimal) string {
	var parts []string
	for i := 0; i < len(shares); {
		n := 1
		for i+n < len(shares) && shares[i+n].Equal(shares[i]) {
			n++
		}
		parts = append(parts, fmt.Sprintf("%d x %s", n, shares[i].StringFixed(2)))
		i += n
	}
	return strings.Join(parts, ", ")
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		amount string
		lots   string // quantity/value
		left   string // lot@place:quantity
		want   string
	}{
		{"by the value of the lots", "80.00", "10/1000.00 3/333.33 1/66.67", "0@A:10 1@A:3 2@A:1", "0@A 57.14, 0 gone 0.00, 1@A 19.05, 1 gone 0.00, 2@A 3.81, 2 gone 0.00"},
		{"what is gone bears its part, by quantity", "59.00", "118/7227.50", "0@A:78", "0@A 39.00, 0 gone 20.00"},
		{"several places", "10.00", "9/90.00", "0@A:3 0@B:3", "0@A 3.34, 0@B 3.33, 0 gone 3.33"},
		{"all is gone", "10.00", "9/90.00", "", "0 gone 10.00"},
		{"goods without value share by quantity", "9.00", "1/0 2/0", "0@A:1 1@A:2", "0@A 3.00, 0 gone 0.00, 1@A 6.00, 1 gone 0.00"},
		{"more is there than came", "10.00", "2/20.00", "0@A:1 0@B:3", "0@A 2.50, 0@B 7.50, 0 gone 0.00"},
	} {
		var lots []receivedLot
		for i, l := range strings.Fields(c.lots) {
			quantity, value, _ := strings.Cut(l, "/")
			lots = append(lots, receivedLot{ledger.Commodity{Item: "I", Lot: fmt.Sprint(i)}, decimal.RequireFromString(quantity), decimal.RequireFromString(value)})
		}
		left := func(lot ledger.Commodity) (cells []ledger.Cell) {
			for _, l := range strings.Fields(c.left) {
				name, rest, _ := strings.Cut(l, "@")
				place, quantity, _ := strings.Cut(rest, ":")
				if name == lot.Lot {
					key := ledger.CellKey{Account: ledger.Account(place), Commodity: lot}
					cells = append(cells, ledger.Cell{CellKey: key, Quantity: decimal.RequireFromString(quantity)})
				}
			}
			return cells
		}
		var got []string
		for _, s := range spread(decimal.RequireFromString(c.amount), lots, left, 2) {
			where := "@" + string(s.place)
			if s.place == "" {
				where = " gone"
			}
			got = append(got, s.lot.Lot+where+" "+s.amount.StringFixed(2))
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: got %s, want %s", c.name, g, c.want)
		}
	}
}
