package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// wants is what a batch must know and the state does not.
type wants struct {
	head     bool
	groups   map[Group]bool
	lots     map[Commodity]bool
	accounts map[Account]bool
	tallies  map[string]bool
	days     map[Group]Date // the first day after which the day buckets of a group are needed
	anyDays  Date           // the same for wanted lots and accounts, whose groups are not known yet
	keys     []string
}

func (c *committer) wants(b *batch) *wants {
	w := &wants{
		head:   !c.state.head.known,
		groups: map[Group]bool{}, lots: map[Commodity]bool{}, accounts: map[Account]bool{},
		tallies: map[string]bool{}, days: map[Group]Date{}, anyDays: noDays,
	}
	for _, j := range b.jobs {
		for _, p := range j.proposals {
			w.add(c.state, p)
			if b.checkKeys || j.linked {
				w.keys = append(w.keys, p.Key)
			}
		}
	}
	return w
}

func (w *wants) add(s *state, p *Proposal) {
	backdated := w.head || p.On < s.head.latestOn
	for _, g := range p.Needs.Groups {
		cells, whole := s.groups[g]
		if !whole {
			w.groups[g] = true
		}
		if backdated && (!whole || lackDays(cells, p.On)) {
			if from, asked := w.days[g]; !asked || p.On < from {
				w.days[g] = p.On
			}
		}
	}
	for _, lot := range p.Needs.Lots {
		w.lots[lot] = true
	}
	for _, a := range p.Needs.Accounts {
		w.accounts[a] = true
	}
	if backdated && len(p.Needs.Lots)+len(p.Needs.Accounts) > 0 {
		w.anyDays = min(w.anyDays, p.On)
	}
	for _, name := range p.Needs.Tallies {
		if _, known := s.tallies[name]; !known {
			w.tallies[name] = true
		}
	}
}

func lackDays(cells []*cell, on Date) bool {
	for _, c := range cells {
		if on < c.lastOn && on < c.daysFrom {
			return true
		}
	}
	return false
}

// read is one statement of a load and what is done with its rows.
type read func(*sql.Rows) error

// load reads what the batch lacks, in one round trip whatever its size. The head comes first: rows read after it may only be newer,
// and then the compare-and-set of the write finds out.
func (c *committer) load(ctx context.Context, b *batch) error {
	w := c.wants(b)
	m := &message{}
	var reads []read
	ask := func(r read, format string, args ...any) {
		m.add(format, args...)
		reads = append(reads, r)
	}
	if w.head {
		ask(c.readHead, "SELECT number, cells, latest_on, closed_until, recorded_at FROM heads WHERE book_id = %d", c.ID)
	}
	if len(w.groups)+len(w.days) > 0 {
		c.askGroups(w, ask)
	}
	if len(w.lots)+len(w.accounts) > 0 {
		c.askElsewhere(w, ask)
	}
	if len(w.tallies) > 0 {
		names := columns("text")
		for name := range w.tallies {
			names[0].text(name)
			c.state.tallies[name] = &Tally{}
		}
		ask(c.readTally, "SELECT t.name, t.quantity, t.value FROM %s AS n(name) JOIN tallies t ON t.book_id = %d AND t.name = n.name", unnest(names), c.ID)
	}
	b.found = map[string]found{}
	if len(w.keys) > 0 {
		keys := columns("text")
		for _, key := range w.keys {
			keys[0].text(key)
		}
		ask(readKeys(b.found), keysQuery, unnest(keys), c.ID)
	}
	if len(reads) == 0 {
		return nil
	}
	return c.query(ctx, m.String(), reads)
}

const (
	cellColumns = `c.cell, c.account, c.fund, c.item, c.lot, c.quantity, c.value, c.last_on, coalesce(l.decimals, -1), l.expires_on, l.received_on`
	cellJoin    = `LEFT JOIN commodities l ON l.book_id = c.book_id AND l.item = c.item AND l.lot = c.lot`
	keysQuery   = `SELECT e.key, e.number, e.content FROM %s AS k(key) JOIN entries e ON e.book_id = %d AND e.key = k.key`
	groupJoin   = `JOIN cells c ON c.book_id = %d AND c.account = g.account AND c.item = g.item`
)

// askGroups asks for whole groups and for the day buckets that backdated proposals need of them.
func (c *committer) askGroups(w *wants, ask func(read, string, ...any)) {
	if len(w.groups) > 0 {
		names := columns("text", "text")
		for g := range w.groups {
			names[0].text(string(g.Account))
			names[1].text(g.Item)
			c.state.groups[g] = []*cell{}
		}
		ask(func(rows *sql.Rows) error {
			found, err := c.readCell(rows)
			if err == nil {
				g := Group{found.Account, found.Item}
				c.state.groups[g] = append(c.state.groups[g], found)
			}
			return err
		}, "SELECT "+cellColumns+" FROM %s AS g(account, item) "+groupJoin+" "+cellJoin, unnest(names), c.ID)
	}
	if len(w.days) == 0 {
		return
	}
	names := columns("text", "text", "date")
	for g, from := range w.days {
		names[0].text(string(g.Account))
		names[1].text(g.Item)
		names[2].date(from)
	}
	ask(c.readDay(func(found *cell) Date { return w.days[Group{found.Account, found.Item}] }),
		`SELECT c.account, c.fund, c.item, c.lot, d."on", d.quantity, d.value FROM %s AS g(account, item, since) `+groupJoin+`
		 LEFT JOIN cell_days d ON d.book_id = c.book_id AND d.cell = c.cell AND d."on" > g.since ORDER BY c.cell, d."on"`, unnest(names), c.ID)
}

