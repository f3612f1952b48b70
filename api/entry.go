package api

import (
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/report"
)

// Entry is a fact in the book, as the answer to a posting request and as a page of the journal shows it.
type Entry struct {
	Number     int64     `json:"entry" doc:"Number of the entry in its book, without gaps; in a dry run the number it would have now." example:"5120"`
	Document   string    `json:"document,omitempty" doc:"Number of the document, when the entry has a paper of its own." example:"HO-PT-0031-2023-00233"`
	Kind       string    `json:"kind" doc:"What it is." example:"handout"`
	On         string    `json:"on" format:"date" doc:"Business date in the book's time zone." example:"2023-12-24"`
	RecordedAt time.Time `json:"recorded_at" doc:"When it was recorded."`
	Actor      string    `json:"actor" doc:"Who answers for it." example:"coordinator"`
	Key        string    `json:"key" doc:"The key it was sent with."`
	Reverses   int64     `json:"reverses,omitempty" doc:"Number of the entry that this one undoes."`
	Replayed   bool      `json:"replayed" doc:"True when the key had been posted before and this is the first answer again."`
	DryRun     bool      `json:"dry_run,omitempty" doc:"True when nothing was written."`
	Moves      []Move    `json:"moves" doc:"What moved, in order."`
	Balances   []Balance `json:"balances,omitempty" doc:"In a dry run: every balance the entry would touch, as it would stand afterwards."`
}

// Move is one move of an entry.
type Move struct {
	From     string        `json:"from" doc:"Account that gives." example:"stock:PT-0031"`
	To       string        `json:"to" doc:"Account that takes." example:"handed-out:PT-0031"`
	Fund     string        `json:"fund" doc:"Whose money it is." example:"WINTER-23"`
	Item     string        `json:"item" doc:"What moves: an item or the currency." example:"QUILT"`
	Lot      string        `json:"lot,omitempty" doc:"Lot of the item." example:"GR-ST-5101-01-2023-00042.1"`
	Quantity report.Number `json:"quantity" doc:"In the item's base unit; zero when only value moves." example:"3"`
	Value    report.Number `json:"value" doc:"Cost that moves along, in the book's currency." example:"289.50"`
}

// Balance is what an account holds of one lot, or of the currency, for one fund.
type Balance struct {
	Account  string        `json:"account" doc:"Where it is or what became of it." example:"stock:PT-0031"`
	Fund     string        `json:"fund" doc:"Whose money it is." example:"WINTER-23"`
	Item     string        `json:"item" doc:"Item or currency." example:"QUILT"`
	Lot      string        `json:"lot,omitempty" doc:"Lot of the item." example:"GR-ST-5101-01-2023-00042.1"`
	Quantity report.Number `json:"quantity" doc:"In the item's base unit." example:"7"`
	Value    report.Number `json:"value" doc:"In the book's currency." example:"675.50"`
}

func (d *Door) entry(p ledger.Posted) Entry {
	e := Entry{
		Number: p.Number, Document: p.Document, Kind: p.Kind, On: p.On.String(), RecordedAt: p.RecordedAt.UTC(), Actor: p.Actor,
		Key: p.Key, Reverses: p.Reverses, Replayed: p.Replayed, Moves: make([]Move, len(p.Moves)),
	}
	for i, m := range p.Moves {
		e.Moves[i] = Move{string(m.From), string(m.To), m.Fund, m.Item, m.Lot, d.quantity(m.Item, m.Quantity), d.amount(m.Value)}
	}
	return e
}

func (d *Door) trial(t ledger.Tried) Entry {
	e := d.entry(t.Posted)
	e.DryRun = true
	for _, c := range t.Cells {
		e.Balances = append(e.Balances, Balance{string(c.Account), c.Fund, c.Item, c.Commodity.Lot, d.quantity(c.Item, c.Quantity), d.amount(c.Value)})
	}
	return e
}

// amount writes an amount with all decimals of the currency, so that 289.50 does not become 289.5.
func (d *Door) amount(v decimal.Decimal) report.Number {
	return report.Number(v.StringFixed(d.Book.Decimals))
}

func (d *Door) quantity(item string, q decimal.Decimal) report.Number {
	if item == d.Book.Currency {
		return d.amount(q)
	}
	return report.Number(q.String())
}
