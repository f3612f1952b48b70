package warehouse

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Kinds of receipts: what the goods are to the operation decides which account they come from.
const (
	Purchase = "purchase" // bought: supplier:S, at the order's price
	InKind   = "in-kind"  // given: donor:D, at fair value with its evidence
	Opening  = "opening"  // there before the book began: opening:L
	Custody  = "custody"  // held for its owner: custody:O, in a custody fund
)

// Receipt brings goods into a location. Every line becomes a lot of its own with its own cost.
type Receipt struct {
	Location  string        `json:"location" maxLength:"80" example:"ST-5101-01" doc:"Where the goods are taken in."`
	Kind      string        `json:"kind" enum:"purchase,in-kind,opening,custody" example:"purchase" doc:"Bought, given in kind, there before the book began, or held for their owner."`
	Party     string        `json:"party,omitempty" maxLength:"80" example:"SUP-COTTON" doc:"The supplier, donor or owner. Opening stock has none."`
	Fund      string        `json:"fund" maxLength:"80" example:"WINTER-23" doc:"The fund that pays for the goods or that they were given to."`
	On        ledger.Date   `json:"on,omitempty" required:"false" example:"2023-11-03" doc:"Business date; today when absent."`
	Reference string        `json:"reference,omitempty" maxLength:"120" example:"PO-2023-118" doc:"Number on the sender's paper."`
	Evidence  string        `json:"evidence,omitempty" enum:"invoice,quotation,appraisal,none" example:"quotation" doc:"What the fair value of goods in kind rests on; required for them."`
	Unvalued  string        `json:"unvalued,omitempty" enum:"zero,nominal" example:"nominal" doc:"How goods in kind without evidence are valued: zero is 0.00, nominal is 1.00 a line. Zero when absent."`
	Lines     []ReceiptLine `json:"lines" minItems:"1" maxItems:"500"`
}

// ReceiptLine is one lot taken in. Its cost is given once: by the unit or for the whole line.
type ReceiptLine struct {
	Item       string           `json:"item" maxLength:"80" example:"QUILT"`
	Quantity   decimal.Decimal  `json:"quantity" example:"120" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack       string           `json:"pack,omitempty" maxLength:"80" example:"bale" doc:"A pack of the item; base units when absent."`
	UnitPrice  *decimal.Decimal `json:"unit_price,omitempty" example:"61.25" doc:"Price of one base unit. Times the quantity it must be exact in the currency's decimals."`
	Value      *decimal.Decimal `json:"value,omitempty" example:"7350.00" doc:"Cost or fair value of the whole line."`
	Batch      string           `json:"batch,omitempty" maxLength:"80" example:"B2310-7" doc:"The maker's batch number."`
	ProducedOn ledger.Date      `json:"produced_on,omitempty" required:"false" example:"2023-10-01"`
	ExpiresOn  ledger.Date      `json:"expires_on,omitempty" required:"false" example:"2024-09-30" doc:"Last usable day. Filled from the day of production and the item's shelf life when absent."`
}
