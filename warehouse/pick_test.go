package warehouse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// shelf reads cells written "lot fund quantity [expiry]", in the order that the book gives them.
func shelf(t *testing.T, cells ...string) []ledger.Cell {
	t.Helper()
	var shelf []ledger.Cell
	for _, s := range cells {
		f := append(strings.Fields(s), "")
		c := ledger.Cell{CellKey: ledger.CellKey{Account: "stock:P", Fund: f[1], Commodity: ledger.Commodity{Item: "FOOD", Lot: f[0]}}, Quantity: decimal.RequireFromString(f[2])}
		if err := c.Expires.UnmarshalText([]byte(f[3])); err != nil {
			t.Fatal(err)
		}
		shelf = append(shelf, c)
	}
	return shelf
}

func TestPick(t *testing.T) {
	t.Parallel()
	on, err := ledger.ParseDate("2024-03-10")
	if err != nil {
		t.Fatal(err)
	}
	cells := []string{"L1 A 4 2024-03-09", "L2 A 2 2024-03-10", "L3 B 3 2024-04-01", "GC-P-2024-00001.1 O 9 2024-04-02", "L4 A 5"}
	for _, c := range []struct {
		name      string
		lot, fund string
		quantity  string
		loose     bool // the wish of goods taken as they are
		want      string
	}{
		{"first expired first, usable through the printed day", "", "", "1", false, "1 L2 A"},
		{"over lots and funds", "", "", "6", false, "2 L2 A, 3 L3 B, 1 L4 A"},
		{"all that is usable", "", "", "10", false, "2 L2 A, 3 L3 B, 5 L4 A"},
		{"a named fund", "", "A", "3", false, "2 L2 A, 1 L4 A"},
		{"a named lot", "L4", "", "3", false, "3 L4 A"},
		{"what is kept for its owner goes by name", "", "O", "2", false, "2 GC-P-2024-00001.1 O"},
		{"taken as they are, the oldest first", "", "", "7", true, "4 L1 A, 2 L2 A, 1 L3 B"},
		{
			"too few", "", "", "15", false,
			"insufficient stock:P holds 10 of FOOD, 15 wanted (also there: 4 of lot L1 for fund A expired on 2024-03-09; 9 of lot GC-P-2024-00001.1 for fund O are kept for their owner)",
		},
		{
			"expired goods would have been enough", "", "A", "8", false,
			"expired stock:P holds 7 usable of FOOD for fund A, 8 wanted (also there: 4 of lot L1 for fund A expired on 2024-03-09; 3 of lot L3 for fund B; 9 of lot GC-P-2024-00001.1 for fund O)",
		},
		{
			"a named lot that is expired", "L1", "", "1", false,
			"expired stock:P holds 0 usable of FOOD/L1, 1 wanted (also there: 4 of lot L1 for fund A expired on 2024-03-09; 2 of lot L2 for fund A; 3 of lot L3 for fund B; 9 of lot GC-P-2024-00001.1 for fund O; and others)",
		},
		{"a lot that is not there", "L9", "", "1", true, "insufficient stock:P holds 0 of FOOD/L9, 1 wanted (also there: 4 of lot L1 for fund A; 2 of lot L2 for fund A; 3 of lot L3 for fund B; 9 of lot GC-P-2024-00001.1 for fund O; and others)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := line{item: Item{Code: "FOOD"}, lot: c.lot, fund: c.fund, quantity: decimal.RequireFromString(c.quantity)}
			w := named(l, on)
			if c.loose {
				w = whatever(l, on)
			}
			shelf := shelf(t, cells...)
			picked, missing := pick(shelf, w)
			var got []string
			for _, p := range picked {
				got = append(got, fmt.Sprintf("%s %s %s", p.quantity, p.Commodity.Lot, p.Fund))
			}
			if missing.IsPositive() {
				f := tooFew("stock:P", shelf, w, missing).Faults[0]
				got = []string{fmt.Sprintf("%s %s (%s)", f.Code, f.Message, f.Hint)}
			}
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPickFromNothing(t *testing.T) {
	t.Parallel()
	w := named(line{item: Item{Code: "FOOD"}, quantity: decimal.NewFromInt(2)}, 1)
	picked, missing := pick(nil, w)
	if len(picked) > 0 || !missing.Equal(w.quantity) {
		t.Errorf("picked %v, missing %s", picked, missing)
	}
	if f := tooFew("stock:P", nil, w, missing).Faults[0]; f.Message != "stock:P holds 0 of FOOD, 2 wanted" || f.Hint != "" {
		t.Errorf("got %+v", f)
	}
}
