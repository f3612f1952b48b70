package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// script is one message of statements that a connection plans once. Reading and planning the statements of a batch costs PostgreSQL
// more than running them for a few entries, so each is prepared in the message that needs it first, and only executed from then on.
type script struct{ lines []line }

type line struct{ statement, kinds, values string }

// values are what a statement is given: a literal each, and its type.
type values struct{ kinds, literals []string }

// add appends a statement whose verbs are filled by what values gave out, and by constants of the book.
func (m *script) add(v *values, format string, args ...any) {
	m.lines = append(m.lines, line{fmt.Sprintf(format, args...), strings.Join(v.kinds, ", "), strings.Join(v.literals, ", ")})
}

// text is the message for a connection that has plans already. It is fresh when it makes some.
func (m *script) text(db *database) (text string, fresh bool) {
	out := &strings.Builder{}
	if len(db.plans) == 0 {
		db.plans, fresh = map[string]string{}, true
		out.WriteString(preamble)
	}
	for _, l := range m.lines {
		name := db.plans[l.statement]
		if name == "" {
			name, fresh = "relief_"+strconv.Itoa(len(db.plans)+1), true
			db.plans[l.statement] = name
			fmt.Fprintf(out, "PREPARE %s (%s) AS %s;\n", name, l.kinds, l.statement)
		}
		fmt.Fprintf(out, "EXECUTE %s (%s);\n", name, l.values)
	}
	return out.String(), fresh
}

// preamble begins a session of plans. What is planned in a small book stays in use when it has grown, so every plan must be the one for
// a large book: look each row up by its index. Where an UPDATE joins, the number of the book therefore comes with each row and not as a
// constant: all rows of a book, read once for each row that changes, look cheap to PostgreSQL as long as it has not counted them.
const preamble = "DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;\n"

func (v *values) add(kind, literal string) string {
	v.kinds, v.literals = append(v.kinds, kind), append(v.literals, literal)
	return "$" + strconv.Itoa(len(v.kinds))
}

func (v *values) integer(n int64) string { return v.add("bigint", strconv.FormatInt(n, 10)) }

func (v *values) time(t time.Time) string {
	return v.add("timestamptz", "'"+t.Format("2006-01-02 15:04:05.999999Z07:00")+"'")
}

func (v *values) date(d Date) string {
	if d.IsZero() {
		return v.add("date", "NULL")
	}
	return v.add("date", "'"+d.String()+"'")
}

// unnest makes rows of columns.
func (v *values) unnest(columns []*column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = v.add(c.kind+"[]", c.literal())
	}
	return "unnest(" + strings.Join(names, ", ") + ")"
}
