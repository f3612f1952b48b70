package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
	"github.com/uptrace/bun"
)

// Moment says of when a balance is. The zero Moment is now.
//
// AsOf asks for the end of a business date, with everything that has been recorded for it until today: what late documents
// changed is in. KnownAt asks for the state right after an entry, whatever dates its entries carry: what was recorded later is out.
// Both together ask what a report on that date said when it was drawn at that entry.
type Moment struct {
	AsOf    Date
	KnownAt int64
}

// Selection says which cells are wanted. What is left empty does not restrict; several values of one field are alternatives.
type Selection struct {
	Classes  []Class
	Accounts []Account
	Funds    []string
	Items    []string
	Lots     []string
}

// No balance is a sum over moves. What a cell holds now is in the cell, with the bucket of its last day. The end of a date takes off the buckets of
// later days, at most one for each day the cell ever changed. What was known at an entry stands in the last move up to it, one look-up
// from either side. Only both together read moves: those recorded after the entry for the days until the date, which the buckets count as well.
const (
	knownSide = ` LEFT JOIN LATERAL (
		SELECT number, line, from_quantity AS quantity, from_value AS value FROM moves
			WHERE book_id = c.book_id AND from_cell = c.cell AND number <= ?known_at ORDER BY number DESC, line DESC LIMIT 1) gave ON true
		LEFT JOIN LATERAL (
		SELECT number, line, to_quantity AS quantity, to_value AS value FROM moves
			WHERE book_id = c.book_id AND to_cell = c.cell AND number <= ?known_at ORDER BY number DESC, line DESC LIMIT 1) got ON true`
	gaveLast  = "got.number IS NULL OR gave.number > got.number OR gave.number = got.number AND gave.line > got.line"
	laterDays = ` LEFT JOIN LATERAL (
		SELECT sum(quantity) AS quantity, sum(value) AS value FROM past_days
			WHERE book_id = c.book_id AND cell = c.cell AND "on" > ?as_of AND c.last_on > ?as_of) later ON true`
	laterSum = " - CASE WHEN c.last_on > ?as_of THEN c.last_%[1]s + coalesce(later.%[1]s, 0) ELSE 0 END"
	// The condition stands inside, so that a few cells look up their own moves and a whole book reads them once: a sum for each cell
	// asked for on its own would have to go through all entries again for every cell of it.
	unknownDays = ` LEFT JOIN (
		SELECT cell, sum(m.quantity) AS quantity, sum(m.value) AS value FROM (
			SELECT c.cell, m.number, m.quantity, m.value FROM cells c JOIN moves m ON m.book_id = ?book AND m.to_cell = c.cell AND m.number > ?known_at WHERE %[1]s
			UNION ALL
			SELECT c.cell, m.number, -m.quantity, -m.value FROM cells c JOIN moves m ON m.book_id = ?book AND m.from_cell = c.cell AND m.number > ?known_at WHERE %[1]s
		) m JOIN entries e ON e.book_id = ?book AND e.number = m.number AND e."on" <= ?as_of GROUP BY cell) unknown ON unknown.cell = c.cell`
)

// SQL is the text of a query that answers cell, account, fund, item, lot, quantity and value of the cells c that meet all conditions;
// empty ones restrict nothing.
// Its named arguments are book, as_of and known_at, where they are given, and those of the conditions.
func (m Moment) SQL(conditions ...string) string {
	where := strings.Join(slices.DeleteFunc(conditions, func(c string) bool { return c == "" }), " AND ")
	from, quantity, value := "cells c", "c.quantity", "c.value"
	switch {
	case !m.AsOf.IsZero():
		from, quantity, value = from+laterDays, quantity+fmt.Sprintf(laterSum, "quantity"), value+fmt.Sprintf(laterSum, "value")
		if m.KnownAt != 0 {
			from, quantity, value = from+fmt.Sprintf(unknownDays, where), quantity+" - coalesce(unknown.quantity, 0)", value+" - coalesce(unknown.value, 0)"
		}
	case m.KnownAt != 0:
		from += knownSide
		quantity = "coalesce(CASE WHEN " + gaveLast + " THEN gave.quantity ELSE got.quantity END, 0)"
		value = "coalesce(CASE WHEN " + gaveLast + " THEN gave.value ELSE got.value END, 0)"
	}
	return fmt.Sprintf("SELECT c.cell, c.account, c.fund, c.item, c.lot, %s AS quantity, %s AS value FROM %s WHERE %s", quantity, value, from, where)
}

// Balances are the cells of a selection at a moment, ordered by account, item, lot and fund. Cells that held nothing are left out.
// Everything comes from one statement, so that it is one moment of a book that is being written.
func Balances(ctx context.Context, db bun.IDB, book Info, s Selection, at Moment) ([]Cell, error) {
	args := struct {
		Book                                  int
		Decimals                              int32
		AsOf                                  Date
		KnownAt                               int64
		Classes, Accounts, Funds, Items, Lots pq.StringArray
	}{book.ID, book.Decimals, at.AsOf, at.KnownAt, asTexts(s.Classes), asTexts(s.Accounts), s.Funds, s.Items, s.Lots}
	conditions := []string{"c.book_id = ?book"}
	for _, c := range []struct {
		values    pq.StringArray
		condition string
	}{
		{args.Classes, "split_part(c.account, ':', 1) = ANY (?classes::text[])"},
		{args.Accounts, "c.account = ANY (?accounts::text[])"},
		{args.Funds, "c.fund = ANY (?funds::text[])"},
		{args.Items, "c.item = ANY (?items::text[])"},
		{args.Lots, "c.lot = ANY (?lots::text[])"},
	} {
		if len(c.values) > 0 {
			conditions = append(conditions, c.condition)
		}
	}
	query := fmt.Sprintf(`SELECT b.account, b.fund, b.item, b.lot, b.quantity, b.value, l.expires_on AS expires, l.received_on AS received,
			coalesce(l.decimals, ?decimals) AS decimals
		FROM (%s) b LEFT JOIN commodities l ON l.book_id = ?book AND l.item = b.item AND l.lot = b.lot
		WHERE b.quantity <> 0 OR b.value <> 0 ORDER BY b.account COLLATE "C", b.item COLLATE "C", b.lot COLLATE "C", b.fund COLLATE "C"`, at.SQL(conditions...))
	rows, err := db.QueryContext(ctx, query, args)
	if err != nil {
		return nil, fmt.Errorf("balances of book %s: %w", book.Code, err)
	}
	defer func() { _ = rows.Close() }()
	var cells []Cell
	for rows.Next() {
		var c Cell
		if err := rows.Scan(&c.Account, &c.Fund, &c.Item, &c.Lot, &c.Quantity, &c.Value, &c.Expires, &c.Received, &c.Decimals); err != nil {
			return nil, fmt.Errorf("balances of book %s: %w", book.Code, err)
		}
		cells = append(cells, c)
	}
	return cells, rows.Err()
}

// Balance is one cell at a moment; a cell that does not exist, or did not then, is empty.
func Balance(ctx context.Context, db bun.IDB, book Info, key CellKey, at Moment) (Cell, error) {
	cells, err := Balances(ctx, db, book, Selection{
		Accounts: []Account{key.Account}, Funds: []string{key.Fund}, Items: []string{key.Item}, Lots: []string{key.Lot},
	}, at)
	if err != nil || len(cells) == 0 {
		return Cell{CellKey: key}, err
	}
	return cells[0], nil
}

func asTexts[S ~string](values []S) pq.StringArray {
	list := make(pq.StringArray, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}
