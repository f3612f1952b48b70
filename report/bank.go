package report

import (
	"context"

	"reliefledger/ledger"
)

// BankStatementQuery says which bank statements are wanted.
type BankStatementQuery struct {
	Pages
	Account   string `query:"account" maxLength:"120" column:"d.account" doc:"Bank account or money box." example:"bank:CCB-01"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the statement." example:"2023-12"`
}

// BankStatementHead is a bank statement as it stands in the book.
type BankStatementHead struct {
	Listed
	Account   string         `json:"account" doc:"Account of the book that it is of." example:"bank:CCB-01"`
	StartsOn  ledger.Date    `json:"starts_on" doc:"First day that it adds."`
	EndsOn    ledger.Date    `json:"ends_on" doc:"Last day of it."`
	Opening   Number         `json:"opening" column:"round(d.opening, b.decimals)" doc:"What the bank held before its first line." example:"30000.00"`
	Closing   Number         `json:"closing" column:"round(d.closing, b.decimals)" doc:"What the bank held after its last line." example:"22472.50"`
	Reference string         `json:"reference" doc:"Number of the statement."`
	Lines     []BankLineHead `json:"lines" bun:"type:jsonb" column:"coalesce((SELECT json_agg(json_build_object('name', l.name, 'on', l.\"on\", 'amount', round(l.amount, b.decimals)::text, 'reference', l.reference, 'counterparty', l.counterparty, 'text', l.text, 'id', l.id, 'match', coalesce((SELECT g.document FROM bank_matches m JOIN entries g USING (book_id, number) WHERE m.book_id = l.book_id AND m.bank_line = l.name AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = m.book_id AND u.reverses = m.number) LIMIT 1), '')) ORDER BY l.line) FROM stated_lines l WHERE l.book_id = d.book_id AND l.number = d.number), '[]')" doc:"Its lines as they stand now, without those that an earlier statement has; none of one that was reversed. Line .0 of the first statement is what the account held before."`
}

// BankLineHead is a line of a bank statement, and what it was matched by.
type BankLineHead struct {
	StatedLine
	Match string `json:"match" doc:"Document number of its match as it stands now; empty while it has none." example:"BM-CCB-01-2024-00001"`
}

// StatedLine is a line of a bank statement.
type StatedLine struct {
	Name         string      `json:"name" doc:"What matches call it: the number of its statement, and its place in it." example:"BS-CCB-01-2024-00001.1"`
	On           ledger.Date `json:"on" doc:"Day on which the bank booked it."`
	Amount       Number      `json:"amount" doc:"What came, below zero what left." example:"-7527.50"`
	Reference    string      `json:"reference" doc:"Reference that the payment carried."`
	Counterparty string      `json:"counterparty" doc:"Who paid or was paid."`
	Text         string      `json:"text" doc:"What else the bank says."`
	ID           string      `json:"id" doc:"The bank's own number of the line; empty where it has none."`
}

// BankStatements lists bank statements.
func (r Room) BankStatements(ctx context.Context, q BankStatementQuery) (DocumentPage[BankStatementHead], error) {
	return list[BankStatementQuery, BankStatementHead](ctx, r, "bank_statements", q)
}

// BankStatement reads one bank statement, or refuses with NotFound.
func (r Room) BankStatement(ctx context.Context, document string) (BankStatementHead, error) {
	return one[BankStatementHead](ctx, r, "bank_statements", "bank statement", document)
}

// BankMatchQuery says which matches are wanted.
type BankMatchQuery struct {
	Pages
	Account string `query:"account" maxLength:"120" column:"d.account" doc:"Bank account or money box." example:"bank:CCB-01"`
}

// BankMatchHead is a match of lines and entries as it stands in the book.
type BankMatchHead struct {
	Listed
	Account   string   `json:"account" doc:"Account of the book." example:"bank:CCB-01"`
	Amount    Number   `json:"amount" column:"(SELECT round(coalesce(sum(l.amount) FILTER (WHERE l.entry IS NULL), 0), b.decimals) FROM bank_matches l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What either side makes." example:"-7527.50"`
	BankLines []string `json:"bank_lines" bun:"type:jsonb" column:"(SELECT coalesce(json_agg(l.bank_line ORDER BY l.line) FILTER (WHERE l.entry IS NULL), '[]') FROM bank_matches l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"Lines of the bank's statements."`
	Entries   []int64  `json:"entries" bun:"type:jsonb" column:"(SELECT coalesce(json_agg(l.entry ORDER BY l.line) FILTER (WHERE l.entry IS NOT NULL), '[]') FROM bank_matches l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"Entries of the book."`
}

// BankMatches lists matches.
func (r Room) BankMatches(ctx context.Context, q BankMatchQuery) (DocumentPage[BankMatchHead], error) {
	return list[BankMatchQuery, BankMatchHead](ctx, r, "bank_matches", q)
}

// BankMatch reads one match, or refuses with NotFound.
func (r Room) BankMatch(ctx context.Context, document string) (BankMatchHead, error) {
	return one[BankMatchHead](ctx, r, "bank_matches", "match", document)
}
