// Package register keeps the nouns that may be edited: items, locations, parties, funds, campaigns.
// A record has a code, a version that a change must name, and a history that never shrinks.
package register

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/ledger"
)

// Limits of one call. They bound the memory and the length of the transaction that a single request can cause.
const (
	MaxPage = 500
	MaxMany = 5000
)

// ErrStale says that a record has changed since the sender read it. Nothing was written: read it again and decide anew.
var ErrStale = errors.New("the record has changed since it was read")

// Row is a record as it stands in its register.
type Row[T any] struct {
	bun.BaseModel `bun:"alias:r"`

	BookID    int
	Version   int64 // 1 at first, one more with each change
	ChangedAt time.Time
	ChangedBy string
	Record    T `bun:"embed:"`
	// Repeated is true when the request had been carried out before and this is its answer again.
	Repeated bool `bun:"-"`
}

// Rules are what a noun brings to its register.
type Rules[T any] struct {
	Noun  string // as sentences say it: item
	Table string // with the columns of T beside those of Row: items
	Code  func(T) string
	// Check brings a record into its one spelling, or refuses it with every fault at once.
	Check func(*T) error
	// Settle fills in and checks what depends on other records, inside the transaction; nil when nothing does.
	// Faults of the i-th record stand under at(i).
	Settle func(ctx context.Context, tx bun.IDB, bookID int, records []*T, at func(i int) string) error
	// Steady refuses a change of what must stay as it was created; nil when everything may change.
	Steady func(was, is T) error
}

// Register keeps the records of one noun in one book. It is safe for any number of callers.
type Register[T any] struct {
	Rules[T]
	book  *ledger.Book
	now   func() time.Time
	cache cache[T]
}

// Open gives the register of a noun in a book. The clock dates changes and ages the cache; nil means time.Now.
func Open[T any](book *ledger.Book, now func() time.Time, rules Rules[T]) *Register[T] {
	if now == nil {
		now = time.Now
	}
	return &Register[T]{Rules: rules, book: book, now: now}
}

// Create adds a record. Creating the same record again answers the row that stands; the same code with other content
// is refused with AlreadyDone and the names of the fields that differ.
func (r *Register[T]) Create(ctx context.Context, actor string, record T) (Row[T], error) {
	rows, err := r.create(ctx, actor, []T{record}, alone)
	if err != nil {
		return Row[T]{}, err
	}
	return rows[0], nil
}

// alone is the pointer of the only record of a request.
func alone(int) string { return "" }

// CreateMany adds up to MaxMany records in one transaction, all or none, and answers their rows in the same order.
// Faults stand under /0, /1 …
func (r *Register[T]) CreateMany(ctx context.Context, actor string, records []T) ([]Row[T], error) {
	if len(records) > MaxMany {
		return nil, ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("%d %s records sent, %d fit into one request", len(records), r.Noun, MaxMany))
	}
	return r.create(ctx, actor, slices.Clone(records), func(i int) string { return fmt.Sprintf("/%d", i) })
}

func (r *Register[T]) create(ctx context.Context, actor string, records []T, at func(int) string) ([]Row[T], error) {
	if len(records) == 0 {
		return nil, nil
	}
	if err := r.checkAll(records, at); err != nil {
		return nil, err
	}
	var rows []Row[T]
	err := r.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := r.settle(ctx, tx, records, at); err != nil {
			return err
		}
		var err error
		rows, err = r.insert(ctx, tx, actor, records, at)
		return err
	})
	return rows, err
}

func (r *Register[T]) checkAll(records []T, at func(int) string) error {
	var faults ledger.Faults
	seen := make(map[string]int, len(records))
	for i := range records {
		if err := faults.Add(at(i), r.Check(&records[i])); err != nil {
			return err
		}
		code := r.Code(records[i])
		if first, twice := seen[code]; twice {
			_ = faults.Add(at(i), ledger.Refuse(ledger.Invalid, "/code",
				fmt.Sprintf("%s %s stands in lines %d and %d, once wanted", r.Noun, code, first, i)))
		}
		seen[code] = i
	}
	return faults.Err()
}

