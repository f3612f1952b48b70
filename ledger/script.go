package ledger

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// script is one message of statements that a connection has planned before. Reading and planning the statements of a batch costs PostgreSQL
// more than running them for a few entries.
type script struct{ lines []line }

// line is one statement of a script. Its name says which; its text is only asked for when it must be planned. The scalars are
// its first parameters; the columns are made rows by what text is given, as (SELECT unnest($2), unnest($3)). As a function in FROM, unnest
// would write every column down before the first row is made.
type line struct {
	name    string
	scalars []scalar
	columns []*column
	text    func(rows string) string
}

func (m *script) add(l line) { m.lines = append(m.lines, l) }

// plan is the message that makes what a connection still lacks of the plans of a script, empty when it lacks none. It goes ahead of the
// script: PostgreSQL keeps the whole message with every plan that it makes, and copies it whenever the plan is used.
func (m *script) plan(known plans) string {
	out := &strings.Builder{}
	if len(known) == 0 {
		out.WriteString(preamble)
	}
	for _, l := range m.lines {
		if known[l.name] == "" {
			known[l.name] = l.prepare(out)
		}
	}
	return out.String()
}

// plans are what statements are called on a connection, by the names of lines.
type plans map[string]string

// message runs the script.
func (m *script) message(known plans) string {
	out := &strings.Builder{}
	out.Grow(m.size())
	for _, l := range m.lines {
		l.execute(out, known[l.name])
	}
	return out.String()
}

// preamble begins a session of plans. What is planned in a small book stays in use when it has grown, so every plan must be the one for
// a large book: look each row up by its index. Where an UPDATE joins, the number of the book therefore comes with each row and not as a
// constant: all rows of a book, read once for each row that changes, look cheap to PostgreSQL as long as it has not counted them.
const preamble = "DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;\n"

// prepare plans the statement under the name that it answers with. Its text is in the name: behind a pooler a connection may have
// the plans of another book or of another version, and must then have none of this name.
func (l *line) prepare(out *strings.Builder) (name string) {
	var kinds, rows []string
	for _, s := range l.scalars {
		kinds = append(kinds, s.kind)
	}
	for _, c := range l.columns {
		kinds = append(kinds, c.kind+"[]")
		rows = append(rows, "unnest($"+strconv.Itoa(len(kinds))+")")
	}
	text := fmt.Sprintf("(%s) AS %s", strings.Join(kinds, ", "), l.text("(SELECT "+strings.Join(rows, ", ")+")"))
	sum := sha256.Sum256([]byte(text))
	name = fmt.Sprintf("relief_%s_%x", l.name, sum[:8])
	fmt.Fprintf(out, "PREPARE %s %s;\n", name, text)
	return name
}

func (l *line) execute(out *strings.Builder, name string) {
	out.WriteString("EXECUTE ")
	out.WriteString(name)
	before := " ("
	for _, s := range l.scalars {
		out.WriteString(before)
		out.WriteString(s.literal)
		before = ", "
	}
	for _, c := range l.columns {
		out.WriteString(before)
		out.WriteString("'{")
		out.Write(c.buf)
		out.WriteString("}'")
		before = ", "
	}
	out.WriteString(");\n")
}

// size is about what the message needs.
func (m *script) size() int {
	size := 0
	for _, l := range m.lines {
		size += 200
		for _, c := range l.columns {
			size += len(c.buf) + 6
		}
	}
	return size
}

// scalar is a single value of a statement.
type scalar struct{ kind, literal string }

func number(n int64) scalar { return scalar{"bigint", strconv.FormatInt(n, 10)} }

func moment(t time.Time) scalar {
	return scalar{"timestamptz", t.Format("'2006-01-02 15:04:05.999999Z07:00'")}
}

func date(d Date) scalar {
	if d.IsZero() {
		return scalar{"date", "NULL"}
	}
	return scalar{"date", "'" + d.String() + "'"}
}
