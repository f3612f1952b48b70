// Package fund keeps money: who gave it, for what, and what became of it.
package fund

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Officer is who answers for the money of one book: it keeps the register of funds and builds the proposals that move money.
// It is safe for any number of callers.
type Officer struct {
	Book *ledger.Book

	// Campaign refuses a campaign or action that is not there or not running on that date, and says whether the
	// campaign is a drill. Nil means that campaigns are not checked.
	Campaign func(ctx context.Context, code, action string, on ledger.Date) (drill bool, err error)

	// Place refuses a location that is not there or not open on that date. Nil means that locations are not checked.
	Place func(ctx context.Context, location string, on ledger.Date) error
	// Party refuses a party that is not there or of another kind than these. Nil means that parties are not checked.
	Party func(ctx context.Context, code string, kinds ...string) error
	// Item refuses an item that is not there, or a quantity that its base unit cannot count. Nil means that items are not checked.
	Item func(ctx context.Context, code string, quantity decimal.Decimal) error

	Funds *register.Register[Fund]
}

// NewOfficer gives the officer of a book. The clock dates changes of the register; nil means time.Now.
func NewOfficer(book *ledger.Book, now func() time.Time) *Officer {
	return &Officer{Book: book, Funds: register.Open(book, now, fundRules)}
}

// Charge refuses a fund that is not in the register, with NotFound, or not valid on that date, with NotOpen, and says whether it holds
// goods for their owner.
func (o *Officer) Charge(ctx context.Context, fund string, on ledger.Date) (custody bool, err error) {
	f, err := o.Funds.Find(ctx, fund)
	if err != nil || f.period().Holds(on) {
		return f.Custody, err
	}
	return f.Custody, &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.NotOpen, Fund: f.Code,
		Message: fmt.Sprintf("fund %s is valid %s, not on %s", f.Code, f.period(), on),
	}}}
}
