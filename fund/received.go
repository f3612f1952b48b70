package fund

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// received is what a receipt brought in, read from its document. Documents never change, so that it may be read outside the
// book's turn; whether the receipt was reversed since is asked inside, of its tally.
type received struct {
	number   int64
	document string
	on       ledger.Date
	party    string
	kind     string // purchase, in-kind, opening, custody
	fund     string
	lots     []receivedLot
}

// receivedLot is a line of a receipt: what came, at the value it came with.
type receivedLot struct {
	ledger.Commodity
	Quantity decimal.Decimal
	Value    decimal.Decimal
}

// received reads a receipt by its document number, or refuses it as not found.
func (o *Officer) received(ctx context.Context, document string) (received, error) {
	var lines []struct {
		Number            int64
		On                ledger.Date
		Party, Kind, Fund string
		Item, Lot         string
		Quantity, Value   decimal.Decimal
	}
	err := o.Book.DB().NewRaw(`SELECT e.number, e."on", r.party, r.kind, r.fund, l.item, l.lot, l.quantity, l.value
		FROM entries e JOIN receipts r USING (book_id, number) JOIN lots l USING (book_id, number)
		WHERE e.book_id = ? AND e.document = ? ORDER BY l.line`, o.Book.ID, document).Scan(ctx, &lines)
	if err != nil {
		return received{}, fmt.Errorf("receipt %s: %w", document, err)
	}
	seen := false
	if len(lines) > 0 {
		if seen, err = o.Book.Sees(ctx, lines[0].Number); err != nil {
			return received{}, err
		}
	}
	if !seen {
		return received{}, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("receipt %.90q is not in the book", document))
	}
	r := received{number: lines[0].Number, document: document, on: lines[0].On, party: lines[0].Party, kind: lines[0].Kind, fund: lines[0].Fund}
	for _, l := range lines {
		r.lots = append(r.lots, receivedLot{ledger.Commodity{Item: l.Item, Lot: l.Lot}, l.Quantity, l.Value})
	}
	return r, nil
}

// billed wants a receipt of an own fund, and a bill for it that is not dated before it came: until then nobody is owed anything.
func (f *form) billed(document string, on ledger.Date) (received, bool) {
	r, err := f.o.received(f.ctx, document)
	f.add("/receipt", err)
	if err != nil {
		return r, false
	}
	if r.kind != "custody" { // which neither an invoice nor a freight is for
		f.own("/receipt", r.fund)
	}
	if on < r.on {
		f.refuse("/on", "receipt %s came on %s, nothing is billed for it on %s", r.document, r.on, on)
	}
	return r, true
}

// worth is the value the goods came with: for a purchase, the order value.
func (r received) worth() decimal.Decimal {
	total := decimal.Zero
	for _, lot := range r.lots {
		total = total.Add(lot.Value)
	}
	return total
}

// left answers where a lot of the receipt still is, within the receipt's own fund.
func (r received) left(d *ledger.Draft) func(ledger.Commodity) []ledger.Cell {
	return func(lot ledger.Commodity) []ledger.Cell {
		var cells []ledger.Cell
		for _, c := range d.Lot(lot) {
			if c.Fund == r.fund && c.Account.Floored() && c.Quantity.IsPositive() {
				cells = append(cells, c)
			}
		}
		return cells
	}
}

// live refuses to go on with a receipt that was reversed.
func (r received) live(d *ledger.Draft) error {
	if d.Tally(ledger.ReversedTally(r.number)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.AlreadyDone, "/receipt", fmt.Sprintf("receipt %s was reversed", r.document))
	}
	return nil
}
