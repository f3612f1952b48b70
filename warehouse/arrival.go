package warehouse

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Outcomes of goods on a waybill. The last two are written by a recall and a close-short.
const (
	Good        = "good"
	Damaged     = "damaged"
	Short       = "short"
	Over        = "over"
	Refused     = "refused"
	Recalled    = "recalled"
	ClosedShort = "closed-short"
)

// Arrival receives a part or all of a waybill at its destination. A waybill may arrive in several parts;
// receiving anything twice fails by what is left in transit.
type Arrival struct {
	Waybill string        `json:"waybill,omitempty" maxLength:"80" example:"WB-ST-5101-01-2023-00007" doc:"Document number of the dispatch; the path's where the path names one."`
	On      ledger.Date   `json:"on,omitempty" required:"false" example:"2023-12-02" doc:"Business date; today when absent."`
	Lines   []ArrivalLine `json:"lines" minItems:"1" maxItems:"500"`
}

// ArrivalLine says what became of goods. Good goods join the stock, damaged ones the quarantine at their full cost. Short goods are lost
// or claimed from the carrier. Refused goods stay in transit until a recall takes them back. Goods over the waybill come from
// found:<location>, worth nothing unless a value is stated.
type ArrivalLine struct {
	Item     string           `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal  `json:"quantity" example:"39" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string           `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string           `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Which lot of the waybill; first expired first when absent."`
	Fund     string           `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Whose goods; any of the waybill's when absent."`
	Outcome  string           `json:"outcome" enum:"good,damaged,short,over,refused" example:"good"`
	Claim    bool             `json:"claim,omitempty" doc:"For short goods: the carrier must make them good; otherwise they are lost."`
	Value    *decimal.Decimal `json:"value,omitempty" example:"61.25" doc:"For goods over the waybill: what they are worth. 0.00 when absent."`
	Reason   string           `json:"reason,omitempty" maxLength:"300" example:"torn in loading" doc:"Required unless the goods are good."`
}
