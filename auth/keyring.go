package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
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
	// trust is how long a token that was read is believed: a revocation, and a grant withdrawn, take effect within it.
	trust = 30 * time.Second
	// noteEvery is how often the use of a token or session is written down: a busy one costs one small write a minute.
	noteEvery = time.Minute
	// maxTrusted bounds the memory for tokens that were read.
	maxTrusted = 10_000
)

// Keyring issues, checks and revokes the tokens of one book, and gives and withdraws the grants of its actors. It is safe for
// concurrent use.
type Keyring struct {
	// Audit is told of tokens and grants that are made and ended, never a secret; nobody is when it is nil.
	Audit *slog.Logger

	db   *bun.DB
	book int
	now  func() time.Time

	mu      sync.Mutex
	trusted map[string]key
}

type key struct {
	scope     Scope
	hash      []byte
	expiresAt time.Time
	readAt    time.Time
	usedAt    time.Time
}

// NewKeyring is the keyring of a book; now is the clock.
func NewKeyring(db *bun.DB, book int, now func() time.Time) *Keyring {
	return &Keyring{db: db, book: book, now: now, trusted: map[string]key{}}
}

// Console is the scope of whoever has the server's console, and so the database and everything in it.
func (k *Keyring) Console() Scope { return Unbounded("console", k.book) }

// record tells the audit log of an event.
func (k *Keyring) record(ctx context.Context, event string, attributes ...any) {
	if k.Audit != nil {
		k.Audit.InfoContext(ctx, event, attributes...)
	}
}

// denied is ErrDenied with its reason, which is for the audit log alone. The id of a token is no secret, but only one that is in
// the book is repeated: anything else may be a password in the wrong place.
func denied(reason string) error { return fmt.Errorf("%w: %s", ErrDenied, reason) }

// Check answers with the scope of the actor that a token belongs to, all its grants that hold, or with ErrDenied. Both are believed
// for half a minute, so that a request of a token in use asks the database nothing.
func (k *Keyring) Check(ctx context.Context, shown string) (Scope, error) {
	found, err := k.check(ctx, shown)
	return found.scope, err
}

func (k *Keyring) check(ctx context.Context, shown string) (key, error) {
	id, secret, ok := read(shown)
	switch {
	case shown == "":
		return key{}, denied("none was shown")
	case !ok:
		return key{}, denied("not a token")
	}
	found, err := k.find(ctx, id)
	if err != nil {
		return key{}, err
	}
	switch {
	case !same(found.hash, secret):
		return key{}, denied("wrong secret for token " + id)
	case !k.now().Before(found.expiresAt):
		return key{}, denied("token " + id + " has expired")
	}
	k.note(ctx, id)
	return found, nil
}

func (k *Keyring) find(ctx context.Context, id string) (key, error) {
	k.mu.Lock()
	found, ok := k.trusted[id]
	k.mu.Unlock()
	if ok && k.now().Sub(found.readAt) < trust {
		return found, nil
	}
	at := k.now()
	var actor string
	var usedAt *time.Time
	err := k.db.NewRaw("SELECT actor, secret_hash, expires_at, last_used_at FROM tokens WHERE book_id = ? AND id = ? AND revoked_at IS NULL", k.book, id).
		Scan(ctx, &actor, &found.hash, &found.expiresAt, &usedAt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		k.forget(id)
		return key{}, denied("no live token has that id")
	case err != nil:
		return key{}, err
	}
	if found.scope, err = scopeOf(ctx, k.db, k.book, actor); err != nil {
		return key{}, err
	}
	found.readAt = at
	if usedAt != nil {
		found.usedAt = *usedAt
	}
	k.remember(id, found)
	return found, nil
}

// note writes down that a token was used, at most once a minute. What cannot be written down keeps nobody out.
func (k *Keyring) note(ctx context.Context, id string) {
	at := k.now().UTC()
	k.mu.Lock()
	found, ok := k.trusted[id]
	due := ok && at.Sub(found.usedAt) >= noteEvery
	if due {
		found.usedAt = at // before the write, so that a crowd of requests makes one
		k.trusted[id] = found
	}
	k.mu.Unlock()
	if !due {
		return
	}
	_ = pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("UPDATE tokens SET last_used_at = ?0 WHERE book_id = ?1 AND id = ?2 AND coalesce(last_used_at < ?0, true)", at, k.book, id).Exec(ctx)
		return err
	})
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

// doubt makes every token be read again: grants or tokens of an actor have changed.
func (k *Keyring) doubt() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.trusted)
}

func (k *Keyring) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.trusted, id)
}
