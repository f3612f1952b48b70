package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// MaxStockLines is the most lines that one page of stock shows.
const MaxStockLines = 2000

// StockQuery says which stock is wanted. What is kept apart is never added: items, and conditions of goods.
type StockQuery struct {
	Under     string      `query:"under" maxLength:"80" doc:"Root of a subtree of locations; the whole book when left out." example:"5101"`
	Item      string      `query:"item" maxLength:"80" doc:"One item." example:"QUILT"`
	Lot       string      `query:"lot" maxLength:"80" doc:"One lot." example:"GR-WH-51-2023-00001.1"`
	Fund      string      `query:"fund" maxLength:"80" doc:"One fund." example:"WINTER-23"`
	Condition string      `query:"condition" enum:"stock,reserved,quarantine,transit" doc:"One condition. Goods in transit stand with their sender until they arrive; reserved goods are at the location, set apart for a request."`
	By        []string    `query:"by" enum:"location,lot,fund" maxItems:"3" doc:"What the lines are split by beside item and condition." example:"location"`
	AsOf      ledger.Date `query:"as_of" doc:"At the end of this business date; now when left out." example:"2023-12-31"`
	KnownAt   int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
	After     string      `query:"after" maxLength:"400" doc:"Lines after this one: the next of the page before."`
	Limit     int         `query:"limit" minimum:"0" maximum:"2000" doc:"Most lines of a page; 500 when left out."`
}

// Stock is what there is.
type Stock struct {
	Under   string      `json:"under" doc:"Root of the subtree; empty for the whole book."`
	AsOf    ledger.Date `json:"as_of,omitzero" required:"false" doc:"Business date; absent for now."`
	KnownAt int64       `json:"known_at" doc:"Number of the last entry that counts."`
	Value   Number      `json:"value" doc:"Value of all lines of all pages, in the book's currency." example:"289.50"`
	Lines   []StockLine `json:"lines"`
	Next    string      `json:"next" doc:"After of the next page; empty when this is the last."`
}

// StockLine is the goods of one item in one condition, at one location, of one lot, of one fund where the lines are split by them.
type StockLine struct {
	Item      string      `json:"item" example:"QUILT"`
	Name      string      `json:"name" example:"棉被"`
	NameEn    string      `json:"name_en" example:"Quilt"`
	Condition string      `json:"condition" enum:"stock,reserved,quarantine,transit"`
	Location  string      `json:"location" doc:"Where it is; the sender of goods in transit." example:"PT-0031"`
	Waybill   string      `json:"waybill" doc:"Waybill of goods in transit."`
	Request   string      `json:"request" doc:"Request that goods are reserved for."`
	Lot       string      `json:"lot"`
	ExpiresOn ledger.Date `json:"expires_on,omitzero" required:"false" doc:"Last usable day; the earliest of the line."`
	Fund      string      `json:"fund"`
	Unit      string      `json:"unit" example:"床"`
	Quantity  Number      `json:"quantity" doc:"In the item's unit." example:"3"`
	Value     Number      `json:"value" doc:"Cost, in the book's currency." example:"289.50"`
	Query     string      `json:"query" doc:"Relative address of the entries that make the line."`
}

// stockArgs are the arguments of the SQL: the query, and where the page before ended.
type stockArgs struct {
	Book                                                         int
	Path                                                         string
	Under, Item, Lot, Fund, Condition                            string
	AsOf                                                         ledger.Date
	KnownAt                                                      int64
	AfterItem, AfterCondition, AfterAccount, AfterLot, AfterFund string
	Limit                                                        int
}

// splits are the columns that a line may be split by. Items and conditions always are: pieces are not added to bales, and
// goods that may not be handed out are not added to those that may.
var splits = map[string]string{"location": "account, location, waybill, request", "lot": "lot", "fund": "fund"}

