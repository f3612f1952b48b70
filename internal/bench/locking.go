package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// locking is a ledger as most are written: one transaction for each handout, which locks the rows it changes, in the same tables and
// with the same rows as the book writes, so that Verify accepts what it leaves behind. It is kind to itself: it asks no register and
// looks up no key, locks in one order, locks the head last, and prepares its statements.
type locking struct {
	db   *sql.DB
	dsn  string
	book ledger.Info
	prepared
}

// prepared are its statements in the order in which they run.
type prepared struct {
	lock, days, cells, tally, head, entry, move, document *sql.Stmt
}

// connections is what suited this ledger best of 4, 8, 16 and 32: more only wait for each other.
const connections = 16

func openLocking(ctx context.Context, dsn string) (*locking, error) {
	db, err := sql.Open("postgres", dsn+"&timezone=UTC")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	r := &locking{db: db, dsn: dsn, book: ledger.Info{ID: 1, Code: "bench", Currency: "CNY", Decimals: 2}}
	if r.book.Zone, err = time.LoadLocation("Asia/Shanghai"); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		prepared **sql.Stmt
		text     string
	}{
		{&r.lock, `SELECT cell, fund, lot, quantity, value FROM cells WHERE book_id = $1 AND account = ANY (ARRAY[$2, $3]) AND item = $4 ORDER BY cell FOR UPDATE`},
		{&r.days, `INSERT INTO past_days (book_id, cell, "on", quantity, value) SELECT book_id, cell, last_on, last_quantity, last_value
			FROM cells WHERE book_id = $1 AND cell = ANY ($2) AND last_on < $3`},
		{&r.cells, `UPDATE cells c SET quantity = c.quantity + u.quantity, value = c.value + u.value, last_on = $8,
				last_quantity = CASE WHEN c.last_on = $8 THEN c.last_quantity + u.quantity ELSE u.quantity END,
				last_value = CASE WHEN c.last_on = $8 THEN c.last_value + u.value ELSE u.value END
			FROM (VALUES ($2::bigint, $3::numeric, $4::numeric), ($5, $6, $7)) AS u(cell, quantity, value) WHERE c.book_id = $1 AND c.cell = u.cell`},
		{&r.tally, `INSERT INTO tallies AS t (book_id, name, quantity, value) VALUES ($1, $2, 1, 0)
			ON CONFLICT (book_id, name) DO UPDATE SET quantity = t.quantity + 1 RETURNING quantity`},
		{&r.head, `UPDATE heads SET number = number + 1, latest_on = greatest(latest_on, $2), recorded_at = greatest(recorded_at, clock_timestamp())
			WHERE book_id = $1 RETURNING number, recorded_at`},
		{&r.entry, `INSERT INTO entries (book_id, number, kind, "on", recorded_at, actor, key, content, document, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`},
		{&r.move, `INSERT INTO moves (book_id, number, line, from_cell, to_cell, quantity, value, from_quantity, from_value, to_quantity, to_value)
			VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10)`},
		{&r.document, `INSERT INTO handouts (book_id, number, line, location, campaign, action, drill, people, sex, age, pseudonym)
			VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10)`},
	} {
		if *s.prepared, err = db.PrepareContext(ctx, s.text); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return r, nil
}

// freshLocking opens the same ledger as every side begins with, to be written with row locks.
func (b *bench) freshLocking(ctx context.Context) (*locking, error) {
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	return openLocking(ctx, dsn)
}

// lockedCell is a cell that this transaction holds.
type lockedCell struct {
	id              int64
	fund, lot       string
	quantity, value decimal.Decimal
}

// handOut records one handout in one transaction.
func (r *locking) handOut(ctx context.Context, key string, h warehouse.Handout) (ledger.Entry, error) {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return ledger.Entry{}, err
	}
	defer func() { _ = tx.Rollback() }() // after the commit there is nothing left to roll back
	entry, err := r.within(ctx, tx, key, h)
	if err != nil {
		return entry, err
	}
	return entry, tx.Commit()
}

