package fund

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Payment is money that leaves a fund's bank account or money box.
type Payment struct {
	On         ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-12-24"`
	Kind       string          `json:"kind" enum:"supplier,relief-cash,charity,project" doc:"What is owed to a supplier or carrier; relief cash to a person; help to a person out of a charity's money; a share of a project." example:"relief-cash"`
	Fund       string          `json:"fund" maxLength:"80" doc:"Fund that pays. It pays only with its own money." example:"CASH-23"`
	Bank       string          `json:"bank" maxLength:"85" doc:"Bank account that pays; cash:CODE for a money box." example:"ICBC-5101"`
	Payee      string          `json:"payee" maxLength:"80" doc:"The party owed; the pseudonym of a person, never a name or an identity number; the institution of a project." example:"p-000123"`
	Amount     decimal.Decimal `json:"amount" doc:"In the book's currency." example:"482.00"`
	Campaign   string          `json:"campaign,omitempty" maxLength:"80" doc:"Campaign that counts it." example:"WINTER-23"`
	Action     string          `json:"action,omitempty" maxLength:"80" doc:"Action of the campaign." example:"A1"`
	Location   string          `json:"location,omitempty" maxLength:"80" doc:"Location that reports it; required for relief cash and projects." example:"ST-5101"`
	Reference  string          `json:"reference,omitempty" maxLength:"120" doc:"Case number, or the bank's reference." example:"CASE-2023-4711"`
	Budget     string          `json:"budget,omitempty" maxLength:"80" doc:"Line of the fund's budget that it draws on, for a payment that no invoice asks for. More than is left of the line is refused, unless the budget may be exceeded." example:"CASH-RELIEF"`
	Prepayment bool            `json:"prepayment,omitempty" doc:"True to pay a supplier more than the fund owes it, ahead of the invoice." example:"false"`
}

var payments = ledger.Documents("payments",
	"kind text", "fund text", "bank text", "payee text", "amount numeric",
	"campaign text", "action text", "location text", "reference text")

// spentOn is the account that each kind of payment goes to; what is paid to a supplier goes to payable:PARTY instead.
var spentOn = map[string]ledger.Account{
	"relief-cash": "expense:relief-cash",
	"charity":     "expense:charity",
	"project":     "expense:renovation",
}

func init() {
	ledger.MustHold("payments moved what they say", `
		SELECT format('payment %s says %s of fund %s, its entry paid %s', number, trim_scale(amount), fund, trim_scale(moved))
		FROM payments p CROSS JOIN LATERAL ( -- looked up for each: right after a bulk load PostgreSQL would compare every payment with every move
			SELECT coalesce(sum(m.value), 0) AS moved FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
			WHERE m.book_id = p.book_id AND m.number = p.number AND split_part(c.account, ':', 1) IN ('bank', 'cash')
		) paid WHERE p.book_id = ?0 AND moved <> amount`)
	ledger.MustHold("payments spent of a budget what they paid", `
		SELECT format('payment %s says %s of fund %s, it spent %s of a budget', p.number, trim_scale(p.amount), p.fund, trim_scale(sum(m.value)))
		FROM payments p JOIN moves m ON m.book_id = p.book_id AND m.number = p.number JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell AND c.fund = p.fund
		WHERE p.book_id = ?0 AND split_part(c.account, ':', 1) = 'spent' GROUP BY p.number, p.amount, p.fund HAVING sum(m.value) <> p.amount`)
}

// Pay proposes a payment out of the fund's own money.
func (o *Officer) Pay(ctx context.Context, by ledger.By, p Payment) (*ledger.Proposal, error) {
	head := o.header("payment", by, p.On, p)
	f := o.form(ctx)
	p.check(f)
	p.checkEnds(f, head.On)
	f.charge("/fund", p.Fund, head.On)
	f.campaign(p.Campaign, p.Action, head.On)
	line := f.line("/budget", p.Fund, p.Budget, head.On)
	if err := f.end(); err != nil {
		return nil, err
	}
	bank, to, number := moneyAccount(p.Bank), p.account(), series("PY", p.Fund, head.On)
	needs := ledger.Needs{Groups: currency(o.Book.Info, bank, to), Tallies: []string{ledger.SeriesTally(number)}}
	if p.Budget != "" {
		drawn := line.needs(o.Book.Info)
		needs.Groups, needs.Tallies = append(needs.Groups, drawn.Groups...), append(needs.Tallies, drawn.Tallies...)
	}
	return &ledger.Proposal{
		Header: head,
		Needs:  needs,
		Compose: func(d *ledger.Draft) error {
			if err := p.within(d, o.Book.Info); err != nil {
				return err
			}
			d.Document(number)
			d.Row(payments, p.Kind, p.Fund, p.Bank, p.Payee, p.Amount, p.Campaign, p.Action, p.Location, p.Reference)
			var faults ledger.Faults
			if err := faults.Add("", draw(d, o.Book.Info, p.Fund, bank, to, p.Amount)); err != nil {
				return err
			}
			if p.Budget != "" {
				if err := faults.Add("/budget", line.draw(d, o.Book.Info, line.spent(), p.Amount)); err != nil {
					return err
				}
			}
			return faults.Err()
		},
	}, nil
}