// stockRow is a line as SQL answers it.
type stockRow struct {
	Item, Name, NameEn, Unit, Condition, Account, Location, Waybill, Request, Lot, Fund string
	ExpiresOn                                                                           ledger.Date
	Quantity, Value                                                                     decimal.Decimal
}

func (row stockRow) cursor() string {
	return strings.Join([]string{row.Item, row.Condition, row.Account, row.Lot, row.Fund}, "/")
}

// Stock is what there is, at the moment asked for, on one snapshot.
func (r Room) Stock(ctx context.Context, q StockQuery) (Stock, error) {
	stock := Stock{Under: q.Under, AsOf: q.AsOf, Lines: []StockLine{}}
	args, err := q.args(r.Book.ID)
	if err != nil {
		return stock, err
	}
	err = r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		args.Path = under.Path
		if err := cmp.Or(r.item(ctx, tx, q.Item), r.fund(ctx, tx, q.Fund)); err != nil {
			return err
		}
		if stock.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		var value decimal.Decimal
		if err := tx.NewRaw(args.sql("SELECT coalesce(sum(value), 0) FROM wanted"), args).Scan(ctx, &value); err != nil {
			return err
		}
		stock.Value = r.amount(value)
		var rows []stockRow
		if err := tx.NewRaw(args.sql(q.lines()), args).Scan(ctx, &rows); err != nil {
			return err
		}
		for _, row := range rows {
			stock.Lines = append(stock.Lines, r.stockLine(row, q, stock.KnownAt))
		}
		if len(rows) == args.Limit {
			stock.Next = rows[len(rows)-1].cursor()
		}
		return nil
	})
	return stock, err
}

func (q StockQuery) args(book int) (stockArgs, error) {
	a := stockArgs{
		Book: book, Under: q.Under, Item: q.Item, Lot: q.Lot, Fund: q.Fund, Condition: q.Condition, AsOf: q.AsOf, KnownAt: q.KnownAt,
		Limit: min(orElse(q.Limit, 500), MaxStockLines),
	}
	for _, by := range q.By {
		if splits[by] == "" {
			return a, ledger.Refuse(ledger.Invalid, "/by", fmt.Sprintf("stock by %.40q, location, lot or fund wanted", by))
		}
	}
	if q.After == "" {
		return a, nil
	}
	after := strings.Split(q.After, "/")
	if len(after) != 5 {
		return a, ledger.Refuse(ledger.Invalid, "/after", fmt.Sprintf("after is %.80q, the next of a page wanted", q.After))
	}
	a.AfterItem, a.AfterCondition, a.AfterAccount, a.AfterLot, a.AfterFund = after[0], after[1], after[2], after[3], after[4]
	return a, nil
}

// sql is the text of a query that reads from wanted: the cells of goods, with where they are. A transit account is named after
// its waybill, whose sender answers for the goods until they arrive; an account of reserved goods after the request that they are for.
func (a stockArgs) sql(last string) string {
	goods := "split_part(c.account, ':', 1) IN ('stock', 'reserved', 'quarantine', 'transit')"
	return "WITH balances AS (" + ledger.Moment{AsOf: a.AsOf, KnownAt: a.KnownAt}.SQL("c.book_id = ?book",
		orElse(given(a.Condition, "split_part(c.account, ':', 1) = ?condition"), goods),
		given(a.Under, standsUnderSQL), given(a.Item, "c.item = ?item"), given(a.Lot, "c.lot = ?lot"), given(a.Fund, "c.fund = ?fund")) + `), wanted AS (
		SELECT b.*, split_part(b.account, ':', 1) AS condition, coalesce(d.from_location, q.from_location, split_part(b.account, ':', 2)) AS location,
			CASE WHEN d.number IS NULL THEN '' ELSE e.document END AS waybill, CASE WHEN q.number IS NULL THEN '' ELSE e.document END AS request
		FROM balances b
		LEFT JOIN entries e ON (b.account LIKE 'transit:%' OR b.account LIKE 'reserved:%') AND e.book_id = ?book AND e.document = split_part(b.account, ':', 2)
		LEFT JOIN dispatches d ON d.book_id = ?book AND d.number = e.number AND d.line = 1
		LEFT JOIN requests q ON q.book_id = ?book AND q.number = e.number AND q.line = 1 WHERE b.quantity <> 0 OR b.value <> 0) ` + last
}

