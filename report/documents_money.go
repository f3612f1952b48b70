package report

import "context"

// ContributionQuery says which contributions are wanted.
type ContributionQuery struct {
	Pages
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund that got the money." example:"WINTER-23"`
	Party     string `query:"party" maxLength:"80" column:"d.party" doc:"Who gave it." example:"D-01"`
	Bank      string `query:"bank" maxLength:"80" column:"d.bank" doc:"Bank account it came to." example:"CCB-01"`
	Kind      string `query:"kind" enum:"grant,gift" column:"d.kind" doc:"A grant under an agreement, or a gift."`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the agreement or of the bank's advice."`
}

// ContributionHead is a contribution as it stands in the book.
type ContributionHead struct {
	Listed
	Fund      string `json:"fund" doc:"Fund that got the money." example:"WINTER-23"`
	Party     string `json:"party" doc:"Who gave it." example:"D-01"`
	Bank      string `json:"bank" doc:"Bank account it came to." example:"CCB-01"`
	Amount    Number `json:"amount" column:"round(d.amount, b.decimals)" doc:"In the book's currency." example:"289.50"`
	Kind      string `json:"kind" enum:"grant,gift" doc:"A grant under an agreement, or a gift."`
	Reference string `json:"reference" doc:"Number of the agreement or of the bank's advice."`
}

// Contributions lists contributions.
func (r Room) Contributions(ctx context.Context, q ContributionQuery) (DocumentPage[ContributionHead], error) {
	return list[ContributionQuery, ContributionHead](ctx, r, "contributions", q)
}

// Contribution reads one contribution, or refuses with NotFound.
func (r Room) Contribution(ctx context.Context, document string) (ContributionHead, error) {
	return one[ContributionHead](ctx, r, "contributions", "contribution", document)
}

// BillQuery says which invoices or freights are wanted.
type BillQuery struct {
	Pages
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund that owes it." example:"WINTER-23"`
	Party     string `query:"party" maxLength:"80" column:"d.party" doc:"Who sent the bill." example:"S-01"`
	Receipt   string `query:"receipt" maxLength:"80" column:"d.receipt" doc:"Receipt that is billed." example:"GR-ST-5101-01-2023-00042"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number on the bill." example:"44032211"`
}

// FreightHead is a carrier's bill as it stands in the book.
type FreightHead struct {
	Listed
	Receipt   string `json:"receipt" doc:"Receipt whose goods were carried." example:"GR-ST-5101-01-2023-00042"`
	Party     string `json:"party" doc:"Who carried them." example:"C-01"`
	Fund      string `json:"fund" doc:"Fund that owes it." example:"WINTER-23"`
	Amount    Number `json:"amount" column:"round(d.amount, b.decimals)" doc:"In the book's currency." example:"289.50"`
	Reference string `json:"reference" doc:"Number on the bill."`
}

// InvoiceHead is a supplier's invoice as it stands in the book.
type InvoiceHead struct {
	Listed
	Receipt    string `json:"receipt" doc:"Receipt that is billed." example:"GR-ST-5101-01-2023-00042"`
	Party      string `json:"party" doc:"Who supplied the goods." example:"S-01"`
	Fund       string `json:"fund" doc:"Fund that owes it." example:"WINTER-23"`
	Amount     Number `json:"amount" column:"round(d.amount, b.decimals)" doc:"In the book's currency." example:"289.50"`
	Reference  string `json:"reference" doc:"Number on the invoice."`
	Final      bool   `json:"final" doc:"It is the last invoice of its receipt."`
	Difference Number `json:"difference" column:"round(d.difference, b.decimals)" doc:"What the final invoice differs from the value at which the goods came in." example:"0.00"`
}

// Invoices lists invoices.
func (r Room) Invoices(ctx context.Context, q BillQuery) (DocumentPage[InvoiceHead], error) {
	return list[BillQuery, InvoiceHead](ctx, r, "invoices", q)
}

