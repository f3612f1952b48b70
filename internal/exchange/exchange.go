// Package exchange turns tables into requests, and reports into tables. It reads what keepers have in their spreadsheets: every bad
// row at once, with its row and column. How requests reach a book, and whether they only try, is handed in.
package exchange

import (
	"context"

	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Poster sends requests of one kind to a book and answers with one outcome for each, in order. Each request travels under the key that stands
// in its place. A dry run answers what would become of them and writes nothing. An error says that the book could
// not be asked or that its answer was lost: sending the same again is safe.
type Poster[B any] func(ctx context.Context, dry bool, keys []string, requests []B) ([]Outcome, error)

// Outcome is what became of one request, or would become of it.
type Outcome struct {
	Document string         // number of the document, or code of the record
	Entry    int64          // number of the entry; 0 for a record
	Repeated bool           // it was there already
	Faults   []ledger.Fault // why it was refused, with pointers into the request
}

// Posters are how each kind of request reaches one book.
type Posters struct {
	Items     Poster[warehouse.Item]
	Locations Poster[warehouse.Location]
	Parties   Poster[warehouse.Party]
	Receipts  Poster[warehouse.Receipt]
	Handouts  Poster[warehouse.Handout]
	Payments  Poster[fund.Payment]
	Statement Poster[fund.BankStatement]
}

// Step is what an import is doing. It reads the file once for each step, so that no file is too long for the memory.
type Step string

// The steps of an import, in order. A file with a bad row ends after the step that found it, and nothing of it is booked.
const (
	Checking Step = "checking" // the form of every row
	Trying   Step = "trying"   // every document against the book, writing nothing
	Booking  Step = "booking"
)

// Options tune an import; the zero value works.
type Options struct {
	Language Language // of faults; English when empty
	// Key begins the key of every request. When empty it is made from the content of the file, so that the same file booked twice
	// adds nothing and an interrupted import goes on where it stopped. Give the key of an earlier import to book the corrected
	// file: what it has booked is not booked again, and a booked row that has changed is refused.
	Key    string
	DryRun bool // end after trying
	// Progress is told how many rows of how many are done; total is 0 while it is not known.
	Progress func(step Step, done, total int)
	// Told is told of every document that is in the book, or after a dry run would be: first of those that were there already in
	// long stretches, then of the others in the order of rows.
	Told func(Line)
}

// Line is what became of the rows of one document.
type Line struct {
	First, Last int // rows of the sheet
	Outcome
}

// Summary is what became of a file.
type Summary struct {
	Key       string  `json:"key"`  // give it to book the same rows again, corrected
	Rows      int     `json:"rows"` // without the heading
	Documents int     `json:"documents"`
	New       int     `json:"new"`      // documents booked now; of a dry run, that would be
	Repeated  int     `json:"repeated"` // documents that were there already
	Faults    []Fault `json:"faults,omitempty"`
	More      int     `json:"more_faults,omitempty"` // faults beyond MaxFaults
}

// Refused reports whether anything in the file is wrong.
func (s Summary) Refused() bool { return len(s.Faults) > 0 }
