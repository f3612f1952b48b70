package auth

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MaxPage is the most that a list answers at once.
const MaxPage = 500

// Mark is a place in a list that is in order of time: the next page begins behind it. The zero Mark is before everything.
type Mark struct {
	At time.Time
	ID string
}

// MarkPattern is how a mark is written.
const MarkPattern = `^[0-9]{1,17}-[A-Z0-9]{12}$`

var markSyntax = regexp.MustCompile(MarkPattern)

// String is the mark as the address of the next page names it; "" for the zero one.
func (m Mark) String() string {
	if m.ID == "" {
		return ""
	}
	return fmt.Sprintf("%d-%s", m.At.UnixMicro(), m.ID)
}

// ParseMark reads a mark.
func ParseMark(s string) (Mark, error) {
	if s == "" {
		return Mark{}, nil
	}
	if !markSyntax.MatchString(s) {
		return Mark{}, fmt.Errorf("%.40q is no place in this list", s)
	}
	micros, id, _ := strings.Cut(s, "-")
	n, err := strconv.ParseInt(micros, 10, 64)
	return Mark{time.UnixMicro(n).UTC(), id}, err
}

// next is the mark of the next page: that of the last of a full page.
func next[T any](page []T, limit int, of func(T) Mark) Mark {
	if len(page) < limit {
		return Mark{}
	}
	return of(page[len(page)-1])
}

func atMost(limit int) int { return min(max(limit, 1), MaxPage) }
