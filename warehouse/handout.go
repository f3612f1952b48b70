package warehouse

import (
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Handout gives goods to people. Nobody is named: people are counted, or known by a pseudonym.
type Handout struct {
	Location  string        `json:"location" maxLength:"80" example:"PT-0031"`
	Campaign  string        `json:"campaign,omitempty" maxLength:"80" example:"WINTER-23"`
	Action    string        `json:"action,omitempty" maxLength:"80" example:"street" doc:"An action of the campaign."`
	On        ledger.Date   `json:"on,omitempty" required:"false" example:"2023-12-24" doc:"Business date; today when absent."`
	People    int           `json:"people" minimum:"0" maximum:"1000000" example:"1" doc:"How many people received the goods; 0 when goods such as leaflets were left without counting."`
	Sex       string        `json:"sex,omitempty" enum:"female,male" example:"male"`
	Age       string        `json:"age,omitempty" enum:"0-17,18-59,60+" example:"60+" doc:"Age band."`
	Pseudonym string        `json:"pseudonym,omitempty" maxLength:"80" example:"p-000123" doc:"A random code for one person. Never a name, a telephone or an identity number."`
	Drill     bool          `json:"drill,omitempty" doc:"An exercise: the document is kept and moves nothing. Campaigns that are drills make it one by themselves."`
	Lines     []HandoutLine `json:"lines" minItems:"1" maxItems:"200"`
}

// HandoutLine is goods given: first expired first out, unless a lot or a fund is named. Expired goods never leave.
type HandoutLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"1" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Give this lot instead of the one that expires first."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Give only goods of this fund."`
}
