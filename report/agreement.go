package report

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// AgreementQuery says which agreement of goods and money is wanted.
type AgreementQuery struct {
	Fund    string      `query:"fund" maxLength:"80" doc:"One fund; all when left out." example:"WINTER-23"`
	AsOf    ledger.Date `query:"as_of" doc:"At the end of this business date; now when left out." example:"2023-12-31"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// Agreement compares the value of the goods with the accounts of the funds. Goods are read from the balances that keepers see.
// Accounts are summed again out of every move ever made, without looking at a balance. The difference is zero by construction;
// anything else means that somebody has changed the database.
type Agreement struct {
	AsOf    ledger.Date     `json:"as_of,omitzero" required:"false" doc:"Business date; absent for now."`
	KnownAt int64           `json:"known_at" doc:"Number of the last entry that counts."`
	Agreed  bool            `json:"agreed" doc:"True when every difference is zero."`
	Funds   []AgreementFund `json:"funds"`
}

// AgreementFund compares the goods of one fund with its accounts.
type AgreementFund struct {
	Fund       string          `json:"fund" example:"WINTER-23"`
	Goods      Number          `json:"goods" doc:"Value of all its goods, by lot and place."`
	Accounts   Number          `json:"accounts" doc:"Debits less credits of its goods accounts."`
	Others     Number          `json:"others" doc:"Credits less debits of all its other accounts: income less what was used and what is held in money. It equals the goods."`
	Difference Number          `json:"difference" doc:"Goods less accounts, or goods less others when that is not zero."`
	Lines      []AgreementLine `json:"lines" doc:"The same by location."`
}

// AgreementLine compares the goods of one fund in one account.
type AgreementLine struct {
	Account    string `json:"account" doc:"Where the goods are." example:"stock:PT-0031"`
	Goods      Number `json:"goods"`
	Accounts   Number `json:"accounts"`
	Difference Number `json:"difference"`
	Query      string `json:"query" doc:"Relative address of the entries that make the account."`
}

type agreementRow struct {
	Fund, Account   string
	Goods, Accounts decimal.Decimal
}

type agreementArgs struct {
	Book int
	To   ledger.Date // the day of the query, by the name that entries are bounded with
	AgreementQuery
}

// sql puts the balances of cells beside sums over every move. The side of the moves never looks at a balance; it reads cells
// only for the names of their accounts.
func (a agreementArgs) sql() string {
	return "WITH balances AS (" + ledger.Moment{AsOf: a.AsOf, KnownAt: a.KnownAt}.SQL("c.book_id = ?book", given(a.Fund, "c.fund = ?fund")) + `), turned AS (
			SELECT m.from_cell, m.to_cell, m.value FROM moves m JOIN entries e ON e.book_id = m.book_id AND e.number = m.number` +
		counting{EntryQuery: EntryQuery{To: a.AsOf, KnownAt: a.KnownAt}}.within("m.book_id = ?book") + `
		), posted AS (
			SELECT cell, sum(value) AS value FROM (
				SELECT to_cell AS cell, value FROM turned UNION ALL SELECT from_cell, -value FROM turned
			) postings GROUP BY cell
		)
		SELECT c.fund, CASE WHEN split_part(c.account, ':', 1) IN ('stock', 'reserved', 'quarantine', 'transit') THEN c.account ELSE '' END AS account,
			sum(c.value) AS goods, sum(coalesce(p.value, 0)) AS accounts
		FROM balances c LEFT JOIN posted p USING (cell) GROUP BY 1, 2 ORDER BY 1, 2`
}

// Agreement compares goods and accounts of all funds, or of one, on one snapshot.
func (r Room) Agreement(ctx context.Context, q AgreementQuery) (Agreement, error) {
	a := Agreement{AsOf: q.AsOf, Agreed: true, Funds: []AgreementFund{}}
	args := agreementArgs{r.Book.ID, q.AsOf, q}
	err := r.sweep(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := r.fund(ctx, tx, q.Fund)
		if err != nil {
			return err
		}
		if a.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		var rows []agreementRow
		if err := tx.NewRaw(args.sql(), args).Scan(ctx, &rows); err != nil {
			return err
		}
		for len(rows) > 0 {
			next := slices.IndexFunc(rows, func(row agreementRow) bool { return row.Fund != rows[0].Fund })
			if next < 0 {
				next = len(rows)
			}
			a.Funds = append(a.Funds, r.agree(&a, rows[:next]))
			rows = rows[next:]
		}
		return nil
	})
	return a, err
}

// agree compares one fund. The row without an account is everything that is no goods.
func (r Room) agree(a *Agreement, rows []agreementRow) AgreementFund {
	var goods, accounts, others decimal.Decimal
	fund := AgreementFund{Fund: rows[0].Fund, Lines: []AgreementLine{}}
	for _, row := range rows {
		if row.Account == "" {
			others = row.Accounts.Neg()
			continue
		}
		goods, accounts = goods.Add(row.Goods), accounts.Add(row.Accounts)
		difference := row.Goods.Sub(row.Accounts)
		a.Agreed = a.Agreed && difference.IsZero()
		if row.Goods.IsZero() && row.Accounts.IsZero() {
			continue
		}
		opens := EntryQuery{Fund: row.Fund, Account: row.Account, To: a.AsOf, KnownAt: a.KnownAt}
		fund.Lines = append(fund.Lines, AgreementLine{row.Account, r.amount(row.Goods), r.amount(row.Accounts), r.amount(difference), opens.URL()})
	}
	difference := goods.Sub(accounts)
	if difference.IsZero() {
		difference = goods.Sub(others)
	}
	a.Agreed = a.Agreed && difference.IsZero()
	fund.Goods, fund.Accounts, fund.Others, fund.Difference = r.amount(goods), r.amount(accounts), r.amount(others), r.amount(difference)
	return fund
}
