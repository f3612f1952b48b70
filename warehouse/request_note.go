package warehouse

import (
	"context"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// RequestNote is a request as it stands: what was asked, what of it is reserved, dispatched and open, and what was done for it.
type RequestNote struct {
	Note
	From      string            `json:"from" doc:"Location that was asked."`
	To        string            `json:"to" doc:"Location that asked."`
	Campaign  string            `json:"campaign"`
	NeededBy  ledger.Date       `json:"needed_by,omitzero"`
	Remark    string            `json:"remark"`
	State     string            `json:"state" enum:"open,reserved,partly-dispatched,fulfilled,closed,reversed" doc:"fulfilled when all of it was dispatched, closed when it was ended before; reserved and partly-dispatched as soon as some of it is."`
	Lines     []RequestNoteLine `json:"lines"`
	Reserved  []RequestNoteLot  `json:"reserved" doc:"The goods that are reserved for it now, first to expire first."`
	Documents []RequestDocument `json:"documents" doc:"What was done for it, in the order of the book."`
}

// RequestNoteLine is what became of goods of one item that were asked for. What was asked is reserved, dispatched or open.
type RequestNoteLine struct {
	Item       string          `json:"item"`
	Fund       string          `json:"fund" doc:"The only fund whose goods will do; empty when any will."`
	Asked      decimal.Decimal `json:"asked" doc:"In the item's base unit."`
	Reserved   decimal.Decimal `json:"reserved" doc:"Set apart where it was asked for, and not dispatched."`
	Dispatched decimal.Decimal `json:"dispatched" doc:"Sent on waybills, less what was recalled."`
	Open       decimal.Decimal `json:"open" doc:"Neither reserved nor dispatched."`
}

// RequestNoteLot is goods of one lot of one fund that are reserved.
type RequestNoteLot struct {
	Item      string          `json:"item"`
	Lot       string          `json:"lot"`
	Fund      string          `json:"fund"`
	Quantity  decimal.Decimal `json:"quantity"`
	Value     ledger.Amount   `json:"value"`
	ExpiresOn ledger.Date     `json:"expires_on,omitzero" doc:"Last usable day. Goods past it are released, they are not dispatched to a point."`
}

// RequestDocument is something that was done for a request.
type RequestDocument struct {
	Entry    int64       `json:"entry"`
	Document string      `json:"document" example:"RS-ST-5101-01-2023-00001"`
	Act      string      `json:"act" enum:"reserve,release,dispatch,close"`
	On       ledger.Date `json:"on"`
	Actor    string      `json:"actor"`
	Reason   string      `json:"reason"`
	Reversed bool        `json:"reversed" doc:"It was taken back."`
}

// RequestNote reads a request with what was done for it, or refuses with NotFound.
func (k *Keeper) RequestNote(ctx context.Context, document string) (RequestNote, error) {
	q, err := k.askedUnder(ctx, document)
	if err != nil {
		return q, err
	}
	q.Reserved, q.Documents = []RequestNoteLot{}, []RequestDocument{}
	err = k.Book.DB().NewRaw(`SELECT c.item, c.lot, c.fund, c.quantity, `+k.money("c.value")+` AS value, g.expires_on
		FROM cells c JOIN commodities g ON g.book_id = c.book_id AND g.item = c.item AND g.lot = c.lot
		WHERE c.book_id = ? AND c.account = ? AND c.quantity <> 0 ORDER BY c.item, g.expires_on, c.lot, c.fund`, k.Book.ID, string(q.reserved())).Scan(ctx, &q.Reserved)
	if err != nil {
		return q, err
	}
	err = k.Book.DB().NewRaw(`SELECT s.number AS entry, e.document, s.act, e."on", e.actor, s.reason, NOT `+standing("s")+` AS reversed
		FROM reservations s JOIN entries e USING (book_id, number) WHERE s.book_id = ? AND s.request = ? ORDER BY s.number`,
		k.Book.ID, document).Scan(ctx, &q.Documents)
	return q, err
}

// askedUnder reads a request without what was done for it.
func (k *Keeper) askedUnder(ctx context.Context, document string) (RequestNote, error) {
	q, err := note[RequestNote](ctx, k, "request", "requests", `d.from_location AS "from", d.to_location AS "to", d.campaign, d.needed_by, d.remark,
		request_state(e.book_id, e.number, e.document) AS state`, document)
	if err != nil {
		return q, err
	}
	err = k.Book.DB().NewRaw(`SELECT l.item, l.fund, l.quantity AS asked, r.reserved, g.got - r.reserved AS dispatched, l.quantity - g.got AS open
		FROM request_lines l,
			LATERAL (SELECT coalesce(sum(c.quantity), 0) AS reserved FROM cells c WHERE c.book_id = l.book_id AND c.account = 'reserved:' || ?2 AND c.item = l.item) r,
			LATERAL (SELECT coalesce(sum(t.quantity), 0) AS got FROM tallies t WHERE t.book_id = l.book_id AND t.name = 'request-got:' || ?2 || ':' || l.item) g
		WHERE l.book_id = ?0 AND l.number = ?1 ORDER BY l.line`, k.Book.ID, q.Entry, document).Scan(ctx, &q.Lines)
	return q, err
}

func init() {
	ledger.MustHold("what a request asks for is reserved, dispatched or open", `
		WITH asked AS (
			SELECT e.document AS request, l.item, l.quantity AS asked FROM request_lines l JOIN entries e USING (book_id, number)
			WHERE l.book_id = ?0 AND `+standing("l")+`
		), got AS (
			SELECT split_part(name, ':', 2) AS request, split_part(name, ':', 3) AS item, quantity AS got FROM tallies
			WHERE book_id = ?0 AND name LIKE 'request-got:%' AND quantity <> 0
		), held AS (
			SELECT substr(account, 10) AS request, item, sum(quantity) AS reserved FROM cells
			WHERE book_id = ?0 AND account LIKE 'reserved:%' AND quantity <> 0 GROUP BY 1, 2
		), roads AS (
			SELECT substr(f.account, 10) AS request, f.item, m.quantity FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell
			JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell WHERE m.book_id = ?0 AND f.account LIKE 'reserved:%' AND t.account LIKE 'transit:%'
			UNION ALL
			SELECT substr(t.account, 10), t.item, -m.quantity FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell
			JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell WHERE m.book_id = ?0 AND t.account LIKE 'reserved:%' AND f.account LIKE 'transit:%'
			UNION ALL
			SELECT s.request, a.item, -a.quantity FROM arrivals a JOIN entries w ON w.book_id = a.book_id AND w.document = a.waybill
			JOIN reservations s ON s.book_id = w.book_id AND s.number = w.number AND s.act = 'dispatch'
			WHERE a.book_id = ?0 AND a.outcome = 'recalled' AND `+standing("a")+`
		), sent AS (SELECT request, item, sum(quantity) AS dispatched FROM roads GROUP BY 1, 2)
		SELECT 'request ' || request || ' asks for ' || trim_scale(coalesce(asked, 0)) || ' of ' || item || ', ' || trim_scale(coalesce(reserved, 0)) || ' are reserved and '
			|| trim_scale(coalesce(dispatched, 0)) || ' dispatched, ' || trim_scale(coalesce(got, 0)) || ' counted'
		FROM asked FULL JOIN got USING (request, item) FULL JOIN held USING (request, item) FULL JOIN sent USING (request, item)
		WHERE coalesce(got, 0) <> coalesce(reserved, 0) + coalesce(dispatched, 0) OR coalesce(dispatched, 0) < 0 OR coalesce(got, 0) > coalesce(asked, 0)`)
	ledger.MustHold("what is reserved stands with a request that is open", `
		SELECT 'reserved:' || r.request || ' holds ' || trim_scale(r.held) || ', ' || trim_scale(r.counted) || ' counted, for '
			|| CASE WHEN q.number IS NULL THEN 'no request' WHEN r.ended THEN 'a closed request' ELSE 'its request' END
		FROM (SELECT request, sum(held) AS held, sum(counted) AS counted,
				EXISTS (SELECT FROM reservations s WHERE s.book_id = ?0 AND s.request = x.request AND s.act = 'close' AND `+standing("s")+`) AS ended
			FROM (SELECT substr(account, 10) AS request, quantity AS held, 0 AS counted FROM cells WHERE book_id = ?0 AND account LIKE 'reserved:%'
				UNION ALL SELECT substr(name, 18), 0, quantity FROM tallies WHERE book_id = ?0 AND name LIKE 'request-reserved:%') x GROUP BY 1) r
		LEFT JOIN entries e ON e.book_id = ?0 AND e.document = r.request
		LEFT JOIN requests q ON q.book_id = e.book_id AND q.number = e.number AND `+standing("q")+`
		WHERE r.held <> r.counted OR r.held <> 0 AND (q.number IS NULL OR r.ended)`)
	ledger.MustHold("reserved goods come from where they were asked for, and go back there or on a waybill to who asked", `
		SELECT DISTINCT 'entry ' || m.number || ' moves ' || trim_scale(m.quantity) || ' of ' || r.item || '/' || r.lot
			|| CASE WHEN m.leaves THEN ' from ' || r.account || ' to ' || o.account ELSE ' from ' || o.account || ' to ' || r.account END
		FROM cells r CROSS JOIN LATERAL (
				SELECT number, quantity, to_cell AS other, true AS leaves FROM moves WHERE book_id = ?0 AND from_cell = r.cell AND quantity > 0
				UNION ALL SELECT number, quantity, from_cell, false FROM moves WHERE book_id = ?0 AND to_cell = r.cell AND quantity > 0) m
			JOIN cells o ON o.book_id = ?0 AND o.cell = m.other
		WHERE r.book_id = ?0 AND r.account LIKE 'reserved:%'
			AND NOT EXISTS (SELECT FROM entries e JOIN requests q USING (book_id, number) WHERE e.book_id = ?0 AND e.document = substr(r.account, 10)
				AND (o.account = 'stock:' || q.from_location OR EXISTS (
					SELECT FROM entries w JOIN dispatches d USING (book_id, number) JOIN reservations s USING (book_id, number)
					WHERE w.book_id = ?0 AND 'transit:' || w.document = o.account AND s.act = 'dispatch' AND s.request = e.document
						AND (d.from_location, d.to_location) = (q.from_location, q.to_location))))`)
	ledger.MustHold("goods are reserved by their last usable day", `
		SELECT 'reservation ' || e.document || ' of ' || e."on" || ' took ' || c.item || '/' || c.lot || ', usable until ' || l.expires_on
		FROM entries e JOIN moves m USING (book_id, number)
		JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
		JOIN commodities l ON l.book_id = c.book_id AND l.item = c.item AND l.lot = c.lot
		WHERE e.book_id = ?0 AND e.kind = 'reservation' AND l.expires_on < e."on"`)
	ledger.MustHold("what is reserved is of the fund that its request asks for", `
		SELECT 'entry ' || m.number || ' reserves ' || trim_scale(m.quantity) || ' of ' || c.item || '/' || c.lot || ' of fund ' || c.fund
			|| ', request ' || e.document || ' asks for fund ' || l.fund
		FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell
		JOIN entries e ON e.book_id = c.book_id AND e.document = substr(c.account, 10)
		JOIN request_lines l ON l.book_id = e.book_id AND l.number = e.number AND l.item = c.item
		WHERE m.book_id = ?0 AND m.quantity > 0 AND c.account LIKE 'reserved:%' AND l.fund NOT IN ('', c.fund)`)
	ledger.MustHold("a request is closed once", `
		SELECT 'request ' || s.request || ' was closed ' || count(*) || ' times'
		FROM reservations s WHERE s.book_id = ?0 AND s.act = 'close' AND `+standing("s")+` GROUP BY s.request HAVING count(*) > 1`)
}
