package ledger

import (
	"slices"
	"strings"
)

// Table is a document table of a wing: rows that are written once, in the transaction of the entry they belong to,
// sealed into the entry's leaf and checked again by Verify. Its key is (book_id, number, line).
type Table struct {
	name    string
	columns []tableColumn
}

type tableColumn struct{ name, kind string }

// tables is every document table of the program, so that Verify can check rows that the book itself never reads.
var tables []*Table

// Documents declares a document table, once, as a package variable of the noun that owns it. Each column is "name type" with one of the types
// text, bigint, integer, numeric, date, boolean, in the order of the migration after book_id, number and line.
func Documents(name string, columns ...string) *Table {
	t := &Table{name: name}
	for _, c := range columns {
		n, kind, _ := strings.Cut(c, " ")
		if !slices.Contains([]string{"text", "bigint", "integer", "numeric", "date", "boolean"}, kind) {
			panic("ledger: document table " + name + " has a column of type " + kind)
		}
		t.columns = append(t.columns, tableColumn{n, kind})
	}
	tables = append(tables, t)
	slices.SortFunc(tables, func(a, b *Table) int { return strings.Compare(a.name, b.name) })
	return t
}

// Check is a rule of a wing that Verify runs on the whole book: a query that answers one row of text for each thing wrong.
// It is given the book's number as its only argument, written ?0.
type Check struct {
	Name  string
	Query string
}

var checks []Check

// MustHold declares a rule that Verify checks.
func MustHold(name, query string) {
	checks = append(checks, Check{name, query})
}

func (t *Table) kinds() []string {
	kinds := make([]string, len(t.columns))
	for i, c := range t.columns {
		kinds[i] = c.kind
	}
	return kinds
}

// names lists the columns for SQL; each is quoted, because "on" and "line" are words of SQL too.
func (t *Table) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = `"` + c.name + `"`
	}
	return strings.Join(names, ", ")
}
