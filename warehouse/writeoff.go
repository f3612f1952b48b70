package warehouse

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// WriteOff proposes to dispose of damaged or expired goods. It takes them out of use at once, into the quarantine of their location;
// approval by another person writes them off, and a reversal of the proposal puts them back.
type WriteOff struct {
	Location string         `json:"location" maxLength:"80" example:"PT-0031"`
	Reason   string         `json:"reason" minLength:"1" maxLength:"300" example:"wet after the roof leaked"`
	On       ledger.Date    `json:"on,omitempty" required:"false" example:"2024-01-05" doc:"Business date; today when absent."`
	Lines    []WriteOffLine `json:"lines" minItems:"1" maxItems:"500"`
}

// WriteOffLine names the goods by their lot, because a disposal is about these goods and no others.
type WriteOffLine struct {
	Item        string          `json:"item" maxLength:"80" example:"QUILT"`
	Lot         string          `json:"lot" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1"`
	Fund        string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Whose goods; those of every fund in turn when absent."`
	Quantity    decimal.Decimal `json:"quantity" example:"2" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack        string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Quarantined bool            `json:"quarantined,omitempty" doc:"The goods already are in quarantine: they arrived or came back damaged."`
}

// WriteOffApproval writes the goods of a proposal off. Its maker is another person than the proposal's.
type WriteOffApproval struct {
	Proposal    string      `json:"proposal,omitempty" maxLength:"80" example:"WO-PT-0031-2024-00001" doc:"Document number of the proposal; the path's where the path names one."`
	Certificate string      `json:"certificate" minLength:"1" maxLength:"120" example:"DC-2024-017" doc:"Number of the disposal certificate."`
	On          ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-08" doc:"Business date; today when absent."`
}
