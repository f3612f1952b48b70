package exchange

import (
	"iter"
	"strings"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
)

// kind is a kind of table: what its columns are, and what requests its rows become.
type kind[B any] struct {
	name    string
	about   phrase
	columns []column[B]
	poster  func(Posters) Poster[B]
	start   func() B // what every row begins as, with room for its own line; the zero request when nil

	// most is how many rows one document may have, and add puts the line of a following row under a document. Nil when every row is a request
	// by itself. Rows that stand together and have one reference and one location are one document.
	most int
	add  func(to *B, row B)
	// single says that the whole sheet is one document: what is said of it may stand in the first row only.
	single bool
	// bare takes the line out of a document whose only row says nothing of one; nil when none can do without.
	bare func(*B)
	// record says that rows are records of a register, known by their codes and not by keys.
	record bool
	// heads says that rows without a reference are one document too when all that they say of it is the same.
	heads bool
}

type column[B any] struct {
	field string
	must  bool // no sheet can do without it, nor any row
	head  bool // said of the document, not of its line
	read  reading[B]
}

// document is a request with the rows it was read from.
type document[B any] struct {
	request B
	rows    []int
	head    []string // what its rows say of the whole document, by column of the sheet
	beyond  bool     // more rows than it may have were left out
	owed    []int    // columns that its only row may leave empty, and its first row may not
}

// table reads the documents of one sheet.
type table[B any] struct {
	kind[B]
	language Language
	complain func(Fault)
	titles   []string // headings as they are written
	layout   []int    // for each column of the sheet, its place in columns
	open     *document[B]
	heading  int            // row of the headings
	began    map[string]int // row in which the document of a reference and location began
	rows     int
}

// documents are the requests of a sheet, in order. A sheet without all its headings has none; an error ends them.
func (t *table[B]) documents(rows iter.Seq2[sheet.Row, error]) iter.Seq2[document[B], error] {
	return func(yield func(document[B], error) bool) {
		for row, err := range rows {
			switch {
			case err != nil:
				yield(document[B]{}, err)
				return
			case t.layout == nil:
				if !t.readHeadings(row) {
					return
				}
			default:
				if done := t.take(row); done != nil && !yield(*done, nil) {
					return
				}
			}
		}
		switch {
		case t.layout == nil:
			t.complain(Fault{Code: ledger.Invalid, Message: t.language.say(noHeading)})
		case t.open != nil:
			yield(*t.open, nil)
		}
	}
}

// readHeadings finds out what each column is, and reports whether the rows can be read.
func (t *table[B]) readHeadings(row sheet.Row) bool {
	t.layout, t.began, t.heading = make([]int, len(row.Cells)), map[string]int{}, row.Number
	fine := true
	complain := func(n int, p phrase, args ...any) {
		fault := Fault{Row: row.Number, Code: ledger.Invalid, Message: t.language.say(p, args...)}
		if n >= 0 {
			fault.Column = sheet.Column(n)
		}
		t.complain(fault)
		fine = false
	}
	found := map[int]int{}
	for n, cell := range row.Cells {
		title := strings.TrimSpace(cell.Text)
		t.titles, t.layout[n] = append(t.titles, title), -1
		if title == "" {
			continue
		}
		i := t.find(title)
		first, twice := found[i]
		switch {
		case i < 0:
			complain(n, unknownHeading, title, t.known())
		case twice:
			complain(n, twiceHeading, title, sheet.Column(first))
		default:
			found[i], t.layout[n] = n, i
		}
	}
	for i, c := range t.columns {
		if _, there := found[i]; c.must && !there {
			complain(-1, missingHeading, t.language.heading(c.field))
		}
	}
	return fine
}

func (k kind[B]) find(title string) int {
	for i, c := range k.columns {
		if answersTo(c.field, title) {
			return i
		}
	}
	return -1
}

// known lists the headings of a kind in both languages.
func (k kind[B]) known() string {
	words := make([]string, len(k.columns))
	for i, c := range k.columns {
		words[i] = English.heading(c.field) + " " + Chinese.heading(c.field)
	}
	return strings.Join(words, ", ")
}

// column is the letter of the column of a field and what it is called; a field that the sheet does not have is called by its name.
func (t *table[B]) column(field string) (letter, title string) {
	for n, i := range t.layout {
		if i >= 0 && t.columns[i].field == field {
			return sheet.Column(n), t.titles[n]
		}
	}
	for _, c := range t.columns {
		if c.field == field {
			return "", t.language.heading(field)
		}
	}
	return "", ""
}

// take reads a row. It answers with the document before it when the row begins another.
func (t *table[B]) take(row sheet.Row) (done *document[B]) {
	t.rows++
	next := t.parse(row)
	if t.open != nil && t.belongs(next) {
		t.join(next)
		return nil
	}
	done, t.open = t.open, &next
	if reference := t.said(next, "reference"); reference != "" && t.add != nil {
		paper := reference + "\n" + t.said(next, "location")
		if first, again := t.began[paper]; again {
			t.wrong(row.Number, t.where("reference"), apart.about(reference, first))
		} else {
			t.began[paper] = row.Number
		}
	}
	return done
}

// parse reads the cells of a row into a request of one line.
func (t *table[B]) parse(row sheet.Row) document[B] {
	d := document[B]{rows: []int{row.Number}, head: make([]string, len(t.layout))}
	if t.start != nil {
		d.request = t.start()
	}
	for n := range max(len(t.layout), len(row.Cells)) {
		cell := row.At(n)
		cell.Text = strings.TrimSpace(cell.Text)
		switch {
		case cell.Text == "":
			continue
		case n >= len(t.layout) || t.layout[n] < 0:
			t.wrong(row.Number, n, noHeadingAbove.about(cell.Text))
			continue
		}
		if c := t.columns[t.layout[n]]; c.head {
			d.head[n] = cell.Text
		}
		problem := readable(cell)
		if problem == nil {
			problem = t.columns[t.layout[n]].read(&d.request, cell)
		}
		t.wrong(row.Number, n, problem)
	}
	t.missing(row, &d)
	return d
}

// lineless reports whether a row says nothing but what is said of the whole document.
func (t *table[B]) lineless(row sheet.Row) bool {
	for n, i := range t.layout {
		if i >= 0 && !t.columns[i].head && strings.TrimSpace(row.At(n).Text) != "" {
			return false
		}
	}
	return true
}

// missing complains about cells that no row can do without. What is said of the whole document may stand in its first row only.
func (t *table[B]) missing(row sheet.Row, d *document[B]) {
	bare := t.bare != nil && t.open == nil && t.lineless(row)
	if bare {
		t.bare(&d.request)
	}
	for n, i := range t.layout {
		if i < 0 || !t.columns[i].must || strings.TrimSpace(row.At(n).Text) != "" {
			continue
		}
		switch head := t.columns[i].head; {
		case bare && !head:
			d.owed = append(d.owed, n)
		case !head || t.open == nil || !t.belongs(*d):
			t.wrong(row.Number, n, missingCell.about())
		}
	}
}

// wrong tells a complaint about a cell, if there is one.
func (t *table[B]) wrong(row, n int, c *complaint) {
	if c == nil {
		return
	}
	fault := Fault{Row: row, Code: ledger.Invalid, Message: t.language.say(c.phrase, c.args...)}
	if n >= 0 {
		fault.Column = sheet.Column(n)
	}
	if n >= 0 && n < len(t.titles) {
		fault.Heading = t.titles[n]
	}
	t.complain(fault)
}
