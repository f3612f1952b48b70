package report

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// BudgetQuery says which budgets are wanted.
type BudgetQuery struct {
	Pages
	Fund      string `query:"fund" maxLength:"80" column:"d.fund" doc:"Fund that is planned." example:"WINTER-23"`
	Reference string `query:"reference" maxLength:"200" column:"d.reference" doc:"Number of the paper that approved it." example:"CBS-2023-118"`
}

// BudgetHead is a budget as it stands in the book.
type BudgetHead struct {
	Listed
	Fund      string      `json:"fund" doc:"Fund that is planned." example:"WINTER-23"`
	Name      string      `json:"name" doc:"What people call it."`
	StartsOn  ledger.Date `json:"starts_on" doc:"First day on which its lines are drawn on."`
	EndsOn    ledger.Date `json:"ends_on" doc:"Last day on which its lines are drawn on."`
	MayExceed bool        `json:"may_exceed" doc:"True when a draw above what is left of a line is let through."`
	Reference string      `json:"reference" doc:"Number of the paper that approved it."`
	Amount    Number      `json:"amount" column:"(SELECT round(sum(l.amount), b.decimals) FROM budget_lines l WHERE l.book_id = d.book_id AND l.budget = e.document AND l.number <= known.at AND (l.number = d.number OR NOT EXISTS (SELECT FROM entries u WHERE u.book_id = l.book_id AND u.reverses = l.number AND u.number <= known.at)))" doc:"All of its lines with their changes, in the book's currency." example:"8000.00"`
}

// Budgets lists budgets.
func (r Room) Budgets(ctx context.Context, q BudgetQuery) (DocumentPage[BudgetHead], error) {
	return list[BudgetQuery, BudgetHead](ctx, r, "budgets", q)
}

