package sheet

import (
	"regexp"
	"strings"
)

var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// triggers are the characters that make a spreadsheet take a text for a formula; some take their wide forms as well.
const triggers = "=+-@\t\r\n＝＋－＠"

// startsFormula reports whether a spreadsheet would compute the text, once the apostrophes before it are taken off.
func startsFormula(s string) bool {
	return s != "" && strings.ContainsRune(triggers, []rune(s[:min(len(s), 4)])[0])
}

// guarded is a text that no spreadsheet takes for a formula: whoever names a thing =HYPERLINK(…) must not run it on the screen of
// whoever opens the list. Numbers stay numbers. A text with the apostrophe already gets one more, so that unguarded is exact.
func guarded(s string) string {
	if plainNumber.MatchString(s) || !startsFormula(strings.TrimLeft(s, "'")) {
		return s
	}
	return "'" + s
}

// unguarded is the text that guarded was given.
func unguarded(s string) string {
	if strings.HasPrefix(s, "'") && startsFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}
