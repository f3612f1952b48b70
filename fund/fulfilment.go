package fund

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

var fulfilments = ledger.Documents("fulfilments", "purchase text", "receipt text", "released numeric")

func init() {
	ledger.MustHold("a final invoice leaves nothing committed of what came", `
		WITH released AS (SELECT number, purchase, receipt, sum(released) OVER (PARTITION BY purchase, receipt ORDER BY number) AS value FROM fulfilments f
				WHERE book_id = ?0 AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = f.number)),
			came AS (SELECT e.document AS receipt, l.item, sum(l.quantity) AS quantity FROM lots l JOIN entries e USING (book_id, number) WHERE book_id = ?0 GROUP BY 1, 2)
		SELECT format('invoice %s is final, %s of purchase %s is released for receipt %s, it was ordered for %s and %s is committed', r.number,
			trim_scale(r.value), r.purchase, r.receipt, trim_scale(o.price), trim_scale(c.still))
		FROM released r JOIN invoices i ON i.book_id = ?0 AND i.number = r.number AND i.final
			CROSS JOIN LATERAL (SELECT sum(round(p.value * least(came.quantity, p.quantity) / p.quantity, b.decimals)) AS price
				FROM entries e JOIN purchases p USING (book_id, number) JOIN came USING (item) JOIN books b USING (book_id)
				WHERE e.book_id = ?0 AND e.document = r.purchase AND came.receipt = r.receipt) AS o
			CROSS JOIN LATERAL (SELECT still FROM (SELECT number, line, from_value AS still FROM moves JOIN cells c USING (book_id)
					WHERE book_id = ?0 AND from_cell = c.cell AND c.account = 'committed:' || r.purchase AND number <= r.number
				UNION ALL SELECT number, line, to_value FROM moves JOIN cells c USING (book_id)
					WHERE book_id = ?0 AND to_cell = c.cell AND c.account = 'committed:' || r.purchase AND number <= r.number) AS m
				ORDER BY number DESC, line DESC LIMIT 1) AS c
		WHERE r.value < o.price AND c.still > 0`)
}

// PurchaseClosing gives up what is left of a purchase: nothing more of it will come.
type PurchaseClosing struct {
	Purchase string      `json:"purchase,omitempty" required:"false" maxLength:"120" doc:"Document number of the purchase; the path names it." example:"PO-WINTER-23-2023-00001"`
	On       ledger.Date `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-12-20"`
	Reason   string      `json:"reason" minLength:"1" maxLength:"500" doc:"Why nothing more will come." example:"two blankets were refused at the door"`
}

var purchaseClosings = ledger.Documents("purchase_closings", "purchase text", "released numeric", "reason text")

// ordered is a purchase as its document says it. Documents never change; what is left of it and whether it was reversed is asked
// under the head's proof.
type ordered struct {
	number   int64
	document string
	on       ledger.Date
	party    string
	fund     string
	line     ledger.Account // of the budget, that its cost came from
	lots     []receivedLot  // item, quantity and cost of each line
	early    early
}

// early is what invoices of a receipt released when it was counted for the receipt alone, whatever purchase they named: of this one, and in all.
type early struct {
	released decimal.Decimal
	all      ledger.Tally
}

// earlyOf reads what was released so. No entry adds to it any more, and a reversal takes from the tally: compared with it, it is proven.
func (o *Officer) earlyOf(ctx context.Context, purchase string, r received) (e early, err error) {
	err = o.Book.DB().NewRaw(`SELECT coalesce(sum(f.released) FILTER (WHERE f.purchase = ?1), 0), count(*), coalesce(sum(f.released), 0)
		FROM fulfilments f JOIN tally_changes t ON t.book_id = ?0 AND t.number = f.number AND t.name = ?3
		WHERE f.book_id = ?0 AND f.receipt = ?2 AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = f.number)`,
		o.Book.ID, purchase, r.document, releasedOf(r)).Scan(ctx, &e.released, &e.all.Quantity, &e.all.Value)
	return e, err
}

