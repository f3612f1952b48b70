package exchange

import "slices"

// where is the sheet's column of a field, or -1.
func (t *table[B]) where(field string) int {
	return slices.IndexFunc(t.layout, func(i int) bool { return i >= 0 && t.columns[i].field == field })
}

// said is what a document's first row says in the column of a field.
func (t *table[B]) said(d document[B], field string) string {
	if n := t.where(field); n >= 0 {
		return d.head[n]
	}
	return ""
}

// belongs reports whether a row goes on with the open document.
func (t *table[B]) belongs(row document[B]) bool {
	if t.add == nil || t.single {
		return t.single
	}
	if reference := t.said(row, "reference"); reference != "" {
		location := t.said(row, "location")
		return reference == t.said(*t.open, "reference") && (location == "" || location == t.said(*t.open, "location"))
	}
	return t.heads && t.stretch(row) == t.stretch(*t.open) && slices.Equal(row.head, t.open.head)
}

// stretch is where rows without references are divided: by their numbers and not by their count, so that a row that is left out moves no other
// row into another document.
func (t *table[B]) stretch(d document[B]) int { return (d.rows[0] - t.heading - 1) / t.most }

// join puts a row under the open document. What it says of the document must not be something else than the first row says.
func (t *table[B]) join(row document[B]) {
	for n, text := range row.head {
		if text != "" && text != t.open.head[n] {
			t.wrong(row.rows[0], n, differs.about(text, t.open.head[n], t.open.rows[0]))
		}
	}
	for _, n := range t.open.owed {
		t.wrong(t.open.rows[0], n, missingCell.about())
	}
	t.open.owed = nil
	switch {
	case t.open.beyond:
	case len(t.open.rows) == t.most && t.single:
		t.wrong(row.rows[0], -1, tooMany.about(t.most))
		t.open.beyond = true
	case len(t.open.rows) == t.most:
		t.wrong(row.rows[0], t.where("reference"), tooLong.about(t.said(*t.open, "reference"), t.most))
		t.open.beyond = true
	default:
		t.add(&t.open.request, row.request)
		t.open.rows = append(t.open.rows, row.rows[0])
	}
}
