package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// MaxCardLines is the most lines that a stock card has. A longer one is asked for in shorter stretches of time.
const MaxCardLines = 5000

// CardQuery says which stock card is wanted.
type CardQuery struct {
	Location  string      `query:"location" required:"true" minLength:"1" maxLength:"80" doc:"Where the goods are." example:"PT-0031"`
	Item      string      `query:"item" required:"true" minLength:"1" maxLength:"80" doc:"Which goods." example:"QUILT"`
	Condition string      `query:"condition" enum:"stock,reserved,quarantine" doc:"Their condition; stock when left out."`
	Lot       string      `query:"lot" maxLength:"80" doc:"One lot." example:"GR-WH-51-2023-00001.1"`
	Fund      string      `query:"fund" maxLength:"80" doc:"One fund." example:"WINTER-23"`
	From      ledger.Date `query:"from" doc:"First business date; from the beginning when left out." example:"2023-12-01"`
	To        ledger.Date `query:"to" doc:"Last business date; to the end when left out." example:"2023-12-31"`
	KnownAt   int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// Card is the stock card of an item at a location: opening, every move with its document and the balance after it, closing.
type Card struct {
	Location  string      `json:"location" example:"PT-0031"`
	Place     string      `json:"place" doc:"Its name."`
	PlaceEn   string      `json:"place_en"`
	Item      string      `json:"item" example:"QUILT"`
	Name      string      `json:"name" example:"棉被"`
	NameEn    string      `json:"name_en" example:"Quilt"`
	Unit      string      `json:"unit" example:"床"`
	Condition string      `json:"condition" enum:"stock,reserved,quarantine"`
	From      ledger.Date `json:"from,omitzero" required:"false"`
	To        ledger.Date `json:"to,omitzero" required:"false"`
	KnownAt   int64       `json:"known_at" doc:"Number of the last entry that counts."`
	Opening   CardBalance `json:"opening" doc:"Before the first line."`
	Lines     []CardLine  `json:"lines" doc:"Moves in the order of their business dates, then of their numbers."`
	Closing   CardBalance `json:"closing" doc:"After the last line."`
}

// CardBalance is what there is of an item.
type CardBalance struct {
	Quantity Number `json:"quantity" doc:"In the item's unit." example:"3"`
	Value    Number `json:"value" doc:"Cost, in the book's currency." example:"289.50"`
}

// CardLine is one move on a stock card.
type CardLine struct {
	Entry    int64       `json:"entry" doc:"Number of the entry." example:"5120"`
	On       ledger.Date `json:"on"`
	Kind     string      `json:"kind" example:"handout"`
	Document string      `json:"document" example:"HO-PT-0031-2023-00233"`
	Actor    string      `json:"actor"`
	Account  string      `json:"account" doc:"Where it came from or went to." example:"handed-out:PT-0031"`
	Lot      string      `json:"lot"`
	Fund     string      `json:"fund"`
	In       Number      `json:"in" doc:"Quantity that came." example:"0"`
	Out      Number      `json:"out" doc:"Quantity that went." example:"3"`
	Value    Number      `json:"value" doc:"Cost that moved along, negative when it went." example:"-289.50"`
	Balance  CardBalance `json:"balance" doc:"What there was after it."`
}

type cardArgs struct {
	Book    int
	Account string
	AsOf    ledger.Date
	Limit   int
	CardQuery
}

type cardRow struct {
	Number                         int64
	On                             ledger.Date
	Kind, Document, Actor, Account string
	Lot, Fund                      string
	Quantity, Value                decimal.Decimal
}

// Card is the stock card of an item at a location, on one snapshot.
func (r Room) Card(ctx context.Context, q CardQuery) (Card, error) {
	q.Condition = orElse(q.Condition, string(ledger.Stock))
	card := Card{Location: q.Location, Item: q.Item, Condition: q.Condition, From: q.From, To: q.To, Lines: []CardLine{}}
	args := cardArgs{Book: r.Book.ID, Account: q.Condition + ":" + q.Location, Limit: MaxCardLines + 1, CardQuery: q}
	if err := inOrder(q.From, q.To); err != nil {
		return card, err
	}
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		at, err := r.place(ctx, tx, q.Location)
		if err != nil {
			return err
		}
		card.Place, card.PlaceEn = at.Name, at.NameEn
		if card.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		if err := r.cardItem(ctx, tx, &card); err != nil {
			return err
		}
		if err := r.fund(ctx, tx, q.Fund); err != nil {
			return err
		}
		opening, err := r.cardOpening(ctx, tx, args)
		if err != nil {
			return err
		}
		var rows []cardRow
		if err := tx.NewRaw(args.sql(), args).Scan(ctx, &rows); err != nil {
			return err
		}
		if len(rows) > MaxCardLines {
			return ledger.Refuse(ledger.Invalid, "/from", fmt.Sprintf("the card of %s at %s has more than %d lines, a shorter time wanted", q.Item, q.Location, MaxCardLines))
		}
		r.run(&card, opening, rows)
		return nil
	})
	return card, err
}

