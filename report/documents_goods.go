package report

import "context"

// ReceiptQuery says which receipts are wanted.
type ReceiptQuery struct {
	Pages
	Location  string `query:"location" maxLength:"80" column:"d.location" doc:"Where the goods came in." example:"ST-5101-01"`
	Under     string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Whose money it is." example:"WINTER-23"`
	Party     string `query:"party" maxLength:"80" column:"d.party" doc:"Who supplied or gave the goods." example:"S-01"`
	Kind      string `query:"kind" enum:"purchase,in-kind,opening,custody" column:"d.kind" doc:"How the goods came."`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the order or the agreement." example:"PO-2023-118"`
}

// ReceiptHead is a receipt in a list.
type ReceiptHead struct {
	Listed
	Location  string `json:"location" doc:"Where the goods came in." example:"ST-5101-01"`
	Kind      string `json:"kind" doc:"How they came." example:"purchase"`
	Party     string `json:"party" doc:"Who supplied or gave them." example:"S-01"`
	Fund      string `json:"fund" doc:"Whose money it is." example:"WINTER-23"`
	Reference string `json:"reference" doc:"Number of the order or the agreement."`
}

// Receipts lists receipts.
func (r Room) Receipts(ctx context.Context, q ReceiptQuery) (DocumentPage[ReceiptHead], error) {
	return list[ReceiptQuery, ReceiptHead](ctx, r, "receipts", q)
}

// TransferQuery says which waybills are wanted.
type TransferQuery struct {
	Pages
	Sender    string `query:"sender" maxLength:"80" column:"d.from_location" doc:"Location that sent the goods." example:"ST-5101-01"`
	Receiver  string `query:"receiver" maxLength:"80" column:"d.to_location" doc:"Location they are for." example:"PT-0031"`
	Carrier   string `query:"carrier" maxLength:"80" column:"d.carrier" doc:"Who carried them." example:"C-01"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Reference of the sender."`
	Request   string `query:"request" maxLength:"80" where:"EXISTS (SELECT FROM reservations s WHERE s.book_id = e.book_id AND s.number = e.number AND s.request = ?)" doc:"Request that the goods are for." example:"RQ-PT-0031-2023-00001"`
	Open      string `query:"open" enum:"true" column:"(CASE WHEN EXISTS (SELECT FROM cells c WHERE c.book_id = e.book_id AND c.account = 'transit:' || e.document AND c.quantity <> 0) THEN 'true' ELSE 'false' END)" doc:"true keeps waybills that, as it stands now, still have goods in transit."`
}

// TransferHead is a waybill in a list.
type TransferHead struct {
	Listed
	From      string `json:"from" column:"d.from_location" doc:"Location that sent the goods." example:"ST-5101-01"`
	To        string `json:"to" column:"d.to_location" doc:"Location they are for." example:"PT-0031"`
	Carrier   string `json:"carrier" doc:"Who carried them."`
	Vehicle   string `json:"vehicle" doc:"What carried them."`
	Reference string `json:"reference" doc:"Reference of the sender."`
	Request   string `json:"request" column:"coalesce((SELECT s.request FROM reservations s WHERE s.book_id = e.book_id AND s.number = e.number), '')" doc:"Request that the goods are for."`
	Open      bool   `json:"open" column:"EXISTS (SELECT FROM cells c WHERE c.book_id = e.book_id AND c.account = 'transit:' || e.document AND c.quantity <> 0)" doc:"Some of it is still in transit, as it stands now."`
}

// Transfers lists waybills.
func (r Room) Transfers(ctx context.Context, q TransferQuery) (DocumentPage[TransferHead], error) {
	return list[TransferQuery, TransferHead](ctx, r, "dispatches", q)
}

// HandoutQuery says which handouts are wanted.
type HandoutQuery struct {
	Pages
	Location  string `query:"location" maxLength:"80" column:"d.location" doc:"Where the goods were given." example:"PT-0031"`
	Under     string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Campaign  string `query:"campaign" maxLength:"80" column:"d.campaign" doc:"Campaign it belongs to." example:"COLD-23"`
	Action    string `query:"action" maxLength:"80" column:"d.action" doc:"Action of the campaign." example:"PATROL"`
	Pseudonym string `query:"pseudonym" maxLength:"80" column:"d.pseudonym" doc:"Pseudonym of who was helped."`
}

// HandoutHead is a handout in a list.
type HandoutHead struct {
	Listed
	Location  string `json:"location" doc:"Where the goods were given." example:"PT-0031"`
	Campaign  string `json:"campaign" doc:"Campaign it belongs to." example:"COLD-23"`
	Action    string `json:"action" doc:"Action of the campaign." example:"PATROL"`
	Drill     bool   `json:"drill" doc:"It was a drill: nothing moved."`
	People    int    `json:"people" doc:"How many people were helped." example:"3"`
	Sex       string `json:"sex" doc:"Their sex, where it was written down."`
	Age       string `json:"age" doc:"Their age group, where it was written down."`
	Pseudonym string `json:"pseudonym" doc:"Pseudonym of who was helped, where there is one."`
}

// Handouts lists handouts.
func (r Room) Handouts(ctx context.Context, q HandoutQuery) (DocumentPage[HandoutHead], error) {
	return list[HandoutQuery, HandoutHead](ctx, r, "handouts", q)
}

// WriteOffQuery says which write-offs are wanted.
type WriteOffQuery struct {
	Pages
	Location string `query:"location" maxLength:"80" column:"d.location" doc:"Where the goods are." example:"ST-5101-01"`
	Under    string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Act      string `query:"act" enum:"proposal,approval" column:"(CASE WHEN d.proposal IS NULL THEN 'proposal' ELSE 'approval' END)" doc:"Proposals alone, or approvals alone."`
}

