package fund

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Invoice is a supplier's bill for the goods of one receipt. Its fund is the receipt's own.
type Invoice struct {
	On        ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-11-20"`
	Receipt   string          `json:"receipt" maxLength:"120" doc:"Document number of the purchase it bills." example:"GR-5101-2023-00042"`
	Party     string          `json:"party" maxLength:"80" doc:"Supplier that sends it; it must be the receipt's own." example:"S-0001"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency; 0 only on a final invoice, when nothing more will be billed." example:"7227.50"`
	Final     bool            `json:"final,omitempty" doc:"True on the last invoice of the receipt. The difference of all its invoices to the order value then goes onto the goods that are left, and for goods that are gone to expense:price-difference." example:"true"`
	Reference string          `json:"reference,omitempty" maxLength:"120" doc:"The supplier's invoice number." example:"F-2023-0917"`
	Purchase  string          `json:"purchase,omitempty" maxLength:"120" doc:"Document number of the purchase that the goods fulfil. What is billed of it is no longer committed: at most what the goods that came were ordered for, and all of that on the final invoice." example:"PO-WINTER-23-2023-00001"`
}

var invoices = ledger.Documents("invoices",
	"party text", "receipt text", "fund text", "amount numeric", "reference text", "final boolean", "difference numeric")

const priceDifference ledger.Account = "expense:price-difference"

func init() {
	ledger.MustHold("tallies of invoices agree with the invoices", `
		SELECT format('receipt %s: its invoices say %s, the tally says %s', receipt,
			trim_scale(coalesce(i.amount, 0)), trim_scale(coalesce(t.value, 0)))
		FROM (SELECT receipt, sum(amount) AS amount FROM invoices
				WHERE book_id = ?0 AND number NOT IN (SELECT reverses FROM entries WHERE book_id = ?0 AND reverses IS NOT NULL) GROUP BY 1) AS i
			FULL JOIN (SELECT substr(name, 10) AS receipt, value FROM tallies WHERE book_id = ?0 AND name LIKE 'invoiced:%') AS t USING (receipt)
		WHERE coalesce(i.amount, 0) <> coalesce(t.value, 0)`)
	ledger.MustHold("a final invoice settles all invoices of its receipt", `
		WITH live AS (SELECT * FROM invoices WHERE book_id = ?0
				AND number NOT IN (SELECT reverses FROM entries WHERE book_id = ?0 AND reverses IS NOT NULL)),
			worth AS (SELECT e.document AS receipt, sum(l.value) AS value FROM entries e JOIN lots l USING (book_id, number) WHERE e.book_id = ?0 GROUP BY 1)
		SELECT format('invoice %s settles %s of receipt %s, its invoices and the order differ by %s', f.number,
			trim_scale(f.difference), f.receipt, trim_scale(a.amount - w.value))
		FROM live f JOIN (SELECT receipt, sum(amount) AS amount FROM live GROUP BY 1) AS a USING (receipt) JOIN worth w USING (receipt)
		WHERE f.final AND f.difference <> a.amount - w.value`)
	ledger.MustHold("no bill outlives its receipt", `
		SELECT format('receipt %s was reversed, %s of entry %s was not', b.receipt, b.kind, b.number)
		FROM (SELECT number, receipt, 'the invoice' AS kind FROM invoices WHERE book_id = ?0
				UNION ALL SELECT number, receipt, 'the freight' FROM freights WHERE book_id = ?0) AS b
			JOIN entries r ON r.book_id = ?0 AND r.document = b.receipt
		WHERE EXISTS (SELECT FROM entries WHERE book_id = ?0 AND reverses = r.number)
			AND NOT EXISTS (SELECT FROM entries WHERE book_id = ?0 AND reverses = b.number)`)
	ledger.MustHold("what is received and not invoiced agrees with the documents", `
		WITH undone AS (SELECT reverses AS number FROM entries WHERE book_id = ?0 AND reverses IS NOT NULL),
			papers AS (
				SELECT r.party, r.fund, -l.value AS value FROM receipts r JOIN lots l USING (book_id, number)
				WHERE r.book_id = ?0 AND r.kind = 'purchase' AND NOT EXISTS (SELECT FROM undone u WHERE u.number = r.number)
				UNION ALL SELECT party, fund, amount - difference FROM invoices i WHERE book_id = ?0 AND NOT EXISTS (SELECT FROM undone u WHERE u.number = i.number)),
			said AS (SELECT 'supplier:' || party AS account, fund, sum(value) AS value FROM papers GROUP BY 1, 2),
			held AS (SELECT account, fund, sum(value) AS value FROM cells WHERE book_id = ?0 AND account LIKE 'supplier:%' GROUP BY 1, 2)
		SELECT format('%s of fund %s holds %s, receipts and invoices say %s', account, fund,
			trim_scale(coalesce(held.value, 0)), trim_scale(coalesce(said.value, 0)))
		FROM said FULL JOIN held USING (account, fund) WHERE coalesce(held.value, 0) <> coalesce(said.value, 0)`)
}

