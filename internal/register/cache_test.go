package register

import (
	"testing"
	"time"
)

// TestOneAsksAhead: while an answer holds, one caller of all asks for the next one; when none holds, everybody does.
func TestOneAsksAhead(t *testing.T) {
	t.Parallel()
	c, begun := &cache[string]{}, time.Date(2024, time.March, 15, 12, 0, 0, 0, time.UTC)
	at := func(age time.Duration, want ...bool) {
		t.Helper()
		for i, w := range want {
			if c.asks(begun.Add(age)) != w {
				t.Errorf("caller %d at the age of %s: asks %t, %t wanted", i+1, age, !w, w)
			}
		}
	}
	at(0, true, true)
	c.confirm(begun, 1)
	at(maxAge/2-1, false)
	at(maxAge/2, true, false, false)
	at(maxAge, true, true)
	c.answered() // and failed: the age stays
	at(maxAge-1, true, false)
	c.answered()
	c.confirm(begun.Add(maxAge/2), 1)
	at(maxAge-1, false)
}