// WriteOffHead is the proposal or the approval of a write-off in a list.
type WriteOffHead struct {
	Listed
	Act         string `json:"act" column:"CASE WHEN d.proposal IS NULL THEN 'proposal' ELSE 'approval' END" enum:"proposal,approval" doc:"What it is."`
	Location    string `json:"location" doc:"Where the goods are." example:"ST-5101-01"`
	Reason      string `json:"reason" doc:"Why they are disposed of."`
	Certificate string `json:"certificate" doc:"Number of the disposal certificate."`
	Proposal    int64  `json:"proposal,omitempty" column:"coalesce(d.proposal, 0)" doc:"Entry number of the proposal that an approval agrees to."`
}

// WriteOffs lists the proposals and approvals of write-offs.
func (r Room) WriteOffs(ctx context.Context, q WriteOffQuery) (DocumentPage[WriteOffHead], error) {
	return list[WriteOffQuery, WriteOffHead](ctx, r, "write_offs", q)
}

// KitQuery says which assemblies are wanted.
type KitQuery struct {
	Pages
	Location string `query:"location" maxLength:"80" column:"d.location" doc:"Where kits were made." example:"ST-5101-01"`
	Under    string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Item     string `query:"item" maxLength:"80" column:"d.item" doc:"Item that the kits are." example:"KIT"`
	Fund     string `query:"fund" maxLength:"80" column:"d.fund" doc:"Whose goods they are." example:"WINTER-23"`
}

// KitHead is an assembly in a list.
type KitHead struct {
	Listed
	Location string `json:"location" doc:"Where kits were made." example:"ST-5101-01"`
	Item     string `json:"item" doc:"Item that the kits are." example:"KIT"`
	Lot      string `json:"lot" doc:"Lot that they became." example:"KT-ST-5101-01-2023-00001.1"`
	Fund     string `json:"fund" doc:"Whose goods they are." example:"WINTER-23"`
	Quantity Number `json:"quantity" column:"trim_scale(d.quantity)" doc:"How many, in the base unit of their item." example:"10"`
	Value    Number `json:"value" column:"round(d.value, b.decimals)" doc:"What went into all of them, in the book's currency." example:"289.50"`
}

// Kits lists assemblies.
func (r Room) Kits(ctx context.Context, q KitQuery) (DocumentPage[KitHead], error) {
	return list[KitQuery, KitHead](ctx, r, "kits", q)
}

// CountQuery says which counts are wanted.
type CountQuery struct {
	Pages
	Location string `query:"location" maxLength:"80" column:"d.location" doc:"Where goods were counted." example:"ST-5101-01"`
	Under    string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Act      string `query:"act" enum:"count,approval" column:"(CASE WHEN d.proposal IS NULL THEN 'count' ELSE 'approval' END)" doc:"Counts alone, or approvals alone."`
}

// CountHead is a count or the approval of its differences in a list.
type CountHead struct {
	Listed
	Act         string `json:"act" column:"CASE WHEN d.proposal IS NULL THEN 'count' ELSE 'approval' END" enum:"count,approval" doc:"What it is."`
	Location    string `json:"location" doc:"Where goods were counted." example:"ST-5101-01"`
	Remark      string `json:"remark" doc:"Who counted and how."`
	Blind       bool   `json:"blind" doc:"Those who counted did not see what the book holds."`
	Whole       bool   `json:"whole" doc:"Everything there was counted."`
	Differences int    `json:"differences" doc:"How many lines differ from the book." example:"1"`
	Proposal    int64  `json:"proposal,omitempty" column:"coalesce(d.proposal, 0)" doc:"Entry number of the count that an approval agrees to."`
}

// Counts lists counts and the approvals of their differences.
func (r Room) Counts(ctx context.Context, q CountQuery) (DocumentPage[CountHead], error) {
	return list[CountQuery, CountHead](ctx, r, "counts", q)
}

// ShortClosingQuery says which short closings are wanted.
type ShortClosingQuery struct {
	Pages
	Act     string `query:"act" enum:"close,propose,approve" column:"d.act" doc:"Closed by one person, proposed, or agreed to by another."`
	Waybill string `query:"waybill" maxLength:"80" column:"d.waybill" doc:"One waybill." example:"WB-ST-5101-01-2023-00002"`
}

// ShortClosingHead is a short closing in a list: by one person, a proposal, or another person's agreement to one.
type ShortClosingHead struct {
	Listed
	Act      string `json:"act" enum:"close,propose,approve" doc:"Closed by one person, proposed, or agreed to by another."`
	Waybill  string `json:"waybill" doc:"Waybill of which goods are given up." example:"WB-ST-5101-01-2023-00002"`
	Claim    bool   `json:"claim" doc:"The carrier owes them; otherwise they are lost."`
	Reason   string `json:"reason" doc:"Why."`
	Value    Number `json:"value" column:"round(d.value, b.decimals)" doc:"Cost of what is given up, in the book's currency." example:"9650.00"`
	Proposal int64  `json:"proposal,omitempty" column:"coalesce(d.proposal, 0)" doc:"Entry number of the proposal that an agreement is to."`
}

// ShortClosings lists what was given up of waybills, and what was proposed so.
func (r Room) ShortClosings(ctx context.Context, q ShortClosingQuery) (DocumentPage[ShortClosingHead], error) {
	return list[ShortClosingQuery, ShortClosingHead](ctx, r, "short_closings", q)
}
