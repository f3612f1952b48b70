package person

import (
	"strings"
	"time"
)

// Number is a resident identity number in its one spelling: eighteen characters, the last a digit or X.
type Number string

// String hides the number wherever somebody prints it by mistake.
func (Number) String() string { return "a resident number" }

// weights are those of GB 11643-1999, which takes them from ISO 7064: powers of two modulo eleven, the leftmost first.
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checkDigits = "10X98765432"

// ParseNumber reads a resident number, with x for X and with blanks as people write them. It is refused unless its length, its
// division, its day of birth and its check digit hold; the message never repeats it.
func ParseNumber(s string) (Number, error) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if len(s) != 18 {
		return "", refuse("number", "resident number has %d characters, 18 wanted", len(s))
	}
	sum := 0
	for i, w := range weights {
		if s[i] < '0' || s[i] > '9' {
			return "", refuse("number", "resident number has a character that is no digit at %d", i+1)
		}
		sum += w * int(s[i]-'0')
	}
	if s[0] == '0' {
		return "", refuse("number", "resident number begins with 0, a division of GB/T 2260 wanted")
	}
	if born, err := time.Parse("20060102", s[6:14]); err != nil || born.Year() < 1850 {
		return "", refuse("number", "resident number holds no day of birth")
	}
	if s[17] != checkDigits[sum%11] {
		return "", refuse("number", "resident number has a wrong check digit, a slip of the keyboard")
	}
	return Number(s), nil
}
