package main

import (
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// limit is an amount that is not gone beyond, or none.
type limit struct{ decimal.NullDecimal }

const noLimit = "none"

// String is the amount, or none.
func (l *limit) String() string {
	if !l.Valid {
		return noLimit
	}
	return l.Decimal.String()
}

// Set reads an amount of zero or more, or none. Nothing at all is refused: a line that lost its value must not take the limit away.
func (l *limit) Set(s string) error {
	if s == noLimit {
		l.NullDecimal = decimal.NullDecimal{}
		return nil
	}
	amount, err := ledger.ParseNumber(s, ledger.MaxDecimals)
	if err != nil {
		return fmt.Errorf("%.40q is no amount of zero or more, nor none", s)
	}
	l.NullDecimal = decimal.NewNullDecimal(amount)
	return nil
}

// Type is what the help calls it.
func (l *limit) Type() string { return "amount" }
