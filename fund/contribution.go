package fund

import (
	"context"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Contribution is money that arrives for a fund: a grant or a gift.
type Contribution struct {
	On        ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-11-03"`
	Fund      string          `json:"fund" maxLength:"80" doc:"Fund that the money belongs to." example:"WINTER-23"`
	Kind      string          `json:"kind" enum:"grant,gift" doc:"A grant under an agreement, or a gift." example:"grant"`
	Party     string          `json:"party" maxLength:"80" doc:"Donor that gives it." example:"D-0001"`
	Bank      string          `json:"bank" maxLength:"85" doc:"Bank account that takes it in; cash:CODE for a money box." example:"ICBC-5101"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency." example:"30000.00"`
	Reference string          `json:"reference,omitempty" maxLength:"120" doc:"The donor's or the bank's reference." example:"CT/2023/118"`
}

var contributions = ledger.Documents("contributions",
	"fund text", "party text", "bank text", "amount numeric", "kind text", "reference text")

func init() {
	ledger.MustHold("contributions moved what they say", `
		SELECT format('contribution %s says %s for fund %s, its entry brought %s', number, trim_scale(amount), fund, trim_scale(moved))
		FROM (SELECT c.number, c.amount, c.fund, coalesce(sum(m.value), 0) AS moved
			FROM contributions c LEFT JOIN moves m USING (book_id, number) WHERE c.book_id = ?0 GROUP BY 1, 2, 3) AS c
		WHERE moved <> amount`)
}

// Contribute proposes a contribution: income of the donor becomes money of the fund.
func (o *Officer) Contribute(ctx context.Context, by ledger.By, c Contribution) (*ledger.Proposal, error) {
	head := o.header("contribution", by, c.On, c)
	f := o.form(ctx)
	f.oneOf("/kind", c.Kind, "grant", "gift")
	f.charge("/fund", c.Fund, head.On)
	f.party("/party", c.Party, "donor", "organisation")
	f.bank("/bank", c.Bank)
	f.amount("/amount", c.Amount)
	c.Reference = f.text("/reference", "reference", c.Reference, maxReference, false)
	if err := f.end(); err != nil {
		return nil, err
	}
	donor, bank, number := ledger.Income.In(c.Party), moneyAccount(c.Bank), series("CT", c.Fund, head.On)
	return &ledger.Proposal{
		Header: head,
		Needs:  ledger.Needs{Groups: currency(o.Book.Info, donor, bank), Tallies: []string{ledger.SeriesTally(number)}},
		Compose: func(d *ledger.Draft) error {
			d.Document(number)
			d.Row(contributions, c.Fund, c.Party, c.Bank, c.Amount, c.Kind, c.Reference)
			return d.Move(money(o.Book.Info, c.Fund, donor, bank, c.Amount))
		},
	}, nil
}