func (r *Register[T]) settle(ctx context.Context, tx bun.Tx, records []T, at func(int) string) error {
	if r.Settle == nil {
		return nil
	}
	pointers := make([]*T, len(records))
	for i := range records {
		pointers[i] = &records[i]
	}
	return r.Settle(ctx, tx, r.book.ID, pointers, at)
}

// insert writes what is new and compares what is there. The primary key decides, so that two creators of one code cannot both be first.
func (r *Register[T]) insert(ctx context.Context, tx bun.Tx, actor string, records []T, at func(int) string) ([]Row[T], error) {
	rows := make([]Row[T], len(records))
	for i, record := range records {
		rows[i] = r.row(actor, 1, record)
	}
	var added []string
	err := tx.NewInsert().Model(&rows).ModelTableExpr("?", bun.Ident(r.Table)).
		On("CONFLICT (book_id, code) DO NOTHING").Returning("code").Scan(ctx, &added)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Table, err)
	}
	if len(added) < len(rows) {
		if err := r.replaceStanding(ctx, tx, rows, added, at); err != nil {
			return nil, err
		}
	}
	return rows, r.remember(ctx, tx, rows)
}

// replaceStanding puts the rows that were there before in the place of those that were sent again.
func (r *Register[T]) replaceStanding(ctx context.Context, tx bun.Tx, rows []Row[T], added []string, at func(int) string) error {
	standing, err := r.standing(ctx, tx, rows)
	if err != nil {
		return err
	}
	isNew := make(map[string]bool, len(added))
	for _, code := range added {
		isNew[code] = true
	}
	var faults ledger.Faults
	for i := range rows {
		code := r.Code(rows[i].Record)
		if isNew[code] {
			continue
		}
		there := standing[code]
		fields, err := differing(there.Record, rows[i].Record)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			_ = faults.Add(at(i), &ledger.Refusal{Faults: []ledger.Fault{{
				Code: ledger.AlreadyDone, Pointer: "/code",
				Message: fmt.Sprintf("%s %s is in the register with other %s", r.Noun, code, strings.Join(fields, ", ")),
				Hint:    fmt.Sprintf("read it and change version %d", there.Version),
			}}})
		}
		there.Repeated = true
		rows[i] = there
	}
	return faults.Err()
}

func (r *Register[T]) standing(ctx context.Context, tx bun.Tx, rows []Row[T]) (map[string]Row[T], error) {
	codes := make([]string, len(rows))
	for i, row := range rows {
		codes[i] = r.Code(row.Record)
	}
	var found []Row[T]
	err := r.from(tx, &found).Where("code IN (?)", bun.List(codes)).Scan(ctx)
	standing := make(map[string]Row[T], len(found))
	for _, row := range found {
		standing[r.Code(row.Record)] = row
	}
	return standing, err
}

// Change replaces the record of that code when it still stands at version, and answers the new row. Where another change
// came first it fails with ErrStale. It is safe to repeat: the second time it answers the row that the first time made.
func (r *Register[T]) Change(ctx context.Context, actor, code string, version int64, record T) (Row[T], error) {
	if err := r.Check(&record); err != nil {
		return Row[T]{}, err
	}
	if r.Code(record) != code {
		return Row[T]{}, ledger.Refuse(ledger.Invalid, "/code",
			fmt.Sprintf("%s %s cannot become %s: a code never changes", r.Noun, code, r.Code(record)))
	}
	var row Row[T]
	err := r.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		records := []T{record}
		if err := r.settle(ctx, tx, records, alone); err != nil {
			return err
		}
		var err error
		row, err = r.replace(ctx, tx, r.row(actor, version+1, records[0]))
		return err
	})
	return row, err
}

