package ledger

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// message is the text of one simple-protocol message with any number of statements: one round trip whatever it holds.
// It carries no arguments, because lib/pq would then need a round trip per statement; every value goes in through a
// column, which is the only place that quotes.
type message struct{ strings.Builder }

// add appends a statement. Its verbs are %d for integers and %s for columns and constant SQL, nothing else.
func (m *message) add(format string, args ...any) {
	fmt.Fprintf(m, format, args...)
	m.WriteString(";\n")
}

// column is one array literal for unnest: short SQL, constant parse cost, no limit on the number of parameters.
type column struct {
	kind string
	buf  []byte
}

func columns(kinds ...string) []*column {
	made := make([]*column, len(kinds))
	for i, kind := range kinds {
		made[i] = &column{kind: kind}
	}
	return made
}

// String is the literal, as '{"a","b"}'::text[].
func (c *column) String() string { return "'{" + string(c.buf) + "}'::" + c.kind + "[]" }

// unnest joins columns into the arguments of one unnest call.
func unnest(columns []*column) string {
	literals := make([]string, len(columns))
	for i, c := range columns {
		literals[i] = c.String()
	}
	return "unnest(" + strings.Join(literals, ", ") + ")"
}

func (c *column) next() {
	if len(c.buf) > 0 {
		c.buf = append(c.buf, ',')
	}
}

// text escapes for two layers: the array element (backslash and double quote) and the string literal around it (single quote).
// Texts with NUL were refused before: PostgreSQL cannot store them.
func (c *column) text(s string) {
	c.next()
	c.buf = append(c.buf, '"')
	for i := range len(s) {
		switch s[i] {
		case '"', '\\':
			c.buf = append(c.buf, '\\', s[i])
		case '\'':
			c.buf = append(c.buf, '\'', '\'')
		default:
			c.buf = append(c.buf, s[i])
		}
	}
	c.buf = append(c.buf, '"')
}

func (c *column) integer(n int64) {
	c.next()
	c.buf = strconv.AppendInt(c.buf, n, 10)
}

func (c *column) date(d Date) {
	c.next()
	c.buf = append(c.buf, d.String()...)
}

func (c *column) bytes(b []byte) {
	c.next()
	c.buf = append(c.buf, `"\\x`...)
	c.buf = hex.AppendEncode(c.buf, b)
	c.buf = append(c.buf, '"')
}
