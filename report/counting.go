package report

import (
	"strings"
)

// counting is what a figure counts, as the arguments of its SQL. A figure and the list of its entries are read by the same
// text, so that a figure cannot be opened to anything but what it counted.
type counting struct {
	Book    int
	Path    string // of the location in Under
	Sources bool   // how goods came is asked of all, not of one source only
	EntryQuery
}

// A document may be undone in whole by a reversal and in part by returns, and a return may be undone again. All of them
// belong to the figure of the document they began with, at their own dates.
const undoingsSQL = `undoings AS (
	SELECT number, reverses AS undone FROM entries WHERE book_id = ?book AND reverses IS NOT NULL
	UNION ALL
	SELECT DISTINCT number, handout FROM handout_returns WHERE book_id = ?book
), effects (number, origin, sign) AS (
	SELECT number, number, 1 FROM origins
	UNION ALL
	SELECT u.number, f.origin, -f.sign FROM effects f JOIN undoings u ON u.undone = f.number
)`

// sidesSQL looks at moves from the side of the picked cells: what reached them counts up, what left them counts down.
const sidesSQL = `sides AS (
	SELECT m.number, c.fund, c.item, c.lot, m.quantity, m.value
	FROM picked c JOIN moves m ON m.book_id = ?book AND m.to_cell = c.cell
	UNION ALL
	SELECT m.number, c.fund, c.item, c.lot, -m.quantity, -m.value
	FROM picked c JOIN moves m ON m.book_id = ?book AND m.from_cell = c.cell
)`

// kitSourcesSQL looks through kits to the receipts of what is in them: kits came as all of it came. Where some of it was bought and some given, their
// cost is not split. A share of it would have to be rounded at every handout, and what returns bring back would not make up for it to the fen.
const kitSourcesSQL = `kit_parts AS MATERIALIZED (
	SELECT k.item, k.lot, f.item AS part, f.lot AS part_lot
	FROM kits k JOIN moves m ON m.book_id = ?book AND m.number = k.number
	JOIN cells f ON f.book_id = ?book AND f.cell = m.from_cell AND f.account = 'stock:' || k.location
	WHERE k.book_id = ?book
), kit_goods AS (
	SELECT * FROM kit_parts
	UNION
	SELECT g.item, g.lot, p.part, p.part_lot FROM kit_goods g JOIN kit_parts p ON p.item = g.part AND p.lot = g.part_lot
), kit_sources AS (
	SELECT g.item, g.lot, min(r.kind) AS kind
	FROM kit_goods g
	LEFT JOIN lots l ON l.book_id = ?book AND l.item = g.part AND l.lot = g.part_lot
	LEFT JOIN receipts r ON r.book_id = ?book AND r.number = l.number AND r.line = 1
	WHERE (g.part, g.part_lot) NOT IN (SELECT item, lot FROM kit_parts)
	GROUP BY g.item, g.lot HAVING count(*) = count(r.kind) AND min(r.kind) = max(r.kind)
)`

const underSQL = ` IN (SELECT code FROM locations WHERE book_id = ?book AND starts_with(path, ?path))`

// sql is the text of a query whose last part reads from counted(number, measure, unit, category, source, payment, fund, item, lot,
// quantity, value): one row for each thing that counts, signed.
func (c counting) sql(last string) string {
	parts := []string{}
	if c.looksThrough() {
		parts = append(parts, kitSourcesSQL)
	}
	switch c.Kind {
	case "activity":
		parts = append(parts, c.origins("activities"), undoingsSQL, c.countedActivities())
	case "handout":
		parts = append(parts, c.origins("handouts"), undoingsSQL, c.picked("c.account LIKE 'handed-out:%'"), sidesSQL, c.countedMoves("1", "''", " JOIN effects f ON f.number = s.number"))
	case "payment":
		// Seen from the bank, a payment leaves; the figure is what was paid.
		parts = append(parts, c.origins("payments"), undoingsSQL, c.picked("(c.account LIKE 'bank:%' OR c.account LIKE 'cash:%')"), sidesSQL,
			c.countedMoves("-1", "p.kind", " JOIN effects f ON f.number = s.number JOIN payments p ON p.book_id = ?book AND p.number = f.origin AND p.line = 1"))
	default:
		parts = append(parts, c.picked("true"), sidesSQL, c.countedMoves("1", "''", ""))
	}
	return "WITH RECURSIVE " + strings.Join(parts, ", ") + " " + last
}

