// Package person keeps people out of the book. The book knows pseudonyms only; who is behind one stands, where an organisation
// wants to know it at all, in a register of its own under a database role of its own. Everybody who looks somebody up is written
// down, and a person can be erased without changing anything in the book.
package person

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// Role is the database role that the register's own pool works as. The role of the rest of the program may not even see
// that the tables are there.
const Role = "relief_persons"

var (
	// ErrUnknown says that nobody is behind a pseudonym, or nobody any more.
	ErrUnknown = errors.New("nobody is registered under that pseudonym")
	// ErrInvalid refuses what cannot be registered, or a look without a purpose.
	ErrInvalid = errors.New("the register of persons refuses it")
)

// Wrong is ErrInvalid with what it is about.
type Wrong struct {
	Member  string // pseudonym, name, phone, number, keep_until, actor or purpose
	Message string
}

// Error never repeats what was sent.
func (w Wrong) Error() string { return ErrInvalid.Error() + ": " + w.Message }

// Unwrap is ErrInvalid.
func (Wrong) Unwrap() error { return ErrInvalid }

func refuse(member, format string, args ...any) error {
	return Wrong{member, fmt.Sprintf(format, args...)}
}

// Everything is all that is wrong in an error of the register, in order.
func Everything(err error) []Wrong {
	var all []Wrong
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			all = append(all, Everything(one)...)
		}
		return all
	}
	var one Wrong
	if errors.As(err, &one) {
		all = append(all, one)
	}
	return all
}

// Register keeps who is behind the pseudonyms of one book. It is safe for concurrent use.
type Register struct {
	db   *bun.DB
	book int
	now  func() time.Time
	zone *time.Location
}

// Person is who is behind a pseudonym: only what is needed to find somebody again, and nothing to write remarks into.
type Person struct {
	Pseudonym string
	Name      string
	Phone     string
	Number    string    // resident number, "" where none was given
	KeepUntil time.Time // last day, in the book's zone, that the purpose told to the person allows to keep this
}

// By says who looks, and for what. Both are written down before anything is shown.
type By struct {
	Actor   string
	Purpose string // as "call back about the lost parcel", never about the person
}

// Look is one line of the record of looks.
type Look struct {
	ID        int64
	Pseudonym string
	Act       string // keep, read, find or erase
	Found     bool   // somebody was registered then
	Actor     string
	Purpose   string
	At        time.Time
}

// Open gives the register of a book on a pool that works as Role; now is the clock.
func Open(db *bun.DB, book int, zone *time.Location, now func() time.Time) *Register {
	return &Register{db: db, book: book, now: now, zone: zone}
}

