package exchange

import (
	"fmt"
	"io"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/report"
)

func (o Output) cardFields(c report.Card) []field[report.CardLine] {
	always := func(s string) func(report.CardLine) string { return func(report.CardLine) string { return s } }
	return []field[report.CardLine]{
		{"location", "#loc+code", sheet.Text, always(c.Location)},
		{"place", "#loc+name", sheet.Text, always(o.Language.in(c.Place, c.PlaceEn))},
		{"item", "#item+code", sheet.Text, always(c.Item)},
		{"name", "#item+name", sheet.Text, always(o.Language.in(c.Name, c.NameEn))},
		{"condition", "#item+status", sheet.Text, always(c.Condition)},
		{"on", "#date+occurred", sheet.Day, func(l report.CardLine) string { return l.On.String() }},
		{"entry", "#meta+id+entry", sheet.Number, func(l report.CardLine) string { return numbered(l.Entry) }},
		{"document", "#meta+id+document", sheet.Text, func(l report.CardLine) string { return l.Document }},
		{"movement", "#activity+type", sheet.Text, func(l report.CardLine) string { return l.Kind }},
		{"account", "#x_account+code", sheet.Text, func(l report.CardLine) string { return l.Account }},
		{"lot", "#item+lot+code", sheet.Text, func(l report.CardLine) string { return l.Lot }},
		{"fund", "#org+funding+code", sheet.Text, func(l report.CardLine) string { return l.Fund }},
		{"unit", "#item+unit+name", sheet.Text, always(c.Unit)},
		{"in", "#output+received+num", sheet.Number, func(l report.CardLine) string { return string(l.In) }},
		{"out", "#output+sent+num", sheet.Number, func(l report.CardLine) string { return string(l.Out) }},
		{"balance", "#item+stock+num", sheet.Number, func(l report.CardLine) string { return string(l.Balance.Quantity) }},
		{"moved_value", "#value+transfer+c_", sheet.Number, func(l report.CardLine) string { return string(l.Value) }},
		{"value", "#value+stock+c_", sheet.Number, func(l report.CardLine) string { return string(l.Balance.Value) }},
	}
}

func numbered(entry int64) string {
	if entry == 0 {
		return ""
	}
	return fmt.Sprint(entry)
}

// Card writes a stock card: a row of the opening, one of every move, and one of the closing.
func (o Output) Card(w io.Writer, c report.Card) error {
	t, err := begin(o, w, "card", o.cardFields(c))
	if err != nil {
		return err
	}
	end := func(kind string, on ledger.Date, b report.CardBalance) report.CardLine {
		return report.CardLine{Kind: kind, On: on, Balance: b}
	}
	lines := append([]report.CardLine{end("opening", c.From, c.Opening)}, c.Lines...)
	lines = append(lines, end("closing", c.To, c.Closing))
	for _, l := range lines {
		if err := t.line(l); err != nil {
			return err
		}
	}
	return t.Close()
}
