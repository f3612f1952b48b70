package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/internal/pg"
)

// database is the store of the program: one pinned connection of the book's pool, which reads, and a pipe beside it, which writes, with the
// statements that it has planned.
type database struct {
	*Book
	conn  *sql.Conn
	pipe  *pg.Pipe
	plans plans
}

// connect takes a connection for as long as it works. Readers may hold all of them: waiting for one counts as waiting for the database.
func (db *database) connect(ctx context.Context) error {
	if db.conn != nil {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, db.o.Patience)
	defer cancel()
	conn, err := db.db.DB.Conn(bounded)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no connection in %s: %w", db.o.Patience, driver.ErrBadConn)
	}
	db.conn = conn
	return err
}

// lay opens the pipe for as long as it works.
func (db *database) lay(ctx context.Context) (err error) {
	if db.pipe != nil {
		return nil
	}
	if err := db.connect(ctx); err != nil {
		return err
	}
	db.pipe, err = pg.OpenPipe(ctx, db.conn, settings)
	db.plans = plans{}
	return err
}

func (db *database) disconnect() {
	if db.conn != nil {
		_ = db.conn.Close()
	}
	if db.pipe != nil {
		db.pipe.Close()
	}
	db.conn, db.pipe = nil, nil
}

// read is one statement of a load and what is done with its rows.
type read func(*sql.Rows) error

// load asks for everything wanted in one message, whatever its size. The head comes first: rows read after it may only be newer,
// and then the compare-and-set of the write finds out.
func (db *database) load(ctx context.Context, s *state, w *wants) (map[string]found, error) {
	l := &loading{state: s, wants: w, book: db.Info, found: map[string]found{}}
	if w.head {
		l.ask(l.readHead, "SELECT number, cells, latest_on, closed_until, recorded_at, batch FROM heads WHERE book_id = %d", db.ID)
	}
	l.askGroups()
	l.askDays()
	l.askElsewhere()
	l.askTallies()
	if len(w.keys) > 0 {
		l.ask(readKeys(l.found), keysQuery, unnest(textColumn(w.keys)), db.ID)
	}
	return l.found, db.query(ctx, l.String(), l.reads)
}

// loading is one load: the message under way and what is done with each of its answers.
type loading struct {
	message
	reads []read
	state *state
	wants *wants
	book  Info
	found map[string]found
}

func (l *loading) ask(r read, format string, args ...any) {
	l.add(format, args...)
	l.reads = append(l.reads, r)
}

func textColumn(values []string) []*column {
	c := columns("text")
	for _, v := range values {
		c[0].text(v)
	}
	return c
}

const (
	cellColumns = `c.cell, c.account, c.fund, c.item, c.lot, c.quantity, c.value, c.last_on, coalesce(l.decimals, -1), l.expires_on, l.received_on`
	cellJoin    = `LEFT JOIN commodities l ON l.book_id = c.book_id AND l.item = c.item AND l.lot = c.lot`
	keysQuery   = `SELECT e.key, e.number, e.kind, e.content FROM %s AS k(key) JOIN entries e ON e.book_id = %d AND e.key = k.key`
	dayColumns  = `c.account, c.fund, c.item, c.lot, d."on", d.quantity, d.value`
	dayJoin     = `LEFT JOIN cell_days d ON d.book_id = c.book_id AND d.cell = c.cell AND d."on" >`
	dayOrder    = `ORDER BY c.cell, d."on"`
	groupJoin   = `JOIN cells c ON c.book_id = %d AND c.account = g.account AND c.item = g.item`
)

// askGroups asks for whole groups.
func (l *loading) askGroups() {
	if len(l.wants.groups) == 0 {
		return
	}
	names := columns("text", "text")
	for g := range l.wants.groups {
		names[0].text(string(g.Account))
		names[1].text(g.Item)
		l.state.groups[g] = []*cell{}
	}
	l.ask(func(rows *sql.Rows) error {
		found, err := l.readCell(rows)
		if err == nil {
			g := Group{found.Account, found.Item}
			l.state.groups[g] = append(l.state.groups[g], found)
		}
		return err
	}, "SELECT "+cellColumns+" FROM %s AS g(account, item) "+groupJoin+" "+cellJoin, unnest(names), l.book.ID)
}

// askDays asks for the day buckets that backdated proposals need of groups.
func (l *loading) askDays() {
	if len(l.wants.days) == 0 {
		return
	}
	names := columns("text", "text", "date")
	for g, from := range l.wants.days {
		names[0].text(string(g.Account))
		names[1].text(g.Item)
		names[2].date(from)
	}
	l.ask(l.readDay(func(found *cell) Date { return l.wants.days[Group{found.Account, found.Item}] }),
		"SELECT "+dayColumns+" FROM %s AS g(account, item, since) "+groupJoin+" "+dayJoin+" g.since "+dayOrder, unnest(names), l.book.ID)
}

