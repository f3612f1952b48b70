package fund

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Purchase is an order to a supplier in one fund. It moves no money: it promises it, out of a line of the budget or out of none.
type Purchase struct {
	On        ledger.Date    `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-11-02"`
	Fund      string         `json:"fund" maxLength:"80" doc:"Fund that will pay." example:"WINTER-23"`
	Party     string         `json:"party" maxLength:"80" doc:"Supplier that it is sent to." example:"S-0001"`
	Budget    string         `json:"budget,omitempty" maxLength:"80" doc:"Line of the fund's budget that it draws on; absent when it is in no line. More than is left of the line is refused, unless the budget may be exceeded." example:"QUILTS"`
	Reference string         `json:"reference,omitempty" maxLength:"120" doc:"Number of the contract or of the supplier's offer." example:"HT-2023-118"`
	Lines     []PurchaseLine `json:"lines" minItems:"1" maxItems:"500" doc:"What is ordered, one line for each item."`
}

// PurchaseLine is goods of one item that are ordered. Their cost is given once: by the unit or for the whole line.
type PurchaseLine struct {
	Item      string           `json:"item" maxLength:"80" example:"BLANKET"`
	Quantity  decimal.Decimal  `json:"quantity" doc:"In the item's base unit." example:"120"`
	UnitPrice *decimal.Decimal `json:"unit_price,omitempty" doc:"Price of one base unit. Times the quantity it must be exact in the currency's decimals." example:"62.50"`
	Value     *decimal.Decimal `json:"value,omitempty" doc:"Cost of the whole line, in the book's currency."`
}

var purchases = ledger.Documents("purchases",
	"fund text", "party text", "budget text", "reference text", "item text", "quantity numeric", "value numeric")

// unplanned is the budget line of what is promised in none.
const unplanned = "unplanned"

func init() {
	ledger.MustHold("purchases committed what they say", `
		SELECT format('purchase %s says %s of fund %s, its entry committed %s', p.number, trim_scale(p.value), p.fund, trim_scale(moved))
		FROM (SELECT number, fund, sum(value) AS value FROM purchases WHERE book_id = ?0 GROUP BY 1, 2) AS p,
			LATERAL (SELECT coalesce(sum(m.value), 0) AS moved FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell
				WHERE m.book_id = ?0 AND m.number = p.number AND c.fund = p.fund AND c.account LIKE 'committed:%') AS c
		WHERE moved <> p.value`)
	ledger.MustHold("what is committed agrees with purchases, invoices and closings", `
		WITH live AS (SELECT number, document FROM entries e WHERE book_id = ?0
				AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = e.number)),
			papers AS (
				SELECT document AS purchase, value FROM purchases JOIN live USING (number) WHERE book_id = ?0
				UNION ALL SELECT purchase, -released FROM fulfilments JOIN live USING (number) WHERE book_id = ?0
				UNION ALL SELECT purchase, -released FROM purchase_closings JOIN live USING (number) WHERE book_id = ?0),
			said AS (SELECT purchase, sum(value) AS value FROM papers GROUP BY 1),
			held AS (SELECT substr(account, 11) AS purchase, sum(value) AS value FROM cells WHERE book_id = ?0 AND account LIKE 'committed:%' GROUP BY 1)
		SELECT format('purchase %s has %s committed, its documents say %s', purchase, trim_scale(coalesce(held.value, 0)), trim_scale(coalesce(said.value, 0)))
		FROM said FULL JOIN held USING (purchase) WHERE coalesce(held.value, 0) <> coalesce(said.value, 0)`)
	ledger.MustHold("nothing is released that was not committed", `
		SELECT format('%s of fund %s holds %s', account, fund, trim_scale(value)) FROM cells
		WHERE book_id = ?0 AND account LIKE 'committed:%' AND value < 0`)
}

