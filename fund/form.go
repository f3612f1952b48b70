package fund

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

const maxReference = 120

// form collects everything that is wrong with one request, so that the sender reads all of it at once.
type form struct {
	o      *Officer
	ctx    context.Context
	faults ledger.Faults
	err    error
}

func (o *Officer) form(ctx context.Context) *form { return &form{o: o, ctx: ctx} }

// add collects a refusal of the field at pointer; any other error ends the form.
func (f *form) add(pointer string, err error) {
	f.err = errors.Join(f.err, f.faults.Add(pointer, err))
}

func (f *form) refuse(pointer, format string, args ...any) {
	f.add(pointer, ledger.Refuse(ledger.Invalid, "", fmt.Sprintf(format, args...)))
}

func (f *form) code(pointer, code string) bool {
	what := path.Base(pointer)
	switch err := ledger.CheckCode(what, code); {
	case err != nil:
		f.refuse(pointer, "%s", err)
	case ledger.HoldsResidentNumber(code):
		f.refuse(pointer, "%s holds a resident number, a code or pseudonym without one wanted", what)
	default:
		return true
	}
	return false
}

func (f *form) optionalCode(pointer, code string) {
	if code != "" {
		f.code(pointer, code)
	}
}

// party wants a party of one of the kinds.
func (f *form) party(pointer, code string, kinds ...string) {
	if f.code(pointer, code) && f.o.Party != nil {
		f.add(pointer, f.o.Party(f.ctx, code, kinds...))
	}
}

// place wants a location that is open on the date.
func (f *form) place(pointer, location string, on ledger.Date) {
	if f.code(pointer, location) && f.o.Place != nil {
		f.add(pointer, f.o.Place(f.ctx, location, on))
	}
}

// known wants a location that is in the register. It may have closed: what it holds is still there.
func (f *form) known(pointer, location string) {
	if f.o.Place == nil || ledger.CheckCode("location", location) != nil {
		return
	}
	err := f.o.Place(f.ctx, location, f.o.Book.Today())
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Code() == ledger.NotFound {
		f.add(pointer, err)
	}
}

func (f *form) oneOf(pointer, given string, allowed ...string) {
	if !slices.Contains(allowed, given) {
		f.refuse(pointer, "%s %.40q is none of %s", pointer[1:], given, strings.Join(allowed, ", "))
	}
}

// amount wants an amount of the book's currency above zero, with no more decimals than the currency has.
func (f *form) amount(pointer string, amount decimal.Decimal) bool {
	limit := f.o.Book.Decimals
	if !f.number(pointer, amount) {
		return false
	}
	if !amount.Equal(amount.Truncate(limit)) {
		f.refuse(pointer, "%s %s has more than %d decimals", path.Base(pointer), amount, limit)
		return false
	}
	return true
}

// signed wants an amount of the book's currency that may be below zero, or zero.
func (f *form) signed(pointer string, amount ledger.Signed) bool {
	return amount.IsZero() || f.amount(pointer, amount.Abs())
}

// number wants a number above zero. Its length is looked at first, because arithmetic on a huge exponent never ends.
func (f *form) number(pointer string, n decimal.Decimal) bool {
	what := path.Base(pointer)
	switch {
	case ledger.TooLong(n) || -n.Exponent() > ledger.MaxDecimals:
		f.refuse(pointer, "%s has more than %d digits before or %d after the point", what, ledger.MaxIntegerDigits, ledger.MaxDecimals)
	case n.Sign() <= 0:
		f.refuse(pointer, "%s %s is not above zero", what, n)
	default:
		return true
	}
	return false
}

// text is s in its one spelling, or a fault. The request under the key keeps what was sent, because a repeated one is compared with it.
func (f *form) text(pointer, what, s string, most int, required bool) string {
	clean, err := ledger.Text(what, s, most, required)
	if err != nil {
		f.refuse(pointer, "%s", err)
	}
	return clean
}

// own wants a fund of the operation's own money: what is held for its owner earns nothing, owes nothing and lends nothing.
func (f *form) own(pointer, code string) bool {
	fund, err := f.o.Funds.Find(f.ctx, code)
	if err == nil && fund.Custody {
		err = ledger.Refuse(ledger.FundNotAllowed, "", fmt.Sprintf("fund %s holds goods for their owner, an own fund wanted", code))
	}
	f.add(pointer, err)
	return err == nil
}

// charge wants an own fund that is valid on the date.
func (f *form) charge(pointer, code string, on ledger.Date) {
	if f.own(pointer, code) {
		_, err := f.o.Charge(f.ctx, code, on)
		f.add(pointer, err)
	}
}

func (f *form) end() error {
	if f.err != nil {
		return f.err
	}
	return f.faults.Err()
}

// header dates a request: no date means today.
func (o *Officer) header(kind string, by ledger.By, on ledger.Date, content any) ledger.Header {
	if on.IsZero() {
		on = o.Book.Today()
	}
	return ledger.Header{Kind: kind, On: on, Actor: by.Actor, Key: by.Key, Content: content}
}

// series numbers the papers of one kind, gapless within a fund and a year, because a fund is what an auditor asks for.
// PC numbers the closings of purchases by fund and those of points by location: where a fund and a location have one code they share a series,
// gapless and unique as a whole, and not within each.
func series(prefix, fund string, on ledger.Date) string {
	return fmt.Sprintf("%s-%s-%d", prefix, fund, on.Year())
}
