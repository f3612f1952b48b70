package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Interfund lets one fund use another's goods or money, openly: both funds show the debt.
// Repayment is the same the other way.
type Interfund struct {
	On       ledger.Date     `json:"on" required:"false" doc:"Business date; today in the book's zone when absent."`
	FromFund string          `json:"from_fund" maxLength:"80" doc:"Fund that gives." example:"WINTER-23"`
	ToFund   string          `json:"to_fund" maxLength:"80" doc:"Fund that takes." example:"CITY-GIFT"`
	Account  string          `json:"account" maxLength:"88" doc:"Where the goods or the money are and stay: stock:LOCATION, bank:CODE or cash:CODE." example:"stock:ST-5101"`
	Item     string          `json:"item" required:"false" maxLength:"80" doc:"Item lent; absent for money."`
	Lot      string          `json:"lot" required:"false" maxLength:"80" doc:"Lot lent; first expired first when absent."`
	Quantity decimal.Decimal `json:"quantity" doc:"In the item's base unit; an amount in the book's currency for money." example:"5"`
	Reason   string          `json:"reason" minLength:"1" maxLength:"500" doc:"Why, and when it is to be given back."`
}
