package fund

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Interfund lets one fund use another's goods or money, openly: both funds show the debt.
// Repayment is the same the other way.
type Interfund struct {
	On       ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-12-24"`
	FromFund string          `json:"from_fund" maxLength:"80" doc:"Fund that gives." example:"WINTER-23"`
	ToFund   string          `json:"to_fund" maxLength:"80" doc:"Fund that takes." example:"CITY-GIFT"`
	Account  string          `json:"account" maxLength:"90" doc:"Where the goods or the money are, and stay: stock:LOCATION, bank:CODE or cash:CODE." example:"stock:ST-5101-01"`
	Item     string          `json:"item,omitempty" maxLength:"80" doc:"Item of the goods; for money, absent or the currency." example:"COAT"`
	Lot      string          `json:"lot,omitempty" maxLength:"120" doc:"Lot of the goods; the first to expire when absent." example:"GR-5101-2023-00042.1"`
	Quantity decimal.Decimal `json:"quantity" doc:"In the item's base unit; for money, an amount in the book's currency." example:"5"`
	Reason   string          `json:"reason" minLength:"1" maxLength:"500" doc:"Why, and when it is to come back." example:"Cold wave, coats come back in January"`
}

var interfunds = ledger.Documents("interfunds",
	"from_fund text", "to_fund text", "account text", "item text", "lot text", "quantity numeric", "value numeric", "reason text")

const maxReason = 500

func init() {
	ledger.MustHold("each side of an interfund debt agrees with the other", `
		WITH sides AS (SELECT fund, substr(account, 11) AS other, item, lot, quantity, value FROM cells
			WHERE book_id = ?0 AND account LIKE 'interfund:%')
		SELECT format('interfund:%s of fund %s holds %s worth %s of %s, the other side %s worth %s', a.other, a.fund,
			trim_scale(a.quantity), trim_scale(a.value), concat_ws('/', a.item, nullif(a.lot, '')),
			trim_scale(coalesce(b.quantity, 0)), trim_scale(coalesce(b.value, 0)))
		FROM sides a LEFT JOIN sides b ON b.fund = a.other AND b.other = a.fund AND b.item = a.item AND b.lot = a.lot
		WHERE a.quantity + coalesce(b.quantity, 0) <> 0 OR a.value + coalesce(b.value, 0) <> 0`)
	ledger.MustHold("goods are lent by their last usable day", `
		SELECT format('interfund %s of %s lent %s/%s, usable until %s', e.document, e."on", i.item, i.lot, l.expires_on)
		FROM interfunds i JOIN entries e USING (book_id, number)
		JOIN commodities l ON l.book_id = i.book_id AND l.item = i.item AND l.lot = i.lot
		WHERE i.book_id = ?0 AND l.expires_on < e."on"`)
	ledger.MustHold("custody funds have no money and no debts of their own", `
		SELECT format('%s of custody fund %s holds %s worth %s of %s', c.account, c.fund, trim_scale(c.quantity), trim_scale(c.value), c.item)
		FROM cells c JOIN funds f ON f.book_id = c.book_id AND f.code = c.fund
		WHERE c.book_id = ?0 AND f.custody AND split_part(c.account, ':', 1) IN ('bank', 'cash', 'income', 'payable', 'landed', 'interfund')
			AND (c.quantity <> 0 OR c.value <> 0)`)
}

// Lend proposes that one fund uses another's goods or money: what leaves the one for interfund:B comes to the other from interfund:A,
// in one entry, at the very cost it carries. The funds need not be valid on the date: a debt may be settled when they have ended.
func (o *Officer) Lend(ctx context.Context, by ledger.By, i Interfund) (*ledger.Proposal, error) {
	head := o.header("interfund", by, i.On, i)
	f := o.form(ctx)
	i.check(f)
	if err := f.end(); err != nil {
		return nil, err
	}
	l := loan{o.Book.Info, i, ledger.Account(i.Account), i.Item, series("IF", i.FromFund, head.On)}
	if l.item == "" {
		l.item = o.Book.Currency
	}
	return &ledger.Proposal{Header: head, Needs: l.needs(), Compose: l.compose}, nil
}

