package auth

import (
	"cmp"
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
	role      Role // that the actor was made with
	hash      []byte
	expiresAt time.Time
	readAt    time.Time
	usedAt    time.Time
}

// NewKeyring is the keyring of a book; now is the clock.
func NewKeyring(db *bun.DB, book int, now func() time.Time) *Keyring {
	return &Keyring{db: db, book: book, now: now, trusted: map[string]key{}}
}

// Issue makes a token and answers with its text, which is shown this once and stored nowhere.
// The actor is made when it is new; one that exists must have the role that is ordered.
//
// An actor has at most two live tokens of a name: a third ends the oldest. So a token is rotated by ordering it again, handing
// the new one out, and nothing stops in between.
func (k *Keyring) Issue(ctx context.Context, o Order) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	id, secret := mint()
	at := k.now().UTC()
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		if err := k.appoint(ctx, tx, o); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`UPDATE tokens SET revoked_at = ?0, revoked_by = ?1 WHERE book_id = ?2 AND id IN (
				SELECT id FROM tokens WHERE book_id = ?2 AND actor = ?3 AND name = ?4 AND revoked_at IS NULL AND expires_at > ?0
				ORDER BY created_at DESC, id OFFSET 1)`, at, o.By, k.book, o.Actor, o.Name).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO tokens (book_id, id, name, actor, secret_hash, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			k.book, id, o.Name, o.Actor, hash(secret), at, o.By, at.Add(o.Life)).Exec(ctx)
		return err
	})
	k.doubt()
	if err == nil {
		k.record(ctx, "token made", "token", id, "actor", o.Actor, "role", o.Role, "name", o.Name, "life", o.Life.String(), "by", o.By)
	}
	return write(id, secret), err
}

// record tells the audit log of an event.
func (k *Keyring) record(ctx context.Context, event string, attributes ...any) {
	if k.Audit != nil {
		k.Audit.InfoContext(ctx, event, attributes...)
	}
}

// denied is ErrDenied with its reason, which is for the audit log alone. The id of a token is no secret, but only one that is in
// the book is repeated: anything else may be a password in the wrong place.
func denied(reason string) error { return fmt.Errorf("%w: %s", ErrDenied, reason) }

// appoint makes the actor of an order with its grant, or looks whether it holds what is ordered.
func (k *Keyring) appoint(ctx context.Context, tx bun.Tx, o Order) error {
	// Orders for one actor take turns, so that two of them do not both make it, nor both leave two live tokens beside their own.
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?, hashtext(?))", k.book, "relief actor "+o.Actor); err != nil {
		return err
	}
	wanted, err := k.bound(ctx, tx, Bounds{Actor: o.Actor, Role: o.Role, Location: o.Location, Fund: o.Fund})
	if err != nil {
		return err
	}
	var known bool
	if err := tx.NewRaw("SELECT EXISTS (SELECT FROM actors WHERE book_id = ? AND code = ?)", k.book, o.Actor).Scan(ctx, &known); err != nil {
		return err
	}
	if !known {
		if err := k.makeActor(ctx, tx, o.Actor, o.Role, o.By); err != nil {
			return err
		}
		_, err := k.give(ctx, tx, wanted, o.By)
		return err
	}
	held, err := scopeOf(ctx, tx, k.book, o.Actor)
	if err != nil {
		return err
	}
	for _, g := range held.Grants {
		if g.Role == o.Role && (o.Location == "" || g.Path == wanted.Path) && (o.Fund == "" || g.Fund == o.Fund) {
			return nil
		}
	}
	return fmt.Errorf("actor %s has role %s, %s wanted", o.Actor, cmp.Or(held.Roles(), "none"), wanted)
}

// Admit answers with the scope of the actor that a token belongs to, or ErrDenied.
func (k *Keyring) Admit(ctx context.Context, shown string) (Scope, error) {
	found, err := k.check(ctx, shown)
	return found.scope, err
}

// Check answers with the actor that a token belongs to, or ErrDenied. It is for callers that know no bounds: an actor that does
// not hold its role everywhere and for every fund is denied.
func (k *Keyring) Check(ctx context.Context, shown string) (Actor, error) {
	found, err := k.check(ctx, shown)
	if err != nil {
		return Actor{}, err
	}
	for _, g := range found.scope.Grants {
		if g.Role == found.role && g.Path == "" && g.Fund == "" {
			return Actor{Code: found.scope.Actor, Role: found.role}, nil
		}
	}
	return Actor{}, denied(found.scope.Actor + " is bound to places or funds")
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
	err := k.db.NewRaw("SELECT t.actor, a.role, t.secret_hash, t.expires_at, t.last_used_at FROM tokens t JOIN actors a ON a.book_id = t.book_id AND a.code = t.actor "+
		"WHERE t.book_id = ? AND t.id = ? AND t.revoked_at IS NULL", k.book, id).
		Scan(ctx, &actor, &found.role, &found.hash, &found.expiresAt, &usedAt)
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

// Tokens lists all tokens, the newest first.
func (k *Keyring) Tokens(ctx context.Context) ([]Token, error) {
	var tokens []Token
	err := k.db.NewRaw("SELECT t.id, t.name, t.actor, a.role, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.last_used_at "+
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
	if err == nil {
		k.record(ctx, "token revoked", "token", id, "by", by)
	}
	return err
}