// Invoice reads one invoice, or refuses with NotFound.
func (r Room) Invoice(ctx context.Context, document string) (InvoiceHead, error) {
	return one[InvoiceHead](ctx, r, "invoices", "invoice", document)
}

// Freights lists carriers' bills.
func (r Room) Freights(ctx context.Context, q BillQuery) (DocumentPage[FreightHead], error) {
	return list[BillQuery, FreightHead](ctx, r, "freights", q)
}

// Freight reads one freight, or refuses with NotFound.
func (r Room) Freight(ctx context.Context, document string) (FreightHead, error) {
	return one[FreightHead](ctx, r, "freights", "freight", document)
}

// PaymentQuery says which payments are wanted.
type PaymentQuery struct {
	Pages
	Kind      string `query:"kind" enum:"supplier,relief-cash,charity,project" column:"d.kind" doc:"What was paid for."`
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund that paid." example:"WINTER-23"`
	Bank      string `query:"bank" maxLength:"80" column:"d.bank" doc:"Bank account or cash box it was paid from." example:"CCB-01"`
	Payee     string `query:"payee" maxLength:"80" column:"d.payee" doc:"Party or pseudonym that was paid." example:"S-01"`
	Campaign  string `query:"campaign" maxLength:"80" column:"d.campaign" doc:"Campaign it belongs to." example:"COLD-23"`
	Action    string `query:"action" maxLength:"80" column:"d.action" doc:"Action of the campaign." example:"PATROL"`
	Location  string `query:"location" maxLength:"80" column:"d.location" doc:"Where the person was helped." example:"PT-0031"`
	Under     string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the bank's advice."`
}

// PaymentHead is a payment as it stands in the book.
type PaymentHead struct {
	Listed
	Kind      string `json:"kind" enum:"supplier,relief-cash,charity,project" doc:"What was paid for."`
	Fund      string `json:"fund" doc:"Fund that paid." example:"WINTER-23"`
	Bank      string `json:"bank" doc:"Bank account or cash box it was paid from." example:"CCB-01"`
	Payee     string `json:"payee" doc:"Party or pseudonym that was paid." example:"S-01"`
	Amount    Number `json:"amount" column:"round(d.amount, b.decimals)" doc:"In the book's currency." example:"289.50"`
	Campaign  string `json:"campaign" doc:"Campaign it belongs to."`
	Action    string `json:"action" doc:"Action of the campaign."`
	Location  string `json:"location" doc:"Where the person was helped."`
	Reference string `json:"reference" doc:"Number of the bank's advice."`
	Budget    string `json:"budget" column:"coalesce((SELECT split_part(c.account, ':', 2) FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.to_cell WHERE m.book_id = d.book_id AND m.number = d.number AND c.account LIKE 'spent:%' LIMIT 1), '')" doc:"Line of the fund's budget that it drew on; empty when it drew on none." example:"CASH-RELIEF"`
}

// Payments lists payments.
func (r Room) Payments(ctx context.Context, q PaymentQuery) (DocumentPage[PaymentHead], error) {
	return list[PaymentQuery, PaymentHead](ctx, r, "payments", q)
}

// Payment reads one payment, or refuses with NotFound.
func (r Room) Payment(ctx context.Context, document string) (PaymentHead, error) {
	return one[PaymentHead](ctx, r, "payments", "payment", document)
}

// InterfundQuery says which uses of one fund by another are wanted.
type InterfundQuery struct {
	Pages
	Giver   string `query:"giver" maxLength:"80" column:"d.from_fund" doc:"Fund that gave." example:"WINTER-23"`
	Taker   string `query:"taker" maxLength:"80" column:"d.to_fund" doc:"Fund that took." example:"CITY-GIFT"`
	Account string `query:"account" maxLength:"120" column:"d.account" doc:"Where the goods or the money are." example:"stock:ST-5101-01"`
	Item    string `query:"item" maxLength:"80" column:"d.item" doc:"Item, or the currency." example:"COAT"`
}

