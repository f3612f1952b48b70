package ledger

import "github.com/shopspring/decimal"

// Amount is money as an answer writes it: with every decimal that it was read with, so that 148.90 does not become 148.9.
type Amount struct{ decimal.Decimal }

// String writes all its decimals.
func (a Amount) String() string { return a.StringFixed(max(0, -a.Exponent())) }

// MarshalJSON writes it as a text, as every number is written.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(`"` + a.String() + `"`), nil }
