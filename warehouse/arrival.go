package warehouse

import (
	"context"
	"fmt"

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
// or claimed from the carrier. Refused goods stay in transit until a recall takes them back. Goods over the waybill are of a lot and a
// fund that it carries, as many again at most: who reports them does it alone. They come from found:<location>, worth nothing unless a
// value is stated.
type ArrivalLine struct {
	Item     string           `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal  `json:"quantity" example:"39" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string           `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string           `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Which lot of the waybill; first expired first when absent."`
	Fund     string           `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Whose goods; any of the waybill's when absent."`
	Outcome  string           `json:"outcome" enum:"good,damaged,short,over,refused" example:"good"`
	Claim    bool             `json:"claim,omitempty" doc:"For short goods: the carrier must make them good; otherwise they are lost."`
	Value    *decimal.Decimal `json:"value,omitempty" example:"61.25" doc:"For goods over the waybill: what they are worth, at most what as many left with. 0.00 when absent."`
	Reason   string           `json:"reason,omitempty" maxLength:"300" example:"torn in loading" doc:"Required unless the goods are good."`
}

var arrivals = ledger.Documents("arrivals", "waybill text", "item text", "lot text", "fund text", "outcome text",
	"quantity numeric", "value numeric", "reason text")

// reported is a line of an arrival that was looked over.
type reported struct {
	line
	outcome string
	to      ledger.Account
	value   decimal.Decimal
	sent    decimal.Decimal // of goods that came over: how many the waybill carries
	reason  string
}

// overTally is what came over a waybill of one of its lots and funds, so that a large number is not reported in small ones.
func overTally(waybill string, l line) string {
	return fmt.Sprintf("over:%s:%s:%s:%s", waybill, l.item.Code, l.lot, l.fund)
}

// Arrive proposes an arrival.
func (k *Keeper) Arrive(ctx context.Context, by ledger.By, a Arrival) (*ledger.Proposal, error) {
	r, content := k.review(a.On), a
	w := r.waybill(ctx, a.Waybill)
	if r.err() != nil {
		return nil, r.err()
	}
	r.location(ctx, "/waybill", w.To)
	r.lines(len(a.Lines), mostLines)
	series := r.series("AR", w.To)
	needs := ledger.Needs{Tallies: append(w.tallies(), ledger.SeriesTally(series), closedTally(w.To))}
	var moving, refused []reported
	for i, l := range a.Lines {
		g := r.reported(ctx, i, l, w)
		if g.outcome == Refused {
			refused = append(refused, g)
		} else {
			moving = append(moving, g)
		}
		needs.Groups = append(needs.Groups, g.groups(w)...)
		if g.outcome == Short {
			needs.Tallies = append(needs.Tallies, givenUpTally(w.Document))
		}
		if g.outcome == Over {
			needs.Tallies = append(needs.Tallies, overTally(w.Document, g.line))
		}
	}
	moving, refused = sound(r, moving), sound(r, refused)
	return r.propose(ctx, by, "arrival", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/waybill", w.To); err != nil {
			return err
		}
		if err := w.bind(d); err != nil {
			return err
		}
		d.Document(series)
		given, err := w.arrive(d, moving, refused)
		if err != nil {
			return err
		}
		return k.giveUp(d, w, "/lines", given)
	})
}

func (r *review) reported(ctx context.Context, n int, l ArrivalLine, w Waybill) reported {
	g := reported{line: r.line(ctx, n, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity}), outcome: l.Outcome}
	g.reason = r.text(g.at+"/reason", "reason", l.Reason, 300, l.Outcome != Good)
	r.unless(!l.Claim || l.Outcome == Short, g.at+"/claim", "goods that are %.20s are not claimed from a carrier", l.Outcome)
	r.unless(l.Value == nil || l.Outcome == Over, g.at+"/value", "goods that are %.20s arrive at the cost they left with", l.Outcome)
	switch l.Outcome {
	case Good:
		g.to = ledger.Stock.In(w.To)
	case Damaged:
		g.to = ledger.Quarantine.In(w.To)
	case Short:
		g.to = r.missing(w, g.at+"/claim", l.Claim)
	case Over:
		g.to = ledger.Stock.In(w.To)
		r.over(ctx, &g, l, w)
	case Refused:
	default:
		r.unless(false, g.at+"/outcome", "outcome %.40q is none of good, damaged, short, over, refused", l.Outcome)
	}
	return g
}

