package warehouse

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// HandoutReturn brings back a part of a handout, at the cost it left with.
type HandoutReturn struct {
	Handout string              `json:"handout,omitempty" maxLength:"80" example:"HO-PT-0031-2023-00233" doc:"Document number of the handout; the path's where the path names one."`
	Reason  string              `json:"reason" minLength:"1" maxLength:"300" example:"came back unused"`
	On      ledger.Date         `json:"on,omitempty" required:"false" example:"2023-12-25" doc:"Business date; today when absent."`
	Lines   []HandoutReturnLine `json:"lines" minItems:"1" maxItems:"200"`
}

// HandoutReturnLine is goods that came back. They return to the stock of the point, damaged ones to its quarantine.
type HandoutReturnLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"1" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Which lot of the handout; in the order of its moves when absent."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Whose goods; any of the handout's when absent."`
	Damaged  bool            `json:"damaged,omitempty" doc:"The goods may not be handed out again."`
}
