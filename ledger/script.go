package ledger

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq/oid"

	"reliefledger/internal/pg"
)

// script is the statements of one transaction. Reading and planning the statements of a batch costs PostgreSQL more than running them for a few
// entries, so a connection plans each once.
type script struct{ lines []line }

// line is one statement of a script. Its name says which; its text is only asked for when it must be planned. The scalars are
// its first parameters; the columns are made rows by what text is given, as (SELECT unnest($2), unnest($3)). As a function in FROM, unnest
// would write every column down before the first row is made.
type line struct {
	name    string
	scalars []scalar
	columns []*array
	text    func(rows string) string
}

func (m *script) add(l line) { m.lines = append(m.lines, l) }

// plans are what statements are called on a connection, by the names of lines.
type plans map[string]string

// settings are those of a connection that keeps plans. What is planned in a small book stays in use when it has grown, so every plan must be the one for
// a large book: look each row up by its index. Where an UPDATE joins, the number of the book therefore comes with each row and not as a
// constant: all rows of a book, read once for each row that changes, look cheap to PostgreSQL as long as it has not counted them.
var settings = map[string]string{"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}

// statements are the script for a connection, with the text of those that it has no plan of. It counts as having them from then on: where it has not, the
// next batch meets noSuchPlan, and another connection begins anew.
func (m *script) statements(known plans) []pg.Statement {
	all := make([]pg.Statement, len(m.lines))
	for i := range m.lines {
		l := &m.lines[i]
		if known[l.name] == "" {
			all[i].Text, all[i].Types = l.plan()
			// The text is in the name: behind a pooler a connection may have the plans of another book or of another version, and must then have
			// none of this name.
			sum := sha256.Sum256([]byte(all[i].Text))
			known[l.name] = fmt.Sprintf("relief_%s_%x", l.name, sum[:8])
		}
		all[i].Name, all[i].Texts, all[i].Binaries = known[l.name], l.texts(), l.binaries()
	}
	return all
}

// plan is the text of a statement and the types of its parameters.
func (l *line) plan() (text string, types []uint32) {
	var rows []string
	for _, s := range l.scalars {
		types = append(types, uint32(kinds[s.kind].one))
	}
	for _, c := range l.columns {
		types = append(types, uint32(kinds[c.kind].many))
		rows = append(rows, "unnest($"+strconv.Itoa(len(types))+")")
	}
	return l.text("(SELECT " + strings.Join(rows, ", ") + ")"), types
}

func (l *line) texts() [][]byte {
	texts := make([][]byte, len(l.scalars))
	for i, s := range l.scalars {
		texts[i] = s.text
	}
	return texts
}

func (l *line) binaries() [][]byte {
	binaries := make([][]byte, len(l.columns))
	for i, c := range l.columns {
		binaries[i] = c.value()
	}
	return binaries
}

// kinds are the numbers of the types of parameters, of one value and of an array.
var kinds = map[string]struct{ one, many oid.Oid }{
	"bigint": {oid.T_int8, oid.T__int8}, "integer": {oid.T_int4, oid.T__int4}, "numeric": {oid.T_numeric, oid.T__numeric},
	"text": {oid.T_text, oid.T__text}, "bytea": {oid.T_bytea, oid.T__bytea}, "boolean": {oid.T_bool, oid.T__bool},
	"date": {oid.T_date, oid.T__date}, "timestamptz": {oid.T_timestamptz, oid.T__timestamptz},
}

// scalar is a single value of a statement; without a text it is NULL.
type scalar struct {
	kind string
	text []byte
}

func number(n int64) scalar { return scalar{"bigint", strconv.AppendInt(nil, n, 10)} }

func moment(t time.Time) scalar {
	return scalar{"timestamptz", t.AppendFormat(nil, "2006-01-02 15:04:05.999999Z07:00")}
}

func date(d Date) scalar {
	if d.IsZero() {
		return scalar{"date", nil}
	}
	return scalar{"date", []byte(d.String())}
}