// Keep registers a person, or replaces what is registered under the pseudonym.
func (r *Register) Keep(ctx context.Context, by By, p Person) error {
	if err := errors.Join(by.check(), p.check(r.today())); err != nil {
		return err
	}
	if p.Number != "" {
		number, _ := ParseNumber(p.Number) // as it was checked
		p.Number = string(number)          // in its one spelling, so that it is found again
	}
	return r.do(ctx, func(ctx context.Context, tx bun.Tx) error {
		// Arguments travel beside the text, so that no log of statements ever holds a name.
		_, err := tx.Tx.ExecContext(ctx, "SELECT persons.keep($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			r.book, p.Pseudonym, p.Name, p.Phone, p.Number, p.KeepUntil.Format(time.DateOnly), by.Actor, by.Purpose, r.now().UTC())
		return err
	})
}

// Read tells who is behind a pseudonym, or ErrUnknown. The look is written down in the same transaction, and nothing is told
// unless that was committed; a look at nobody is written down too.
func (r *Register) Read(ctx context.Context, by By, pseudonym string) (Person, error) {
	if err := errors.Join(by.check(), checkPseudonym(pseudonym)); err != nil {
		return Person{}, err
	}
	found, err := r.look(ctx, "SELECT pseudonym, name, phone, number, keep_until FROM persons.read($1, $2, $3, $4, $5)", by, pseudonym)
	if err != nil {
		return Person{}, err
	}
	if len(found) == 0 {
		return Person{}, ErrUnknown
	}
	return found[0], nil
}

// Find tells who is registered with a resident number: nobody, one, or several when somebody was registered twice. Each one found
// is a look, written down like that of Read; so is a search that finds nobody, without the number.
func (r *Register) Find(ctx context.Context, by By, n Number) ([]Person, error) {
	if err := by.check(); err != nil {
		return nil, err
	}
	return r.look(ctx, "SELECT pseudonym, name, phone, number, keep_until FROM persons.find($1, $2, $3, $4, $5)", by, string(n))
}

// look asks one of the functions that write down who asks. What it found is told only when that was committed.
func (r *Register) look(ctx context.Context, question string, by By, about string) ([]Person, error) {
	var found []Person
	err := r.do(ctx, func(ctx context.Context, tx bun.Tx) error {
		found = []Person{}
		rows, err := tx.Tx.QueryContext(ctx, question, r.book, about, by.Actor, by.Purpose, r.now().UTC())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p Person
			if err := rows.Scan(&p.Pseudonym, &p.Name, &p.Phone, &p.Number, &p.KeepUntil); err != nil {
				return err
			}
			found = append(found, p)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Erase forgets who is behind a pseudonym, or answers ErrUnknown. What the book says stays as it is: its sums, its numbers and its
// proofs rest on the pseudonym alone.
func (r *Register) Erase(ctx context.Context, by By, pseudonym string) error {
	if err := errors.Join(by.check(), checkPseudonym(pseudonym)); err != nil {
		return err
	}
	erased := false
	err := r.do(ctx, func(ctx context.Context, tx bun.Tx) error {
		return tx.Tx.QueryRowContext(ctx, "SELECT persons.erase($1, $2, $3, $4, $5)", r.book, pseudonym, by.Actor, by.Purpose, r.now().UTC()).Scan(&erased)
	})
	if err == nil && !erased {
		return ErrUnknown
	}
	return err
}

// EraseDue erases everybody whose time to be kept is over, and answers with their pseudonyms.
func (r *Register) EraseDue(ctx context.Context, by By) ([]string, error) {
	due := []string{}
	if err := r.db.NewRaw("SELECT persons.due(?, ?)", r.book, r.today().Format(time.DateOnly)).Scan(ctx, &due); err != nil {
		return nil, err
	}
	for i, pseudonym := range due {
		if err := r.Erase(ctx, by, pseudonym); err != nil && !errors.Is(err, ErrUnknown) {
			return due[:i], err
		}
	}
	return due, nil
}

// Looks is a page of the record of looks in their order: up to limit of them after an id, of one pseudonym or, with "", of all.
func (r *Register) Looks(ctx context.Context, pseudonym string, after int64, limit int) ([]Look, error) {
	looks := []Look{}
	err := r.db.NewRaw("SELECT id, pseudonym, act, found, actor, purpose, at FROM persons.readings WHERE book_id = ? AND ? IN ('', pseudonym) AND id > ? ORDER BY id LIMIT ?",
		r.book, pseudonym, after, min(max(limit, 1), 500)).Scan(ctx, &looks)
	return looks, err
}

func (r *Register) do(ctx context.Context, fn func(context.Context, bun.Tx) error) error {
	return pg.Transact(ctx, r.db, fn)
}

func (r *Register) today() time.Time {
	y, m, d := r.now().In(r.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (b By) check() error {
	return errors.Join(plain("actor", b.Actor, 1, 80), plain("purpose", b.Purpose, 1, 200))
}

func (p Person) check(today time.Time) error {
	errs := []error{checkPseudonym(p.Pseudonym), plain("name", p.Name, 1, 120), plain("phone", p.Phone, 0, 40)}
	if p.Number != "" {
		_, err := ParseNumber(p.Number)
		errs = append(errs, err)
	}
	if p.KeepUntil.Before(today) {
		errs = append(errs, refuse("keep_until", "kept until %s, today or later wanted", p.KeepUntil.Format(time.DateOnly)))
	}
	return errors.Join(errs...)
}

// plain refuses text that is too short or too long, or holds what no keyboard has a key for. It does not repeat the text.
func plain(what, s string, least, most int) error {
	n := utf8.RuneCountInString(s)
	if n < least || n > most || !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0 {
		return refuse(what, "%s has %d characters, %d to %d of plain text wanted", what, n, least, most)
	}
	return nil
}
