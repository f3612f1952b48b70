package register

import (
	"fmt"

	"reliefledger/ledger"
)

// Lengths of texts, in characters. MaxNaming leaves a code room for what documents and lots put around it: they are codes themselves.
const (
	MaxName   = 120
	MaxNote   = 500
	MaxNaming = 60
)

// Complaints collects what is wrong with a record, field by field.
type Complaints struct {
	faults []ledger.Fault
}

// Unless complains about the field at pointer when a rule does not hold.
func (c *Complaints) Unless(holds bool, pointer, format string, args ...any) {
	if !holds {
		c.faults = append(c.faults, ledger.Fault{Pointer: pointer, Code: ledger.Invalid, Message: fmt.Sprintf(format, args...)})
	}
}

// Code wants a code of the book's syntax that is nobody's resident number.
func (c *Complaints) Code(pointer, what, code string) {
	if err := ledger.CheckCode(what, code); err != nil {
		c.Unless(false, pointer, "%s", err)
		return
	}
	c.Unless(!ledger.HoldsResidentNumber(code), pointer, "%s holds a resident number, a code without one wanted", what)
}

// Text brings a text into its one spelling and wants at most max characters of it. An empty one passes unless it is required.
func (c *Complaints) Text(pointer, what string, text *string, max int, required bool) {
	clean, err := ledger.Text(what, *text, max, required)
	if err != nil {
		c.Unless(false, pointer, "%s", err)
		return
	}
	*text = clean
}

// Period wants a first day that is not after the last.
func (c *Complaints) Period(pointer, what string, p Period) {
	c.Unless(p.First.IsZero() || p.Last.IsZero() || p.First <= p.Last, pointer, "%s is %s, a first day not after the last wanted", what, p)
}

// Err is all complaints as one Refusal, or nil.
func (c *Complaints) Err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return &ledger.Refusal{Faults: c.faults}
}