// where joins conditions; each is used only where its field was given.
func where(conditions ...string) string {
	kept := []string{"true"}
	for _, c := range conditions {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return " WHERE " + strings.Join(kept, " AND ")
}

func given[T comparable](field T, condition string) string {
	var zero T
	if field == zero {
		return ""
	}
	return condition
}

func (c counting) origins(table string) string {
	return "origins AS (SELECT DISTINCT number FROM " + table + where("book_id = ?book",
		given(c.Campaign, "campaign = ?campaign"),
		given(c.Action, "action = ?action"),
		given(c.Under, "location"+underSQL),
	) + ")"
}

func (c counting) picked(class string) string {
	return "picked AS (SELECT c.cell, c.fund, c.item, c.lot FROM cells c" + where("c.book_id = ?book", class,
		given(c.Account, "c.account = ?account"),
		given(c.Class, "split_part(c.account, ':', 1) = ?class"),
		given(c.Fund, "c.fund = ?fund"),
		given(c.Item, "c.item = ?item"),
		given(c.Lot, "c.lot = ?lot"),
		c.standsUnder(),
	) + ")"
}

// standsUnder keeps the accounts of the locations of a subtree, the waybills they sent and the requests they were asked. A document is counted where it says it happened instead,
// because the money of a subtree need not have an account there.
func (c counting) standsUnder() string {
	if c.isDocument() {
		return ""
	}
	return given(c.Under, "(split_part(c.account, ':', 2)"+underSQL+` OR c.account IN (
		SELECT 'transit:' || e.document FROM dispatches d JOIN entries e ON e.book_id = ?book AND e.number = d.number
		WHERE d.book_id = ?book AND d.from_location`+underSQL+`) OR c.account IN (
		SELECT 'reserved:' || e.document FROM requests q JOIN entries e ON e.book_id = ?book AND e.number = q.number
		WHERE q.book_id = ?book AND q.from_location`+underSQL+"))")
}

// looksThrough reports whether it matters how kits came: other questions need not read what is in them.
func (c counting) looksThrough() bool { return c.Sources && c.Kind == "handout" || c.Source != "" }

func (c counting) countedMoves(sign, payment, join string) string {
	source := "r.kind"
	if c.looksThrough() {
		source = "r.kind, ks.kind"
		join += " LEFT JOIN kit_sources ks ON ks.item = s.item AND ks.lot = s.lot"
	}
	return `counted AS (SELECT s.number, '' AS measure, coalesce(i.unit, '') AS unit, coalesce(i.category, '') AS category, coalesce(` + source + `, '') AS source,
		` + payment + ` AS payment, s.fund, s.item, s.lot, ` + sign + ` * s.quantity AS quantity, ` + sign + ` * s.value AS value
	FROM sides s JOIN entries e ON e.book_id = ?book AND e.number = s.number` + join + `
	LEFT JOIN items i ON i.book_id = ?book AND i.code = s.item
	LEFT JOIN lots l ON l.book_id = ?book AND l.item = s.item AND l.lot = s.lot
	LEFT JOIN receipts r ON r.book_id = ?book AND r.number = l.number AND r.line = 1` + c.within() + ")"
}

func (c counting) countedActivities() string {
	return `counted AS (SELECT f.number, a.measure, a.unit, '' AS category, '' AS source, '' AS payment, '' AS fund, '' AS item, '' AS lot,
		f.sign * a.quantity AS quantity, 0::numeric AS value
	FROM effects f JOIN activities a ON a.book_id = ?book AND a.number = f.origin AND NOT a.drill
	JOIN entries e ON e.book_id = ?book AND e.number = f.number` + c.within() + ")"
}

// within keeps the entries of the dates and of the moment asked for.
func (c counting) within(more ...string) string {
	return where(append(more,
		given(c.From, `e."on" >= ?from`),
		given(c.To, `e."on" <= ?to`),
		given(c.KnownAt, "e.number <= ?known_at"))...)
}

// narrowed keeps the rows of counted that one figure of several counts.
func (c counting) narrowed() string {
	kind := ""
	if !c.isDocument() {
		kind = given(c.Kind, "number IN (SELECT number FROM entries WHERE book_id = ?book AND kind = ?kind)")
	}
	return where(kind,
		given(c.Measure, "measure = ?measure"),
		given(c.Unit, "unit = ?unit"),
		given(c.Category, "category = ?category"),
		given(c.Source, "source = ?source"),
		given(c.Payment, "payment = ?payment"),
	)
}

func (c counting) isDocument() bool {
	return c.Kind == "activity" || c.Kind == "handout" || c.Kind == "payment"
}
