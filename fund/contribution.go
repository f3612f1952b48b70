package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Contribution is money that arrives for a fund: a grant or a gift.
type Contribution struct {
	On        ledger.Date     `json:"on" required:"false" doc:"Business date; today in the book's zone when absent."`
	Fund      string          `json:"fund" maxLength:"80" doc:"Fund that the money belongs to." example:"WINTER-23"`
	Kind      string          `json:"kind" enum:"grant,gift" doc:"A grant under an agreement, or a gift."`
	Party     string          `json:"party" maxLength:"80" doc:"Donor that gives it." example:"D-0001"`
	Bank      string          `json:"bank" maxLength:"85" doc:"Bank account that takes it in; cash:CODE for a money box." example:"ICBC-5101"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency." example:"30000.00"`
	Reference string          `json:"reference" required:"false" maxLength:"120" doc:"The donor's or the bank's reference."`
}
