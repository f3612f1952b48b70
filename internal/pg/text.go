package pg

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// CheckText says why PostgreSQL cannot hold s, or nil. Callers ask it about every text from outside before they compose a
// message, because the server refuses a whole message for one such text in it.
func CheckText(s string) error {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return errors.New("text holds a NUL character")
	case !utf8.ValidString(s):
		return errors.New("text is not valid UTF-8")
	}
	return nil
}