// Invoice proposes an invoice: what was received and not invoiced becomes a debt. A final one settles the difference to the order value.
func (o *Officer) Invoice(ctx context.Context, by ledger.By, i Invoice) (*ledger.Proposal, error) {
	head := o.header("invoice", by, i.On, i)
	f := o.form(ctx)
	f.party("/party", i.Party, "supplier")
	if !i.Final || !i.Amount.IsZero() {
		f.amount("/amount", i.Amount)
	}
	i.Reference = f.text("/reference", "reference", i.Reference, maxReference, false)
	r, there := f.billed(i.Receipt, head.On)
	if there && r.kind != "purchase" {
		f.refuse("/receipt", "receipt %s is %s, a purchase wanted", r.document, r.kind)
	} else if there && r.party != i.Party {
		f.refuse("/party", "receipt %s came from %s, not from %s", r.document, r.party, i.Party)
	}
	order := f.fulfils(i.Purchase, r, head.On)
	if err := f.end(); err != nil {
		return nil, err
	}
	b := bill{order: order, burden: burden{o.Book.Info, r, ledger.Supplier.In(r.party), priceDifference}, i: i, number: series("IV", r.fund, head.On)}
	if i.Final {
		var err error
		if b.earlier, err = o.invoicesOf(ctx, r); err != nil {
			return nil, err
		}
	}
	return &ledger.Proposal{Header: head, Needs: b.needs(), Compose: b.compose}, nil
}

// invoicesOf are the entries of a receipt's invoices, without those that were reversed.
func (o *Officer) invoicesOf(ctx context.Context, r received) (numbers []int64, err error) {
	err = o.Book.DB().NewRaw(`SELECT number FROM invoices i WHERE book_id = ? AND receipt = ?
		AND NOT EXISTS (SELECT FROM entries e WHERE e.book_id = i.book_id AND e.reverses = i.number)`, o.Book.ID, r.document).Scan(ctx, &numbers)
	return numbers, err
}

// bill is an invoice on its way into the book.
type bill struct {
	burden
	i       Invoice
	order   *ordered // the purchase that it names, or nil
	earlier []int64  // a final invoice rests on those before it
	number  string
}

func (b bill) invoiced() string        { return "invoiced:" + b.r.document }
func (b bill) settled() string         { return "settled:" + b.r.document }
func (b bill) payable() ledger.Account { return ledger.Payable.In(b.r.party) }

