package fund

import (
	"context"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Freight is the bill of a carrier, or of the supplier itself, for bringing in the goods of one receipt. It becomes part of their cost, in the receipt's own fund.
type Freight struct {
	On        ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-11-20"`
	Receipt   string          `json:"receipt" maxLength:"120" doc:"Document number of the receipt that was carried." example:"GR-5101-2023-00042"`
	Party     string          `json:"party" maxLength:"80" doc:"Carrier, or the supplier itself, that sends the bill." example:"C-0001"`
	Amount    decimal.Decimal `json:"amount" doc:"In the book's currency." example:"150.00"`
	Reference string          `json:"reference,omitempty" maxLength:"120" doc:"The carrier's bill number." example:"YD-77120"`
}

var freights = ledger.Documents("freights",
	"receipt text", "party text", "fund text", "amount numeric", "reference text")

const freightExpense ledger.Account = "expense:freight"

// billers are the kinds of parties that send bills.
var billers = []string{"supplier", "carrier"}

func init() {
	ledger.MustHold("freight has landed to the last unit", `
		SELECT format('%s of fund %s still holds %s', account, fund, trim_scale(sum(value)))
		FROM cells WHERE book_id = ?0 AND account LIKE 'landed:%' GROUP BY account, fund HAVING sum(value) <> 0`)
}

// Freight proposes a freight: the debt to the carrier passes through landed:RECEIPT onto the goods that are left,
// and the part of goods that are gone to expense:freight.
func (o *Officer) Freight(ctx context.Context, by ledger.By, bill Freight) (*ledger.Proposal, error) {
	head := o.header("freight", by, bill.On, bill)
	f := o.form(ctx)
	f.party("/party", bill.Party, billers...)
	f.amount("/amount", bill.Amount)
	bill.Reference = f.text("/reference", "reference", bill.Reference, maxReference, false)
	r, _ := f.billed(bill.Receipt, head.On)
	if r.kind == "custody" {
		f.refuse("/receipt", "receipt %s is held for its owner, goods of an own fund wanted", r.document)
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	b := burden{o.Book.Info, r, ledger.Landed.In(r.document), freightExpense}
	carrier, number := ledger.Payable.In(bill.Party), series("FR", r.fund, head.On)
	needs := b.needs()
	needs.Groups = append(needs.Groups, currency(b.book, carrier)...)
	needs.Tallies = []string{ledger.ReversedTally(r.number), ledger.BoundTally(r.number), ledger.SeriesTally(number)}
	return &ledger.Proposal{
		Header: head,
		Needs:  needs,
		Compose: func(d *ledger.Draft) error {
			if err := r.live(d); err != nil {
				return err
			}
			d.Document(number)
			d.Count(ledger.BoundTally(r.number), decimal.NewFromInt(1), decimal.Zero)
			d.Row(freights, r.document, bill.Party, r.fund, bill.Amount, bill.Reference)
			if err := d.Move(money(b.book, r.fund, carrier, b.through, bill.Amount)); err != nil {
				return err
			}
			return b.spread(d, bill.Amount)
		},
	}, nil
}
