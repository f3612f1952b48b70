package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/mod/sumdb/tlog"
)

// entry checks one entry against all that came before it.
func (v *verification) entry(e *chapter) {
	v.checkNumber(e)
	v.checkTimes(e)
	v.checkDocument(e)
	v.checkLeaf(e)
	for _, lot := range e.Lots {
		v.lots[lot.Commodity] = true
	}
	for i := range e.moves {
		v.checkMove(e, i)
		v.days.move(&e.moves[i], e.On)
	}
	v.followCloses(e)
	v.growLog(e)
	v.last = e.Entry
	v.latestOn = max(v.latestOn, e.On)
}

func (v *verification) checkNumber(e *chapter) {
	switch missing := (span{v.last.Number + 1, e.Number - 1}); {
	case missing.from == missing.to:
		v.report("numbers", missing.from, "entry %d is missing", missing.from)
	case missing.from < missing.to:
		v.report("numbers", missing.from, "entries %d to %d are missing", missing.from, missing.to)
	}
	if e.Key == "" {
		v.report("keys", e.Number, "entry %d has no key", e.Number)
	}
}

func (v *verification) checkTimes(e *chapter) {
	if e.RecordedAt.Before(v.last.RecordedAt) {
		v.report("times", e.Number, "entry %d was recorded at %s, before entry %d at %s",
			e.Number, e.RecordedAt.Format(timeLayout), v.last.Number, v.last.RecordedAt.Format(timeLayout))
	}
	if !v.closed.IsZero() && e.On <= v.closed {
		v.report("periods", e.Number, "entry %d is dated %s, but entry %d had closed the book until %s", e.Number, e.On, v.closedBy, v.closed)
	}
}

const timeLayout = "2006-01-02T15:04:05.999999Z"

// followCloses reads from the documents of periods until when the book is closed after this entry.
func (v *verification) followCloses(e *chapter) {
	for _, row := range e.Rows {
		if row.Table != closes.name || row.Values[0] == nil || *row.Values[0] == "propose-reopen" {
			continue
		}
		v.closed, v.closedBy = 0, e.Number
		if until := row.Values[1]; until != nil && v.closed.UnmarshalText([]byte(*until)) != nil {
			v.report("periods", e.Number, "entry %d closes the book until %q, which is no date", e.Number, *until)
		}
	}
}

// checkDocument wants each series of documents numbered 1, 2, 3 … in the order of entries.
func (v *verification) checkDocument(e *chapter) {
	if e.Document == "" {
		return
	}
	cut := strings.LastIndexByte(e.Document, '-')
	if cut < 0 {
		v.report("documents", e.Number, "entry %d: document %s is not a number in a series", e.Number, e.Document)
		return
	}
	series := e.Document[:cut]
	number, err := strconv.ParseInt(e.Document[cut+1:], 10, 64)
	if expected := v.series[series] + 1; err != nil || number != expected || e.Document != documentNumber(series, expected) {
		v.report("documents", e.Number, "entry %d: document %s, but %s comes next in its series", e.Number, e.Document, documentNumber(series, expected))
	}
	v.series[series] = max(number, v.series[series]+1)
}

func documentNumber(series string, n int64) string { return fmt.Sprintf("%s-%05d", series, n) }

// checkLeaf hashes what is stored again. Entries in a row are reported together: whoever renumbers breaks them all.
func (v *verification) checkLeaf(e *chapter) {
	v.canonical = e.AppendCanonical(v.canonical[:0])
	if tlog.RecordHash(v.canonical) == e.leaf {
		v.flushUnsealed()
		return
	}
	if v.unsealed.to == 0 {
		v.unsealed.from = e.Number
	}
	v.unsealed.to = e.Number
}

func (v *verification) flushUnsealed() {
	switch s := v.unsealed; {
	case s.to == 0:
	case s.from == s.to:
		v.report("leaves", s.from, "entry %d does not hash to its leaf: its header, a move, a lot or a document row was changed", s.from)
	default:
		v.report("leaves", s.from, "entries %d to %d do not hash to their leaves: headers, moves or document rows were changed", s.from, s.to)
	}
	v.unsealed = span{}
}

