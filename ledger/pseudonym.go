package ledger

import (
	"fmt"
	"regexp"
)

// personal is what a pseudonym must not hold, not even among other characters: a telephone, or a resident number old, new or mistyped. It
// would be sealed with its entry and could never be erased, and a made-up code has no need to look like one.
var personal = regexp.MustCompile(`(^|[^0-9])((00)?(86)?1[3-9][0-9]{9}|[0-9]{15}|[0-9]{17}[0-9Xx])([^0-9]|$)`)

// CheckPseudonym refuses a code for a person that is no code, or that looks like a number the person is known by elsewhere.
func CheckPseudonym(what, code string) error {
	if err := CheckCode(what, code); err != nil {
		return err
	}
	if personal.MatchString(code) {
		return fmt.Errorf("the %s looks like a telephone or a resident number, a random code wanted", what)
	}
	return nil
}
