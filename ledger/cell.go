package ledger

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Commodity is what a move moves: a lot of an item, or a currency (Lot empty).
type Commodity struct {
	Item string
	Lot  string
}

// String writes ITEM/LOT, or the currency's code.
func (c Commodity) String() string {
	if c.Lot == "" {
		return c.Item
	}
	return c.Item + "/" + c.Lot
}

// ParseCommodity reads what String writes.
func ParseCommodity(s string) Commodity {
	item, lot, _ := strings.Cut(s, "/")
	return Commodity{Item: item, Lot: lot}
}

// Lot is the register row of a commodity: what the book must know of a lot to keep its numbers exact
// and to choose which one leaves first. It is written once, with the entry that brings the lot in.
type Lot struct {
	Commodity
	Decimals int32 // of a quantity
	Expires  Date  // usable through this day; zero for goods that do not expire
	Received Date
}

// CellKey names a cell: the quantity and value of one commodity, in one account, of one fund.
type CellKey struct {
	Account Account
	Fund    string
	Commodity
}

// Cell is a balance: nothing else in the system stores one.
// Quantities are in the item's base unit, values in the book's currency.
type Cell struct {
	CellKey
	Quantity decimal.Decimal
	Value    decimal.Decimal
	Expires  Date
	Received Date
	Decimals int32
}

// FirstExpired orders cells by the rule "first expired, first out": earliest expiry, goods that do not expire last,
// then earliest receipt, then lot and fund so that the order is total and two servers choose alike.
func FirstExpired(a, b Cell) int {
	return cmp.Or(
		compareExpiry(a.Expires, b.Expires),
		cmp.Compare(a.Received, b.Received),
		cmp.Compare(a.Lot, b.Lot),
		cmp.Compare(a.Fund, b.Fund),
		cmp.Compare(a.Item, b.Item),
		cmp.Compare(a.Account, b.Account),
	)
}

func compareExpiry(a, b Date) int {
	if a.IsZero() || b.IsZero() {
		return -cmp.Compare(a, b)
	}
	return cmp.Compare(a, b)
}

func sortCells(cells []Cell) []Cell {
	slices.SortFunc(cells, FirstExpired)
	return cells
}
