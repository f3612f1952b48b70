package exchange

import (
	"fmt"
	"io"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/report"
)

// statementLine is one amount of a statement, in a column of its own kind: nobody adds what came in to what is held.
type statementLine struct {
	part, account, name       string
	income, spending, balance report.Number
}

func (o Output) statementFields(s report.FundStatement) []field[statementLine] {
	always := func(s string) func(statementLine) string { return func(statementLine) string { return s } }
	day := func(d ledger.Date) func(statementLine) string { return always(d.String()) }
	return []field[statementLine]{
		{"fund", "#org+funding+code", sheet.Text, always(s.Fund)},
		{"name", "#org+funding+name", sheet.Text, always(o.Language.in(s.Name, s.NameEn))},
		{"part", "#x_part", sheet.Text, func(l statementLine) string { return l.part }},
		{"account", "#x_account+code", sheet.Text, func(l statementLine) string { return l.account }},
		{"account_name", "#x_account+name", sheet.Text, func(l statementLine) string { return l.name }},
		{"income", "#value+incoming+c_", sheet.Number, func(l statementLine) string { return string(l.income) }},
		{"spending", "#value+expenditure+c_", sheet.Number, func(l statementLine) string { return string(l.spending) }},
		{"balance", "#value+balance+c_", sheet.Number, func(l statementLine) string { return string(l.balance) }},
		{"from", "#date+start", sheet.Day, day(s.From)},
		{"to", "#date+end", sheet.Day, day(s.To)},
		{"entry", "#meta+id+entry", sheet.Number, always(fmt.Sprint(s.KnownAt))},
	}
}

// Statement writes the statement of a fund: opening, income, spending, closing, and what the closing is made of.
func (o Output) Statement(w io.Writer, s report.FundStatement) error {
	t, err := begin(o, w, "statement", o.statementFields(s))
	if err != nil {
		return err
	}
	lines := []statementLine{{part: "opening", balance: s.Opening}}
	for _, l := range s.In {
		lines = append(lines, statementLine{part: "in", account: l.Account, name: o.Language.in(l.Name, l.NameEn), income: l.Amount})
	}
	for _, l := range s.Out {
		lines = append(lines, statementLine{part: "out", account: l.Account, name: o.Language.in(l.Name, l.NameEn), spending: l.Amount})
	}
	lines = append(lines, statementLine{part: "closing", balance: s.Closing})
	for _, l := range s.MadeOf {
		lines = append(lines, statementLine{part: "made-of", account: l.Account, name: o.Language.in(l.Name, l.NameEn), balance: l.Amount})
	}
	for _, l := range lines {
		if err := t.line(l); err != nil {
			return err
		}
	}
	return t.Close()
}
