package fund

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// budgetLine is a line that documents draw on. What is left of it stands in its own account, where nothing goes below zero, less what
// was drawn above it. A line of a budget that may be exceeded has only the account that runs freely.
type budgetLine struct {
	number      int64 // of the entry that brought it in; 0 for what is in no line
	budget      string
	fund        string
	code        string
	first, last ledger.Date
	mayExceed   bool
}

// plan is a budget as its documents say it, without changes that were reversed.
type plan struct {
	number    int64
	on        ledger.Date
	fund      string
	mayExceed bool
	lines     map[string]budgetLine
}

const lineQuery = `SELECT l.number, l.budget, l.fund, l.code, b.starts_on AS first, b.ends_on AS last, b.may_exceed, a.number AS approved, a."on", u.number IS NOT NULL AS reversed
	FROM budget_lines l JOIN entries a ON a.book_id = l.book_id AND a.document = l.budget JOIN budgets b ON b.book_id = l.book_id AND b.number = a.number
		LEFT JOIN entries u ON u.book_id = l.book_id AND u.reverses = l.number
	WHERE l.book_id = ?0 AND l.name <> ''`

type lineRow struct {
	Number, Approved   int64
	Budget, Fund, Code string
	First, Last, On    ledger.Date
	MayExceed          bool
	Reversed           bool
}

func (r lineRow) line() budgetLine {
	return budgetLine{r.Number, r.Budget, r.Fund, r.Code, r.First, r.Last, r.MayExceed}
}

// planned reads a budget by its document number, or refuses it as not found, or as reversed. Documents never change; what was reversed since
// is asked under the head's proof.
func (o *Officer) planned(ctx context.Context, document string) (plan, error) {
	var rows []lineRow
	if err := o.Book.DB().NewRaw(lineQuery+" AND l.budget = ?1", o.Book.ID, document).Scan(ctx, &rows); err != nil {
		return plan{}, fmt.Errorf("budget %s: %w", document, err)
	}
	seen := false
	if len(rows) > 0 {
		var err error
		if seen, err = o.Book.Sees(ctx, rows[0].Approved); err != nil {
			return plan{}, err
		}
	}
	if !seen {
		return plan{}, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("budget %.90q is not in the book", document))
	}
	p := plan{number: rows[0].Approved, on: rows[0].On, fund: rows[0].Fund, mayExceed: rows[0].MayExceed, lines: map[string]budgetLine{}}
	for _, r := range rows {
		switch {
		case r.Reversed && r.Number == r.Approved:
			return plan{}, ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("budget %s was reversed", document))
		case !r.Reversed:
			p.lines[r.Code] = r.line()
		}
	}
	return p, nil
}

// line wants a line of a budget of the fund that is drawn on on that date. No code is what is in no line.
func (f *form) line(pointer, fund, code string, on ledger.Date) budgetLine {
	none := budgetLine{fund: fund, code: unplanned, mayExceed: true}
	switch {
	case code == unplanned:
		f.refuse(pointer, "budget line %s is no line, name none for what is in none", unplanned)
		return none
	case code == "" || !f.code(pointer, code):
		return none
	}
	var row lineRow
	err := f.o.Book.DB().NewRaw(lineQuery+" AND l.fund = ?1 AND l.code = ?2 AND u.number IS NULL ORDER BY l.number DESC LIMIT 1", f.o.Book.ID, fund, code).Scan(f.ctx, &row)
	seen := false
	if err == nil {
		seen, err = f.o.Book.Sees(f.ctx, row.Number)
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && !seen {
		err = ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("fund %.90s has no budget with a line %s", fund, code))
	}
	f.add(pointer, err)
	if err != nil {
		return none
	}
	line := row.line()
	if on < line.first || on > line.last {
		f.add(pointer, &ledger.Refusal{Faults: []ledger.Fault{{
			Code: ledger.NotOpen, Fund: fund,
			Message: fmt.Sprintf("budget %s runs from %s to %s, nothing is drawn on it on %s", line.budget, line.first, line.last, on),
		}}})
	}
	return line
}

// account is where what is left of the line stands.
func (l budgetLine) account() ledger.Account {
	if l.mayExceed {
		return ledger.Budget.In(l.code)
	}
	return ledger.Allotment.In(l.code)
}

func (l budgetLine) spent() ledger.Account { return ledger.Spent.In(l.code) }

func (l budgetLine) needs(book ledger.Info) ledger.Needs {
	needs := ledger.Needs{Groups: currency(book, ledger.Allotment.In(l.code), ledger.Budget.In(l.code), l.spent())}
	if l.number != 0 {
		needs.Tallies = []string{ledger.ReversedTally(l.number), ledger.BoundTally(l.number)}
	}
	return needs
}

// left is what the line may still spend: what stands in its account, less what invoices have drawn above it.
func (l budgetLine) left(d *ledger.Draft, book ledger.Info) decimal.Decimal {
	left := decimal.Zero
	for _, account := range []ledger.Account{ledger.Allotment.In(l.code), ledger.Budget.In(l.code)} {
		left = left.Add(d.Cell(ledger.CellKey{Account: account, Fund: l.fund, Commodity: book.Money()}).Value)
	}
	return left
}

func (l budgetLine) live(d *ledger.Draft) error {
	if l.number != 0 && d.Tally(ledger.ReversedTally(l.number)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("budget line %s of %s was reversed", l.code, l.budget))
	}
	return nil
}

// draw takes an amount of the line to what is committed or spent, and refuses more than is left unless the budget may be exceeded. The line
// cannot be taken back while that stands.
func (l budgetLine) draw(d *ledger.Draft, book ledger.Info, to ledger.Account, amount decimal.Decimal) error {
	if err := l.live(d); err != nil {
		return err
	}
	if left := l.left(d, book); !l.mayExceed && left.LessThan(amount) {
		return l.exhausted(book, left, amount)
	}
	if l.number != 0 {
		d.Count(ledger.BoundTally(l.number), decimal.NewFromInt(1), decimal.Zero)
	}
	return d.Move(money(book, l.fund, l.account(), to, amount))
}

func (l budgetLine) exhausted(book ledger.Info, left, asked decimal.Decimal) error {
	there, wanted := left.StringFixed(book.Decimals), asked.StringFixed(book.Decimals)
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.Insufficient, Fund: l.fund, Item: book.Currency, There: there, Asked: wanted,
		Message: fmt.Sprintf("budget line %s of fund %s has %s left, %s wanted", l.code, l.fund, there, wanted),
		Hint:    fmt.Sprintf("raise the line, or shift to it from another, with a change of budget %s", l.budget),
	}}}
}
