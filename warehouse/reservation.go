package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Reservation sets goods of the location that was asked apart for a request: all that is open of it, or what its lines say. They stand in
// reserved:<request> until they are dispatched for it or released, and nobody else gets them.
type Reservation struct {
	Request string            `json:"request,omitempty" maxLength:"80" example:"RQ-PT-0031-2023-00001" doc:"Document number of the request; the path's where the path names one."`
	On      ledger.Date       `json:"on,omitempty" required:"false" example:"2023-11-29" doc:"Business date; today when absent."`
	Partial bool              `json:"partial,omitempty" doc:"Reserve what is there where it is less than is wanted. Without it all of that is refused."`
	Lines   []ReservationLine `json:"lines,omitempty" maxItems:"500" doc:"What is reserved; all that is open of the request when absent."`
}

// ReservationLine is goods that are reserved or released: first expired first out, unless a lot or a fund is named. Expired goods are not reserved.
type ReservationLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"30" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Take this lot instead of the one that expires first."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Take only goods of this fund."`
}

// reservations are what was done for requests. The goods are in the moves.
var reservations = ledger.Documents("reservations", "act text", "request text", "reason text")

// Acts of reservations.
const (
	reserveAct  = "reserve"
	releaseAct  = "release"
	dispatchAct = "dispatch"
	endAct      = "close"
)

// Reserve proposes a reservation. It is refused with every line of which less is there than is wanted, unless it is partial.
func (k *Keeper) Reserve(ctx context.Context, by ledger.By, s Reservation) (*ledger.Proposal, error) {
	r, content := k.review(s.On), s
	q := r.request(ctx, s.Request)
	if r.err() != nil {
		return nil, r.err()
	}
	r.location(ctx, "/request", q.From)
	r.unless(r.on >= q.On, "/on", "request %s was made on %s, nothing is reserved for it on %s", q.Document, q.On, r.on)
	lines := r.reserved(ctx, q, s.Lines)
	for i := range lines {
		r.ofFund(q, &lines[i])
	}
	lines = sound(r, lines)
	series := r.series("RS", q.From)
	needs := q.needs(series)
	needs.Tallies = append(needs.Tallies, closedTally(q.To))
	return r.propose(ctx, by, "reservation", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/request", q.To); err != nil {
			return err
		}
		if err := q.bind(d); err != nil {
			return err
		}
		d.Document(series)
		d.Row(reservations, reserveAct, q.Document, "")
		wanted := lines
		if len(s.Lines) == 0 {
			wanted = q.open(d)
		}
		var faults ledger.Faults
		moved := decimal.Zero
		for _, l := range wanted {
			got, err := q.reserve(d, l, s.Partial)
			if err := faults.Add(l.at, err); err != nil {
				return err
			}
			moved = moved.Add(got)
		}
		if err := faults.Err(); err != nil || moved.IsPositive() {
			return err
		}
		return q.nothing(len(wanted) == 0)
	})
}

// request finds the request that something is about.
func (r *review) request(ctx context.Context, document string) RequestNote {
	q, err := r.keeper.askedUnder(ctx, document)
	r.add("/request", err)
	return q
}

// reserved looks the lines of a reservation or a release over.
func (r *review) reserved(ctx context.Context, q RequestNote, named []ReservationLine) []line {
	r.unless(len(named) <= mostLines, "/lines", "%d lines, at most %d wanted", len(named), mostLines)
	lines := make([]line, len(named))
	for i, l := range named {
		lines[i] = r.line(ctx, i, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity})
		if lines[i].item.Code != "" {
			r.unless(q.line(l.Item) != nil, lines[i].at+"/item", "request %s asks for no %s", q.Document, l.Item)
		}
	}
	return lines
}

// ofFund binds a line to the fund that the request names for its item.
func (r *review) ofFund(q RequestNote, l *line) {
	wanted := q.line(l.item.Code)
	if wanted == nil || wanted.Fund == "" {
		return
	}
	r.unless(l.fund == "" || l.fund == wanted.Fund, l.at+"/fund", "request %s asks for %s of fund %s, not of %s", q.Document, l.item.Code, wanted.Fund, l.fund)
	l.fund = wanted.Fund
}

// line is what the request says of an item, or nil.
func (q RequestNote) line(item string) *RequestNoteLine {
	if i := slices.IndexFunc(q.Lines, func(l RequestNoteLine) bool { return l.Item == item }); i >= 0 {
		return &q.Lines[i]
	}
	return nil
}

func (q RequestNote) reserved() ledger.Account { return ledger.Reserved.In(q.Document) }
func (q RequestNote) stock() ledger.Account    { return ledger.Stock.In(q.From) }

func (q RequestNote) needs(series string) ledger.Needs {
	needs := ledger.Needs{Tallies: append(q.tallies(), ledger.SeriesTally(series))}
	for _, l := range q.Lines {
		needs.Groups = append(needs.Groups, ledger.Group{Account: q.stock(), Item: l.Item}, ledger.Group{Account: q.reserved(), Item: l.Item})
		needs.Tallies = append(needs.Tallies, gotTally(q.Document, l.Item))
	}
	return needs
}

// tallies are what bind looks at; what is for no request has none.
func (q RequestNote) tallies() []string {
	if q.Document == "" {
		return nil
	}
	return []string{ledger.ReversedTally(q.Entry), ledger.BoundTally(q.Entry), closedRequestTally(q.Document), reservedTally(q.Document)}
}

// bind makes a document rest on a request that is neither reversed nor closed.
func (q RequestNote) bind(d *ledger.Draft) error {
	switch {
	case q.Document == "":
		return nil
	case d.Tally(ledger.ReversedTally(q.Entry)).Quantity.IsPositive():
		return ledger.Refuse(ledger.AlreadyDone, "/request", fmt.Sprintf("request %s was reversed, nothing is asked for", q.Document))
	case d.Tally(closedRequestTally(q.Document)).Quantity.IsPositive():
		return ledger.Refuse(ledger.AlreadyDone, "/request", fmt.Sprintf("request %s was closed, nothing is reserved for it any more", q.Document))
	}
	d.Count(ledger.BoundTally(q.Entry), decimal.NewFromInt(1), decimal.Zero)
	return nil
}

// left is what is still open of an item.
func (q RequestNote) left(d *ledger.Draft, item string) decimal.Decimal {
	return q.line(item).Asked.Sub(d.Tally(gotTally(q.Document, item)).Quantity)
}

// open are lines for all that is open.
func (q RequestNote) open(d *ledger.Draft) []line {
	var lines []line
	for _, l := range q.Lines {
		if left := q.left(d, l.Item); left.IsPositive() {
			lines = append(lines, line{item: Item{Code: l.Item}, fund: l.Fund, quantity: left})
		}
	}
	return lines
}

// nothing is the refusal of a reservation that would reserve nothing.
func (q RequestNote) nothing(fulfilled bool) error {
	if fulfilled {
		return ledger.Refuse(ledger.AlreadyDone, "/request", fmt.Sprintf("nothing is open of request %s", q.Document))
	}
	return ledger.Refuse(ledger.Insufficient, "/request", fmt.Sprintf("%s holds nothing that request %s still asks for", q.stock(), q.Document))
}

// reserve moves goods of one line, and answers with how much.
func (q RequestNote) reserve(d *ledger.Draft, l line, partial bool) (got decimal.Decimal, err error) {
	if left := q.left(d, l.item.Code); left.LessThan(l.quantity) {
		return got, &ledger.Refusal{Faults: []ledger.Fault{{
			Code: ledger.Insufficient, Pointer: "/quantity", Location: q.From, Item: l.item.Code, There: left.String(), Asked: l.quantity.String(),
			Message: fmt.Sprintf("request %s has %s of %s open, %s wanted", q.Document, left, l.item.Code, l.quantity),
		}}}
	}
	w := named(l, d.On())
	w.partial = partial
	moves, err := draw(d, q.stock(), q.reserved(), w)
	if err != nil {
		return got, q.whole(l, err)
	}
	for _, m := range moves {
		got = got.Add(m.Quantity)
	}
	q.count(d, l.item.Code, got)
	return got, nil
}

// whole lets a refusal of a line that the sender did not write stand with the request.
func (q RequestNote) whole(l line, err error) error {
	var refusal *ledger.Refusal
	if l.at == "" && errors.As(err, &refusal) {
		for i := range refusal.Faults {
			refusal.Faults[i].Pointer = "/request"
		}
	}
	return err
}

// count writes down how much more is reserved of an item, or less.
func (q RequestNote) count(d *ledger.Draft, item string, quantity decimal.Decimal) {
	if !quantity.IsZero() {
		d.Count(gotTally(q.Document, item), quantity, decimal.Zero)
		d.Count(reservedTally(q.Document), quantity, decimal.Zero)
	}
}