func releasedOf(r received) string { return "released:" + r.document }

// ordered reads a purchase by its document number, or refuses it as not found.
func (o *Officer) ordered(ctx context.Context, document string) (ordered, error) {
	var lines []struct {
		Number                  int64
		On                      ledger.Date
		Party, Fund, Drew, Item string
		Quantity, Value         decimal.Decimal
	}
	err := o.Book.DB().NewRaw(`SELECT e.number, e."on", p.party, p.fund, c.account AS drew, p.item, p.quantity, p.value
		FROM entries e JOIN purchases p USING (book_id, number)
			JOIN moves m ON m.book_id = e.book_id AND m.number = e.number AND m.line = 1 JOIN cells c ON c.book_id = e.book_id AND c.cell = m.from_cell
		WHERE e.book_id = ? AND e.document = ? ORDER BY p.line`, o.Book.ID, document).Scan(ctx, &lines)
	if err != nil {
		return ordered{}, fmt.Errorf("purchase %s: %w", document, err)
	}
	seen := false
	if len(lines) > 0 {
		if seen, err = o.Book.Sees(ctx, lines[0].Number); err != nil {
			return ordered{}, err
		}
	}
	if !seen {
		return ordered{}, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("purchase %.90q is not in the book", document))
	}
	l := lines[0]
	p := ordered{number: l.Number, document: document, on: l.On, party: l.Party, fund: l.Fund, line: ledger.Account(l.Drew)}
	for _, l := range lines {
		p.lots = append(p.lots, receivedLot{ledger.Commodity{Item: l.Item}, l.Quantity, l.Value})
	}
	return p, nil
}

func (p ordered) account() ledger.Account { return ledger.Committed.In(p.document) }

func (p ordered) spent() ledger.Account { return ledger.Spent.In(p.line.Name()) }

// above is where comes from what an invoice asks above the order: the debt exists, whatever is left of the line.
func (p ordered) above() ledger.Account { return ledger.Budget.In(p.line.Name()) }

func (p ordered) needs(book ledger.Info) ledger.Needs {
	return ledger.Needs{
		Groups:  currency(book, p.account(), p.line, p.above(), p.spent()),
		Tallies: []string{ledger.ReversedTally(p.number), ledger.BoundTally(p.number)},
	}
}

// left is what is still committed.
func (p ordered) left(d *ledger.Draft, book ledger.Info) decimal.Decimal {
	return d.Cell(ledger.CellKey{Account: p.account(), Fund: p.fund, Commodity: book.Money()}).Value
}

// spend makes what an invoice releases of the commitment into spending: up to what it bills. What it bills less goes back onto the
// budget line, what it bills more is drawn beside it. The purchase cannot be reversed while that stands.
func (p ordered) spend(d *ledger.Draft, book ledger.Info, released, billed decimal.Decimal) error {
	d.Count(ledger.BoundTally(p.number), decimal.NewFromInt(1), decimal.Zero)
	for _, m := range []ledger.Move{
		money(book, p.fund, p.account(), p.spent(), decimal.Min(released, billed)),
		money(book, p.fund, p.account(), p.line, released.Sub(billed)),
		money(book, p.fund, p.above(), p.spent(), billed.Sub(released)),
	} {
		if !m.Quantity.IsPositive() {
			continue
		}
		if err := d.Move(m); err != nil {
			return err
		}
	}
	return nil
}

func (p ordered) live(d *ledger.Draft) error {
	if d.Tally(ledger.ReversedTally(p.number)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.AlreadyDone, "/purchase", fmt.Sprintf("purchase %s was reversed", p.document))
	}
	return nil
}