// over settles which goods of the waybill more came of, the only ones of that item on it or those that are named, and at which value.
func (r *review) over(ctx context.Context, g *reported, l ArrivalLine, w Waybill) {
	if g.fund != "" {
		r.fund(ctx, g.at+"/fund", g.fund)
	}
	on, found := r.carried(g.line, w)
	if l.Value != nil && r.amount(g.at+"/value", "value", *l.Value) {
		g.value = *l.Value
	}
	if !found {
		return
	}
	g.lot, g.fund, g.sent = on.Lot, on.Fund, on.Sent
	most := ledger.Portion(on.Sent, on.SentValue.Decimal, g.quantity, r.keeper.Book.Decimals)
	r.unless(g.value.LessThanOrEqual(most) || g.quantity.IsZero(), g.at+"/value", "%s of %s are worth %s at most, as many left with waybill %s for that, not %s",
		g.quantity, on.of(), most, w.Document, g.value)
}

// carried is the one lot of one fund on the waybill that a line names. A lot that the waybill does not carry came unbooked: that is for
// a count, which takes two people.
func (r *review) carried(l line, w Waybill) (on WaybillLine, found bool) {
	ways := 0
	for _, c := range w.Lines {
		if c.Item == l.item.Code && (l.lot == "" || l.lot == c.Lot) && (l.fund == "" || l.fund == c.Fund) {
			on, ways = c, ways+1
		}
	}
	if l.item.Code != "" && ways == 0 {
		refusal := ledger.Refuse(ledger.NotFound, l.at+"/lot", fmt.Sprintf("waybill %s carries no such %s", w.Document, ledger.Commodity{Item: l.item.Code, Lot: l.lot}))
		refusal.Faults[0].Hint = "leave it out, count what is there, and let another person agree"
		return on, r.add("", refusal)
	}
	return on, l.item.Code != "" && r.unless(ways == 1, l.at+"/lot", "waybill %s carries %s in %d ways, name the lot and the fund of what came over", w.Document, l.item.Code, ways)
}

// bounded counts goods that came over, and refuses more of them than the waybill carries.
func (g reported) bounded(d *ledger.Draft, w Waybill) error {
	tally := overTally(w.Document, g.line)
	d.Count(tally, g.quantity, decimal.Zero)
	came := d.Tally(tally).Quantity
	if came.LessThanOrEqual(g.sent) {
		return nil
	}
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: TwoPeople, Pointer: "/quantity", Item: g.item.Code, Lot: g.lot, Fund: g.fund, There: g.sent.String(), Asked: came.String(),
		Message: fmt.Sprintf("waybill %s carries %s of %s for fund %s, one person alone reports as many again at most, not %s",
			w.Document, g.sent, ledger.Commodity{Item: g.item.Code, Lot: g.lot}, g.fund, came),
		Hint: "leave it out, count what is there, and let another person agree",
	}}}
}

func (g reported) groups(w Waybill) []ledger.Group {
	switch g.outcome {
	case Refused:
		return between([]line{g.line}, w.inTransit())
	case Over:
		return between([]line{g.line}, w.inTransit(), ledger.Found.In(w.To), g.to)
	default:
		return between([]line{g.line}, w.inTransit(), g.to)
	}
}

