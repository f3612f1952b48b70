// Package register keeps the nouns that may be edited: items, locations, parties, funds, campaigns.
// A record has a code, a version that a change must name, and a history that never shrinks.
package register

import (
	"context"
	"errors"
	"fmt"
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
	// MaxCode is how long the code of a new record may be, in characters, where documents are named after it; 0 for as long as any code.
	// Records that stand with a longer one go on.
	MaxCode int
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
	reach Reach[T]
}

// Open gives the register of a noun in a book. The clock dates changes and ages the cache; nil means time.Now.
func Open[T any](book *ledger.Book, now func() time.Time, rules Rules[T]) *Register[T] {
	if now == nil {
		now = time.Now
	}
	return &Register[T]{Rules: rules, book: book, now: now}
}

// Read is the row of that code as it stands now, or a NotFound refusal.
func (r *Register[T]) Read(ctx context.Context, code string) (Row[T], error) {
	return r.read(ctx, r.book.DB(), code)
}

func (r *Register[T]) read(ctx context.Context, db bun.IDB, code string) (Row[T], error) {
	var rows []Row[T]
	if ledger.CheckCode(r.Noun, code) != nil {
		return Row[T]{}, r.missing(code) // nor could the server be asked about text with a NUL in it
	}
	if err := r.from(db, &rows).Where("code = ?", code).Scan(ctx); err != nil {
		return Row[T]{}, fmt.Errorf("%s %s: %w", r.Noun, code, err)
	}
	if len(rows) == 0 || !r.reached(ctx, rows[0].Record) {
		return Row[T]{}, r.missing(code)
	}
	return rows[0], nil
}

func (r *Register[T]) missing(code string) error {
	return ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("%s %.90q is not in the register", r.Noun, code))
}

// List is a page of the register in order of code: up to limit rows, MaxPage at most, whose codes follow after.
// Filters narrow it; the table's alias is r.
func (r *Register[T]) List(ctx context.Context, after string, limit int, filters ...func(*bun.SelectQuery) *bun.SelectQuery) ([]Row[T], error) {
	rows := []Row[T]{}
	if err := ledger.CheckCode("page after", after); after != "" && err != nil {
		return nil, ledger.Refuse(ledger.Invalid, "", err.Error())
	}
	err := r.from(r.book.DB(), &rows).Where("code > ?", after).Apply(r.within(ctx)).Apply(filters...).
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
