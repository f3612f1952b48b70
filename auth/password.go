package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"reliefledger/internal/pg"
)

var (
	// ErrWeak refuses a password that is too easily guessed, or too long to be one.
	ErrWeak = errors.New("a longer password is wanted")
	// ErrWait says that too many wrong passwords were tried in a row: the right one is not looked at either, for up to 15 minutes.
	ErrWait = errors.New("too many wrong passwords in a row, try again later")
	// ErrNoActor says that there is no such actor.
	ErrNoActor = errors.New("there is no such actor")
)

const (
	shortest, longest = 12, 128 // characters of a password

	// Costs of argon2id: two passes over 19 MiB take some 40 ms of one core, and a guesser with a graphics card as much memory.
	passes, kibibytes, lanes = 2, 19 << 10, 1
	saltLength, hashLength   = 16, 32

	// patience is how many wrong passwords in a row are looked at before tries must wait; the wait begins at 30 seconds
	// and doubles with each further one.
	patience = 5
)

// secure is the text that stands for a password in the database, with the costs it was made with.
func secure(password string) string {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, kibibytes, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(stretch(password, salt, passes, kibibytes, lanes, hashLength)))
}

// stretch takes a password in the one form that every keyboard's spelling of it has.
func stretch(password string, salt []byte, passes, kibibytes uint32, lanes uint8, length int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, passes, kibibytes, lanes, uint32(length))
}

// proves reports whether the text was made of the password, in a time that tells nothing but its costs.
func proves(password, text string) bool {
	parts := strings.Split(text, "$")
	var m, t uint32
	var p uint8
	if len(parts) != 6 {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil {
		return false
	}
	salt, badSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, badHash := base64.RawStdEncoding.DecodeString(parts[5])
	if badSalt != nil || badHash != nil || len(want) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(want, stretch(password, salt, t, m, p, len(want))) == 1
}

// nobody's hash is compared with where there is none, so that the time taken does not tell who has a password.
var nobody = secure(rand.Text())

// costly runs fn when a slot is free: each hash takes 19 MiB, and a crowd of them would take all memory.
func (s *Sessions) costly(ctx context.Context, fn func()) error {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.slots }()
	fn()
	return nil
}

// SetPassword gives an actor a password and ends all of its sessions. It is refused with ErrWeak when it has less than 12
// characters, more than 128, or is the actor's code.
func (s *Sessions) SetPassword(ctx context.Context, actor, password, by string) error {
	n := utf8.RuneCountInString(password)
	if n < shortest || n > longest || !utf8.ValidString(password) || strings.EqualFold(password, actor) {
		return fmt.Errorf("the password has %d characters, %d to %d other than the actor's code wanted: %w", n, shortest, longest, ErrWeak)
	}
	var hash string
	if err := s.costly(ctx, func() { hash = secure(password) }); err != nil {
		return err
	}
	return pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		done, err := tx.NewRaw(`INSERT INTO passwords AS p (book_id, actor, hash, changed_at, changed_by)
			SELECT book_id, code, ?, ?, ? FROM actors WHERE book_id = ? AND code = ?
			ON CONFLICT (book_id, actor) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at, changed_by = excluded.changed_by, failures = 0`,
			hash, s.now().UTC(), by, s.book, actor).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrNoActor, err)
		}
		_, err = s.endAll(ctx, tx, actor, by)
		return err
	})
}

// prove answers ErrDenied for a wrong password and ErrWait after too many of them.
func (s *Sessions) prove(ctx context.Context, actor, password string) error {
	hash, err := s.try(ctx, actor)
	if err != nil {
		return err
	}
	right := false
	if err := s.costly(ctx, func() { right = proves(password, hash) }); err != nil {
		return err
	}
	if !right {
		return ErrDenied
	}
	return pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("UPDATE passwords SET failures = 0 WHERE book_id = ? AND actor = ?", s.book, actor).Exec(ctx)
		return err
	})
}

// try counts a failure before the password is looked at: many guesses at once would otherwise all be looked at.
func (s *Sessions) try(ctx context.Context, actor string) (hash string, err error) {
	at := s.now().UTC()
	err = pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		var failures int
		var failedAt *time.Time
		err := tx.NewRaw("SELECT hash, failures, failed_at FROM passwords WHERE book_id = ? AND actor = ? FOR UPDATE", s.book, actor).Scan(ctx, &hash, &failures, &failedAt)
		if errors.Is(err, sql.ErrNoRows) {
			hash = nobody
			return nil
		}
		if err != nil {
			return err
		}
		if failures >= patience && at.Before(failedAt.Add(min(15*time.Minute, 30*time.Second<<min(failures-patience, 6)))) {
			return ErrWait
		}
		_, err = tx.NewRaw("UPDATE passwords SET failures = ?, failed_at = ? WHERE book_id = ? AND actor = ?", failures+1, at, s.book, actor).Exec(ctx)
		return err
	})
	return hash, err
}