func (v *verification) checkMove(e *chapter, i int) {
	m := &e.moves[i]
	say := func(format string, args ...any) {
		v.report("moves", e.Number, "entry %d move %d "+format, append([]any{e.Number, m.line}, args...)...)
	}
	if m.line != int64(i+1) {
		say("comes where move %d is expected", i+1)
	}
	from, to := m.from, m.to
	switch {
	case from == nil:
		say("goes from cell %d, which does not exist", m.fromID)
	case to == nil:
		say("goes to cell %d, which does not exist", m.toID)
	case from == to:
		say("goes from %s to itself", from)
	case from.Fund != to.Fund || from.Commodity != to.Commodity:
		say("takes %s of fund %s to %s of fund %s", from.Commodity, from.Fund, to.Commodity, to.Fund)
	case from.Lot != "" && !v.lots[from.Commodity]:
		say("moves %s, which no entry up to it brought in", from.Commodity)
		v.lots[from.Commodity] = true // once is enough
	}
	if what := v.misfit(e.Moves[i], from); what != "" {
		say("takes %s worth %s, %s", m.quantity, m.value, what)
	}
	v.checkAfter(e, m, from, balance{m.quantity.Neg(), m.value.Neg()}, m.fromAfter)
	v.checkAfter(e, m, to, balance{m.quantity, m.value}, m.toAfter)
}

// misfit says what is wrong with the numbers of a move, or nothing.
func (v *verification) misfit(m Move, from *storedCell) string {
	switch {
	case m.Quantity.IsNegative() || m.Value.IsNegative():
		return "less than nothing"
	case m.Quantity.IsZero() && m.Value.IsZero():
		return "nothing at all"
	case from != nil && finer(m.Quantity, from.decimals):
		return fmt.Sprintf("but quantities of %s have at most %d decimals", m.Item, from.decimals)
	case finer(m.Value, v.book.Decimals):
		return fmt.Sprintf("but values have at most %d decimals", v.book.Decimals)
	case m.Commodity == v.book.Money() && !m.Quantity.Equal(m.Value):
		return "but the book's own money is worth itself"
	}
	return ""
}

func finer(d decimal.Decimal, decimals int32) bool {
	return -d.Exponent() > decimals && !d.Equal(d.Truncate(decimals))
}

// checkAfter adds a move to a cell and compares with the after-balance that the move stores, and with the floor of a real place.
func (v *verification) checkAfter(e *chapter, m *storedMove, c *storedCell, change, stored balance) {
	if c == nil {
		return
	}
	after := c.now.plus(change)
	if !after.equal(stored) && c.other != nil && c.other.plus(change).equal(stored) {
		after = stored
	}
	c.other = nil
	if !after.equal(stored) {
		v.report("balances", e.Number, "entry %d move %d takes %s worth %s: that leaves %s in %s, %s is stored",
			e.Number, m.line, m.quantity, m.value, after, c, stored)
		c.other = &after
	}
	c.now, c.moved = stored, true
	if c.Account.Floored() && after.sunk() {
		v.report("floors", e.Number, "entry %d move %d leaves %s in %s", e.Number, m.line, after, c)
	}
}

// checkCells compares every cell with its moves, and its flag with its class.
func (v *verification) checkCells() {
	for _, c := range v.walk.sorted() {
		switch {
		case !c.moved:
			v.report("cells", 0, "cell %d, %s, has no move", c.id, c)
		case !c.now.equal(c.stored) && (c.other == nil || !c.other.equal(c.stored)):
			v.report("cells", 0, "cell %d, %s: %s is stored, its moves leave %s", c.id, c, c.stored, c.now)
		}
		if c.moved && c.lastOn != c.latestOn {
			v.report("cells", 0, "cell %d, %s: last day %s is stored, its moves end on %s", c.id, c, c.lastOn, c.latestOn)
		}
		if err := c.Account.check(); err != nil {
			v.report("cells", 0, "cell %d, %s: %v", c.id, c, err)
		}
		if c.floored != c.Account.Floored() {
			v.report("cells", 0, "cell %d, %s: floored %t is stored, its class says %t", c.id, c, c.floored, c.Account.Floored())
		}
	}
}

func (c *storedCell) String() string {
	return fmt.Sprintf("%s of %s for fund %s", c.Account, c.Commodity, c.Fund)
}

func (b balance) String() string { return fmt.Sprintf("%s worth %s", b.quantity, b.value) }

func (b balance) plus(o balance) balance {
	return balance{b.quantity.Add(o.quantity), b.value.Add(o.value)}
}

func (b balance) equal(o balance) bool {
	return b.quantity.Equal(o.quantity) && b.value.Equal(o.value)
}

// sunk reports what no real place may hold: less than nothing, or value without goods.
func (b balance) sunk() bool {
	return b.quantity.IsNegative() || b.value.IsNegative() || b.quantity.IsZero() && !b.value.IsZero()
}