// BudgetAt says of when a budget is wanted.
type BudgetAt struct {
	AsOf    ledger.Date `query:"as_of" doc:"At the end of this business date; now when left out." example:"2023-12-31"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// BudgetState is a budget and what became of it. In every line what was planned is left, committed or spent.
type BudgetState struct {
	BudgetHead
	AsOf    ledger.Date       `json:"as_of,omitzero" required:"false" doc:"Business date; absent for now."`
	KnownAt int64             `json:"known_at" doc:"Number of the last entry that counts."`
	Lines   []BudgetLineState `json:"lines" doc:"Its lines in the order in which they were planned."`
	Sum     BudgetSum         `json:"sum" doc:"All lines together."`
	Changes []BudgetNote      `json:"changes" doc:"What has changed it, the oldest first."`
}

// BudgetSum is what became of an amount that was planned.
type BudgetSum struct {
	Planned   Number `json:"planned" doc:"What may be spent, with all changes." example:"8000.00"`
	Committed Number `json:"committed" doc:"What purchases promise of it." example:"193.00"`
	Spent     Number `json:"spent" doc:"What invoices and payments have used of it." example:"3860.00"`
	Left      Number `json:"left" doc:"What may still be drawn; below zero is what was drawn above the plan." example:"3947.00"`
}

// BudgetLineState is a line and what became of it.
type BudgetLineState struct {
	Code string `json:"code" doc:"Code of the line." example:"QUILTS"`
	Name string `json:"name" doc:"What it is for."`
	BudgetSum
	Query string `json:"query" doc:"Relative address of the entries that have spent of it."`
}

// BudgetNote is a change of a budget.
type BudgetNote struct {
	Document   string       `json:"document" doc:"Document number of the change." example:"BC-WINTER-23-2023-00001"`
	Entry      int64        `json:"entry" doc:"Number of its entry." example:"5120"`
	On         ledger.Date  `json:"on" doc:"Business date."`
	RecordedAt time.Time    `json:"recorded_at" doc:"When it was recorded."`
	Actor      string       `json:"actor" doc:"Who answers for it."`
	Reason     string       `json:"reason" doc:"Why it was changed."`
	Reversed   bool         `json:"reversed" doc:"The change was taken back."`
	Lines      []BudgetGain `json:"lines" bun:"type:jsonb" doc:"What each line gained or lost."`
}

// BudgetGain is what a line gained or lost.
type BudgetGain struct {
	Code   string `json:"code" doc:"Code of the line." example:"COATS"`
	Amount Number `json:"amount" doc:"In the book's currency; below zero where it lost." example:"-500.00"`
}

// Budget reads a budget with its lines at a moment, or refuses with NotFound.
func (r Room) Budget(ctx context.Context, document string, q BudgetAt) (BudgetState, error) {
	head, err := oneAt[BudgetHead](ctx, r, "budgets", "budget", document, q.KnownAt)
	b := BudgetState{BudgetHead: head, AsOf: q.AsOf, Lines: []BudgetLineState{}, Changes: []BudgetNote{}}
	if err != nil {
		return b, err
	}
	err = r.read(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if b.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		if err := r.budgetLines(ctx, tx, &b, q); err != nil {
			return err
		}
		return tx.NewRaw(`SELECT e.document, e.number AS entry, e."on", e.recorded_at, e.actor, c.reason,
				EXISTS (SELECT FROM entries u WHERE u.book_id = e.book_id AND u.reverses = e.number AND u.number <= ?2) AS reversed,
				(SELECT json_agg(json_build_object('code', l.code, 'amount', round(l.amount, ?3)::text) ORDER BY l.line)
					FROM budget_lines l WHERE l.book_id = e.book_id AND l.number = e.number) AS lines
			FROM budget_changes c JOIN entries e USING (book_id, number) WHERE c.book_id = ?0 AND c.budget = ?1 AND c.number <= ?2 ORDER BY c.number`,
			r.Book.ID, document, b.KnownAt, r.Book.Decimals).Scan(ctx, &b.Changes)
	})
	return b, err
}

// budgetSQL adds up the accounts of every line, and of the purchases that draw on it.
func budgetSQL(m ledger.Moment) string {
	return `WITH lines AS (
			SELECT DISTINCT ON (code) code, name, number, line FROM budget_lines
			WHERE book_id = ?book AND budget = ?budget AND name <> '' AND number <= ?known
				AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?book AND u.reverses = budget_lines.number AND u.number <= ?known)
			ORDER BY code, number DESC
		), accounts AS (
			SELECT code, class, class || ':' || code AS account FROM lines, unnest(ARRAY['planned', 'allotment', 'budget', 'spent']) AS class
			UNION ALL
			SELECT l.code, 'committed', 'committed:' || e.document FROM lines l
				JOIN purchases p ON p.book_id = ?book AND p.fund = ?fund AND p.budget = l.code AND p.line = 1 AND p.budget <> ''
				JOIN entries e ON e.book_id = p.book_id AND e.number = p.number
		), balances AS (` + m.SQL("c.book_id = ?book", "c.fund = ?fund", "c.account IN (SELECT account FROM accounts)") + `)
		SELECT l.code, l.name, coalesce(-sum(b.value) FILTER (WHERE a.class = 'planned'), 0) AS planned,
			coalesce(sum(b.value) FILTER (WHERE a.class = 'committed'), 0) AS committed, coalesce(sum(b.value) FILTER (WHERE a.class = 'spent'), 0) AS spent,
			coalesce(sum(b.value) FILTER (WHERE a.class IN ('allotment', 'budget')), 0) AS left
		FROM lines l JOIN accounts a USING (code) LEFT JOIN balances b USING (account) GROUP BY l.code, l.name, l.number, l.line ORDER BY l.number, l.line`
}

type budgetArgs struct {
	Book           int
	Budget, Fund   string
	Known, KnownAt int64
	AsOf           ledger.Date
}

func (r Room) budgetLines(ctx context.Context, tx bun.Tx, b *BudgetState, q BudgetAt) error {
	var rows []struct {
		Code, Name                      string
		Planned, Committed, Spent, Left decimal.Decimal
	}
	args := budgetArgs{r.Book.ID, b.Document, b.Fund, b.KnownAt, q.KnownAt, q.AsOf}
	if err := tx.NewRaw(budgetSQL(ledger.Moment{AsOf: q.AsOf, KnownAt: q.KnownAt}), args).Scan(ctx, &rows); err != nil {
		return err
	}
	var planned, committed, spent, left decimal.Decimal
	for _, row := range rows {
		planned, committed = planned.Add(row.Planned), committed.Add(row.Committed)
		spent, left = spent.Add(row.Spent), left.Add(row.Left)
		opens := EntryQuery{Fund: b.Fund, Account: string(ledger.Spent.In(row.Code)), To: q.AsOf, KnownAt: b.KnownAt}
		b.Lines = append(b.Lines, BudgetLineState{
			row.Code, row.Name,
			BudgetSum{r.amount(row.Planned), r.amount(row.Committed), r.amount(row.Spent), r.amount(row.Left)},
			opens.URL(),
		})
	}
	b.Sum = BudgetSum{r.amount(planned), r.amount(committed), r.amount(spent), r.amount(left)}
	return nil
}