// Order proposes a purchase: its cost leaves the budget line for committed:PO, in memo accounts that no balance sheet counts.
func (o *Officer) Order(ctx context.Context, by ledger.By, p Purchase) (*ledger.Proposal, error) {
	head := o.header("purchase", by, p.On, p)
	f := o.form(ctx)
	f.charge("/fund", p.Fund, head.On)
	f.party("/party", p.Party, "supplier")
	p.Reference = f.text("/reference", "reference", p.Reference, maxReference, false)
	line := f.line("/budget", p.Fund, p.Budget, head.On)
	values, total := p.values(f)
	if err := f.end(); err != nil {
		return nil, err
	}
	number, needs := series("PO", p.Fund, head.On), line.needs(o.Book.Info)
	needs.Tallies = append(needs.Tallies, ledger.SeriesTally(number))
	return &ledger.Proposal{
		Header: head,
		Needs:  needs,
		Compose: func(d *ledger.Draft) error {
			order := d.Document(number)
			for i, l := range p.Lines {
				d.Row(purchases, p.Fund, p.Party, p.Budget, p.Reference, l.Item, l.Quantity, values[i])
			}
			return ledger.At("/budget", line.draw(d, o.Book.Info, ledger.Committed.In(order), total))
		},
	}, nil
}

// values looks the lines over and answers with the cost of each and of all.
func (p Purchase) values(f *form) ([]decimal.Decimal, decimal.Decimal) {
	values, total, named := make([]decimal.Decimal, len(p.Lines)), decimal.Zero, map[string]bool{}
	if len(p.Lines) == 0 {
		f.refuse("/lines", "a purchase of 0 lines, at least 1 wanted")
	}
	for i, l := range p.Lines {
		at := fmt.Sprintf("/lines/%d", i)
		sound := f.item(at, l.Item, l.Quantity)
		if sound && named[l.Item] {
			f.refuse(at+"/item", "%s has 2 lines, one wanted", l.Item)
		}
		named[l.Item] = true
		values[i] = l.value(f, at, sound)
		total = total.Add(values[i])
	}
	if ledger.TooLong(total) && f.end() == nil {
		f.refuse("/lines", "a purchase of %s, at most %d digits before the point wanted", total, ledger.MaxIntegerDigits)
	}
	return values, total
}

// item wants an item of the register, and a quantity that its base unit can count. The faults stand under /item and /quantity.
func (f *form) item(at, item string, quantity decimal.Decimal) bool {
	if !f.code(at+"/item", item) || !f.number(at+"/quantity", quantity) {
		return false
	}
	if f.o.Item == nil {
		return true
	}
	err := f.o.Item(f.ctx, item, quantity)
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) && refusal.Faults[0].Pointer == "" {
		at += "/item"
	}
	f.add(at, err)
	return err == nil
}

// value is the cost of a line. A price by the unit must lead to it exactly: the book does not choose who gains by a rounding.
// Where the item or its quantity is refused there is nothing to multiply.
func (l PurchaseLine) value(f *form, at string, sound bool) decimal.Decimal {
	switch {
	case (l.UnitPrice == nil) == (l.Value == nil):
		f.refuse(at+"/value", "%s needs either a unit_price or a value", l.Item)
	case l.Value != nil:
		f.amount(at+"/value", *l.Value)
		return *l.Value
	case f.number(at+"/unit_price", *l.UnitPrice) && sound:
		value, decimals := l.Quantity.Mul(*l.UnitPrice), f.o.Book.Decimals
		switch {
		case !value.Equal(value.Truncate(decimals)):
			f.refuse(at+"/unit_price", "%s of %s at %s are %s, %d decimals wanted: give the value of the line instead", l.Quantity, l.Item, *l.UnitPrice, value, decimals)
		case ledger.TooLong(value):
			f.refuse(at+"/unit_price", "%s of %s at %s are %s, at most %d digits before the point wanted", l.Quantity, l.Item, *l.UnitPrice, value, ledger.MaxIntegerDigits)
		}
		return value
	}
	return decimal.Zero
}
