package exchange

import (
	"fmt"
	"io"
	"strings"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
)

// Format is how a table is written.
type Format string

// The formats of tables.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	HXL  Format = "hxl" // CSV with a row of HXL hashtags below the headings
)

// Formats are all formats.
var Formats = []Format{CSV, XLSX, HXL}

// Output says how reports are written as tables. Amounts and quantities are written with all their digits, days as 2023-12-24.
type Output struct {
	Format   Format
	Language Language    // of headings and names; English when empty
	Mark     bool        // CSV begins with a byte order mark, which old spreadsheets need for Chinese
	Currency string      // of the book; HXL says it with every amount, unless it is not known
	Today    ledger.Date // day of a report that is of now
}

// field is a column of a table that is written.
type field[L any] struct {
	name string
	tag  string
	kind sheet.Kind
	of   func(L) string
}

// output is a table that is being written.
type output[L any] struct {
	sheet.Writer
	fields []field[L]
	row    []sheet.Cell
}

// begin writes the headings, and the tags below them where they are wanted.
func begin[L any](o Output, w io.Writer, title string, fields []field[L]) (*output[L], error) {
	t := &output[L]{fields: fields, row: make([]sheet.Cell, len(fields))}
	switch o.Format {
	case CSV, HXL:
		t.Writer = sheet.NewCSV(w, o.Mark)
	case XLSX:
		var err error
		if t.Writer, err = sheet.NewXLSX(w, title); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("format %.20q is none of csv, xlsx, hxl", o.Format)
	}
	for i, f := range fields {
		t.row[i] = sheet.Cell{Text: o.Language.heading(f.name)}
	}
	if err := t.Write(t.row); err != nil || o.Format != HXL {
		return t, err
	}
	for i, f := range fields {
		t.row[i].Text = strings.Replace(f.tag, "+c_", o.currency(), 1)
	}
	return t, t.Write(t.row)
}

// currency is how HXL says which money an amount is.
func (o Output) currency() string {
	if o.Currency == "" {
		return ""
	}
	return "+c_" + strings.ToLower(o.Currency)
}

func (t *output[L]) line(line L) error {
	for i, f := range t.fields {
		t.row[i] = sheet.Cell{Kind: f.kind, Text: f.of(line)}
	}
	return t.Write(t.row)
}

// in is the name of something in the language, or else the one it has.
func (l Language) in(name, english string) string {
	if l != Chinese && english != "" {
		return english
	}
	return name
}
