package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// ErrDenied answers a token that is unknown, malformed, expired or revoked. Which of them is nobody's business outside.
var ErrDenied = errors.New("the token is not valid")

// ErrNoToken says that there is no such token to revoke.
var ErrNoToken = errors.New("no live token has that id")

const (
	// trust is how long a token that was read is believed: a revocation takes effect within it.
	trust = 30 * time.Second
	// maxTrusted bounds the memory for tokens that were read.
	maxTrusted = 10_000
)

// Keyring issues, checks and revokes the tokens of one book. It is safe for concurrent use.
type Keyring struct {
	db   *bun.DB
	book int
	now  func() time.Time

	mu      sync.Mutex
	trusted map[string]key
}

type key struct {
	actor     Actor
	hash      []byte
	expiresAt time.Time
	readAt    time.Time
}

// NewKeyring is the keyring of a book; now is the clock.
func NewKeyring(db *bun.DB, book int, now func() time.Time) *Keyring {
	return &Keyring{db: db, book: book, now: now, trusted: map[string]key{}}
}

// Issue makes a token and answers with its text, which is shown this once and stored nowhere.
// The actor is made when it is new; one that exists must have the role that is ordered.
func (k *Keyring) Issue(ctx context.Context, o Order) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	id, secret := mint()
	at := k.now().UTC()
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		var role Role
		if _, err := tx.NewRaw("INSERT INTO actors (book_id, code, role, created_at, created_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			k.book, o.Actor, o.Role, at, o.By).Exec(ctx); err != nil {
			return err
		}
		if err := tx.NewRaw("SELECT role FROM actors WHERE book_id = ? AND code = ?", k.book, o.Actor).Scan(ctx, &role); err != nil {
			return err
		}
		if role != o.Role {
			return fmt.Errorf("actor %s has role %s, %s wanted", o.Actor, role, o.Role)
		}
		_, err := tx.NewRaw("INSERT INTO tokens (book_id, id, name, actor, secret_hash, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			k.book, id, o.Name, o.Actor, hash(secret), at, o.By, at.Add(o.Life)).Exec(ctx)
		return err
	})
	return write(id, secret), err
}

// Check answers with the actor that a token belongs to, or ErrDenied.
func (k *Keyring) Check(ctx context.Context, shown string) (Actor, error) {
	id, secret, ok := read(shown)
	if !ok {
		return Actor{}, ErrDenied
	}
	found, err := k.find(ctx, id)
	if err != nil {
		return Actor{}, err
	}
	if !same(found.hash, secret) || !k.now().Before(found.expiresAt) {
		return Actor{}, ErrDenied
	}
	return found.actor, nil
}

func (k *Keyring) find(ctx context.Context, id string) (key, error) {
	k.mu.Lock()
	found, ok := k.trusted[id]
	k.mu.Unlock()
	if ok && k.now().Sub(found.readAt) < trust {
		return found, nil
	}
	at := k.now()
	err := k.db.NewRaw("SELECT t.actor, a.role, t.secret_hash, t.expires_at FROM tokens t JOIN actors a ON a.book_id = t.book_id AND a.code = t.actor "+
		"WHERE t.book_id = ? AND t.id = ? AND t.revoked_at IS NULL", k.book, id).
		Scan(ctx, &found.actor.Code, &found.actor.Role, &found.hash, &found.expiresAt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		k.forget(id)
		return key{}, ErrDenied
	case err != nil:
		return key{}, err
	}
	found.readAt = at
	k.remember(id, found)
	return found, nil
}

// remember keeps only tokens that exist, so that guesses cannot fill the memory.
func (k *Keyring) remember(id string, found key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.trusted) >= maxTrusted {
		clear(k.trusted)
	}
	k.trusted[id] = found
}

func (k *Keyring) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.trusted, id)
}

// Tokens lists all tokens, the newest first.
func (k *Keyring) Tokens(ctx context.Context) ([]Token, error) {
	var tokens []Token
	err := k.db.NewRaw("SELECT t.id, t.name, t.actor, a.role, t.created_at, t.created_by, t.expires_at, t.revoked_at "+
		"FROM tokens t JOIN actors a ON a.book_id = t.book_id AND a.code = t.actor WHERE t.book_id = ? ORDER BY t.created_at DESC, t.id", k.book).
		Scan(ctx, &tokens)
	return tokens, err
}

// Revoke ends a token: here at once, on other servers within 30 seconds.
func (k *Keyring) Revoke(ctx context.Context, id, by string) error {
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		done, err := tx.NewRaw("UPDATE tokens SET revoked_at = ?, revoked_by = ? WHERE book_id = ? AND id = ? AND revoked_at IS NULL",
			k.now().UTC(), by, k.book, id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrNoToken, err)
		}
		return nil
	})
	k.forget(id)
	return err
}
