package exchange

import (
	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/internal/sheet"
	"reliefledger/ledger"
)

// mostStatementRows is how many lines the book takes of one statement.
const mostStatementRows = 2000

// statements are statements of banks. One file is one statement, because the next one must go on where it ends.
var statements = kind[fund.BankStatement]{
	name:   "bank-statement",
	about:  phrase{"Each row is one line of a bank's statement; the file is one statement, what is said of all of it may stand in the first row only, and a statement without movements is one row that says just that.", "每行是银行对账单的一行；一个文件是一张对账单，整张对账单的内容可只写在第一行；没有收支的对账单只写这一行。"},
	poster: func(p Posters) Poster[fund.BankStatement] { return p.Statement },
	start:  func() fund.BankStatement { return fund.BankStatement{Lines: make([]fund.BankLine, 1)} },
	most:   mostStatementRows,
	add:    func(to *fund.BankStatement, row fund.BankStatement) { to.Lines = append(to.Lines, row.Lines...) },
	single: true,
	bare:   func(s *fund.BankStatement) { s.Lines = []fund.BankLine{} },
	columns: []column[fund.BankStatement]{
		{field: "bank", must: true, head: true, read: text(func(s *fund.BankStatement, v string) { s.Bank = v })},
		{field: "from", must: true, head: true, read: day(func(s *fund.BankStatement, d ledger.Date) { s.From = d })},
		{field: "to", must: true, head: true, read: day(func(s *fund.BankStatement, d ledger.Date) { s.To = d })},
		{field: "opening", must: true, head: true, read: signed(func(s *fund.BankStatement, d decimal.Decimal) { s.Opening.Decimal = d })},
		{field: "closing", must: true, head: true, read: signed(func(s *fund.BankStatement, d decimal.Decimal) { s.Closing.Decimal = d })},
		{field: "on", must: true, read: day(func(s *fund.BankStatement, d ledger.Date) { s.Lines[0].On = d })},
		{field: "amount", must: true, read: signed(func(s *fund.BankStatement, d decimal.Decimal) { s.Lines[0].Amount.Decimal = d })},
		{field: "reference", read: text(func(s *fund.BankStatement, v string) { s.Lines[0].Reference = v })},
		{field: "counterparty", read: text(func(s *fund.BankStatement, v string) { s.Lines[0].Counterparty = v })},
		{field: "text", read: text(func(s *fund.BankStatement, v string) { s.Lines[0].Text = v })},
		{field: "id", read: text(func(s *fund.BankStatement, v string) { s.Lines[0].ID = v })},
	},
}

// signed reads an amount that may be below zero.
func signed[B any](set func(*B, decimal.Decimal)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		d, err := ledger.ParseSigned(c.Text, ledger.MaxDecimals)
		if err != nil || c.Kind == sheet.Day {
			return notSigned.about(c.Text, ledger.MaxIntegerDigits, ledger.MaxDecimals)
		}
		set(b, d)
		return nil
	}
}
