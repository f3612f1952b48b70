package report

import "reliefledger/ledger"

// moment says of when a balance is: at the end of a business date, as known at an entry, or both. Zero means now.
type moment struct {
	AsOf    ledger.Date
	KnownAt int64
}

// The balance of a cell is never summed over its history. What it holds now is in the cell; the days after a date are
// taken off from their buckets; the balance as known at an entry stands in the last move up to it, on either side.
const (
	knownSQL = ` LEFT JOIN LATERAL (
		SELECT quantity, value FROM (
			(SELECT number, line, from_quantity AS quantity, from_value AS value FROM moves
				WHERE book_id = c.book_id AND from_cell = c.cell AND number <= ?known_at ORDER BY number DESC, line DESC LIMIT 1)
			UNION ALL
			(SELECT number, line, to_quantity, to_value FROM moves
				WHERE book_id = c.book_id AND to_cell = c.cell AND number <= ?known_at ORDER BY number DESC, line DESC LIMIT 1)
		) sides ORDER BY number DESC, line DESC LIMIT 1) k ON true`
	daysSQL = ` LEFT JOIN LATERAL (
		SELECT sum(quantity) AS quantity, sum(value) AS value FROM cell_days
			WHERE book_id = c.book_id AND cell = c.cell AND "on" > ?as_of) d ON true`
	// Days hold what entries after the known one did as well: it is given back.
	unknownSQL = ` LEFT JOIN LATERAL (
		SELECT sum(sign * quantity) AS quantity, sum(sign * value) AS value FROM (
			SELECT number, quantity, value, 1 AS sign FROM moves WHERE book_id = c.book_id AND to_cell = c.cell AND number > ?known_at
			UNION ALL
			SELECT number, quantity, value, -1 FROM moves WHERE book_id = c.book_id AND from_cell = c.cell AND number > ?known_at
		) m JOIN entries e ON e.book_id = c.book_id AND e.number = m.number AND e."on" > ?as_of) u ON true`
)

// balances is the text of a query of cells c at the moment: cell, account, fund, item, lot, quantity and value.
// Its named arguments are as_of and known_at where they are given, and those of the conditions.
func (m moment) balances(conditions ...string) string {
	from, quantity, value := "cells c", "c.quantity", "c.value"
	if m.KnownAt != 0 {
		from, quantity, value = from+knownSQL, "coalesce(k.quantity, 0)", "coalesce(k.value, 0)"
	}
	if !m.AsOf.IsZero() {
		from, quantity, value = from+daysSQL, quantity+" - coalesce(d.quantity, 0)", value+" - coalesce(d.value, 0)"
	}
	if m.KnownAt != 0 && !m.AsOf.IsZero() {
		from, quantity, value = from+unknownSQL, quantity+" + coalesce(u.quantity, 0)", value+" + coalesce(u.value, 0)"
	}
	return "SELECT c.cell, c.account, c.fund, c.item, c.lot, " + quantity + " AS quantity, " + value + " AS value FROM " + from + where(conditions...)
}
