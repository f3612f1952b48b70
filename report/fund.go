package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// StatementQuery says which days a fund statement covers.
type StatementQuery struct {
	From    ledger.Date `query:"from" doc:"First business date; from the beginning when left out." example:"2023-12-01"`
	To      ledger.Date `query:"to" doc:"Last business date; to the end when left out." example:"2023-12-31"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// FundStatement is what a fund had, got, used and has. Opening + in - out = closing, and closing = what it is made of,
// because what a fund holds and owes is what came in and was not used: one book, read from both ends.
type FundStatement struct {
	Fund       string          `json:"fund" example:"WINTER-23"`
	Name       string          `json:"name"`
	NameEn     string          `json:"name_en"`
	Restricted bool            `json:"restricted"`
	Custody    bool            `json:"custody" doc:"True when the goods belong to somebody else; they stand against what is owed to their owner."`
	From       ledger.Date     `json:"from,omitzero" required:"false"`
	To         ledger.Date     `json:"to,omitzero" required:"false"`
	KnownAt    int64           `json:"known_at" doc:"Number of the last entry that counts."`
	Opening    Number          `json:"opening" doc:"What the fund was worth before the first day, in the book's currency."`
	In         []StatementLine `json:"in" doc:"What it got, by kind."`
	Out        []StatementLine `json:"out" doc:"What it used, by kind."`
	Closing    Number          `json:"closing" doc:"What it is worth after the last day."`
	MadeOf     []StatementLine `json:"made_of" doc:"What it holds, and below zero what it owes; together the closing."`
}

// StatementLine is one amount of a statement.
type StatementLine struct {
	Account string `json:"account" doc:"Class of account; the account itself for expenses." example:"stock"`
	Name    string `json:"name" example:"库存物资"`
	NameEn  string `json:"name_en" example:"stock"`
	Amount  Number `json:"amount" doc:"In the book's currency." example:"289.50"`
	Query   string `json:"query" doc:"Relative address of the entries that make the amount."`
}

// classBalance is the value of a class of accounts of one fund; expenses are kept apart by account.
type classBalance struct {
	Class, Account   string
	Opening, Closing decimal.Decimal
}

// FundStatement reads a fund on one snapshot.
func (r Room) FundStatement(ctx context.Context, fund string, q StatementQuery) (FundStatement, error) {
	s := FundStatement{Fund: fund, From: q.From, To: q.To, In: []StatementLine{}, Out: []StatementLine{}, MadeOf: []StatementLine{}}
	if err := inOrder(q.From, q.To); err != nil {
		return s, err
	}
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw("SELECT name, name_en, restricted, custody FROM funds WHERE book_id = ? AND code = ?", r.Book.ID, fund).
			Scan(ctx, &s.Name, &s.NameEn, &s.Restricted, &s.Custody)
		if errors.Is(err, sql.ErrNoRows) {
			return ledger.Refuse(ledger.NotFound, "/fund", fmt.Sprintf("fund %.80q is not in the register", fund))
		}
		if err != nil {
			return err
		}
		if s.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		balances, err := r.classBalances(ctx, tx, fund, q)
		if err != nil {
			return err
		}
		r.state(&s, balances)
		return nil
	})
	return s, err
}

// byClass names what balances are summed up by.
const byClass = "split_part(account, ':', 1) AS class, CASE WHEN account LIKE 'expense:%' THEN account ELSE '' END AS account"

// classBalances are the values of a fund's accounts before the first day and after the last, now. Both take one look at the days of each cell.
func (r Room) classBalances(ctx context.Context, tx bun.Tx, fund string, q StatementQuery) (rows []classBalance, err error) {
	if q.KnownAt != 0 {
		return r.classBalancesKnown(ctx, tx, fund, q)
	}
	to := orElse(q.To, r.Book.Today())
	args := struct {
		Book              int
		Fund              string
		From, After, Days ledger.Date
	}{r.Book.ID, fund, q.From, to + 1, to + 1}
	if !q.From.IsZero() {
		args.Days = min(q.From, to+1)
	}
	err = tx.NewRaw("SELECT "+byClass+`, sum(value - coalesce(since, 0) - CASE WHEN last_on >= ?days THEN last_value ELSE 0 END) AS opening,
			sum(value - coalesce(after, 0) - CASE WHEN last_on >= ?after THEN last_value ELSE 0 END) AS closing
		FROM cells c LEFT JOIN LATERAL (
			SELECT sum(d.value) AS since, sum(d.value) FILTER (WHERE d."on" >= ?after) AS after
			FROM past_days d WHERE d.book_id = c.book_id AND d.cell = c.cell AND d."on" >= ?days AND c.last_on > ?days
		) later ON true
		WHERE book_id = ?book AND fund = ?fund GROUP BY 1, 2`, args).Scan(ctx, &rows)
	if q.From.IsZero() {
		for i := range rows {
			rows[i].Opening = decimal.Zero
		}
	}
	return rows, err
}

// classBalancesKnown are the same, as they were known at an entry.
func (r Room) classBalancesKnown(ctx context.Context, tx bun.Tx, fund string, q StatementQuery) ([]classBalance, error) {
	args := struct {
		Book    int
		Fund    string
		AsOf    ledger.Date
		KnownAt int64
	}{r.Book.ID, fund, q.To, q.KnownAt}
	read := func(at ledger.Date) (rows []classBalance, err error) {
		args.AsOf = at
		if at >= r.Book.Today() {
			at = 0 // no entry is of a later day
		}
		err = tx.NewRaw("WITH balances AS ("+ledger.Moment{AsOf: at, KnownAt: q.KnownAt}.SQL("c.book_id = ?book", "c.fund = ?fund")+
			") SELECT "+byClass+", sum(value) AS closing FROM balances GROUP BY 1, 2", args).Scan(ctx, &rows)
		return rows, err
	}
	closing, err := read(q.To)
	if err != nil || q.From.IsZero() {
		return closing, err
	}
	opening, err := read(q.From - 1)
	for _, o := range opening {
		for i, c := range closing {
			if c.Class == o.Class && c.Account == o.Account {
				closing[i].Opening = o.Closing
			}
		}
	}
	return closing, err
}

// state writes the statement in the order of the classes. Sources are negative in the book, because moves take from them.
func (r Room) state(s *FundStatement, balances []classBalance) {
	var opening, closing decimal.Decimal
	for _, class := range ledger.Classes {
		for _, b := range balances {
			if b.Class != string(class.Class) {
				continue
			}
			period := EntryQuery{Class: b.Class, Account: b.Account, Fund: s.Fund, From: s.From, To: s.To, KnownAt: s.KnownAt}
			if b.Account != "" {
				period.Class = ""
			}
			line := StatementLine{Account: orElse(b.Account, b.Class), Name: class.Chinese, NameEn: class.English, Query: period.URL()}
			change := b.Closing.Sub(b.Opening)
			switch class.Side {
			case ledger.Source:
				line.Amount = r.amount(change.Neg())
				s.In = appendLine(s.In, line, change)
			case ledger.Memo: // promises are neither got, used nor held
			case ledger.Use:
				line.Amount = r.amount(change)
				s.Out = appendLine(s.Out, line, change)
			default:
				opening, closing = opening.Add(b.Opening), closing.Add(b.Closing)
				period.From = 0
				line.Amount, line.Query = r.amount(b.Closing), period.URL()
				s.MadeOf = appendLine(s.MadeOf, line, b.Closing)
			}
		}
	}
	s.Opening, s.Closing = r.amount(opening), r.amount(closing)
}

func appendLine(lines []StatementLine, line StatementLine, amount decimal.Decimal) []StatementLine {
	if amount.IsZero() {
		return lines
	}
	return append(lines, line)
}
