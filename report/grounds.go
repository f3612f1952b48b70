package report

import (
	"context"
	"fmt"

	"reliefledger/ledger"
)

// Ground is a place that whoever posted an entry had to reach, and a fund that it was about there.
type Ground struct {
	Location, Path string
	Fund           string // "" for none in particular
	Whole          bool   // it concerns the goods of all funds
}

// What a kind of entry asks for that its document does not say.
const (
	nowhere   = "" // it is about money, or about the book
	eitherEnd = "" // whoever sees it may post it, and its moves ask for the rest
)

// waybilled begins the query of documents about a waybill: w is the waybill, d what its dispatch says.
const waybilled = ` AS a JOIN entries w ON w.book_id = a.book_id AND w.document = a.waybill JOIN dispatches d ON d.book_id = w.book_id AND d.number = w.number
	WHERE a.book_id = ?0 AND a.number = ?1`

// reserving is where what is done for a request is done.
const reserving = `SELECT q.from_location, '', false FROM reservations s JOIN entries e ON e.book_id = s.book_id AND e.document = s.request
	JOIN requests q ON q.book_id = e.book_id AND q.number = e.number WHERE s.book_id = ?0 AND s.number = ?1`

// grounds say of every kind of entry where posting it asks for a grant, by its document, because an entry that moves nothing, or only what
// both ends of a waybill may touch, does not tell by its moves. Each query answers location, fund and whether it concerns all funds.
var grounds = map[string]string{
	"receipt":         standsAt("receipts", "fund"),
	"request":         `SELECT q.to_location, l.fund, false FROM requests q JOIN request_lines l USING (book_id, number) WHERE book_id = ?0 AND number = ?1`,
	"request-closing": eitherEnd,
	"reservation":     reserving,
	"release":         reserving,
	"dispatch":        `SELECT place, '', false FROM dispatches, LATERAL (VALUES (from_location), (to_location)) AS ends (place) WHERE book_id = ?0 AND number = ?1`,
	"arrival":         `SELECT d.to_location, a.fund, false FROM arrivals` + waybilled,
	"recall":          `SELECT d.from_location, a.fund, false FROM arrivals` + waybilled,
	"close-short":     `SELECT d.from_location, a.fund, false FROM arrivals` + waybilled,
	// What it would give up is told by no line of it: it is about all that was sent.
	"close-short-proposal": `SELECT d.from_location, c.fund, false FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell, short_closings` +
		waybilled + ` AND m.book_id = w.book_id AND m.number = w.number`,
	"handout":            standsAt("handouts", "''"),
	"handout-return":     `SELECT h.location, '', false FROM handout_returns b JOIN handouts h ON h.book_id = b.book_id AND h.number = b.handout WHERE b.book_id = ?0 AND b.number = ?1`,
	"write-off-proposal": standsAt("write_offs", "fund"),
	"write-off":          standsAt("write_offs", "fund"),
	"count":              `SELECT c.location, coalesce(l.fund, ''), false FROM counts c LEFT JOIN count_lines l USING (book_id, number) WHERE book_id = ?0 AND number = ?1`,
	"count-approval":     standsAt("counts", "''"),
	"assembly":           standsAt("kits", "fund"),
	"point-closing":      `SELECT location, '', true FROM point_closings WHERE book_id = ?0 AND number = ?1`,
	"activity":           standsAt("activities", "''"),

	"contribution": nowhere, "budget": nowhere, "budget-change": nowhere, "purchase": nowhere, "purchase-closing": nowhere, "invoice": nowhere, "freight": nowhere,
	"payment": nowhere, "interfund": nowhere, "claim": nowhere, "bank-statement": nowhere, "bank-match": nowhere,
	"reversal": nowhere, "close": nowhere, "reopen": nowhere, "reopen-proposal": nowhere,
}

// standsAt is the ground of a document that says its location.
func standsAt(table, fund string) string {
	return "SELECT location, " + fund + ", false FROM " + table + " WHERE book_id = ?0 AND number = ?1"
}

// Grounds are the places that whoever posted an entry had to reach, and so must whoever undoes it. A place that is not in the register has no path.
func (r Room) Grounds(ctx context.Context, entry ledger.Entry) ([]Ground, error) {
	query, known := grounds[entry.Kind]
	if !known {
		return nil, fmt.Errorf("report: where a %s stands is not in the table of grounds", entry.Kind)
	}
	if query == nowhere {
		return nil, nil
	}
	var found []Ground
	err := r.Book.DB().NewRaw(`SELECT DISTINCT g.location, coalesce(l.path, '') AS path, g.fund, g.whole FROM (`+query+`) AS g (location, fund, whole)
		LEFT JOIN locations l ON l.book_id = ?0 AND l.code = g.location ORDER BY g.location, g.fund`, r.Book.ID, entry.Number).Scan(ctx, &found)
	return found, err
}
