package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/ledger"
)

func TestBalances(t *testing.T) {
	w := newWorld(t)
	coat := ledger.Commodity{Item: "COAT", Lot: "L2"}
	w.post(receive(w.key(), day("2024-01-10"), quilt, "stock:A", "3", "100.00"))    // 1
	w.post(take(w.key(), day("2024-01-20"), quilt, "stock:A", "handed-out:A", "1")) // 2, takes 33.33
	w.post(receive(w.key(), day("2024-01-15"), coat, "stock:B", "10", "500.00"))    // 3
	w.post(take(w.key(), day("2024-01-12"), quilt, "stock:A", "transit:W", "1"))    // 4, backdated, takes 33.34
	w.post(take(w.key(), day("2024-01-25"), quilt, "stock:A", "handed-out:A", "1")) // 5, takes all
	w.post(take(w.key(), day("2024-01-25"), coat, "stock:B", "stock:A", "4"))       // 6

	stock := ledger.Selection{Classes: []ledger.Class{ledger.Stock}}
	for _, c := range []struct {
		name string
		s    ledger.Selection
		at   ledger.Moment
		want []string
	}{
		{"now", ledger.Selection{}, ledger.Moment{}, []string{
			"handed-out:A QUILT/L1 F1: 2 worth 66.66", "stock:A COAT/L2 F1: 4 worth 200", "stock:B COAT/L2 F1: 6 worth 300",
			"supplier:S COAT/L2 F1: -10 worth -500", "supplier:S QUILT/L1 F1: -3 worth -100", "transit:W QUILT/L1 F1: 1 worth 33.34",
		}},
		{"one class", stock, ledger.Moment{}, []string{"stock:A COAT/L2 F1: 4 worth 200", "stock:B COAT/L2 F1: 6 worth 300"}},
		{"one item in two accounts", ledger.Selection{Accounts: []ledger.Account{"stock:A", "transit:W"}, Items: []string{"QUILT"}}, ledger.Moment{}, []string{"transit:W QUILT/L1 F1: 1 worth 33.34"}},
		{"one lot", ledger.Selection{Lots: []string{"L2"}, Classes: []ledger.Class{ledger.Supplier}}, ledger.Moment{}, []string{"supplier:S COAT/L2 F1: -10 worth -500"}},
		{"another fund", ledger.Selection{Funds: []string{"F2"}}, ledger.Moment{}, nil},
		{"before anything", ledger.Selection{}, ledger.Moment{AsOf: day("2024-01-09")}, nil},
		{"as of a date, with what was recorded late", stock, ledger.Moment{AsOf: day("2024-01-12")}, []string{"stock:A QUILT/L1 F1: 2 worth 66.66"}},
		{"as of the day between", stock, ledger.Moment{AsOf: day("2024-01-20")}, []string{"stock:A QUILT/L1 F1: 1 worth 33.33", "stock:B COAT/L2 F1: 10 worth 500"}},
		{"as known at the first entry", ledger.Selection{}, ledger.Moment{KnownAt: 1}, []string{"stock:A QUILT/L1 F1: 3 worth 100", "supplier:S QUILT/L1 F1: -3 worth -100"}},
		{"as known before the late one", stock, ledger.Moment{KnownAt: 3}, []string{"stock:A QUILT/L1 F1: 2 worth 66.67", "stock:B COAT/L2 F1: 10 worth 500"}},
		{"a date as known before the late one", stock, ledger.Moment{AsOf: day("2024-01-12"), KnownAt: 3}, []string{"stock:A QUILT/L1 F1: 3 worth 100"}},
		{"a date as known after the late one", stock, ledger.Moment{AsOf: day("2024-01-12"), KnownAt: 4}, []string{"stock:A QUILT/L1 F1: 2 worth 66.66"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells, err := ledger.Balances(t.Context(), w.DB(), w.Info, c.s, c.at)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, b := range cells {
				found = append(found, fmt.Sprintf("%s %s %s: %s worth %s", b.Account, b.Commodity, b.Fund, b.Quantity, b.Value))
			}
			if !slices.Equal(found, c.want) {
				t.Errorf("found:\n%s\nwant:\n%s", strings.Join(found, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}

	one, err := ledger.Balance(t.Context(), w.DB(), w.Info, ledger.CellKey{Account: "stock:A", Fund: "F1", Commodity: coat}, ledger.Moment{})
	if err != nil || !one.Quantity.Equal(dec("4")) || one.Received != day("2024-01-15") {
		t.Errorf("one cell: %+v, %v", one, err)
	}
}
