package fund

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Payment is money that leaves a fund's bank account or money box.
type Payment struct {
	On         ledger.Date     `json:"on" required:"false" doc:"Business date; today in the book's zone when absent."`
	Kind       string          `json:"kind" enum:"supplier,relief-cash,charity,project" doc:"What is owed to a supplier or carrier; relief cash to a person; help out of a charity's money; a share of a project."`
	Fund       string          `json:"fund" maxLength:"80" doc:"Fund that pays. It pays only with its own money." example:"WINTER-23"`
	Bank       string          `json:"bank" maxLength:"85" doc:"Bank account that pays; cash:CODE for a money box." example:"ICBC-5101"`
	Payee      string          `json:"payee" maxLength:"80" doc:"Party owed; or the pseudonym of a person, never a name or an identity number; or the institution of a project." example:"p-000123"`
	Amount     decimal.Decimal `json:"amount" doc:"In the book's currency." example:"482.00"`
	Campaign   string          `json:"campaign" required:"false" maxLength:"80" doc:"Campaign that counts it." example:"WINTER-2023"`
	Action     string          `json:"action" required:"false" maxLength:"80" doc:"Action of the campaign."`
	Location   string          `json:"location" required:"false" maxLength:"80" doc:"Location that reports it; required for relief cash and projects." example:"ST-5101"`
	Reference  string          `json:"reference" required:"false" maxLength:"120" doc:"Case number, or the bank's reference."`
	Prepayment bool            `json:"prepayment" required:"false" doc:"True to pay a supplier more than the fund owes it, ahead of the invoice."`
}
