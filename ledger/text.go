package ledger

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unseen are characters without width, and the one that stands for what could not be read. Joiners, which scripts need, are not among them.
const unseen = "\u00AD\u180E\u200B\u2060\uFEFF\uFFFD"

// Text is s in its one spelling: Unicode form NFC without space at its ends. It refuses more than max characters, control, bidirectional and
// invisible characters, which make a page show something else than what is stored, and resident numbers, which have no place in a book.
// An empty one passes unless it is required.
func Text(what, s string, max int, required bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%s is not valid UTF-8", what)
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) || strings.ContainsRune(unseen, r) {
			return "", fmt.Errorf("%s holds the character U+%04X, plain text wanted", what, r)
		}
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if required && s == "" {
		return "", fmt.Errorf("%s is empty, 1 to %d characters wanted", what, max)
	}
	if n := utf8.RuneCountInString(s); n > max {
		return "", fmt.Errorf("%s has %d characters, at most %d wanted", what, n, max)
	}
	if HoldsResidentNumber(s) {
		return "", fmt.Errorf("%s holds a resident number, a text without one wanted", what)
	}
	return s, nil
}

// reasonOf is the reason of a request in its one spelling, or a refusal. The request itself keeps it as it was sent: a repeated one is compared.
func reasonOf(sent string) (string, error) {
	reason, err := Text("reason", sent, 500, true)
	if err != nil {
		return "", Refuse(Invalid, "/reason", err.Error())
	}
	return reason, nil
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
