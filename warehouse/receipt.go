package warehouse

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Kinds of receipts: what the goods are to the operation decides which account they come from.
const (
	Purchase = "purchase" // bought: supplier:S, at the order's price
	InKind   = "in-kind"  // given: donor:D, at fair value with its evidence
	Opening  = "opening"  // there before the book began: opening:L
	Custody  = "custody"  // held for its owner: custody:O, in a custody fund
)

// Receipt brings goods into a location. Every line becomes a lot of its own with its own cost.
type Receipt struct {
	Location  string        `json:"location" maxLength:"80" example:"ST-5101-01" doc:"Where the goods are taken in."`
	Kind      string        `json:"kind" enum:"purchase,in-kind,opening,custody" example:"purchase" doc:"Bought, given in kind, there before the book began, or held for their owner."`
	Party     string        `json:"party,omitempty" maxLength:"80" example:"SUP-COTTON" doc:"The supplier, donor or owner. Opening stock has none."`
	Fund      string        `json:"fund" maxLength:"80" example:"WINTER-23" doc:"The fund that pays for the goods or that they were given to; a custody fund for goods held for their owner, and for no others."`
	On        ledger.Date   `json:"on,omitempty" required:"false" example:"2023-11-03" doc:"Business date; today when absent."`
	Reference string        `json:"reference,omitempty" maxLength:"120" example:"PO-2023-118" doc:"Number on the sender's paper."`
	Evidence  string        `json:"evidence,omitempty" enum:"invoice,quotation,appraisal,none" example:"quotation" doc:"What the fair value of goods in kind rests on; required for them."`
	Unvalued  string        `json:"unvalued,omitempty" enum:"zero,nominal" example:"nominal" doc:"How goods in kind without evidence are valued: zero is 0.00, nominal is 1.00 a line. Zero when absent."`
	Lines     []ReceiptLine `json:"lines" minItems:"1" maxItems:"500"`
}

