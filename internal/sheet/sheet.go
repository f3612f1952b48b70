// Package sheet reads and writes tables as spreadsheets keep them: CSV, XLSX, and CSV with HXL tags. It knows no goods and no money.
//
// A spreadsheet keeps a number as binary floating point, of which 15 digits can be trusted. So every cell says what it was: a text is
// exact, a number of at most 15 digits is exact too, and a longer one is handed over as Long, because digits of it may be lost already.
package sheet

import "strings"

// Limits of what is read. They bound memory and time, whoever made the file.
const (
	MaxBytes   = 256 << 20 // of a file, unzipped
	MaxColumns = 200
	MaxText    = 32767 // characters of a cell; what spreadsheets themselves keep
)

// trusted is how many digits of a number a spreadsheet keeps.
const trusted = 15

// Kind says what a cell was in the file. Everything in a CSV file is text.
type Kind int

// The kinds of cells.
const (
	Text   Kind = iota // exactly as it was written
	Number             // a number of at most 15 digits, in plain digits without an exponent
	Long               // a number of more digits than a spreadsheet keeps
	Day                // a day, as 2023-12-24; with its time of day when it has one
	Failed             // an error of the spreadsheet, as #N/A
)

// Cell is one cell of a table.
type Cell struct {
	Kind Kind
	Text string
}

// Row is one row of a table, without the empty cells at its end.
type Row struct {
	Number int // as spreadsheets count, from 1, empty rows included
	Cells  []Cell
}

// At is the cell of a column, counted from 0; an empty one beyond the end of the row.
func (r Row) At(column int) Cell {
	if column < len(r.Cells) {
		return r.Cells[column]
	}
	return Cell{}
}

// Column is how spreadsheets call a column counted from 0: A, B … Z, AA.
func Column(n int) string {
	name := ""
	for ; n >= 0; n = n/26 - 1 {
		name = string(rune('A'+n%26)) + name
	}
	return name
}

// columnOf is the column, counted from 0, that a reference such as "AB12" names, or -1.
func columnOf(reference string) int {
	n := 0
	for i := range len(reference) {
		if reference[i] < 'A' || reference[i] > 'Z' {
			break
		}
		n = n*26 + int(reference[i]-'A') + 1
		if n > 1<<20 {
			return -1
		}
	}
	return n - 1
}

// trimmed is a row without the empty cells at its end.
func trimmed(cells []Cell) []Cell {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1].Text) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