func (r Room) cardItem(ctx context.Context, tx bun.Tx, card *Card) error {
	err := tx.NewRaw("SELECT name, name_en, unit FROM items WHERE book_id = ? AND code = ?", r.Book.ID, card.Item).
		Scan(ctx, &card.Name, &card.NameEn, &card.Unit)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Refuse(ledger.NotFound, "/item", fmt.Sprintf("item %.80q is not in the register", card.Item))
	}
	return err
}

// cardOpening is the balance before the first day of a card; a card from the beginning opens with nothing.
func (r Room) cardOpening(ctx context.Context, tx bun.Tx, args cardArgs) (opening cardRow, err error) {
	if args.From.IsZero() {
		return opening, nil
	}
	args.AsOf = args.From - 1
	err = tx.NewRaw("SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(value), 0) AS value FROM ("+
		ledger.Moment{AsOf: args.AsOf, KnownAt: args.KnownAt}.SQL(args.cells()...)+") b", args).Scan(ctx, &opening)
	return opening, err
}

func (a cardArgs) cells() []string {
	account := "c.account = ?account"
	if a.Condition == string(ledger.Reserved) {
		account = reservedThereSQL
	}
	return []string{"c.book_id = ?book", account, "c.item = ?item", given(a.Lot, "c.lot = ?lot"), given(a.Fund, "c.fund = ?fund")}
}

// reservedThereSQL keeps the accounts of the requests that a location was asked.
const reservedThereSQL = `c.account = ANY (ARRAY(SELECT 'reserved:' || e.document FROM requests q JOIN entries e ON e.book_id = ?book AND e.number = q.number
	WHERE q.book_id = ?book AND q.from_location = ?location))`

func (a cardArgs) sql() string {
	return "WITH picked AS (SELECT c.cell, c.lot, c.fund FROM cells c" + where(a.cells()...) + `), lines AS (
			SELECT m.number, m.line, m.from_cell AS other, c.lot, c.fund, m.quantity, m.value
			FROM picked c JOIN moves m ON m.book_id = ?book AND m.to_cell = c.cell
			UNION ALL
			SELECT m.number, m.line, m.to_cell, c.lot, c.fund, -m.quantity, -m.value
			FROM picked c JOIN moves m ON m.book_id = ?book AND m.from_cell = c.cell
		)
		SELECT l.number, e."on", e.kind, coalesce(e.document, '') AS document, e.actor, o.account, l.lot, l.fund, l.quantity, l.value
		FROM lines l JOIN entries e ON e.book_id = ?book AND e.number = l.number JOIN cell_names o ON o.book_id = ?book AND o.cell = l.other` +
		counting{EntryQuery: EntryQuery{From: a.From, To: a.To, KnownAt: a.KnownAt}}.within() +
		` ORDER BY e."on", l.number, l.line LIMIT ?limit`
}

// run writes the lines with the balance after each.
func (r Room) run(card *Card, opening cardRow, rows []cardRow) {
	held, worth := opening.Quantity, opening.Value
	card.Opening = CardBalance{quantity(held), r.amount(worth)}
	for _, row := range rows {
		held, worth = held.Add(row.Quantity), worth.Add(row.Value)
		card.Lines = append(card.Lines, CardLine{
			Entry: row.Number, On: row.On, Kind: row.Kind, Document: row.Document, Actor: row.Actor, Account: row.Account, Lot: row.Lot, Fund: row.Fund,
			In: quantity(decimal.Max(row.Quantity, decimal.Zero)), Out: quantity(decimal.Max(row.Quantity.Neg(), decimal.Zero)),
			Value: r.amount(row.Value), Balance: CardBalance{quantity(held), r.amount(worth)},
		})
	}
	card.Closing = CardBalance{quantity(held), r.amount(worth)}
}