// ReceiptLine is one lot taken in. Its cost is given once: by the unit or for the whole line.
type ReceiptLine struct {
	Item       string           `json:"item" maxLength:"80" example:"QUILT"`
	Quantity   decimal.Decimal  `json:"quantity" example:"120" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack       string           `json:"pack,omitempty" maxLength:"80" example:"bale" doc:"A pack of the item; base units when absent."`
	UnitPrice  *decimal.Decimal `json:"unit_price,omitempty" example:"61.25" doc:"Price of one base unit, also where a pack is named: 96.50 for a quilt of a bale of 20. Times the quantity in base units it must be exact in the currency's decimals."`
	Value      *decimal.Decimal `json:"value,omitempty" example:"7350.00" doc:"Cost or fair value of the whole line."`
	Batch      string           `json:"batch,omitempty" maxLength:"80" example:"B2310-7" doc:"The maker's batch number."`
	ProducedOn ledger.Date      `json:"produced_on,omitempty" required:"false" example:"2023-10-01"`
	ExpiresOn  ledger.Date      `json:"expires_on,omitempty" required:"false" example:"2024-09-30" doc:"Last usable day. Filled from the day of production and the item's shelf life when absent."`
}

var (
	receipts = ledger.Documents("receipts", "location text", "party text", "kind text", "fund text", "reference text", "evidence text")
	lots     = ledger.Documents("lots", "item text", "lot text", "location text", "fund text", "quantity numeric", "value numeric",
		"batch text", "produced_on date", "expires_on date")
)

// source is where the goods of a kind of receipt come from.
type source struct {
	class   ledger.Class
	parties []string // kinds of the party; none for opening stock, whose source is its own location
	series  string
	old     bool // goods may be past their printed day when they are taken in
}

var sources = map[string]source{
	Purchase: {class: ledger.Supplier, parties: []string{Supplier}, series: "GR"},
	InKind:   {class: ledger.Donor, parties: []string{Donor, Organisation}, series: "GR"},
	Opening:  {class: ledger.Opening, series: "GR", old: true},
	Custody:  {class: ledger.Custody, parties: []string{Organisation, Donor}, series: keptSeries, old: true},
}

// keptSeries numbers the receipts of goods that are only kept for their owner. The lots are named after the receipt, so that a
// keeper sees from the lot, and pick from the cell, that the operation may not hand them out as its own.
const keptSeries = "GC"

func isKept(c ledger.Commodity) bool { return strings.HasPrefix(c.Lot, keptSeries+"-") }

// arriving is a line of a receipt that was looked over.
type arriving struct {
	line
	value      decimal.Decimal
	batch      string
	producedOn ledger.Date
	expiresOn  ledger.Date
}

// Receive proposes a receipt.
func (k *Keeper) Receive(ctx context.Context, by ledger.By, receipt Receipt) (*ledger.Proposal, error) {
	r, content := k.review(receipt.On), receipt
	r.location(ctx, "/location", receipt.Location)
	r.owner(ctx, receipt)
	from := r.source(ctx, receipt)
	receipt.Reference = r.text("/reference", "reference", receipt.Reference, 120, false)
	r.evidence(receipt)
	r.lines(len(receipt.Lines), mostLines)
	var lines []line
	var goods []arriving
	for i, l := range receipt.Lines {
		a := r.arriving(ctx, i, l, receipt)
		goods, lines = append(goods, a), append(lines, a.line)
	}
	goods, lines = sound(r, goods), sound(r, lines)
	series := r.series(sources[receipt.Kind].series, receipt.Location)
	to := ledger.Stock.In(receipt.Location)
	needs := ledger.Needs{
		Groups:  between(lines, from, to),
		Tallies: []string{ledger.SeriesTally(series), closedTally(receipt.Location)},
	}
	return r.propose(ctx, by, "receipt", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/location", receipt.Location); err != nil {
			return err
		}
		document := d.Document(series)
		var faults ledger.Faults
		for i, g := range goods {
			if err := faults.Add(g.at, g.receive(d, from, to, receipt.Fund, fmt.Sprintf("%s.%d", document, i+1))); err != nil {
				return err
			}
		}
		d.Row(receipts, receipt.Location, receipt.Party, receipt.Kind, receipt.Fund, receipt.Reference, receipt.Evidence)
		return faults.Err()
	})
}

func (a arriving) receive(d *ledger.Draft, from, to ledger.Account, fund, lot string) error {
	of := ledger.Commodity{Item: a.item.Code, Lot: lot}
	d.NewLot(ledger.Lot{Commodity: of, Decimals: a.item.Decimals, Expires: a.expiresOn, Received: d.On()})
	d.Row(lots, of.Item, of.Lot, to.Name(), fund, a.quantity, a.value, a.batch, a.producedOn, a.expiresOn)
	return d.Move(ledger.Move{From: from, To: to, Fund: fund, Commodity: of, Quantity: a.quantity, Value: a.value})
}

// owner wants goods that are held for their owner in a custody fund, and all others in an own one: whoever asks for goods of a fund
// means to use them.
func (r *review) owner(ctx context.Context, receipt Receipt) {
	custody, known := r.fund(ctx, "/fund", receipt.Fund)
	switch held := receipt.Kind == Custody; {
	case !known || custody == held:
	case custody:
		r.add("/fund", ledger.Refuse(ledger.FundNotAllowed, "", fmt.Sprintf("fund %s holds goods for their owner, an own fund wanted", receipt.Fund)))
	default:
		r.add("/fund", ledger.Refuse(ledger.FundNotAllowed, "", fmt.Sprintf("fund %s is an own fund, goods held for their owner want a custody fund", receipt.Fund)))
	}
}

// source is the account that the goods come from.
func (r *review) source(ctx context.Context, receipt Receipt) ledger.Account {
	from, known := sources[receipt.Kind]
	switch {
	case !r.unless(known, "/kind", "kind %.40q is none of purchase, in-kind, opening, custody", receipt.Kind):
		return ""
	case from.parties == nil:
		r.unless(receipt.Party == "", "/party", "opening stock comes from no party, not from %.80q", receipt.Party)
		return from.class.In(receipt.Location)
	default:
		r.party(ctx, "/party", receipt.Party, from.parties...)
		return from.class.In(receipt.Party)
	}
}

// evidence wants a class of evidence for the fair value of goods in kind, and for nothing else.
func (r *review) evidence(receipt Receipt) {
	if receipt.Kind == InKind {
		r.oneOf("/evidence", "evidence of goods in kind", receipt.Evidence, "invoice", "quotation", "appraisal", "none")
	} else {
		r.unless(receipt.Evidence == "", "/evidence", "evidence %.40q belongs to goods in kind, this is %s", receipt.Evidence, receipt.Kind)
	}
	if receipt.unvalued() {
		r.oneOf("/unvalued", "value without evidence", receipt.Unvalued, "", "zero", "nominal")
	} else {
		r.unless(receipt.Unvalued == "", "/unvalued", "value %.40q is for goods in kind without evidence", receipt.Unvalued)
	}
}

// unvalued reports that nothing shows what the goods are worth: they are booked at 0.00 or at a nominal 1.00 a line.
func (receipt Receipt) unvalued() bool { return receipt.Kind == InKind && receipt.Evidence == "none" }

func (r *review) arriving(ctx context.Context, n int, l ReceiptLine, receipt Receipt) arriving {
	a := arriving{line: r.line(ctx, n, asked{item: l.Item, pack: l.Pack, quantity: l.Quantity}), producedOn: l.ProducedOn}
	r.unless(!a.item.Retired, a.at+"/item", "item %s is retired, no more of it is taken in", l.Item)
	a.batch = r.text(a.at+"/batch", "batch", l.Batch, 80, false)
	a.value = r.value(a.line, l, receipt)
	a.expiresOn = r.life(a.line, l, sources[receipt.Kind].old)
	return a
}

// value is the cost of a line. A price by the unit must lead to it exactly: the book does not choose who gains by a rounding.
func (r *review) value(a line, l ReceiptLine, receipt Receipt) decimal.Decimal {
	switch {
	case receipt.unvalued():
		r.unless(l.UnitPrice == nil && l.Value == nil, a.at+"/value", "goods in kind without evidence carry no value of their own")
		if receipt.Unvalued == "nominal" {
			return decimal.NewFromInt(1)
		}
		return decimal.Zero
	case !r.unless((l.UnitPrice == nil) != (l.Value == nil), a.at+"/value", "%s needs either a unit_price or a value", a.item.Code):
		return decimal.Zero
	case l.Value != nil:
		r.amount(a.at+"/value", "value", *l.Value)
		return *l.Value
	}
	at, price := a.at+"/unit_price", *l.UnitPrice
	if !r.number(at, "unit price", price, ledger.MaxDecimals) {
		return decimal.Zero
	}
	value, decimals := a.quantity.Mul(price), r.keeper.Book.Decimals
	r.unless(fits(value, decimals), at, "%s %s of %s at %s are %s, %d decimals wanted: give the value of the line instead",
		a.quantity, a.item.Unit, a.item.Code, price, value, decimals)
	r.unless(!ledger.TooLong(value), at, "%s %s of %s at %s are %s, at most %d digits before the point wanted",
		a.quantity, a.item.Unit, a.item.Code, price, value, ledger.MaxIntegerDigits)
	return value
}

func init() {
	// Opening stock is left out: books were begun with what was in custody then.
	ledger.MustHold("goods held for their owner are received in a custody fund, and bought or given ones in an own fund", `
		SELECT 'receipt ' || e.document || ' of the kind ' || r.kind || ' is in fund ' || f.code || ', custody ' || f.custody
		FROM receipts r JOIN entries e USING (book_id, number) JOIN funds f ON f.book_id = r.book_id AND f.code = r.fund
		WHERE r.book_id = ?0 AND r.kind <> 'opening' AND f.custody <> (r.kind = 'custody') AND `+standing("r"))
}