func (b bill) needs() ledger.Needs {
	needs := ledger.Needs{Groups: currency(b.book, b.through)}
	if b.i.Final {
		needs = b.burden.needs()
	}
	needs.Groups = append(needs.Groups, currency(b.book, b.payable())...)
	needs.Tallies = []string{ledger.ReversedTally(b.r.number), ledger.BoundTally(b.r.number), b.invoiced(), b.settled(), ledger.SeriesTally(b.number)}
	if b.order != nil {
		order := b.order.needs(b.book)
		needs.Groups, needs.Tallies = append(needs.Groups, order.Groups...), append(append(needs.Tallies, order.Tallies...), releasedOf(b.r), b.released())
	}
	for _, n := range b.earlier {
		needs.Tallies = append(needs.Tallies, ledger.ReversedTally(n), ledger.BoundTally(n))
	}
	return needs
}

func (b bill) compose(d *ledger.Draft) error {
	if err := b.r.live(d); err != nil {
		return err
	}
	difference, err := b.difference(d)
	if err != nil {
		return err
	}
	if err := b.bind(d); err != nil {
		return err
	}
	d.Document(b.number)
	d.Row(invoices, b.r.party, b.r.document, b.r.fund, b.i.Amount, b.i.Reference, b.i.Final, difference)
	d.Count(b.invoiced(), decimal.NewFromInt(1), b.i.Amount)
	if b.i.Final {
		d.Count(b.settled(), decimal.NewFromInt(1), decimal.Zero)
	}
	if b.i.Amount.IsPositive() {
		if err := d.Move(money(b.book, b.r.fund, b.payable(), b.through, b.i.Amount)); err != nil {
			return err
		}
	}
	if err := b.spread(d, difference); err != nil {
		return err
	}
	return b.fulfil(d)
}

// bind keeps the receipt, and from a final invoice those before it, from being reversed under this one. The earlier ones were read
// outside the book's turn, so their number is compared with the tally: one that nobody bound could be taken back alone.
func (b bill) bind(d *ledger.Draft) error {
	one, known := decimal.NewFromInt(1), decimal.Zero
	d.Count(ledger.BoundTally(b.r.number), one, decimal.Zero)
	for _, n := range b.earlier {
		if d.Tally(ledger.ReversedTally(n)).Quantity.IsZero() {
			d.Count(ledger.BoundTally(n), one, decimal.Zero)
			known = known.Add(one)
		}
	}
	if there := d.Tally(b.invoiced()).Quantity; b.i.Final && !there.Equal(known) {
		return ledger.Refuse(ledger.MovedOn, "/receipt", fmt.Sprintf("receipt %s has %s invoices, %s a moment ago: send this one again", b.r.document, there, known))
	}
	return nil
}

// difference is what all invoices of the receipt say above the order value, or below it. Only a final invoice settles it: until then
// more may come, and a bill above the order is more likely a slip than a price.
func (b bill) difference(d *ledger.Draft) (decimal.Decimal, error) {
	before, worth := d.Tally(b.invoiced()).Value, b.r.worth()
	difference := before.Add(b.i.Amount).Sub(worth)
	switch {
	case d.Tally(b.settled()).Quantity.IsPositive():
		return decimal.Zero, ledger.Refuse(ledger.AlreadyDone, "/receipt", fmt.Sprintf("receipt %s has its final invoice", b.r.document))
	case b.i.Final:
		return difference, nil
	case difference.IsPositive():
		return decimal.Zero, b.aboveOrder(worth, before, difference)
	}
	return decimal.Zero, nil
}

func (b bill) aboveOrder(worth, before, above decimal.Decimal) error {
	in := func(amount decimal.Decimal) string { return amount.StringFixed(b.book.Decimals) }
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Pointer: "/amount", Code: ledger.Invalid, Fund: b.r.fund,
		Message: fmt.Sprintf("receipt %s was ordered for %s and %s of it is invoiced, %s wanted", b.r.document, in(worth), in(before), in(b.i.Amount)),
		Hint:    fmt.Sprintf("say final to settle the %s above the order onto the goods", in(above)),
		There:   in(worth.Sub(before)), Asked: in(b.i.Amount),
	}}}
}