// standsUnderSQL keeps the accounts of goods of the locations of a subtree, of the waybills that they sent and of the requests that they were asked. They are named before
// any balance is looked at, so that the stock of one place is a look-up whatever the others hold. Codes of locations sort byte by byte,
// and what is compared with them so finds no index of the other tables.
const standsUnderSQL = `c.account = ANY (ARRAY(
	SELECT class || ':' || code COLLATE "default" FROM locations, unnest(ARRAY['stock', 'quarantine']) AS class
		WHERE book_id = ?book AND starts_with(path, ?path)
	UNION ALL
	SELECT 'transit:' || e.document FROM dispatches d JOIN entries e ON e.book_id = ?book AND e.number = d.number
		WHERE d.book_id = ?book AND d.line = 1 AND d.from_location = ANY (ARRAY(
			SELECT code COLLATE "default" FROM locations WHERE book_id = ?book AND starts_with(path, ?path)))
	UNION ALL
	SELECT 'reserved:' || e.document FROM requests q JOIN entries e ON e.book_id = ?book AND e.number = q.number
		WHERE q.book_id = ?book AND q.from_location = ANY (ARRAY(
			SELECT code COLLATE "default" FROM locations WHERE book_id = ?book AND starts_with(path, ?path)))))`

// lines reads a page of lines in the order of their cursor.
func (q StockQuery) lines() string {
	kept := []string{"item", "condition"}
	columns := "item, condition"
	for _, by := range []string{"location", "lot", "fund"} {
		if slices.Contains(q.By, by) {
			kept = append(kept, splits[by])
			columns += ", " + splits[by]
		} else {
			columns += ", '' AS " + strings.Join(strings.Split(splits[by], ", "), ", '' AS ")
		}
	}
	return `SELECT g.*, coalesce(i.name, g.item) AS name, coalesce(i.name_en, '') AS name_en, coalesce(i.unit, '') AS unit FROM (
			SELECT ` + columns + `, sum(quantity) AS quantity, sum(value) AS value,
				min((SELECT expires_on FROM commodities l WHERE l.book_id = ?book AND l.item = w.item AND l.lot = w.lot)) AS expires_on
			FROM wanted w GROUP BY ` + strings.Join(kept, ", ") + `) g
		LEFT JOIN items i ON i.book_id = ?book AND i.code = g.item
		WHERE (g.item, g.condition, g.account, g.lot, g.fund) > (?after_item, ?after_condition, ?after_account, ?after_lot, ?after_fund)
		ORDER BY g.item, g.condition, g.account, g.lot, g.fund LIMIT ?limit`
}

func (r Room) stockLine(row stockRow, q StockQuery, knownAt int64) StockLine {
	opens := EntryQuery{Class: row.Condition, Account: row.Account, Item: row.Item, Lot: orElse(row.Lot, q.Lot), Fund: orElse(row.Fund, q.Fund), Under: q.Under, To: q.AsOf, KnownAt: knownAt}
	if row.Account != "" {
		opens.Class, opens.Under = "", ""
	}
	return StockLine{
		Item: row.Item, Name: row.Name, NameEn: row.NameEn, Condition: row.Condition, Location: row.Location, Waybill: row.Waybill, Request: row.Request,
		Lot: row.Lot, ExpiresOn: row.ExpiresOn, Fund: row.Fund, Unit: row.Unit,
		Quantity: quantity(row.Quantity), Value: r.amount(row.Value), Query: opens.URL(),
	}
}