// askElsewhere asks for lots wherever they are and for whole accounts. Such proposals are rare (an invoice, the closing of a point),
// so what they read is not remembered as whole.
func (l *loading) askElsewhere() {
	lots, accounts := columns("text", "text"), columns("text")
	for lot := range l.wants.lots {
		lots[0].text(lot.Item)
		lots[1].text(lot.Lot)
	}
	for a := range l.wants.accounts {
		accounts[0].text(string(a))
	}
	if len(l.wants.lots) > 0 {
		l.askWhere(fmt.Sprintf("%s AS g(item, lot) JOIN cells c ON c.book_id = %d AND c.item = g.item AND c.lot = g.lot", unnest(lots), l.book.ID))
	}
	if len(l.wants.accounts) > 0 {
		l.askWhere(fmt.Sprintf("%s AS g(account) JOIN cells c ON c.book_id = %d AND c.account = g.account", unnest(accounts), l.book.ID))
	}
}

func (l *loading) askWhere(where string) {
	l.ask(func(rows *sql.Rows) error {
		_, err := l.readCell(rows)
		return err
	}, "SELECT "+cellColumns+" FROM %s "+cellJoin, where)
	if l.wants.anyDays != noDays {
		l.ask(l.readDay(func(*cell) Date { return l.wants.anyDays }),
			"SELECT "+dayColumns+" FROM %s "+dayJoin+" '%s' "+dayOrder, where, l.wants.anyDays)
	}
}

func (l *loading) askTallies() {
	if len(l.wants.tallies) == 0 {
		return
	}
	names := columns("text")
	for name := range l.wants.tallies {
		names[0].text(name)
		l.state.tallies[name] = &Tally{}
	}
	l.ask(l.readTally, "SELECT t.name, t.quantity, t.value FROM %s AS n(name) JOIN tallies t ON t.book_id = %d AND t.name = n.name", unnest(names), l.book.ID)
}

// query runs one message and gives every result set to its read.
func (db *database) query(ctx context.Context, text string, reads []read) error {
	if err := db.connect(ctx); err != nil {
		return err
	}
	rows, err := db.conn.QueryContext(ctx, text)
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

func (l *loading) readHead(rows *sql.Rows) error {
	h := head{known: true}
	var at sql.NullTime
	if err := rows.Scan(&h.number, &h.cells, &h.latestOn, &h.closedUntil, &at, &h.batch); err != nil {
		return err
	}
	h.recordedAt = at.Time.UTC()
	if h.latestOn.IsZero() {
		h.latestOn = allDays
	}
	l.state.head = h
	return nil
}

func (l *loading) readCell(rows *sql.Rows) (*cell, error) {
	read := &cell{daysFrom: noDays}
	err := rows.Scan(&read.id, &read.Account, &read.Fund, &read.Item, &read.Lot, &read.Quantity, &read.Value,
		&read.lastOn, &read.Decimals, &read.Expires, &read.Received)
	read.storedOn = read.lastOn
	if read.Decimals < 0 {
		read.Decimals = l.book.Decimals
	}
	return l.state.add(read), err
}

// readDay reads the day buckets of cells after a date: they replace what was known of a cell's days, unless that reached further back.
// A row without a day says that nothing happened since.
func (l *loading) readDay(since func(*cell) Date) read {
	wanted := map[*cell]bool{}
	return func(rows *sql.Rows) error {
		var key CellKey
		var on Date
		var quantity, value sql.NullString
		if err := rows.Scan(&key.Account, &key.Fund, &key.Item, &key.Commodity.Lot, &on, &quantity, &value); err != nil {
			return err
		}
		found := l.state.cells[key]
		if found == nil {
			return nil // another server made it since: the head will show that
		}
		if _, seen := wanted[found]; !seen {
			wanted[found] = since(found) < found.daysFrom
			if wanted[found] {
				found.days, found.daysFrom = nil, since(found)
			}
		}
		if on.IsZero() || !wanted[found] {
			return nil
		}
		var q, v decimal.Decimal
		if err := errors.Join(q.Scan(quantity.String), v.Scan(value.String)); err != nil {
			return err
		}
		found.days = append(found.days, day{on, toFixed(q), toFixed(v)})
		return nil
	}
}

func (l *loading) readTally(rows *sql.Rows) error {
	var name string
	var t Tally
	if err := rows.Scan(&name, &t.Quantity, &t.Value); err != nil {
		return err
	}
	l.state.tallies[name], l.state.stored[name] = &t, true
	return nil
}

func readKeys(keys map[string]found) read {
	return func(rows *sql.Rows) error {
		var key string
		var f found
		err := rows.Scan(&key, &f.number, &f.kind, &f.content)
		keys[key] = f
		return err
	}
}

// lookUp reads the number and the batch of the head, and which of the keys are in the book. The row lock makes it wait for a write that is not over,
// and makes this a transaction that writes: its end waits for the standby as every commit does, also for what came before it.
// It costs a flush, so it is taken only when there is something to prove.
func (db *database) lookUp(ctx context.Context, keys []string, prove bool) (now head, taken map[string]found, err error) {
	taken = map[string]found{}
	lock := ""
	if prove {
		lock = " FOR SHARE"
	}
	m := &message{}
	m.add("SELECT number, batch FROM heads WHERE book_id = %d%s", db.ID, lock)
	m.add(keysQuery, unnest(textColumn(keys)), db.ID)
	ask := func() error {
		return db.query(ctx, m.String(), []read{
			func(rows *sql.Rows) error { return rows.Scan(&now.number, &now.batch) },
			readKeys(taken),
		})
	}
	if err := db.connect(ctx); err != nil {
		return now, nil, err
	}
	if !prove {
		return now, taken, ask()
	}
	return now, taken, pg.Proven(db.conn, ask)
}
