package register

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"reliefledger/ledger"
)

// Lengths of texts, in characters.
const (
	MaxName = 120
	MaxNote = 500
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
	c.Unless(!HoldsResidentNumber(code), pointer, "%s holds a resident number, a code without one wanted", what)
}

// Text brings a text into its one spelling and wants at most max characters of it. An empty one passes unless it is required.
func (c *Complaints) Text(pointer, what string, text *string, max int, required bool) {
	clean, err := Text(what, *text, max)
	if err != nil {
		c.Unless(false, pointer, "%s", err)
		return
	}
	*text = clean
	c.Unless(!required || clean != "", pointer, "%s is empty, 1 to %d characters wanted", what, max)
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

// unseen are characters without width, and the one that stands for what could not be read. Joiners, which scripts need, are not among them.
const unseen = "\u00AD\u180E\u200B\u2060\uFEFF\uFFFD"

// Text is s in its one spelling: Unicode form NFC without space at its ends. It refuses more than max characters, control, bidirectional and
// invisible characters, which make a page show something else than what is stored, and resident numbers, which have no place in a book.
func Text(what, s string, max int) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%s is not valid UTF-8", what)
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) || strings.ContainsRune(unseen, r) {
			return "", fmt.Errorf("%s holds the character U+%04X, plain text wanted", what, r)
		}
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if n := utf8.RuneCountInString(s); n > max {
		return "", fmt.Errorf("%s has %d characters, at most %d wanted", what, n, max)
	}
	if HoldsResidentNumber(s) {
		return "", fmt.Errorf("%s holds a resident number, a text without one wanted", what)
	}
	return s, nil
}

var digits = regexp.MustCompile(`[0-9]+[Xx]?`)

// HoldsResidentNumber reports whether s contains a Chinese resident number: 18 characters with a birth date and a true check digit.
// The book knows people by pseudonyms only, so no text of it may carry one, not even by a slip.
func HoldsResidentNumber(s string) bool {
	return slices.ContainsFunc(digits.FindAllString(s, -1), func(number string) bool {
		if len(number) != 18 {
			return false
		}
		born, err := time.Parse("20060102", number[6:14])
		return err == nil && born.Year() >= 1850 && born.Year() < 2200 && residentCheck(number)
	})
}

// residentCheck is ISO 7064 MOD 11-2.
func residentCheck(number string) bool {
	sum := 0
	for _, r := range strings.ToUpper(number) {
		digit := int(r - '0')
		if r == 'X' {
			digit = 10
		}
		sum = (sum*2 + digit) % 11
	}
	return sum == 1
}