// askElsewhere asks for lots wherever they are and for whole accounts. Such proposals are rare (an invoice, the closing of a point),
// so what they read is not remembered as whole.
func (c *committer) askElsewhere(w *wants, ask func(read, string, ...any)) {
	lots, accounts := columns("text", "text"), columns("text")
	for lot := range w.lots {
		lots[0].text(lot.Item)
		lots[1].text(lot.Lot)
	}
	for a := range w.accounts {
		accounts[0].text(string(a))
	}
	for _, where := range []string{
		fmt.Sprintf("%s AS g(item, lot) JOIN cells c ON c.book_id = %d AND c.item = g.item AND c.lot = g.lot", unnest(lots), c.ID),
		fmt.Sprintf("%s AS g(account) JOIN cells c ON c.book_id = %d AND c.account = g.account", unnest(accounts), c.ID),
	} {
		ask(func(rows *sql.Rows) error {
			_, err := c.readCell(rows)
			return err
		}, "SELECT "+cellColumns+" FROM %s "+cellJoin, where)
		if w.anyDays == noDays {
			continue
		}
		since := columns("date")
		since[0].date(w.anyDays)
		ask(c.readDay(func(*cell) Date { return w.anyDays }),
			`SELECT c.account, c.fund, c.item, c.lot, d."on", d.quantity, d.value FROM %s
			 LEFT JOIN cell_days d ON d.book_id = c.book_id AND d.cell = c.cell AND d."on" > ANY (%s) ORDER BY c.cell, d."on"`, where, since[0])
	}
}

// query runs one message and gives every result set to its read.
func (c *committer) query(ctx context.Context, text string, reads []read) error {
	rows, err := c.conn.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for i, read := range reads {
		if i > 0 && !rows.NextResultSet() {
			return errors.Join(rows.Err(), fmt.Errorf("the answer has %d of %d parts", i, len(reads)))
		}
		for rows.Next() {
			if err := read(rows); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return rows.Close()
}

func (c *committer) readHead(rows *sql.Rows) error {
	h := head{known: true}
	var at sql.NullTime
	if err := rows.Scan(&h.number, &h.cells, &h.latestOn, &h.closedUntil, &at); err != nil {
		return err
	}
	h.recordedAt = at.Time.UTC()
	if h.latestOn.IsZero() {
		h.latestOn = allDays
	}
	c.state.head = h
	return nil
}

func (c *committer) readCell(rows *sql.Rows) (*cell, error) {
	read := &cell{daysFrom: noDays}
	err := rows.Scan(&read.id, &read.Account, &read.Fund, &read.Item, &read.Lot, &read.Quantity, &read.Value,
		&read.lastOn, &read.Decimals, &read.Expires, &read.Received)
	if read.Decimals < 0 {
		read.Decimals = c.Decimals
	}
	return c.state.add(read), err
}

// readDay reads the day buckets of cells after a date: they replace what was known of a cell's days, unless that reached further back.
// A row without a day says that nothing happened since.
func (c *committer) readDay(since func(*cell) Date) read {
	wanted := map[*cell]bool{}
	return func(rows *sql.Rows) error {
		var key CellKey
		var on Date
		var quantity, value sql.NullString
		if err := rows.Scan(&key.Account, &key.Fund, &key.Item, &key.Commodity.Lot, &on, &quantity, &value); err != nil {
			return err
		}
		found := c.state.cells[key]
		if _, seen := wanted[found]; !seen {
			wanted[found] = since(found) < found.daysFrom
			if wanted[found] {
				found.days, found.daysFrom = nil, since(found)
			}
		}
		if on.IsZero() || !wanted[found] {
			return nil
		}
		d := day{on: on}
		if err := errors.Join(d.quantity.Scan(quantity.String), d.value.Scan(value.String)); err != nil {
			return err
		}
		found.days = append(found.days, d)
		return nil
	}
}

func (c *committer) readTally(rows *sql.Rows) error {
	var name string
	var t Tally
	if err := rows.Scan(&name, &t.Quantity, &t.Value); err != nil {
		return err
	}
	c.state.tallies[name] = &t
	return nil
}

func readKeys(keys map[string]found) read {
	return func(rows *sql.Rows) error {
		var key string
		var f found
		err := rows.Scan(&key, &f.number, &f.content)
		keys[key] = f
		return err
	}
}

// lookUp reads the head's number and which of the keys are in the book.
func (c *committer) lookUp(ctx context.Context, keys *column) (int64, map[string]found, error) {
	m := &message{}
	taken := map[string]found{}
	var number int64
	m.add("SELECT number FROM heads WHERE book_id = %d", c.ID)
	m.add(keysQuery, unnest([]*column{keys}), c.ID)
	err := c.query(ctx, m.String(), []read{
		func(rows *sql.Rows) error { return rows.Scan(&number) },
		readKeys(taken),
	})
	return number, taken, err
}
