package fund

import (
	"errors"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// burden is a late bill on its way from an account that holds both goods and money onto the goods of a receipt.
type burden struct {
	book    ledger.Info
	r       received
	through ledger.Account // supplier:S for a price, landed:R for freight
	expense ledger.Account // bears what belongs to goods that are gone
}

// needs names the lots wherever they are, and the accounts that value passes through.
func (b burden) needs() ledger.Needs {
	needs := ledger.Needs{Groups: currency(b.book, b.through, b.expense)}
	for _, lot := range b.r.lots {
		needs.Lots = append(needs.Lots, lot.Commodity)
		needs.Groups = append(needs.Groups, ledger.Group{Account: b.through, Item: lot.Item})
	}
	return needs
}

// spread puts amount onto the goods that are left, or takes a negative one off them, and leaves the share of goods that are gone to
// expense. Goods are not lowered below nothing: what they cannot bear lowers the expense.
func (b burden) spread(d *ledger.Draft, amount decimal.Decimal) error {
	if amount.IsZero() {
		return nil
	}
	lower, gone := amount.IsNegative(), decimal.Zero
	for _, s := range spread(amount.Abs(), b.r.lots, b.r.left(d), b.book.Decimals) {
		borne := s.amount
		switch {
		case s.place == "":
			borne = decimal.Zero
		case lower:
			borne = decimal.Min(s.amount, s.worth)
		}
		gone = gone.Add(s.amount.Sub(borne))
		if err := b.move(d, lower, ledger.Move{To: s.place, Commodity: s.lot, Value: borne}); err != nil {
			return dateLater(err)
		}
	}
	return b.move(d, lower, ledger.Move{To: b.expense, Commodity: b.book.Money(), Quantity: gone, Value: gone})
}

// move records m, which says where value goes to, the other way round when it is taken off. A share of nothing moves nothing.
func (b burden) move(d *ledger.Draft, back bool, m ledger.Move) error {
	if m.Value.IsZero() {
		return nil
	}
	m.From, m.Fund = b.through, b.r.fund
	if back {
		m.From, m.To = m.To, m.From
	}
	return d.Move(m)
}

// dateLater explains the one way in which spreading a bill can fail: on its date the goods were not yet where they are now.
func dateLater(err error) error {
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	for i := range refusal.Faults {
		refusal.Faults[i].Pointer = "/on"
		refusal.Faults[i].Hint = "the goods have moved since: date the bill on or after the day of their last movement"
	}
	return refusal
}
