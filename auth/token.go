package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// MaxLife is the longest a token may live, so that forgotten ones die.
const MaxLife = 365 * 24 * time.Hour

const (
	prefix    = "rl_"
	idLength  = 12
	nameLimit = 120
)

// Token describes a token without its secret.
type Token struct {
	ID        string
	Name      string
	Actor     string
	Role      Role // that the actor was made with
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time
	RevokedAt time.Time // zero while it is good
	// LastUsedAt is when it was last shown, to the minute; zero when never.
	LastUsedAt time.Time
}

// Prefix is how the token begins as it is shown; the secret follows.
func (t Token) Prefix() string { return prefix + t.ID + "_" }

// Order is a wish for a token.
type Order struct {
	Actor string        // code of the actor; made when it is new
	Role  Role          // of the actor; "" for one that exists, whatever it holds
	Name  string        // what the token is for, as "tablet of PT-0031"
	Life  time.Duration // at most MaxLife
	By    string        // who orders it

	// Location and Fund bound the role of an actor that is made, "" for everywhere and for every fund. One that exists must hold
	// the role within these bounds when they are given, and within any otherwise.
	Location, Fund string
}

var codeSyntax = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)

func (o Order) check() error {
	if o.Role != "" || !codeSyntax.MatchString(o.Actor) {
		if err := checkActor(o.Actor, o.Role); err != nil {
			return err
		}
	}
	switch {
	case o.Name == "" || len(o.Name) > nameLimit:
		return fmt.Errorf("token name has %d bytes, 1 to %d wanted", len(o.Name), nameLimit)
	case o.Life <= 0 || o.Life > MaxLife:
		return fmt.Errorf("token life is %s, at most %s wanted", o.Life, MaxLife)
	}
	return nil
}

func checkActor(code string, role Role) error {
	if !codeSyntax.MatchString(code) {
		return fmt.Errorf("actor %.90q is not a code of 1 to 80 letters, digits, '.', '_' and '-'", code)
	}
	_, err := ParseRole(string(role))
	return err
}

// mint makes a new id and secret. The secret has 130 random bits, so that a plain SHA-256 of it is safe to store:
// there is nothing to guess, and a slow hash would only help somebody who floods the door.
func mint() (id, secret string) { return rand.Text()[:idLength], rand.Text() }

func write(id, secret string) string { return prefix + id + "_" + secret }

// read splits a token as it is shown. It looks at the form only.
func read(shown string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(shown, prefix)
	if !ok || len(rest) > 80 {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && len(id) == idLength && secret != ""
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// same compares in constant time, so that the time taken tells nothing about the stored hash.
func same(stored []byte, secret string) bool {
	return subtle.ConstantTimeCompare(stored, hash(secret)) == 1
}

// TokenQuery asks for tokens.
type TokenQuery struct {
	Actor string // "" for all
	State string // live, ended, or "" for both
	After Mark
	Limit int
}

// Tokens is a page of tokens, the newest first, and where the next one begins. It holds those of actors that by answers for.
func (k *Keyring) Tokens(ctx context.Context, by Scope, q TokenQuery) ([]Token, Mark, error) {
	tokens := []Token{}
	q.Limit = atMost(q.Limit)
	err := k.db.NewRaw(tokenColumns+` AND ? IN ('', t.actor) AND (? = '' OR (? = 'live') = (t.revoked_at IS NULL AND t.expires_at > ?))
		AND (? = '' OR (t.created_at, t.id) < (?, ?)) AND ? ORDER BY t.created_at DESC, t.id DESC LIMIT ?`,
		k.book, q.Actor, q.State, q.State, k.now().UTC(), q.After.ID, q.After.At, q.After.ID, by.answers("t.book_id", "t.actor"), q.Limit).Scan(ctx, &tokens)
	return tokens, next(tokens, q.Limit, func(t Token) Mark { return Mark{t.CreatedAt, t.ID} }), err
}

const tokenColumns = `SELECT t.id, t.name, t.actor, a.role, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.last_used_at
	FROM tokens t JOIN actors a ON a.book_id = t.book_id AND a.code = t.actor WHERE t.book_id = ?`

// Token reads one token; ErrNoToken where there is none of an actor that by answers for.
func (k *Keyring) Token(ctx context.Context, by Scope, id string) (Token, error) {
	var found []Token
	err := k.db.NewRaw(tokenColumns+" AND t.id = ? AND ?", k.book, id, by.answers("t.book_id", "t.actor")).Scan(ctx, &found)
	if err == nil && len(found) == 0 {
		err = ErrNoToken
	}
	if err != nil {
		return Token{}, err
	}
	return found[0], nil
}

// Revoke ends a token: here at once, on other servers within 30 seconds. It is refused with ErrLast for the last one that opens
// the whole book.
func (k *Keyring) Revoke(ctx context.Context, by Scope, id string) error {
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		return k.keepWayIn(ctx, tx, func() error {
			done, err := tx.NewRaw("UPDATE tokens t SET revoked_at = ?, revoked_by = ? WHERE book_id = ? AND id = ? AND revoked_at IS NULL AND ?",
				k.now().UTC(), by.Actor, k.book, id, by.answers("t.book_id", "t.actor")).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil || n == 0 {
				return errors.Join(ErrNoToken, err)
			}
			return nil
		})
	})
	k.forget(id)
	if err == nil {
		k.record(ctx, "token revoked", "token", id, "by", by.Actor)
	}
	return err
}
