package report

import "github.com/shopspring/decimal"

// Number is a quantity or an amount in a report, written in plain digits. It may be below zero: what is owed is.
// Amounts have all decimals of the currency, so that 289.50 does not become 289.5.
type Number string

func (r Room) amount(d decimal.Decimal) Number { return Number(d.StringFixed(r.Book.Decimals)) }

func quantity(d decimal.Decimal) Number { return Number(d.String()) }
