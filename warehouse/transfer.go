package warehouse

import (
	"context"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Dispatch sends goods from one location to another. Its document is the waybill, and the goods stand in transit:<waybill>
// until they arrive, are called back or are closed short.
type Dispatch struct {
	From      string         `json:"from" maxLength:"80" example:"ST-5101-01"`
	To        string         `json:"to" maxLength:"80" example:"PT-0031"`
	Carrier   string         `json:"carrier,omitempty" maxLength:"80" example:"CAR-SF" doc:"The party that answers for the goods on the way; none when the operation's own people drive."`
	Vehicle   string         `json:"vehicle,omitempty" maxLength:"40" example:"川A12345"`
	Reference string         `json:"reference,omitempty" maxLength:"120" example:"REQ-118"`
	On        ledger.Date    `json:"on,omitempty" required:"false" example:"2023-12-01" doc:"Business date; today when absent."`
	Lines     []DispatchLine `json:"lines" minItems:"1" maxItems:"500"`
}

// DispatchLine is goods that leave: first expired first out, unless a lot or a fund is named.
// Expired goods leave only when their lot is named, and never for a point.
type DispatchLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"40" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Take this lot instead of the one that expires first."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Take only goods of this fund."`
}

// Recall takes back to the sender whatever is still in transit: goods called back on the way, or refused at the door.
type Recall struct {
	Waybill string      `json:"waybill,omitempty" maxLength:"80" example:"WB-ST-5101-01-2023-00007" doc:"Document number of the dispatch; the path's where the path names one."`
	Reason  string      `json:"reason" minLength:"1" maxLength:"300" example:"road closed by snow"`
	On      ledger.Date `json:"on,omitempty" required:"false" example:"2023-12-02" doc:"Business date; today when absent."`
}

var dispatches = ledger.Documents("dispatches", "from_location text", "to_location text", "carrier text", "vehicle text", "reference text")

// Dispatch proposes a dispatch.
func (k *Keeper) Dispatch(ctx context.Context, by ledger.By, s Dispatch) (*ledger.Proposal, error) {
	r, content := k.review(s.On), s
	r.location(ctx, "/from", s.From)
	to := r.location(ctx, "/to", s.To)
	r.unless(s.From != s.To, "/to", "goods are sent from %s to itself", s.From)
	if s.Carrier != "" {
		r.party(ctx, "/carrier", s.Carrier, Carrier)
	}
	s.Vehicle = r.text("/vehicle", "vehicle", s.Vehicle, 40, false)
	s.Reference = r.text("/reference", "reference", s.Reference, 120, false)
	r.lines(len(s.Lines), mostLines)
	lines := make([]line, len(s.Lines))
	for i, l := range s.Lines {
		lines[i] = r.line(ctx, i, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity})
	}
	lines = sound(r, lines)
	series := r.series("WB", s.From)
	from := ledger.Stock.In(s.From)
	needs := ledger.Needs{
		Groups:  between(lines, from),
		Tallies: []string{ledger.SeriesTally(series), closedTally(s.From), closedTally(s.To)},
	}
	return r.propose(ctx, by, "dispatch", content, needs, func(d *ledger.Draft) error {
		var faults ledger.Faults
		_ = faults.Add("", stillOpen(d, "/from", s.From))
		_ = faults.Add("", stillOpen(d, "/to", s.To))
		if err := faults.Err(); err != nil {
			return err
		}
		waybill := d.Document(series)
		d.Row(dispatches, s.From, s.To, s.Carrier, s.Vehicle, s.Reference)
		return drawLines(d, from, ledger.Transit.In(waybill), lines, func(l line) wish { return sent(l, d.On(), to) })
	})
}

// sent is the wish of goods on their way: as goods in use, but an expired lot may travel where it is named
// and where nobody hands out, so that a point can send it back.
func sent(l line, on ledger.Date, to Location) wish {
	w := named(l, on)
	w.expired = l.lot != "" && to.Kind != Point
	return w
}
