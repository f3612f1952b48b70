package fund

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Claim is how a carrier, or its insurer, settles for goods that did not arrive. What it does not pay stays lost.
type Claim struct {
	On        ledger.Date     `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-12-10"`
	Claimed   string          `json:"claimed" maxLength:"80" doc:"Document number of the arrival or close-short by which the goods were claimed." example:"AR-WH-5101-2023-00007"`
	Fund      string          `json:"fund" maxLength:"80" doc:"Fund whose goods they were; the money becomes its own." example:"WINTER-23"`
	Received  decimal.Decimal `json:"received" doc:"In the book's currency; 0 when the claim is given up." example:"50.00"`
	Bank      string          `json:"bank,omitempty" maxLength:"85" doc:"Bank account that takes the money in; cash:CODE for a money box. Absent when nothing is received." example:"ICBC-5101"`
	Reference string          `json:"reference,omitempty" maxLength:"120" doc:"The carrier's or the insurer's reference." example:"PICC-2023-0815"`
	Lines     []ClaimLine     `json:"lines,omitempty" required:"false" maxItems:"500" doc:"Goods that are settled for; when absent, all that the document claimed for the fund and that is still open."`
}

// ClaimLine is goods of one lot that are settled for.
type ClaimLine struct {
	Item     string          `json:"item" maxLength:"80" example:"BLANKET"`
	Lot      string          `json:"lot" maxLength:"120" example:"GR-5101-2023-00042.1"`
	Quantity decimal.Decimal `json:"quantity" doc:"In the item's base unit." example:"1"`
}

var claims = ledger.Documents("claims",
	"claimed text", "party text", "fund text", "item text", "lot text", "quantity numeric", "value numeric", "received numeric", "bank text", "reference text")

func init() {
	ledger.MustHold("claims moved what they say", `
		SELECT format('claim %s says goods of %s for %s, its entry moved goods of %s for %s', c.number,
			trim_scale(c.value), trim_scale(c.received), trim_scale(moved.goods), trim_scale(moved.money))
		FROM (SELECT number, sum(value) AS value, sum(received) AS received FROM claims WHERE book_id = ?0 GROUP BY 1) AS c,
			LATERAL (SELECT coalesce(sum(m.value) FILTER (WHERE f.account LIKE 'claims:%'), 0) AS goods,
					coalesce(sum(m.value) FILTER (WHERE f.account LIKE 'lost:%'), 0) AS money
				FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell
				WHERE m.book_id = ?0 AND m.number = c.number) AS moved
		WHERE (c.value, c.received) <> (moved.goods, moved.money)`)
	ledger.MustHold("nobody settles for more than was claimed", `
		SELECT format('%s of fund %s holds %s worth %s of %s', account, fund, trim_scale(quantity), trim_scale(value), concat_ws('/', item, nullif(lot, '')))
		FROM cells WHERE book_id = ?0 AND account LIKE 'claims:%' AND (quantity < 0 OR value < 0 OR quantity = 0 AND value <> 0)`)
}

// SettleClaim proposes a claim: the goods leave claims:PARTY for lost:PARTY at their full cost, and the money comes out of lost:PARTY,
// which so holds the very loss. The fund need not be valid on the date: a carrier may pay when it has ended.
func (o *Officer) SettleClaim(ctx context.Context, by ledger.By, c Claim) (*ledger.Proposal, error) {
	head := o.header("claim", by, c.On, c)
	f := o.form(ctx)
	f.own("/fund", c.Fund)
	c.checkMoney(f)
	c.Reference = f.text("/reference", "reference", c.Reference, maxReference, false)
	s := settlement{book: o.Book.Info, c: c, number: series("CL", c.Fund, head.On)}
	if f.code("/claimed", c.Claimed) {
		var err error
		s.claimed, err = o.claimed(ctx, c.Claimed, c.Fund)
		f.add("/claimed", err)
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	if head.On < s.on {
		f.refuse("/on", "%s claimed on %s, nothing is settled on %s", s.document, s.on, head.On)
	}
	s.goods = s.settling(f, c.Lines)
	if err := f.end(); err != nil {
		return nil, err
	}
	return &ledger.Proposal{Header: head, Needs: s.needs(), Compose: s.compose}, nil
}

func (c Claim) checkMoney(f *form) {
	switch {
	case !c.Received.IsZero():
		f.amount("/received", c.Received)
		f.bank("/bank", c.Bank)
	case c.Bank != "":
		f.refuse("/bank", "bank %.90s takes 0 in, no bank wanted", c.Bank)
	}
}

// claimed is what one document claimed for one fund, read from its moves, which never change.
type claimed struct {
	number   int64
	document string
	on       ledger.Date
	account  ledger.Account // claims:PARTY, one for all lots: a waybill has one carrier
	lots     []receivedLot
}

func (o *Officer) claimed(ctx context.Context, document, fund string) (claimed, error) {
	entry, err := o.Book.EntryOf(ctx, document)
	if err != nil {
		return claimed{}, err
	}
	c := claimed{number: entry.Number, document: document, on: entry.On}
	for _, m := range entry.Moves {
		// The reversal of a claim moves goods to claims as well, but not from transit.
		if m.Fund != fund || m.From.Class() != ledger.Transit || m.To.Class() != ledger.Claims {
			continue
		}
		c.account = m.To
		i := c.find(m.Commodity)
		if i < 0 {
			i = len(c.lots)
			c.lots = append(c.lots, receivedLot{Commodity: m.Commodity})
		}
		c.lots[i].Quantity, c.lots[i].Value = c.lots[i].Quantity.Add(m.Quantity), c.lots[i].Value.Add(m.Value)
	}
	if len(c.lots) == 0 {
		return c, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("%s claims 0 goods of fund %s", document, fund))
	}
	return c, nil
}

