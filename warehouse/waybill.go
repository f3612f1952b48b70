package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Waybill is a dispatch as it stands: what was sent, what became of it, and what is still in transit.
type Waybill struct {
	Note
	From      string          `json:"from"`
	To        string          `json:"to"`
	Carrier   string          `json:"carrier"`
	Vehicle   string          `json:"vehicle"`
	Reference string          `json:"reference"`
	Request   string          `json:"request" doc:"Request that the goods are for; empty when there is none."`
	Lines     []WaybillLine   `json:"lines"`
	Reports   []WaybillReport `json:"reports" doc:"What arrivals, recalls and a close-short said, in the order of the book."`
}

// WaybillLine is one lot of one fund on a waybill.
type WaybillLine struct {
	Item      string          `json:"item"`
	Lot       string          `json:"lot"`
	Fund      string          `json:"fund"`
	Sent      decimal.Decimal `json:"sent"`
	SentValue ledger.Amount   `json:"sent_value"`
	Left      decimal.Decimal `json:"left" doc:"Still in transit."`
	LeftValue ledger.Amount   `json:"left_value"`
}

func (l WaybillLine) of() ledger.Commodity { return ledger.Commodity{Item: l.Item, Lot: l.Lot} }

// WaybillReport says what became of goods of a waybill.
type WaybillReport struct {
	Entry    int64           `json:"entry"`
	Document string          `json:"document" example:"AR-PT-0031-2023-00003"`
	On       ledger.Date     `json:"on"`
	Item     string          `json:"item"`
	Lot      string          `json:"lot"`
	Fund     string          `json:"fund"`
	Outcome  string          `json:"outcome" enum:"good,damaged,short,over,refused,recalled,closed-short"`
	Quantity decimal.Decimal `json:"quantity"`
	Value    ledger.Amount   `json:"value" doc:"What moved; 0 for goods refused, which stay in transit until they are recalled."`
	Reason   string          `json:"reason"`
	Reversed bool            `json:"reversed" doc:"The report was taken back."`
}

// Waybill reads a dispatch with what became of it, or refuses with NotFound.
func (k *Keeper) Waybill(ctx context.Context, document string) (Waybill, error) {
	w, err := k.sentUnder(ctx, document)
	if err != nil {
		return w, err
	}
	w.Reports = []WaybillReport{}
	err = k.Book.DB().NewRaw(`SELECT a.number AS entry, e.document, e."on", a.item, a.lot, a.fund, a.outcome, a.quantity, `+k.money("a.value")+` AS value, a.reason,
			NOT `+standing("a")+` AS reversed
		FROM arrivals a JOIN entries e USING (book_id, number) WHERE a.book_id = ? AND a.waybill = ? ORDER BY a.number, a.line`,
		k.Book.ID, document).Scan(ctx, &w.Reports)
	return w, err
}

// sentUnder reads a dispatch without its reports.
func (k *Keeper) sentUnder(ctx context.Context, document string) (Waybill, error) {
	w, err := note[Waybill](ctx, k, "waybill", "dispatches", `d.from_location AS "from", d.to_location AS "to", d.carrier, d.vehicle, d.reference,
		coalesce((SELECT s.request FROM reservations s WHERE s.book_id = e.book_id AND s.number = e.number), '') AS request`, document)
	if err != nil {
		return w, err
	}
	err = k.Book.DB().NewRaw(`SELECT c.item, c.lot, c.fund, sum(m.quantity) AS sent, `+k.money("sum(m.value)")+` AS sent_value, c.quantity AS "left", `+k.money("c.value")+` AS left_value
		FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell
		WHERE m.book_id = ? AND m.number = ? GROUP BY c.book_id, c.cell ORDER BY min(m.line)`, k.Book.ID, w.Entry).Scan(ctx, &w.Lines)
	return w, err
}

// waybill finds the waybill that a request is about. The date is asked here, because not every request takes from what is in transit: goods
// that come over the waybill, or are refused or only proposed to be given up, would meet no account that holds nothing yet.
func (r *review) waybill(ctx context.Context, document string) Waybill {
	w, err := r.keeper.sentUnder(ctx, document)
	if r.add("/waybill", err) {
		r.unless(r.on >= w.On, "/on", "waybill %s was sent on %s, nothing becomes of it on %s", w.Document, w.On, r.on)
	}
	return w
}

// items are the groups of everything on the waybill in those accounts.
func (w Waybill) items(accounts ...ledger.Account) []ledger.Group {
	lines := make([]line, len(w.Lines))
	for i, l := range w.Lines {
		lines[i].item.Code = l.Item
	}
	return between(lines, accounts...)
}

// inTransit is where the goods of the waybill are until somebody says otherwise.
func (w Waybill) inTransit() ledger.Account { return ledger.Transit.In(w.Document) }

func (w Waybill) tallies() []string {
	return []string{ledger.ReversedTally(w.Entry), ledger.BoundTally(w.Entry)}
}

// bind makes a document rest on the dispatch, which then is not reversed from under it.
func (w Waybill) bind(d *ledger.Draft) error {
	if d.Tally(ledger.ReversedTally(w.Entry)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.AlreadyDone, "/waybill", fmt.Sprintf("waybill %s was reversed, nothing is on its way", w.Document))
	}
	d.Count(ledger.BoundTally(w.Entry), decimal.NewFromInt(1), decimal.Zero)
	return nil
}

func init() {
	ledger.MustHold("nothing becomes of a waybill before it is sent", `
		SELECT e.kind || ' ' || e.document || ' of ' || e."on" || ' is about waybill ' || w.document || ', sent on ' || w."on"
		FROM (SELECT book_id, number, waybill FROM arrivals UNION SELECT book_id, number, waybill FROM short_closings) a
		JOIN entries e USING (book_id, number) JOIN entries w ON w.book_id = a.book_id AND w.document = a.waybill
		WHERE a.book_id = ?0 AND e."on" < w."on" AND `+standing("a"))
}
