package ledger

import (
	"cmp"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Move takes a quantity of one commodity, and the cost it carries, from one account to another inside one fund.
// An unbalanced move cannot be written down. A move of quantity zero carries value only: freight, a price difference.
type Move struct {
	From, To Account
	Fund     string
	Commodity
	Quantity decimal.Decimal
	Value    decimal.Decimal
}

// Header says what an entry is, when it happened, who made it, and under which key it was sent.
type Header struct {
	Kind  string // receipt, handout, payment …
	On    Date   // business date in the book's time zone
	Actor string // who is answerable for it
	// Key is the sender's idempotency key: the same key with the same content is answered with the first answer.
	Key string
	// Content is what the sender asked for, as a JSON-able value, exactly as sent and before any default is filled in.
	// It is what "the same content" means.
	Content any
}

// Entry is a fact in the book. It never changes; a correction is a reversal linked to it, then the right entry.
type Entry struct {
	Number     int64
	Kind       string
	On         Date
	RecordedAt time.Time
	Actor      string
	Key        string
	Document   string // HO-0031-2023-00233, empty when the entry has no paper of its own
	Reverses   int64  // number of the entry undone by this one, or 0
	Moves      []Move
}

// Posted is the answer to a proposal.
type Posted struct {
	Entry
	// Replayed is true when the key had been posted before and this is the first answer again.
	Replayed bool
}

// By is who sends a request, and under which idempotency key.
type By struct {
	Actor string
	Key   string
}

// checkMove refuses what no entry may hold, whoever composed it. Only a reversal is as long as its original: an old book may have taken one
// in that would be refused now, and must get rid of it.
func (i Info) checkMove(m Move, reversal bool) error {
	if err := cmp.Or(m.From.check(), m.To.check(), CheckCode("fund", m.Fund), CheckCode("item", m.Item)); err != nil {
		return err
	}
	switch {
	case m.Lot != "" && CheckCode("lot", m.Lot) != nil:
		return CheckCode("lot", m.Lot)
	case m.From == m.To:
		return fmt.Errorf("a move from %s to itself", m.From)
	case !reversal && (TooLong(m.Quantity) || TooLong(m.Value)):
		return fmt.Errorf("a move of %s worth %s, at most %d digits before the point wanted", m.Quantity, m.Value, MaxIntegerDigits)
	case m.Quantity.IsNegative() || m.Value.IsNegative():
		return fmt.Errorf("a move of %s worth %s: the direction is said by its ends, not by a sign", m.Quantity, m.Value)
	case m.Quantity.IsZero() && m.Value.IsZero():
		return fmt.Errorf("a move of nothing from %s to %s", m.From, m.To)
	case !m.Value.Equal(m.Value.Truncate(i.Decimals)):
		return fmt.Errorf("value %s has more than %d decimals", m.Value, i.Decimals)
	case m.Commodity == i.Money() && !m.Quantity.Equal(m.Value):
		return fmt.Errorf("%s %s worth %s: the book's own money is worth itself", m.Quantity, m.Item, m.Value)
	}
	return nil
}
