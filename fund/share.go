package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// EqualShares splits total into n parts that differ by one smallest unit at most and add up to it exactly; the larger parts come first.
func EqualShares(total decimal.Decimal, n int, decimals int32) []decimal.Decimal {
	ones := make([]decimal.Decimal, n)
	for i := range ones {
		ones[i] = decimal.NewFromInt(1)
	}
	return ledger.Shares(total, ones, decimals)
}

// share is the part of an amount that belongs to goods of one lot: those that are left in one real place, or, when place is empty,
// those that are gone.
type share struct {
	place  ledger.Account
	lot    ledger.Commodity
	amount decimal.Decimal
	worth  decimal.Decimal // what the goods of that place carry now
}

// spread shares amount over what came with a receipt: first over its lots by the value they came with, then within a lot by quantity
// over the places where it is and the part that is gone, so that goods already used bear their own part of a late bill.
func spread(amount decimal.Decimal, lots []receivedLot, left func(ledger.Commodity) []ledger.Cell, decimals int32) []share {
	var shares []share
	for i, part := range ledger.Shares(amount, lotWeights(lots), decimals) {
		shares = append(shares, lots[i].spread(part, left(lots[i].Commodity), decimals)...)
	}
	return shares
}

// lotWeights are the values of the lots as received. Gifts taken in at nothing have no value to share by: then quantity decides.
func lotWeights(lots []receivedLot) []decimal.Decimal {
	values, quantities := make([]decimal.Decimal, len(lots)), make([]decimal.Decimal, len(lots))
	for i, lot := range lots {
		values[i], quantities[i] = lot.Value, lot.Quantity
	}
	if decimal.Sum(decimal.Zero, values...).IsZero() {
		return quantities
	}
	return values
}

func (l receivedLot) spread(amount decimal.Decimal, left []ledger.Cell, decimals int32) []share {
	gone := l.Quantity
	weights := make([]decimal.Decimal, len(left), len(left)+1)
	shares := make([]share, len(left), len(left)+1)
	for i, c := range left {
		gone = gone.Sub(c.Quantity)
		weights[i], shares[i] = c.Quantity, share{place: c.Account, lot: l.Commodity, worth: c.Value}
	}
	// Goods found over what came leave nothing gone.
	weights = append(weights, decimal.Max(gone, decimal.Zero))
	shares = append(shares, share{lot: l.Commodity})
	for i, part := range ledger.Shares(amount, weights, decimals) {
		shares[i].amount = part
	}
	return shares
}