func (r *Register[T]) replace(ctx context.Context, tx bun.Tx, row Row[T]) (Row[T], error) {
	code := r.Code(row.Record)
	was, err := r.read(ctx, tx, code)
	if err != nil {
		return row, err
	}
	fields, err := differing(was.Record, row.Record)
	if err != nil {
		return row, err
	}
	if len(fields) == 0 && (was.Version == row.Version-1 || was.Version == row.Version && was.ChangedBy == row.ChangedBy) {
		was.Repeated = true
		return was, nil
	}
	if r.Steady != nil {
		if err := r.Steady(was.Record, row.Record); err != nil {
			return row, err
		}
	}
	result, err := tx.NewUpdate().Model(&row).ModelTableExpr("? AS r", bun.Ident(r.Table)).
		Where("book_id = ? AND code = ? AND version = ?", row.BookID, code, row.Version-1).Exec(ctx)
	if err != nil {
		return row, fmt.Errorf("%s %s: %w", r.Noun, code, err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return row, cmp.Or(err, fmt.Errorf("%s %s stands at version %d, %d wanted: %w", r.Noun, code, was.Version, row.Version-1, ErrStale))
	}
	return row, r.remember(ctx, tx, []Row[T]{row})
}

// Read is the row of that code as it stands now, or a NotFound refusal.
func (r *Register[T]) Read(ctx context.Context, code string) (Row[T], error) {
	return r.read(ctx, r.book.DB(), code)
}

func (r *Register[T]) read(ctx context.Context, db bun.IDB, code string) (Row[T], error) {
	var rows []Row[T]
	if err := r.from(db, &rows).Where("code = ?", code).Scan(ctx); err != nil {
		return Row[T]{}, fmt.Errorf("%s %s: %w", r.Noun, code, err)
	}
	if len(rows) == 0 {
		return Row[T]{}, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("%s %.90q is not in the register", r.Noun, code))
	}
	return rows[0], nil
}

// List is a page of the register in order of code: up to limit rows, MaxPage at most, whose codes follow after.
// Filters narrow it; the table's alias is r.
func (r *Register[T]) List(ctx context.Context, after string, limit int, filters ...func(*bun.SelectQuery) *bun.SelectQuery) ([]Row[T], error) {
	rows := []Row[T]{}
	err := r.from(r.book.DB(), &rows).Where("code > ?", after).Apply(filters...).
		Order("code").Limit(int64(min(max(limit, 1), MaxPage))).Scan(ctx)
	return rows, err
}

func (r *Register[T]) from(db bun.IDB, rows *[]Row[T]) *bun.SelectQuery {
	return db.NewSelect().Model(rows).ModelTableExpr("? AS r", bun.Ident(r.Table)).Where("book_id = ?", r.book.ID)
}

func (r *Register[T]) row(actor string, version int64, record T) Row[T] {
	// PostgreSQL keeps microseconds: the row that is answered is the one that will be read.
	return Row[T]{BookID: r.book.ID, Version: version, ChangedAt: r.now().UTC().Truncate(time.Microsecond), ChangedBy: actor, Record: record}
}

// write runs fn in a transaction that first moves the register's edition on. Writers of one register take turns at that row,
// and every server's cache sees within its age that something changed.
func (r *Register[T]) write(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	var edition int64
	err := pg.Transact(ctx, r.book.DB(), func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw(`INSERT INTO registers AS r (book_id, noun, edition) VALUES (?, ?, 1)
			ON CONFLICT (book_id, noun) DO UPDATE SET edition = r.edition + 1 RETURNING edition`, r.book.ID, r.Noun).Scan(ctx, &edition)
		if err != nil {
			return err
		}
		return fn(ctx, tx)
	})
	switch {
	case err == nil:
		r.cache.renew(edition)
	case errors.Is(err, pg.ErrOutcomeUnknown):
		r.cache.expire()
	}
	return err
}

// differing names the fields, as JSON writes them, in which two records are not the same.
func differing[T any](a, b T) ([]string, error) {
	left, err := fieldsOf(a)
	if err != nil {
		return nil, err
	}
	right, err := fieldsOf(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for name, value := range left {
		if string(right[name]) != string(value) {
			names = append(names, name)
		}
	}
	for name := range right {
		if _, both := left[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func fieldsOf(record any) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	return fields, json.Unmarshal(text, &fields)
}
