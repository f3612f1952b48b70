package ledger

import (
	"context"
	"fmt"
)

// send writes all accepted entries into one message, which PostgreSQL runs as one transaction: all or nothing.
// Its first statement moves the head from the batch the state was composed on. When another server was faster, or that batch failed, no row
// is moved and the division by zero aborts the message; nothing has been written then.
func (db *database) send(s *state, b *batch) <-chan error {
	m := &script{}
	db.writeHead(m, s.head, b)
	b.letter.add(db.Code, b)
	db.writeEntries(m, b)
	db.writeMoves(m, b)
	db.writeCells(m, b)
	db.writeTallies(m, s, &b.letter)
	db.writeRows(m, b)
	if err := db.lay(context.Background()); err != nil {
		failed := make(chan error, 1)
		failed <- err
		return failed
	}
	return db.pipe.Send(m.statements(db.plans))
}

func (db *database) writeHead(m *script, h head, b *batch) {
	m.add(line{
		name: "head",
		scalars: []scalar{
			number(h.number - int64(len(b.accepted))), number(b.after), number(h.number), number(h.cells),
			date(h.latestOn), date(h.closedUntil), moment(b.at), number(h.batch),
		},
		text: func(string) string {
			return fmt.Sprintf(`WITH moved AS (UPDATE heads SET number = $3, cells = $4, latest_on = $5, closed_until = $6, recorded_at = $7, batch = $8
				WHERE book_id = %d AND number = $1 AND batch = $2 RETURNING 1) SELECT 1 / count(*) FROM moved`, db.ID)
		},
	})
}

const (
	divisionByZero = "22012"
	// noSuchPlan is what a pooler between here and PostgreSQL makes of a connection that is not the one it was. The next connection makes its plans anew.
	noSuchPlan = "26000"
)

// settle forgets the days of cells born in a written batch: from now on the database can tell them.
func (b *batch) settle() {
	for _, c := range b.born {
		c.days, c.daysFrom = nil, noDays
	}
}

func (db *database) writeEntries(m *script, b *batch) {
	m.add(line{
		name: "entries", scalars: []scalar{moment(b.at)}, columns: b.letter.entries,
		text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO entries (book_id, number, kind, "on", recorded_at, actor, key, content, document, reverses, leaf)
				SELECT %d, number, kind, day, $1, actor, key, content, document, reverses, leaf
				FROM %s AS e(number, kind, day, actor, key, content, document, reverses, leaf)`, db.ID, rows)
		},
	})
}

func (db *database) writeMoves(m *script, b *batch) {
	if b.letter.moves[0].empty() {
		return
	}
	m.add(line{name: "moves", columns: b.letter.moves, text: func(rows string) string {
		return fmt.Sprintf(`INSERT INTO moves (book_id, number, line, from_cell, to_cell, quantity, value, from_quantity, from_value, to_quantity, to_value)
			SELECT %d, v.* FROM %s AS v`, db.ID, rows)
	}})
}

// writeCells adds to cells what the batch changed. It adds rather than sets, so that the database keeps its own sum and its
// CHECK floors judge that sum, whatever the memory of the server says.
func (db *database) writeCells(m *script, b *batch) {
	changes := b.letter.inOrder()
	if len(changes) == 0 {
		return
	}
	db.writeNewCells(m, b, changes)
	u := arrays("integer", "bigint", "numeric", "numeric", "date", "numeric", "numeric")
	ended, past := arrays("integer", "bigint"), arrays("bigint", "date", "numeric", "numeric")
	for i := 0; i < len(changes); {
		c, sum, last := changes[i].cell, balance{}, balance{}
		for ; i < len(changes) && changes[i].cell == c; i++ {
			ch := changes[i]
			sum = sum.plus(ch.balance)
			if ch.on == c.lastOn {
				last = ch.balance
				continue
			}
			past[0].integer(c.id)
			past[1].date(ch.on)
			past[2].number(ch.quantity)
			past[3].number(ch.value)
		}
		if c.storedOn < c.lastOn && c.id <= b.cells {
			ended[0].integer(int64(db.ID))
			ended[1].integer(c.id)
		}
		c.storedOn = c.lastOn // when this is not written, the whole state is forgotten
		u[0].integer(int64(db.ID))
		u[1].integer(c.id)
		u[2].number(sum.quantity)
		u[3].number(sum.value)
		u[4].date(c.lastOn)
		u[5].number(last.quantity)
		u[6].number(last.value)
	}
	db.writePastDays(m, ended, past)
	m.add(line{name: "cells", columns: u, text: func(rows string) string {
		return `UPDATE cells c SET quantity = c.quantity + u.quantity, value = c.value + u.value, last_on = u.last_on,
				last_quantity = CASE WHEN c.last_on = u.last_on THEN c.last_quantity + u.last_quantity ELSE u.last_quantity END,
				last_value = CASE WHEN c.last_on = u.last_on THEN c.last_value + u.last_value ELSE u.last_value END
			FROM ` + rows + ` AS u(book_id, cell, quantity, value, last_on, last_quantity, last_value) WHERE c.book_id = u.book_id AND c.cell = u.cell`
	}})
}

// writePastDays stores what is not of the last day of a cell: the last day that ended because a later one begins, and what
// was dated before it.
func (db *database) writePastDays(m *script, ended, past []*array) {
	if !ended[0].empty() {
		m.add(line{name: "ended_days", columns: ended, text: func(rows string) string {
			return `INSERT INTO past_days (book_id, cell, "on", quantity, value) SELECT c.book_id, c.cell, c.last_on, c.last_quantity, c.last_value
				FROM ` + rows + ` AS u(book_id, cell) JOIN cells c ON c.book_id = u.book_id AND c.cell = u.cell`
		}})
	}
	if !past[0].empty() {
		m.add(line{name: "past_days", columns: past, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO past_days AS d (book_id, cell, "on", quantity, value) SELECT %d, u.* FROM %s AS u
				ON CONFLICT (book_id, cell, "on") DO UPDATE SET quantity = d.quantity + EXCLUDED.quantity, value = d.value + EXCLUDED.value`, db.ID, rows)
		}})
	}
}