func (p *Payment) check(f *form) {
	f.oneOf("/kind", p.Kind, "supplier", "relief-cash", "charity", "project")
	f.bank("/bank", p.Bank)
	f.amount("/amount", p.Amount)
	p.Reference = f.text("/reference", "reference", p.Reference, maxReference, false)
	if p.Prepayment && p.Kind != "supplier" {
		f.refuse("/prepayment", "a %s payment has no invoice to be ahead of", p.Kind)
	}
	if p.Budget != "" && p.Kind == "supplier" {
		f.refuse("/budget", "a supplier payment draws on no budget line: the invoice has, of the line of its purchase")
	}
}

// checkEnds looks at who is paid and at who reports it. Only those who send bills are in the register, people never are.
func (p Payment) checkEnds(f *form, on ledger.Date) {
	switch p.Kind {
	case "supplier":
		f.party("/payee", p.Payee, billers...)
	case "project": // an institution, which may be known by a number of eighteen digits
		f.code("/payee", p.Payee)
	default:
		if err := ledger.CheckPseudonym("payee", p.Payee); err != nil {
			f.refuse("/payee", "%s", err)
		}
	}
	switch {
	case p.Location != "":
		f.place("/location", p.Location, on)
	case p.Kind == "relief-cash" || p.Kind == "project":
		f.refuse("/location", "a %s payment names no location, the one that reports it wanted", p.Kind)
	}
}

// campaign wants a running campaign. Money paid in an exercise would be real, so a drill pays none.
func (f *form) campaign(campaign, action string, on ledger.Date) {
	switch {
	case campaign == "" && action != "":
		f.refuse("/action", "action %.40q stands without its campaign", action)
	case campaign == "":
	case f.o.Campaign == nil:
		f.code("/campaign", campaign)
		f.optionalCode("/action", action)
	default:
		drill, err := f.o.Campaign(f.ctx, campaign, action, on)
		f.add("", err)
		if drill {
			f.refuse("/campaign", "campaign %s is a drill, no money is paid in it", campaign)
		}
	}
}

func (p Payment) account() ledger.Account {
	if p.Kind == "supplier" {
		return ledger.Payable.In(p.Payee)
	}
	return spentOn[p.Kind]
}

// within refuses to pay a supplier more than this very fund owes it, on the day and ever since, unless the payment says that it is ahead
// of the invoice.
func (p Payment) within(d *ledger.Draft, book ledger.Info) error {
	if p.Kind != "supplier" || p.Prepayment {
		return nil
	}
	key := ledger.CellKey{Account: p.account(), Fund: p.Fund, Commodity: book.Money()}
	peak, on := d.Peak(key)
	least, owed := decimal.Max(peak.Neg(), decimal.Zero), decimal.Max(d.Cell(key).Quantity.Neg(), decimal.Zero)
	switch {
	case p.Amount.LessThanOrEqual(least):
		return nil
	case p.Amount.LessThanOrEqual(owed):
		return p.early(least, on, book)
	}
	var others []string
	for _, c := range d.Cells(p.account(), book.Currency) {
		if debt := c.Quantity.Neg(); c.Fund != p.Fund && debt.IsPositive() {
			others = append(others, fmt.Sprintf("fund %s owes it %s", c.Fund, debt.StringFixed(book.Decimals)))
		}
	}
	return p.overpaid(owed, others, book)
}

func (p Payment) overpaid(owed decimal.Decimal, others []string, book ledger.Info) error {
	refusal := p.exceeds(owed, book)
	fault := &refusal.Faults[0]
	fault.Message = fmt.Sprintf("fund %s owes %s %s, %s wanted", p.Fund, p.Payee, fault.There, fault.Asked)
	fault.Hint = "book the invoice first, or say prepayment to pay ahead of it"
	if len(others) > 0 {
		fault.Code = ledger.FundNotAllowed
		fault.Hint = strings.Join(others, ", ") + ": one fund never pays for another silently, pay from the fund that owes"
	}
	return refusal
}

// early is the refusal of a payment of what is owed now, and was not on its date or a later one.
func (p Payment) early(owed decimal.Decimal, on ledger.Date, book ledger.Info) error {
	refusal := p.exceeds(owed, book)
	fault := &refusal.Faults[0]
	fault.Message = fmt.Sprintf("fund %s owes %s %s on %s, %s wanted", p.Fund, p.Payee, fault.There, on, fault.Asked)
	fault.Hint = "date it later, or say prepayment to pay ahead of the invoice"
	return refusal
}

func (p Payment) exceeds(owed decimal.Decimal, book ledger.Info) *ledger.Refusal {
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Pointer: "/amount", Code: ledger.Insufficient, Item: book.Currency, Fund: p.Fund,
		There: owed.StringFixed(book.Decimals), Asked: p.Amount.StringFixed(book.Decimals),
	}}}
}
