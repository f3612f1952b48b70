package exchange

import (
	"strconv"
	"strings"

	"reliefledger/ledger"
)

// MaxFaults is how many faults of a file are told one by one; the rest is counted.
const MaxFaults = 1000

// Fault is one thing wrong with a table, and where it stands.
type Fault struct {
	Row     int    `json:"row,omitempty"`     // as spreadsheets count; 0 when it is about the whole sheet
	Column  string `json:"column,omitempty"`  // letter of the column, when it is about one that is there
	Heading string `json:"heading,omitempty"` // what the column is called
	Code    string `json:"code"`              // one of the ledger's codes of refusals
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// In writes the fault as one line: row 5, column C (quantity): what is wrong.
func (f Fault) In(l Language) string {
	where := ""
	if f.Row > 0 {
		where = l.say(atRow, f.Row)
	}
	if f.Column != "" {
		where += l.say(atColumn, f.Column)
	}
	if f.Heading != "" && f.Row > 0 {
		where += l.say(under, f.Heading)
	}
	if where != "" {
		where += l.say(colon)
	}
	return where + f.Message
}

func (s *Summary) add(f Fault) {
	if len(s.Faults) < MaxFaults {
		s.Faults = append(s.Faults, f)
	} else {
		s.More++
	}
}

// place turns a pointer into a request, as /lines/3/quantity, into the number of its line and the name of its field.
func place(pointer string) (line int, field string) {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	if parts[0] == "lines" && len(parts) > 1 {
		n, err := strconv.Atoi(parts[1])
		if err == nil {
			line = n
		}
		parts = append(parts[2:], "")
	}
	return line, parts[0]
}

// refused tells the faults that the book found in a document as faults of its cells.
func (t *table[B]) refused(s *Summary, d document[B], faults []ledger.Fault) {
	for _, f := range faults {
		line, field := place(f.Pointer)
		at := Fault{Row: d.rows[0], Code: f.Code, Message: t.language.said(f.Message), Hint: t.language.said(f.Hint)}
		if line < len(d.rows) {
			at.Row = d.rows[line]
		}
		at.Column, at.Heading = t.column(field)
		s.add(at)
	}
}