// writeNewCells stores cells and lots that the batch brought in, still empty.
func (db *database) writeNewCells(m *script, b *batch, changes []*change) {
	n := arrays("bigint", "text", "text", "text", "text", "boolean", "date")
	var last int64
	for _, ch := range changes {
		if ch.cell.id <= b.cells || ch.cell.id == last {
			continue
		}
		last = ch.cell.id
		n[0].integer(ch.cell.id)
		n[1].text(string(ch.cell.Account))
		n[2].text(ch.cell.Fund)
		n[3].text(ch.cell.Item)
		n[4].text(ch.cell.Lot)
		n[5].boolean(ch.cell.Account.Floored())
		n[6].date(ch.cell.lastOn)
	}
	if !n[0].empty() {
		m.add(line{name: "new_cells", columns: n, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO cells (book_id, cell, account, fund, item, lot, floored, quantity, value, last_on, last_quantity, last_value)
				SELECT %d, cell, account, fund, item, lot, floored, 0, 0, last_on, 0, 0
				FROM %s AS n(cell, account, fund, item, lot, floored, last_on)`, db.ID, rows)
		}})
	}
	if !b.letter.lots[0].empty() {
		m.add(line{name: "commodities", columns: b.letter.lots, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO commodities (book_id, item, lot, number, decimals, expires_on, received_on) SELECT %d, l.* FROM %s AS l`, db.ID, rows)
		}})
	}
}

func (db *database) writeTallies(m *script, s *state, l *letter) {
	if len(l.names) == 0 {
		return
	}
	t, fresh := arrays("integer", "text", "numeric", "numeric"), arrays("text")
	for _, name := range l.names {
		t[0].integer(int64(db.ID))
		t[1].text(name)
		t[2].number(l.sums[name].quantity)
		t[3].number(l.sums[name].value)
		if !s.stored[name] {
			fresh[0].text(name)
			s.stored[name] = true // when this is not written, the whole state is forgotten
		}
	}
	// A row that takes back from a counter would fail the CHECK of the inserted row before the conflict is seen,
	// so counters are made first and changed afterwards.
	if !fresh[0].empty() {
		m.add(line{name: "new_tallies", columns: fresh, text: func(rows string) string {
			return fmt.Sprintf(`INSERT INTO tallies (book_id, name, quantity, value) SELECT %d, t.name, 0, 0 FROM %s AS t(name) ON CONFLICT DO NOTHING`, db.ID, rows)
		}})
	}
	m.add(line{name: "tallies", columns: t, text: func(rows string) string {
		return `UPDATE tallies o SET quantity = o.quantity + t.quantity, value = o.value + t.value
			FROM ` + rows + ` AS t(book_id, name, quantity, value) WHERE o.book_id = t.book_id AND o.name = t.name`
	}})
}

// writeRows stores the document rows of the wings, one statement for each table.
func (db *database) writeRows(m *script, b *batch) {
	for _, t := range tables {
		if columns := b.letter.rows[t]; columns != nil {
			m.add(line{name: "of_" + t.name, columns: columns, text: func(rows string) string {
				return fmt.Sprintf("INSERT INTO %s (book_id, number, line, %s) SELECT %d, v.* FROM %s AS v", t.name, t.names(), db.ID, rows)
			}})
		}
	}
}
