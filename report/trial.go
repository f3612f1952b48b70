package report

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// TrialQuery says which trial balance is wanted.
type TrialQuery struct {
	Fund    string      `query:"fund" maxLength:"80" doc:"One fund; all when left out." example:"WINTER-23"`
	By      string      `query:"by" enum:"class,account" doc:"One line for each class of accounts, or for each account; class when left out."`
	From    ledger.Date `query:"from" doc:"First business date; from the beginning when left out." example:"2023-12-01"`
	To      ledger.Date `query:"to" doc:"Last business date; to the end when left out." example:"2023-12-31"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// TrialBalance is the book as accountants read it: every move is a credit to the account it leaves and a debit to the one it
// reaches, so that in every fund debits equal credits and balances add up to zero.
type TrialBalance struct {
	From    ledger.Date `json:"from,omitzero" required:"false"`
	To      ledger.Date `json:"to,omitzero" required:"false"`
	KnownAt int64       `json:"known_at" doc:"Number of the last entry that counts."`
	Funds   []TrialFund `json:"funds"`
}

// TrialFund is the trial balance of one fund.
type TrialFund struct {
	Fund  string      `json:"fund" example:"WINTER-23"`
	Lines []TrialLine `json:"lines"`
	Sum   TrialLine   `json:"sum" doc:"Sums of the lines: debit equals credit, opening and closing are zero."`
}

// TrialLine is one account, or one class of accounts.
type TrialLine struct {
	Account string `json:"account" example:"stock"`
	Name    string `json:"name" example:"库存物资"`
	NameEn  string `json:"name_en" example:"stock"`
	Opening Number `json:"opening" doc:"Value before the first day; negative for what is owed and for sources." example:"0.00"`
	Debit   Number `json:"debit" doc:"Value that came." example:"289.50"`
	Credit  Number `json:"credit" doc:"Value that went." example:"0.00"`
	Closing Number `json:"closing" doc:"Value after the last day." example:"289.50"`
	Query   string `json:"query" doc:"Relative address of the entries; empty for sums."`
}

type trialArgs struct {
	Book int
	AsOf ledger.Date
	TrialQuery
}

type trialRow struct {
	Fund, Class, Account            string
	Opening, Debit, Credit, Closing decimal.Decimal
}

// TrialBalance reads all funds, or one, on one snapshot.
func (r Room) TrialBalance(ctx context.Context, q TrialQuery) (TrialBalance, error) {
	t := TrialBalance{From: q.From, To: q.To, Funds: []TrialFund{}}
	args := trialArgs{Book: r.Book.ID, AsOf: q.To, TrialQuery: q}
	if err := inOrder(q.From, q.To); err != nil {
		return t, err
	}
	err := r.sweep(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := r.fund(ctx, tx, q.Fund)
		if err != nil {
			return err
		}
		if t.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		var rows []trialRow
		if err := tx.NewRaw(args.sql(), args).Scan(ctx, &rows); err != nil {
			return err
		}
		t.Funds = r.trialFunds(slices.DeleteFunc(rows, trialRow.memo), t)
		return nil
	})
	return t, err
}

// sql reads closings from the balances and the turnover from the moves; the opening is what is between them.
func (a trialArgs) sql() string {
	account := "split_part(c.account, ':', 1)"
	if a.By == "account" {
		account = "c.account"
	}
	return "WITH balances AS (" + ledger.Moment{AsOf: a.AsOf, KnownAt: a.KnownAt}.SQL("c.book_id = ?book", given(a.Fund, "c.fund = ?fund")) + `), turned AS (
			SELECT m.from_cell, m.to_cell, m.value FROM moves m JOIN entries e ON e.book_id = m.book_id AND e.number = m.number` +
		counting{EntryQuery: EntryQuery{From: a.From, To: a.To, KnownAt: a.KnownAt}}.within("m.book_id = ?book") + `
		), debits AS (SELECT to_cell AS cell, sum(value) AS value FROM turned GROUP BY 1
		), credits AS (SELECT from_cell AS cell, sum(value) AS value FROM turned GROUP BY 1)
		SELECT c.fund, split_part(c.account, ':', 1) AS class, ` + account + ` AS account,
			sum(coalesce(d.value, 0)) AS debit, sum(coalesce(k.value, 0)) AS credit, sum(c.value) AS closing,
			sum(c.value - coalesce(d.value, 0) + coalesce(k.value, 0)) AS opening
		FROM balances c LEFT JOIN debits d USING (cell) LEFT JOIN credits k USING (cell)
		GROUP BY 1, 2, 3 ORDER BY 1, 3`
}

// memo reports whether the row is of promises, which no balance counts.
func (row trialRow) memo() bool {
	return slices.ContainsFunc(ledger.Classes, func(c ledger.ClassInfo) bool { return c.Side == ledger.Memo && string(c.Class) == row.Class })
}

// trialFunds puts the lines of each fund into the order of the classes.
func (r Room) trialFunds(rows []trialRow, t TrialBalance) []TrialFund {
	order := func(class string) int {
		return slices.IndexFunc(ledger.Classes, func(c ledger.ClassInfo) bool { return string(c.Class) == class })
	}
	slices.SortStableFunc(rows, func(a, b trialRow) int {
		if a.Fund != b.Fund {
			return 0
		}
		return order(a.Class) - order(b.Class)
	})
	funds := []TrialFund{}
	sum := trialRow{}
	for i, row := range rows {
		if i == 0 || row.Fund != rows[i-1].Fund {
			funds, sum = append(funds, TrialFund{Fund: row.Fund, Lines: []TrialLine{}}), trialRow{}
		}
		fund := &funds[len(funds)-1]
		if !row.Opening.IsZero() || !row.Debit.IsZero() || !row.Credit.IsZero() {
			fund.Lines = append(fund.Lines, r.trialLine(row, ledger.Classes[order(row.Class)], row.opens(t)))
		}
		sum.Opening, sum.Debit = sum.Opening.Add(row.Opening), sum.Debit.Add(row.Debit)
		sum.Credit, sum.Closing = sum.Credit.Add(row.Credit), sum.Closing.Add(row.Closing)
		fund.Sum = r.trialLine(sum, sumOfAll, "")
	}
	return funds
}

// sumOfAll is what the sum of a fund's accounts is called.
var sumOfAll = ledger.ClassInfo{Chinese: "合计", English: "sum"}

func (r Room) trialLine(row trialRow, class ledger.ClassInfo, query string) TrialLine {
	return TrialLine{
		Account: row.Account, Name: class.Chinese, NameEn: class.English, Query: query,
		Opening: r.amount(row.Opening), Debit: r.amount(row.Debit), Credit: r.amount(row.Credit), Closing: r.amount(row.Closing),
	}
}

func (row trialRow) opens(t TrialBalance) string {
	q := EntryQuery{Fund: row.Fund, Class: row.Class, From: t.From, To: t.To, KnownAt: t.KnownAt}
	if row.Account != row.Class {
		q.Class, q.Account = "", row.Account
	}
	return q.URL()
}