// fulfils wants a purchase that the goods of a receipt can have been ordered by.
func (f *form) fulfils(document string, r received, on ledger.Date) *ordered {
	if document == "" {
		return nil
	}
	p, err := f.o.ordered(f.ctx, document)
	f.add("/purchase", err)
	switch {
	case err != nil || r.document == "":
	case p.party != r.party || p.fund != r.fund:
		f.refuse("/purchase", "purchase %s is from %s in fund %s, receipt %s from %s in fund %s", document, p.party, p.fund, r.document, r.party, r.fund)
	case on < p.on:
		f.refuse("/on", "purchase %s was ordered on %s, nothing is invoiced on %s", document, p.on, on)
	case !p.orders(r):
		f.refuse("/purchase", "purchase %s orders no item of receipt %s", document, r.document)
	default:
		p.early, err = f.o.earlyOf(f.ctx, document, r)
		f.add("/purchase", err)
	}
	return &p
}

func (p ordered) orders(r received) bool {
	return slices.ContainsFunc(p.lots, func(l receivedLot) bool {
		return slices.ContainsFunc(r.lots, func(lot receivedLot) bool { return lot.Item == l.Item })
	})
}

// price is what the goods of a receipt were ordered for; what came above the order was not.
func (p ordered) price(r received, book ledger.Info) decimal.Decimal {
	total := decimal.Zero
	for _, l := range p.lots {
		came := decimal.Zero
		for _, lot := range r.lots {
			if lot.Item == l.Item {
				came = came.Add(lot.Quantity)
			}
		}
		total = total.Add(ledger.Portion(l.Quantity, l.Value, decimal.Min(came, l.Quantity), book.Decimals))
	}
	return total
}

// fulfil releases what the invoice bills, at the price of the order: a price that differs, on the receipt or on the invoice, is theirs
// to settle and leaves nothing committed. No more is released than is left.
func (b bill) fulfil(d *ledger.Draft) error {
	if b.order == nil {
		return nil
	}
	if err := b.order.live(d); err != nil {
		return err
	}
	if early := d.Tally(releasedOf(b.r)); !early.Quantity.Equal(b.order.early.all.Quantity) || !early.Value.Equal(b.order.early.all.Value) {
		return ledger.Refuse(ledger.MovedOn, "/receipt", fmt.Sprintf("an invoice of receipt %s came or went a moment ago: send this one again", b.r.document))
	}
	released := b.order.price(b.r, b.book).Sub(d.Tally(b.released()).Value).Sub(b.order.early.released)
	if !b.i.Final {
		released = decimal.Min(released, b.i.Amount)
	}
	released = decimal.Max(decimal.Zero, decimal.Min(released, b.order.left(d, b.book)))
	d.Row(fulfilments, b.order.document, b.r.document, released)
	d.Count(b.released(), decimal.NewFromInt(1), released)
	return b.order.spend(d, b.book, released, b.i.Amount)
}

// released is the tally of what invoices of the receipt released of the purchase: goods of two purchases may come with one receipt.
func (b bill) released() string { return releasedOf(b.r) + ":" + b.order.document }

// ClosePurchase proposes the closing of a purchase: what is left of its commitment is free again.
func (o *Officer) ClosePurchase(ctx context.Context, by ledger.By, c PurchaseClosing) (*ledger.Proposal, error) {
	head := o.header("purchase-closing", by, c.On, c)
	f := o.form(ctx)
	c.Reason = f.text("/reason", "reason", c.Reason, maxReason, true)
	p, err := o.ordered(ctx, c.Purchase)
	f.add("/purchase", err)
	if err == nil && head.On < p.on {
		f.refuse("/on", "purchase %s was ordered on %s, it is not closed on %s", p.document, p.on, head.On)
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	number, needs := series("PC", p.fund, head.On), p.needs(o.Book.Info)
	needs.Tallies = append(needs.Tallies, ledger.SeriesTally(number))
	return &ledger.Proposal{Header: head, Needs: needs, Compose: func(d *ledger.Draft) error {
		if err := p.live(d); err != nil {
			return err
		}
		left := p.left(d, o.Book.Info)
		if !left.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "/purchase", fmt.Sprintf("nothing is left of purchase %s", p.document))
		}
		d.Document(number)
		d.Row(purchaseClosings, p.document, left, c.Reason)
		return p.spend(d, o.Book.Info, left, decimal.Zero)
	}}, nil
}