func (r *locking) within(ctx context.Context, tx *sql.Tx, key string, h warehouse.Handout) (ledger.Entry, error) {
	from, to, err := r.take(ctx, tx, h)
	if err != nil {
		return ledger.Entry{}, err
	}
	quantity := h.Lines[0].Quantity
	if from.quantity.LessThan(quantity) {
		return ledger.Entry{}, fmt.Errorf("%s holds %s, %s wanted", h.Location, from.quantity, quantity)
	}
	value := ledger.Portion(from.quantity, from.value, quantity, r.book.Decimals)
	if _, err := tx.StmtContext(ctx, r.days).ExecContext(ctx, r.book.ID, pq.Array([]int64{from.id, to.id}), h.On); err != nil {
		return ledger.Entry{}, err
	}
	if _, err := tx.StmtContext(ctx, r.cells).ExecContext(ctx, r.book.ID, from.id, quantity.Neg(), value.Neg(), to.id, quantity, value, h.On); err != nil {
		return ledger.Entry{}, err
	}
	entry := ledger.Entry{Kind: "handout", On: h.On, Actor: actor, Key: key, Moves: []ledger.Move{{
		From: ledger.Stock.In(h.Location), To: ledger.HandedOut.In(h.Location), Fund: from.fund,
		Commodity: ledger.Commodity{Item: h.Lines[0].Item, Lot: from.lot}, Quantity: quantity, Value: value,
	}}}
	if err := r.number(ctx, tx, h, &entry); err != nil {
		return entry, err
	}
	return entry, r.store(ctx, tx, h, entry, from, to)
}

func (r *locking) take(ctx context.Context, tx *sql.Tx, h warehouse.Handout) (from, to lockedCell, err error) {
	found, err := tx.StmtContext(ctx, r.lock).QueryContext(ctx, r.book.ID, string(ledger.Stock.In(h.Location)), string(ledger.HandedOut.In(h.Location)), h.Lines[0].Item)
	if err != nil {
		return from, to, err
	}
	defer found.Close()
	for _, c := range []*lockedCell{&from, &to} { // stock was there before anything was handed out of it
		if !found.Next() {
			return from, to, errors.Join(found.Err(), fmt.Errorf("%s has no %s", h.Location, h.Lines[0].Item))
		}
		if err := found.Scan(&c.id, &c.fund, &c.lot, &c.quantity, &c.value); err != nil {
			return from, to, err
		}
	}
	return from, to, found.Err()
}

// number gives the entry its document number, its number and its time, under the locks that keep all three in order.
func (r *locking) number(ctx context.Context, tx *sql.Tx, h warehouse.Handout, entry *ledger.Entry) error {
	series := "HO-" + h.Location + "-" + strconv.Itoa(h.On.Year())
	last := 0
	if err := tx.StmtContext(ctx, r.tally).QueryRowContext(ctx, r.book.ID, ledger.SeriesTally(series)).Scan(&last); err != nil {
		return err
	}
	entry.Document = fmt.Sprintf("%s-%05d", series, last)
	err := tx.StmtContext(ctx, r.head).QueryRowContext(ctx, r.book.ID, h.On).Scan(&entry.Number, &entry.RecordedAt)
	entry.RecordedAt = entry.RecordedAt.UTC()
	return err
}

// store adds the three rows of a handout.
func (r *locking) store(ctx context.Context, tx *sql.Tx, h warehouse.Handout, entry ledger.Entry, from, to lockedCell) error {
	content, err := json.Marshal(h)
	if err != nil {
		return err
	}
	leaf := leafOf(entry, content, h)
	m := entry.Moves[0]
	for _, insert := range []struct {
		statement *sql.Stmt
		values    []any
	}{
		{r.entry, []any{entry.Kind, entry.On, entry.RecordedAt, entry.Actor, entry.Key, string(content), entry.Document, leaf[:]}},
		{r.move, []any{
			from.id, to.id, m.Quantity, m.Value, from.quantity.Sub(m.Quantity), from.value.Sub(m.Value),
			to.quantity.Add(m.Quantity), to.value.Add(m.Value),
		}},
		{r.document, []any{h.Location, h.Campaign, h.Action, h.Drill, h.People, h.Sex, h.Age, h.Pseudonym}},
	} {
		if _, err := tx.StmtContext(ctx, insert.statement).ExecContext(ctx, append([]any{r.book.ID, entry.Number}, insert.values...)...); err != nil {
			return err
		}
	}
	return nil
}

// leafOf is the leaf of a handout, which every ledger here must store.
func leafOf(entry ledger.Entry, content []byte, h warehouse.Handout) [32]byte {
	text := func(s string) *string { return &s }
	record := ledger.Record{Book: "bench", Entry: entry, ContentHash: sha256.Sum256(content), Rows: []ledger.Row{{
		Table: "handouts", Line: 1, Values: []*string{
			text(h.Location), text(h.Campaign), text(h.Action), text(strconv.FormatBool(h.Drill)), text(strconv.Itoa(h.People)),
			text(h.Sex), text(h.Age), text(h.Pseudonym),
		},
	}}}
	return record.Leaf()
}
