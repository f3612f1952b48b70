package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Invoice is a supplier's bill for the goods of one receipt. Its fund is the receipt's own.
type Invoice struct {
	On        ledger.Date     `json:"on" required:"false" doc:"Business date; today in the book's zone when absent."`
	Receipt   string          `json:"receipt" maxLength:"80" doc:"Document number of the purchase receipt it bills." example:"GR-5101-2023-00042"`
	Party     string          `json:"party" maxLength:"80" doc:"Supplier that sends it; it must be the receipt's own." example:"S-0001"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency; 0 only on a final invoice, to settle with nothing more to come." example:"7227.50"`
	Final     bool            `json:"final" required:"false" doc:"True on the last invoice of the receipt: the difference to the order value then revalues the goods that are left, and what is gone goes to expense:price-difference."`
	Reference string          `json:"reference" required:"false" maxLength:"120" doc:"The supplier's invoice number."`
}