func (i *Interfund) check(f *form) {
	f.own("/from_fund", i.FromFund)
	f.own("/to_fund", i.ToFund)
	if i.FromFund == i.ToFund {
		f.refuse("/to_fund", "fund %.90s lends to itself, two funds wanted", i.ToFund)
	}
	location := ledger.Account(i.Account).Name()
	f.code("/account", location)
	switch ledger.Account(i.Account).Class() {
	case ledger.Stock:
		f.known("/account", location)
		f.code("/item", i.Item)
		f.optionalCode("/lot", i.Lot)
		f.number("/quantity", i.Quantity)
	case ledger.Bank, ledger.Cash:
		f.amount("/quantity", i.Quantity)
		if i.Lot != "" || i.Item != "" && i.Item != f.o.Book.Currency {
			f.refuse("/item", "%.90s holds %s, no other item wanted", i.Account, f.o.Book.Currency)
		}
	default:
		f.refuse("/account", "account %.90q is none of stock:LOCATION, bank:CODE, cash:CODE", i.Account)
	}
	i.Reason = f.text("/reason", "reason", i.Reason, maxReason, true)
}

// loan is an Interfund on its way into the book.
type loan struct {
	book    ledger.Info
	i       Interfund
	account ledger.Account
	item    string
	number  string
}

// owedBy is the account in which the giver keeps what the taker owes, and owedTo the one in which the taker keeps it.
func (l loan) owedBy() ledger.Account { return ledger.Interfund.In(l.i.ToFund) }
func (l loan) owedTo() ledger.Account { return ledger.Interfund.In(l.i.FromFund) }

func (l loan) needs() ledger.Needs {
	return ledger.Needs{
		Groups:  []ledger.Group{{Account: l.account, Item: l.item}, {Account: l.owedBy(), Item: l.item}, {Account: l.owedTo(), Item: l.item}},
		Tallies: []string{ledger.SeriesTally(l.number)},
	}
}

func (l loan) compose(d *ledger.Draft) error {
	picked, err := l.pick(d)
	if err != nil {
		return err
	}
	d.Document(l.number)
	for _, c := range picked {
		out, err := d.Take(c.CellKey, l.owedBy(), c.Quantity)
		if err != nil {
			return ledger.At("/quantity", err)
		}
		in := ledger.Move{From: l.owedTo(), To: l.account, Fund: l.i.ToFund, Commodity: c.Commodity, Quantity: out.Quantity, Value: out.Value}
		if err := d.Move(in); err != nil {
			return err
		}
		d.Row(interfunds, l.i.FromFund, l.i.ToFund, l.i.Account, c.Item, c.Lot, out.Quantity, out.Value, l.i.Reason)
	}
	return nil
}

// pick is what is taken of each cell, first expired first out. Expired goods are nobody's help.
func (l loan) pick(d *ledger.Draft) ([]ledger.Cell, error) {
	var picked []ledger.Cell
	wanted, expired := l.i.Quantity, decimal.Zero
	for _, c := range d.Cells(l.account, l.item) {
		if c.Fund != l.i.FromFund || l.i.Lot != "" && c.Lot != l.i.Lot || !c.Quantity.IsPositive() {
			continue
		}
		if !c.Expires.IsZero() && c.Expires < d.On() {
			expired = expired.Add(c.Quantity)
			continue
		}
		c.Quantity = decimal.Min(c.Quantity, wanted)
		wanted = wanted.Sub(c.Quantity)
		if c.Quantity.IsPositive() {
			picked = append(picked, c)
		}
	}
	if wanted.IsPositive() {
		return nil, l.short(l.i.Quantity.Sub(wanted), expired)
	}
	return picked, nil
}

func (l loan) short(there, expired decimal.Decimal) error {
	what := ledger.Commodity{Item: l.item, Lot: l.i.Lot}
	fault := ledger.Fault{
		Pointer: "/quantity", Code: ledger.Insufficient,
		Message:  fmt.Sprintf("%s holds %s of %s for fund %s, %s wanted", l.account, there, what, l.i.FromFund, l.i.Quantity),
		Location: l.account.Name(), Item: l.item, Lot: l.i.Lot, Fund: l.i.FromFund,
		There: there.String(), Asked: l.i.Quantity.String(),
	}
	if expired.IsPositive() {
		fault.Hint = fmt.Sprintf("%s more are there but expired", expired)
	}
	return &ledger.Refusal{Faults: []ledger.Fault{fault}}
}