func (c claimed) find(of ledger.Commodity) int {
	return slices.IndexFunc(c.lots, func(lot receivedLot) bool { return lot.Commodity == of })
}

// settling is goods of a claimed lot that are settled for.
type settling struct {
	receivedLot        // as it was claimed
	at          string // where it stands in the request
	all         bool   // that is still open
	wanted      decimal.Decimal
}

// settling looks the lines over; no line means all lots.
func (c claimed) settling(f *form, lines []ClaimLine) []settling {
	goods := make([]settling, 0, len(c.lots))
	if len(lines) == 0 {
		for _, lot := range c.lots {
			goods = append(goods, settling{receivedLot: lot, all: true})
		}
		return goods
	}
	named := map[int]bool{}
	for n, l := range lines {
		at, of := fmt.Sprintf("/lines/%d", n), ledger.Commodity{Item: l.Item, Lot: l.Lot}
		f.number(at+"/quantity", l.Quantity)
		i := c.find(of)
		switch {
		case i < 0:
			f.add(at, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("%s claims no %.210s", c.document, of)))
			continue
		case named[i]:
			f.refuse(at, "%s has 2 lines, one wanted", of)
		}
		named[i] = true
		goods = append(goods, settling{receivedLot: c.lots[i], at: at, wanted: l.Quantity})
	}
	return goods
}

// settlement is a Claim on its way into the book.
type settlement struct {
	claimed
	book   ledger.Info
	c      Claim
	goods  []settling
	number string
}

func (s settlement) lost() ledger.Account { return ledger.Lost.In(s.account.Name()) }

// madeGood is the tally of how much of a lot is settled for, in quantity and cost.
func (s settlement) madeGood(of ledger.Commodity) string {
	return fmt.Sprintf("made-good:%d:%s:%s", s.claimed.number, s.c.Fund, of)
}

func (s settlement) needs() ledger.Needs {
	needs := ledger.Needs{
		Groups:  currency(s.book, s.lost()),
		Tallies: []string{ledger.ReversedTally(s.claimed.number), ledger.BoundTally(s.claimed.number), ledger.SeriesTally(s.number)},
	}
	if s.c.Received.IsPositive() {
		needs.Groups = append(needs.Groups, currency(s.book, moneyAccount(s.c.Bank))...)
	}
	for _, g := range s.goods {
		needs.Groups = append(needs.Groups, ledger.Group{Account: s.account, Item: g.Item}, ledger.Group{Account: s.lost(), Item: g.Item})
		needs.Tallies = append(needs.Tallies, s.madeGood(g.Commodity))
	}
	return needs
}

func (s settlement) compose(d *ledger.Draft) error {
	if d.Tally(ledger.ReversedTally(s.claimed.number)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.AlreadyDone, "/claimed", fmt.Sprintf("%s was reversed", s.document))
	}
	lots, err := s.open(d)
	if err != nil {
		return err
	}
	d.Document(s.number)
	d.Count(ledger.BoundTally(s.claimed.number), decimal.NewFromInt(1), decimal.Zero)
	for i, received := range ledger.Shares(s.c.Received, lotWeights(lots), s.book.Decimals) {
		lot := lots[i]
		d.Count(s.madeGood(lot.Commodity), lot.Quantity, lot.Value)
		d.Row(claims, s.document, s.account.Name(), s.c.Fund, lot.Item, lot.Lot, lot.Quantity, lot.Value, received, s.c.Bank, s.c.Reference)
		m := ledger.Move{From: s.account, To: s.lost(), Fund: s.c.Fund, Commodity: lot.Commodity, Quantity: lot.Quantity, Value: lot.Value}
		if err := d.Move(m); err != nil {
			return ledger.At("/lines", err)
		}
	}
	if s.c.Received.IsZero() {
		return nil
	}
	return d.Move(money(s.book, s.c.Fund, s.lost(), moneyAccount(s.c.Bank), s.c.Received))
}

// open is what the settlement takes of each lot that is still open, at the cost it was claimed with.
func (s settlement) open(d *ledger.Draft) ([]receivedLot, error) {
	var lots []receivedLot
	var faults ledger.Faults
	for _, g := range s.goods {
		done := d.Tally(s.madeGood(g.Commodity))
		quantity, value := g.Quantity.Sub(done.Quantity), g.Value.Sub(done.Value)
		if g.all {
			g.wanted = quantity
		}
		if g.wanted.GreaterThan(quantity) {
			_ = faults.Add(g.at+"/quantity", s.tooMuch(g, quantity))
		} else if g.wanted.IsPositive() {
			lots = append(lots, receivedLot{g.Commodity, g.wanted, ledger.Portion(quantity, value, g.wanted, s.book.Decimals)})
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if len(lots) == 0 {
		return nil, ledger.Refuse(ledger.AlreadyDone, "/claimed", fmt.Sprintf("all that %s claims for fund %s is settled", s.document, s.c.Fund))
	}
	return lots, nil
}

func (s settlement) tooMuch(g settling, open decimal.Decimal) error {
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code:    ledger.Insufficient,
		Message: fmt.Sprintf("%s claims %s of %s for fund %s and %s of it is open, %s wanted", s.document, g.Quantity, g.Commodity, s.c.Fund, open, g.wanted),
		Item:    g.Item, Lot: g.Lot, Fund: s.c.Fund, There: open.String(), Asked: g.wanted.String(),
	}}}
}
