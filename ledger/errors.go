package ledger

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"
)

// Codes of refusals. They are stable: the API publishes them as problem types.
const (
	Invalid        = "invalid"          // the request itself is wrong
	NotFound       = "not-found"        // it names something that is not there
	Insufficient   = "insufficient"     // a real place or real money would go below zero
	Expired        = "expired"          // the goods may no longer leave
	PeriodClosed   = "period-closed"    // the date lies in a closed period
	KeyReused      = "key-reused"       // the key was used for other content
	AlreadyDone    = "already-done"     // reversed, approved, closed before
	MovedOn        = "moved-on"         // what would be undone has been used since
	NotOpen        = "not-open"         // the location, fund or campaign is not open on that date
	SamePerson     = "same-person"      // the rule asks for two different people
	FundNotAllowed = "fund-not-allowed" // one fund would silently pay for another
)

// Fault is one thing wrong with a request: where in the request, what is there, what was asked, and what to do next.
type Fault struct {
	Pointer  string // JSON pointer into the request, as /lines/0/quantity
	Code     string
	Message  string
	Hint     string
	Location string
	Item     string
	Lot      string
	Fund     string
	There    string
	Asked    string
}

// Refusal is a refused proposal with every failing line at once. It has left no trace and its key stays free.
type Refusal struct {
	Faults []Fault
	// past names the cell and day that a backdated taking would break, for the name of the first document that would fail.
	past *pastFailure
	// holder is the entry whose key was used again, 0 for any other refusal.
	holder int64
}

type pastFailure struct {
	fault  int // which of the refusal's faults it explains
	cell   int64
	on     Date
	wanted decimal.Decimal
}

// Refuse is a Refusal of one fault.
func Refuse(code, pointer, message string) *Refusal {
	return &Refusal{Faults: []Fault{{Code: code, Pointer: pointer, Message: message}}}
}

func (r *Refusal) Error() string {
	messages := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		messages[i] = f.Message
	}
	return strings.Join(messages, "; ")
}

// Code is the code of the first fault.
func (r *Refusal) Code() string { return r.Faults[0].Code }

// At is the same refusal with its faults moved under a pointer: faults of a line become faults of the request that holds it.
func (r *Refusal) At(pointer string) *Refusal {
	moved := &Refusal{Faults: make([]Fault, len(r.Faults)), past: r.past, holder: r.holder}
	for i, f := range r.Faults {
		f.Pointer = pointer + f.Pointer
		moved.Faults[i] = f
	}
	return moved
}

// At says which field of the request an error is about, when it is a refusal.
func At(pointer string, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.At(pointer)
	}
	return err
}

// Faults collects refusals of the lines of one request, so that all of them are reported at once.
type Faults struct {
	refusal Refusal
}

// Add collects err under pointer when it is a Refusal, and returns any other error.
func (f *Faults) Add(pointer string, err error) error {
	var refusal *Refusal
	if err == nil {
		return nil
	}
	if !errors.As(err, &refusal) {
		return err
	}
	moved := refusal.At(pointer)
	if f.refusal.past == nil && moved.past != nil {
		past := *moved.past
		past.fault += len(f.refusal.Faults)
		f.refusal.past = &past
	}
	f.refusal.Faults = append(f.refusal.Faults, moved.Faults...)
	return nil
}

// Err is all that was collected as one Refusal, or nil.
func (f *Faults) Err() error {
	if len(f.refusal.Faults) == 0 {
		return nil
	}
	return &f.refusal
}

// ErrBusy says that the book's queue is full: nothing was written, try again in a moment.
var ErrBusy = errors.New("the book's queue is full")

// ErrClosed says that the book is shutting down: nothing was written.
var ErrClosed = errors.New("the book is shutting down")

// ErrUnavailable says that the database could not be reached: nothing was written, try again in a moment.
var ErrUnavailable = errors.New("the database cannot be reached")
