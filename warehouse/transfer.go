package warehouse

import (
	"context"
	"errors"

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
	Request   string         `json:"request,omitempty" maxLength:"80" example:"RQ-PT-0031-2023-00001" doc:"Request that the goods are for: the same locations, and only goods that are reserved for it."`
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
	var q RequestNote
	if s.Request != "" {
		q = r.answered(ctx, s)
		from = q.reserved()
	}
	needs := ledger.Needs{
		Groups:  between(lines, from),
		Tallies: append(q.tallies(), ledger.SeriesTally(series), closedTally(s.From), closedTally(s.To)),
	}
	return r.propose(ctx, by, "dispatch", content, needs, func(d *ledger.Draft) error {
		var faults ledger.Faults
		_ = faults.Add("", stillOpen(d, "/from", s.From))
		_ = faults.Add("", stillOpen(d, "/to", s.To))
		if err := faults.Err(); err != nil {
			return err
		}
		if err := q.bind(d); err != nil {
			return err
		}
		waybill := d.Document(series)
		d.Row(dispatches, s.From, s.To, s.Carrier, s.Vehicle, s.Reference)
		if err := drawLines(d, from, ledger.Transit.In(waybill), lines, func(l line) wish { return sent(l, d.On(), to) }); err != nil {
			return q.reserveFirst(err)
		}
		q.dispatched(d, lines)
		return nil
	})
}

// sent is the wish of goods on their way: as goods in use, but an expired lot may travel where it is named
// and where nobody hands out, so that a point can send it back.
func sent(l line, on ledger.Date, to Location) wish {
	w := named(l, on)
	w.expired = l.lot != "" && to.Kind != Point
	return w
}

// answered is the request that a dispatch is for.
func (r *review) answered(ctx context.Context, s Dispatch) RequestNote {
	q := r.request(ctx, s.Request)
	r.unless(q.Document == "" || q.From == s.From && q.To == s.To, "/request", "request %s is from %s to %s, not from %.80s to %.80s", q.Document, q.From, q.To, s.From, s.To)
	return q
}

// dispatched writes down that the lines of a waybill were for the request, where there is one.
func (q RequestNote) dispatched(d *ledger.Draft, lines []line) {
	if q.Document == "" {
		return
	}
	d.Row(reservations, dispatchAct, q.Document, "")
	for _, l := range lines {
		d.Count(reservedTally(q.Document), l.quantity.Neg(), decimal.Zero)
	}
}

// reserveFirst says what helps where less is reserved than a waybill for a request would take.
func (q RequestNote) reserveFirst(err error) error {
	var refusal *ledger.Refusal
	if q.Document != "" && errors.As(err, &refusal) {
		for i := range refusal.Faults {
			if refusal.Faults[i].Hint == "" {
				refusal.Faults[i].Hint = "a waybill for a request takes only what is reserved for it: reserve it first"
			}
		}
	}
	return err
}

func init() {
	ledger.MustHold("goods are sent to a point by their last usable day", `
		SELECT 'dispatch ' || e.document || ' of ' || e."on" || ' sent ' || c.item || '/' || c.lot || ', usable until ' || l.expires_on || ', to point ' || d.to_location
		FROM dispatches d JOIN entries e USING (book_id, number)
		JOIN locations p ON p.book_id = d.book_id AND p.code = d.to_location AND p.kind = 'point'
		JOIN moves m ON m.book_id = d.book_id AND m.number = d.number
		JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
		JOIN commodities l ON l.book_id = c.book_id AND l.item = c.item AND l.lot = c.lot
		WHERE d.book_id = ?0 AND l.expires_on < e."on"`)
}
