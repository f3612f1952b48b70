package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Freight is a carrier's bill for bringing in the goods of one receipt. It becomes part of their cost, in the receipt's own fund.
type Freight struct {
	On        ledger.Date     `json:"on" required:"false" doc:"Business date; today in the book's zone when absent."`
	Receipt   string          `json:"receipt" maxLength:"80" doc:"Document number of the receipt that was carried." example:"GR-5101-2023-00042"`
	Party     string          `json:"party" maxLength:"80" doc:"Carrier that sends the bill." example:"C-0001"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency." example:"150.00"`
	Reference string          `json:"reference" required:"false" maxLength:"120" doc:"The carrier's bill number."`
}