// InterfundHead is a use of one fund by another as it stands in the book.
type InterfundHead struct {
	Listed
	FromFund string          `json:"from_fund" doc:"Fund that gave." example:"WINTER-23"`
	ToFund   string          `json:"to_fund" doc:"Fund that took." example:"CITY-GIFT"`
	Account  string          `json:"account" doc:"Where the goods or the money are, and stayed." example:"stock:ST-5101-01"`
	Reason   string          `json:"reason" doc:"Why, and when it is to come back."`
	Lines    []InterfundLine `json:"lines" bun:"type:jsonb" column:"(SELECT json_agg(json_build_object('item', l.item, 'lot', l.lot, 'quantity', trim_scale(l.quantity)::text, 'value', round(l.value, b.decimals)::text) ORDER BY l.line) FROM interfunds l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What changed hands, lot by lot."`
}

// InterfundLine is goods of one lot, or money, that changed hands.
type InterfundLine struct {
	Item     string `json:"item" doc:"Item, or the currency." example:"COAT"`
	Lot      string `json:"lot" doc:"Lot of the item; empty for money."`
	Quantity Number `json:"quantity" doc:"In the item's base unit." example:"3"`
	Value    Number `json:"value" doc:"Cost, in the book's currency." example:"289.50"`
}

// Interfunds lists what funds let each other use.
func (r Room) Interfunds(ctx context.Context, q InterfundQuery) (DocumentPage[InterfundHead], error) {
	return list[InterfundQuery, InterfundHead](ctx, r, "interfunds", q)
}

// Interfund reads one use of another fund, or refuses with NotFound.
func (r Room) Interfund(ctx context.Context, document string) (InterfundHead, error) {
	return one[InterfundHead](ctx, r, "interfunds", "use of another fund", document)
}

// ClaimQuery says which settlements of claims are wanted.
type ClaimQuery struct {
	Pages
	Claimed string `query:"claimed" maxLength:"80" column:"d.claimed" doc:"Document that claims the goods." example:"AR-PT-0031-2023-00003"`
	Party   string `query:"party" maxLength:"80" column:"d.party" doc:"Carrier that settled." example:"C-01"`
	Fund    string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund whose goods they were." example:"WINTER-23"`
}

// ClaimHead is the settlement of a claim as it stands in the book.
type ClaimHead struct {
	Listed
	Claimed   string      `json:"claimed" doc:"Document that claims the goods." example:"AR-PT-0031-2023-00003"`
	Party     string      `json:"party" doc:"Carrier that settled." example:"C-01"`
	Fund      string      `json:"fund" doc:"Fund whose goods they were." example:"WINTER-23"`
	Bank      string      `json:"bank" doc:"Bank account that the money came to." example:"CCB-01"`
	Reference string      `json:"reference" doc:"The carrier's or the insurer's reference."`
	Lines     []ClaimItem `json:"lines" bun:"type:jsonb" column:"(SELECT json_agg(json_build_object('item', l.item, 'lot', l.lot, 'quantity', trim_scale(l.quantity)::text, 'value', round(l.value, b.decimals)::text, 'received', round(l.received, b.decimals)::text) ORDER BY l.line) FROM claims l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What was settled for, lot by lot."`
}

// ClaimItem is goods of one lot that were settled for.
type ClaimItem struct {
	Item     string `json:"item" doc:"Item." example:"COAT"`
	Lot      string `json:"lot" doc:"Lot of the item."`
	Quantity Number `json:"quantity" doc:"In the item's base unit." example:"3"`
	Value    Number `json:"value" doc:"Cost of the goods, in the book's currency." example:"289.50"`
	Received Number `json:"received" doc:"What was paid for them, in the book's currency." example:"200.00"`
}

// Claims lists settlements of claims.
func (r Room) Claims(ctx context.Context, q ClaimQuery) (DocumentPage[ClaimHead], error) {
	return list[ClaimQuery, ClaimHead](ctx, r, "claims", q)
}

// Claim reads one settlement, or refuses with NotFound.
func (r Room) Claim(ctx context.Context, document string) (ClaimHead, error) {
	return one[ClaimHead](ctx, r, "claims", "settlement", document)
}
