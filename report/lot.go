package report

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// LotQuery says which lots are wanted.
type LotQuery struct {
	Item      string      `query:"item" maxLength:"80" doc:"One item." example:"QUILT"`
	Lot       string      `query:"lot" maxLength:"80" doc:"One lot." example:"GR-WH-51-2023-00001.1"`
	Under     string      `query:"under" maxLength:"80" doc:"Lots that stand, or once stood, in a subtree of locations: its root." example:"5101"`
	Fund      string      `query:"fund" maxLength:"80" doc:"Lots that a fund holds or once held." example:"WINTER-23"`
	ExpiresBy ledger.Date `query:"expires_by" doc:"Lots whose last usable day is this one or earlier." example:"2024-01-31"`
	Held      string      `query:"held" enum:"true" doc:"true keeps lots of which something is still there."`
	After     string      `query:"after" maxLength:"200" doc:"Lots after this one: the next of the page before."`
	Limit     int         `query:"limit" minimum:"0" maximum:"500" doc:"Most lots of a page; 100 when left out."`
}

// LotPage is a page of lots in the order of their items and codes.
type LotPage struct {
	Lots []LotHead `json:"lots"`
	Next string    `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page."`
}

// LotHead is a lot: goods of one item that came in together.
type LotHead struct {
	Item       string      `json:"item" example:"QUILT"`
	Name       string      `json:"name" example:"棉被"`
	NameEn     string      `json:"name_en" example:"Quilt"`
	Lot        string      `json:"lot" example:"GR-WH-51-2023-00001.1"`
	Batch      string      `json:"batch" doc:"The maker's own number."`
	ProducedOn ledger.Date `json:"produced_on,omitzero" required:"false"`
	ExpiresOn  ledger.Date `json:"expires_on,omitzero" required:"false" doc:"Last usable day; absent when it never expires."`
	ReceivedOn ledger.Date `json:"received_on,omitzero" required:"false" doc:"Day on which it came in."`
	Document   string      `json:"document" doc:"Document that brought it in; empty for whoever does not see that one, and then batch and day of making too."`
	Unit       string      `json:"unit" example:"床"`
	Quantity   Number      `json:"quantity" doc:"What of it is in stock, reserved, in quarantine or on the way now, where the query looks." example:"40"`
	Value      Number      `json:"value" doc:"Its cost, in the book's currency." example:"3860.00"`
	Query      string      `json:"query" doc:"Relative address of where it is."`
}

type lotArgs struct {
	Book                int
	Path                string
	AfterItem, AfterLot string
	LotQuery
}

type lotRow struct {
	Item, Name, NameEn, Unit, Lot, Batch, Document string
	ProducedOn, ExpiresOn, ReceivedOn              ledger.Date
	Quantity, Value                                decimal.Decimal
}

// Lots is a page of the lots that the asker sees anything of, on one snapshot.
func (r Room) Lots(ctx context.Context, q LotQuery) (LotPage, error) {
	q.Limit = min(orElse(q.Limit, 100), MaxEntries)
	page := LotPage{Lots: []LotHead{}}
	args := lotArgs{Book: r.Book.ID, LotQuery: q}
	if q.After != "" {
		var whole bool
		if args.AfterItem, args.AfterLot, whole = strings.Cut(q.After, "/"); !whole {
			return page, ledger.Refuse(ledger.Invalid, "/after", fmt.Sprintf("after is %.80q, the next of a page wanted", q.After))
		}
	}
	var rows []lotRow
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		args.Path = under.Path
		if err := r.fund(ctx, tx, q.Fund); err != nil {
			return err
		}
		return tx.NewRaw(args.sql(), args).Scan(ctx, &rows)
	})
	for _, row := range rows {
		page.Lots = append(page.Lots, r.lotHead(row, q))
	}
	if len(rows) == q.Limit {
		page.Next = rows[len(rows)-1].Item + "/" + rows[len(rows)-1].Lot
	}
	return page, err
}

// sql reads the lots with what of each is there. A lot of which the asker sees no cell is not there for them.
func (a lotArgs) sql() string {
	return `SELECT g.item, coalesce(i.name, g.item) AS name, coalesce(i.name_en, '') AS name_en, coalesce(i.unit, '') AS unit, g.lot,
			coalesce(l.batch, '') AS batch, l.produced_on, g.expires_on, g.received_on, coalesce(e.document, '') AS document, h.quantity, h.value
		FROM commodities g
		JOIN LATERAL (SELECT count(*) AS cells, coalesce(sum(c.quantity) FILTER (WHERE c.floored), 0) AS quantity, coalesce(sum(c.value) FILTER (WHERE c.floored), 0) AS value
			FROM cells c` + where("c.book_id = g.book_id", "c.item = g.item", "c.lot = g.lot", given(a.Fund, "c.fund = ?fund"), given(a.Under, standsUnderSQL)) + `) h ON h.cells > 0
		LEFT JOIN entries e ON e.book_id = g.book_id AND e.number = g.number
		LEFT JOIN lots l ON l.book_id = g.book_id AND l.item = g.item AND l.lot = g.lot
		LEFT JOIN items i ON i.book_id = g.book_id AND i.code = g.item` +
		where("g.book_id = ?book", given(a.After, "(g.item, g.lot) > (?after_item, ?after_lot)"), given(a.Item, "g.item = ?item"), given(a.Lot, "g.lot = ?lot"),
			given(a.ExpiresBy, "g.expires_on <= ?expires_by"), given(a.Held, "h.quantity > 0")) + `
		ORDER BY g.item, g.lot LIMIT ?limit`
}

func (r Room) lotHead(row lotRow, q LotQuery) LotHead {
	return LotHead{
		Item: row.Item, Name: row.Name, NameEn: row.NameEn, Lot: row.Lot, Batch: row.Batch, ProducedOn: row.ProducedOn, ExpiresOn: row.ExpiresOn,
		ReceivedOn: row.ReceivedOn, Document: row.Document, Unit: row.Unit, Quantity: quantity(row.Quantity), Value: r.amount(row.Value),
		Query: address("/v1/stock", map[string]string{"item": row.Item, "lot": row.Lot, "under": q.Under, "fund": q.Fund, "by": "location,fund"}),
	}
}
