package exchange

import (
	"slices"

	"reliefledger/internal/sheet"
)

// Kind is a kind of table that can be imported.
type Kind struct {
	Name string // items, locations, parties, opening, receipts, handouts, payments, bank-statement
	importer
	about phrase
}

// Kinds are all kinds, in the order in which an empty book takes them.
var Kinds = []Kind{
	{items.name, &items, items.about},
	{locations.name, &locations, locations.about},
	{parties.name, &parties, parties.about},
	{opening.name, &opening, opening.about},
	{receipts.name, &receipts, receipts.about},
	{handouts.name, &handouts, handouts.about},
	{payments.name, &payments, payments.about},
	{statements.name, &statements, statements.about},
}

// Find is the kind of that name.
func Find(name string) (kind Kind, found bool) {
	n := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == name })
	if n < 0 {
		return kind, false
	}
	return Kinds[n], true
}

// About says in a sentence what the rows of a kind become.
func (k Kind) About(l Language) string { return l.say(k.about) }

// Column is one column that a kind of table may have.
type Column struct {
	Field   string // as in the API
	Heading string
	Must    bool // no row can do without it
}

// Columns are the columns of a kind, in the order in which they are easiest to fill in.
func (k Kind) Columns(l Language) []Column { return k.describe(l) }

func (k *kind[B]) describe(l Language) []Column {
	columns := make([]Column, len(k.columns))
	for i, c := range k.columns {
		columns[i] = Column{Field: c.field, Heading: l.heading(c.field), Must: c.must}
	}
	return columns
}

// Template writes an empty table of a kind, to be filled in.
func (k Kind) Template(w sheet.Writer, l Language) error {
	var row []sheet.Cell
	for _, c := range k.Columns(l) {
		row = append(row, sheet.Cell{Text: c.Heading})
	}
	if err := w.Write(row); err != nil {
		return err
	}
	return w.Close()
}
