// Package warehouse keeps goods: what there is, where it is, and how it moves.
package warehouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Keeper is who answers for the goods of one book: it keeps their registers and builds the proposals that move them.
// It is safe for any number of callers.
type Keeper struct {
	Book *ledger.Book

	// Charge refuses a fund that may not bear something on that date, and says whether the fund holds goods for their owner.
	// Nil means that funds are not checked.
	Charge func(ctx context.Context, fund string, on ledger.Date) (custody bool, err error)
	// Campaign refuses a campaign or action that is not there or not running on that date, and says whether the
	// campaign is a drill. Nil means that campaigns are not checked.
	Campaign func(ctx context.Context, code, action string, on ledger.Date) (drill bool, err error)

	// ShortLimit is the most that one person alone may give up of a waybill, in the book's currency. Without it one may give up anything.
	ShortLimit decimal.NullDecimal

	Items     *register.Register[Item]
	Locations *register.Register[Location]
	Parties   *register.Register[Party]
}

// NewKeeper gives the keeper of a book. The clock dates changes of its registers; nil means time.Now.
func NewKeeper(book *ledger.Book, now func() time.Time) *Keeper {
	return &Keeper{
		Book:      book,
		Items:     register.Open(book, now, itemRules),
		Locations: register.Open(book, now, locationRules),
		Parties:   register.Open(book, now, partyRules),
	}
}
