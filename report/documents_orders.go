package report

import (
	"context"

	"reliefledger/ledger"
)

// PurchaseQuery says which purchases are wanted.
type PurchaseQuery struct {
	Pages
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund that will pay." example:"WINTER-23"`
	Party     string `query:"party" maxLength:"80" column:"d.party" doc:"Supplier that it was sent to." example:"S-01"`
	Budget    string `query:"budget" maxLength:"80" column:"d.budget" doc:"Line of the fund's budget." example:"QUILTS"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the contract or of the offer." example:"HT-2023-118"`
	Open      string `query:"open" enum:"true" column:"(CASE WHEN EXISTS (SELECT FROM cells c WHERE c.book_id = e.book_id AND c.account = 'committed:' || e.document AND c.value <> 0) THEN 'true' ELSE 'false' END)" doc:"true keeps purchases of which, as it stands now, something is still committed."`
}

// PurchaseHead is a purchase as it stands in the book.
type PurchaseHead struct {
	Listed
	Fund      string         `json:"fund" doc:"Fund that will pay." example:"WINTER-23"`
	Party     string         `json:"party" doc:"Supplier that it was sent to." example:"S-01"`
	Budget    string         `json:"budget" doc:"Line of the fund's budget; empty when it is in no line." example:"QUILTS"`
	Reference string         `json:"reference" doc:"Number of the contract or of the offer."`
	Value     Number         `json:"value" column:"(SELECT round(sum(l.value), b.decimals) FROM purchases l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What it was ordered for, in the book's currency." example:"4053.00"`
	Committed Number         `json:"committed" column:"(SELECT round(coalesce(sum(c.value), 0), b.decimals) FROM cells c WHERE c.book_id = e.book_id AND c.account = 'committed:' || e.document)" doc:"What of it is still committed as it stands now: neither invoiced nor closed." example:"193.00"`
	Invoiced  Number         `json:"invoiced" column:"(SELECT round(coalesce(sum(i.amount), 0), b.decimals) FROM purchase_bills i WHERE i.book_id = d.book_id AND i.purchase = e.document)" doc:"What its suppliers have billed of it as it stands now, in the book's currency: all invoices of the goods that came for it." example:"3860.00"`
	Lines     []PurchaseItem `json:"lines" bun:"type:jsonb" column:"(SELECT json_agg(json_build_object('item', l.item, 'quantity', trim_scale(l.quantity)::text, 'value', round(l.value, b.decimals)::text, 'received', trim_scale(coalesce(g.received, 0))::text, 'invoiced', trim_scale(coalesce(g.invoiced, 0))::text, 'open', trim_scale(greatest(l.quantity - coalesce(g.received, 0), 0))::text) ORDER BY l.line) FROM purchases l LEFT JOIN purchase_goods g ON g.book_id = d.book_id AND g.purchase = e.document AND g.item = l.item WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What was ordered and what came of it as it stands now, item by item."`
}

// PurchaseItem is goods of one item that were ordered.
type PurchaseItem struct {
	Item     string `json:"item" doc:"Item." example:"QUILT"`
	Quantity Number `json:"quantity" doc:"What was ordered, in the item's base unit." example:"42"`
	Value    Number `json:"value" doc:"What it was ordered for, in the book's currency." example:"4053.00"`
	Received Number `json:"received" doc:"What came: by receipts that have the purchase as their reference, or whose invoice names it." example:"40"`
	Invoiced Number `json:"invoiced" doc:"What of that is on receipts that are billed in full: an invoice bills a receipt, not its items. The amount of all bills, partial ones too, is the purchase's own invoiced." example:"40"`
	Open     Number `json:"open" doc:"What was ordered and has not come." example:"2"`
}

// Purchases lists purchases.
func (r Room) Purchases(ctx context.Context, q PurchaseQuery) (DocumentPage[PurchaseHead], error) {
	return list[PurchaseQuery, PurchaseHead](ctx, r, "purchases", q)
}

// Purchase reads one purchase, or refuses with NotFound.
func (r Room) Purchase(ctx context.Context, document string) (PurchaseHead, error) {
	return one[PurchaseHead](ctx, r, "purchases", "purchase", document)
}

// RequestQuery says which requests for goods are wanted.
type RequestQuery struct {
	Pages
	Sender      string      `query:"sender" maxLength:"80" column:"d.from_location" doc:"Location that was asked." example:"ST-5101-01"`
	Receiver    string      `query:"receiver" maxLength:"80" column:"d.to_location" doc:"Location that asked." example:"PT-0031"`
	Under       string      `query:"under" maxLength:"80" column:"d.to_location" doc:"Root of a subtree of locations that asked." example:"5101"`
	Campaign    string      `query:"campaign" maxLength:"80" column:"d.campaign" doc:"Campaign that it belongs to." example:"COLD-23"`
	Item        string      `query:"item" maxLength:"80" where:"EXISTS (SELECT FROM request_lines l WHERE l.book_id = d.book_id AND l.number = d.number AND l.item = ?)" doc:"Item that is asked for." example:"QUILT"`
	NeededUntil ledger.Date `query:"needed_until" where:"d.needed_by <= ?" doc:"Requests that are needed on this day or before; those without a day are left out." example:"2023-12-05"`
	State       string      `query:"state" enum:"open,reserved,partly-dispatched,fulfilled,closed,reversed" column:"request_state(e.book_id, e.number, e.document)" doc:"How it stands now."`
}

// RequestHead is a request in a list.
type RequestHead struct {
	Listed
	From     string        `json:"from" column:"d.from_location" doc:"Location that was asked." example:"ST-5101-01"`
	To       string        `json:"to" column:"d.to_location" doc:"Location that asked." example:"PT-0031"`
	Campaign string        `json:"campaign" doc:"Campaign that it belongs to." example:"COLD-23"`
	NeededBy ledger.Date   `json:"needed_by,omitzero" doc:"Day on which the goods are wanted at the latest."`
	Remark   string        `json:"remark" doc:"What who asked wrote to it."`
	State    string        `json:"state" enum:"open,reserved,partly-dispatched,fulfilled,closed,reversed" column:"request_state(e.book_id, e.number, e.document)" doc:"How it stands now."`
	Lines    []RequestItem `json:"lines" bun:"type:jsonb" column:"(SELECT json_agg(json_build_object('item', l.item, 'quantity', trim_scale(l.quantity)::text, 'fund', l.fund) ORDER BY l.line) FROM request_lines l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What was asked for, item by item; the request itself tells what became of it."`
}

// RequestItem is goods of one item that were asked for.
type RequestItem struct {
	Item     string `json:"item" doc:"Item." example:"QUILT"`
	Quantity Number `json:"quantity" doc:"In the item's base unit." example:"40"`
	Fund     string `json:"fund" doc:"The only fund whose goods will do; empty when any will."`
}

// Requests lists requests for goods.
func (r Room) Requests(ctx context.Context, q RequestQuery) (DocumentPage[RequestHead], error) {
	return list[RequestQuery, RequestHead](ctx, r, "requests", q)
}