// arrive moves what moves first, so that refused goods are held against what is then left. It answers with the value of what is
// given up as short.
func (w Waybill) arrive(d *ledger.Draft, moving, refused []reported) (given decimal.Decimal, err error) {
	var faults ledger.Faults
	for _, g := range moving {
		moves, err := w.move(d, g)
		if err := faults.Add(g.at, err); err != nil {
			return given, err
		}
		for _, m := range moves {
			if g.outcome == Short {
				given = given.Add(m.Value)
			}
			d.Row(arrivals, w.Document, m.Item, m.Lot, m.Fund, g.outcome, m.Quantity, m.Value, g.reason)
		}
	}
	held := map[ledger.CellKey]decimal.Decimal{}
	for _, g := range refused {
		portions, err := hold(d.Cells(w.inTransit(), g.item.Code), held, w.inTransit(), whatever(g.line, d.On()))
		if err := faults.Add(g.at, err); err != nil {
			return given, err
		}
		for _, p := range portions {
			d.Row(arrivals, w.Document, p.Item, p.Commodity.Lot, p.Fund, g.outcome, p.quantity, decimal.Zero, g.reason)
		}
	}
	return given, faults.Err()
}

func (w Waybill) move(d *ledger.Draft, g reported) ([]ledger.Move, error) {
	if g.outcome != Over {
		return draw(d, w.inTransit(), g.to, whatever(g.line, d.On()))
	}
	if err := g.bounded(d, w); err != nil {
		return nil, err
	}
	m := ledger.Move{
		From: ledger.Found.In(w.To), To: g.to, Fund: g.fund, Commodity: ledger.Commodity{Item: g.item.Code, Lot: g.lot},
		Quantity: g.quantity, Value: g.value,
	}
	return []ledger.Move{m}, d.Move(m)
}

func init() {
	// Quantities only: freight and price differences may change the value of goods on the way.
	ledger.MustHold("what was dispatched has arrived, is missing, came back or is in transit", `
		WITH gone AS (
			SELECT a.waybill, a.item, a.lot, a.fund, sum(a.quantity) AS quantity FROM arrivals a
			WHERE a.book_id = ?0 AND a.outcome NOT IN ('over', 'refused')
				AND `+standing("a")+`
			GROUP BY 1, 2, 3, 4
		), sent AS (
			SELECT e.document AS waybill, c.item, c.lot, c.fund, sum(m.quantity) AS quantity
			FROM entries e JOIN moves m USING (book_id, number) JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell
			WHERE e.book_id = ?0 AND e.kind = 'dispatch'
				AND `+standing("e")+`
			GROUP BY 1, 2, 3, 4
		), still AS (
			SELECT split_part(account, ':', 2) AS waybill, item, lot, fund, quantity FROM cells
			WHERE book_id = ?0 AND account LIKE 'transit:%' AND quantity <> 0
		)
		SELECT 'waybill ' || waybill || ' of ' || item || '/' || lot || ' for fund ' || fund || ': sent ' || coalesce(s.quantity, 0)
			|| ', accounted for ' || coalesce(g.quantity, 0) || ', in transit ' || coalesce(l.quantity, 0)
		FROM sent s FULL JOIN gone g USING (waybill, item, lot, fund) FULL JOIN still l USING (waybill, item, lot, fund)
		WHERE coalesce(s.quantity, 0) <> coalesce(g.quantity, 0) + coalesce(l.quantity, 0)`)
	// Older arrivals had no such bound and no tally.
	ledger.MustHold("no more comes over a waybill than it carries", `
		SELECT 'over waybill ' || o.waybill || ' came ' || o.quantity || ' of ' || o.item || '/' || o.lot || ' for fund ' || o.fund || ', it carries ' || coalesce(sum(m.quantity), 0)
		FROM (SELECT split_part(name, ':', 2) AS waybill, split_part(name, ':', 3) AS item, split_part(name, ':', 4) AS lot, split_part(name, ':', 5) AS fund, quantity
			FROM tallies WHERE book_id = ?0 AND name LIKE 'over:%' AND quantity > 0) o
		LEFT JOIN cells c ON c.book_id = ?0 AND c.account = 'transit:' || o.waybill AND c.item = o.item AND c.lot = o.lot AND c.fund = o.fund
		LEFT JOIN entries e ON e.book_id = ?0 AND e.document = o.waybill
		LEFT JOIN moves m ON m.book_id = ?0 AND m.number = e.number AND m.to_cell = c.cell
		GROUP BY o.waybill, o.item, o.lot, o.fund, o.quantity HAVING o.quantity > coalesce(sum(m.quantity), 0)`)
}
