package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

var (
	// ErrNoGrant says that there is no such grant to withdraw.
	ErrNoGrant = errors.New("no grant that holds has that id")
	// ErrNoBounds says that the location or the fund that should bound a grant is not in its register.
	ErrNoBounds = errors.New("a grant is bound to what is there")
	// ErrBeyond says that somebody would grant more than they hold, or act for somebody who holds more.
	ErrBeyond = errors.New("nobody grants more than they hold")
)

// Missing is ErrNoBounds with what it is about.
type Missing struct {
	Noun, Code string // location or fund
}

// Error names what is not there, in the words of its register.
func (m Missing) Error() string {
	return fmt.Sprintf("%s %.90q is not in the register: %s", m.Noun, m.Code, ErrNoBounds)
}

// Unwrap is ErrNoBounds.
func (Missing) Unwrap() error { return ErrNoBounds }

// Grant is a role that an actor holds within bounds.
type Grant struct {
	ID          string
	Actor       string
	Role        Role
	Path        string // of the location at the root of the subtree; "" for everywhere
	Fund        string // "" for every fund
	GrantedAt   time.Time
	GrantedBy   string
	WithdrawnAt time.Time // zero while it holds
	WithdrawnBy string
	Stood       bool `bun:"-"` // it was held already when it was given
}

// Location is the code of the location at the root of the subtree, "" for everywhere.
func (g Grant) Location() string {
	if g.Path == "" {
		return ""
	}
	return path.Base(g.Path)
}

// String is the role with its bounds: keeper of WINTER-23 under 5101.
func (g Grant) String() string {
	s := string(g.Role)
	if g.Fund != "" {
		s += " of " + g.Fund
	}
	if g.Path != "" {
		s += " under " + g.Location()
	}
	return s
}

// Bounds are a wish for a grant.
type Bounds struct {
	Actor    string // made when it is new
	Role     Role
	Location string // code of the root of the subtree; "" for everywhere
	Fund     string // code; "" for every fund
}

// Give grants a role within bounds. Giving what is held already answers with the grant that stands. Whoever gives must hold as
// much, else ErrBeyond: an administrator of one prefecture makes no administrator of another. An actor with a live token that somebody ordered
// who does not hold as much is not widened, with Known: that token would grow in the hands of who has it.
func (k *Keyring) Give(ctx context.Context, by Scope, b Bounds) (Grant, error) {
	if err := checkActor(b.Actor, b.Role); err != nil {
		return Grant{}, err
	}
	var given Grant
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		g, err := k.bound(ctx, tx, by, b)
		if err != nil {
			return err
		}
		if !by.Covers(Administer, g.Path, g.Fund) {
			return fmt.Errorf("%s may not make %s %s: %w", by.Actor, b.Actor, g, ErrBeyond)
		}
		if err := k.takeTurns(ctx, tx, b.Actor); err != nil {
			return err
		}
		if err := k.makeActor(ctx, tx, b.Actor, b.Role, by.Actor); err != nil {
			return err
		}
		if given, err = k.give(ctx, tx, g, by.Actor); err != nil || given.Stood {
			return err
		}
		return k.onlyKnown(ctx, tx, by, given)
	})
	k.doubt()
	if err == nil && !given.Stood {
		k.record(ctx, "grant given", "grant", given.ID, "actor", b.Actor, "gives", given.String(), "by", by.Actor)
	}
	return given, err
}

// bound turns the codes of bounds into those of a grant. What by may not even read is not there.
func (k *Keyring) bound(ctx context.Context, tx bun.Tx, by Scope, b Bounds) (Grant, error) {
	g := Grant{Actor: b.Actor, Role: b.Role, Fund: b.Fund}
	for _, in := range []struct {
		noun, code, query string
		found             *string
		reached           func(string) bool
	}{
		{"location", b.Location, "SELECT max(path) FROM locations WHERE book_id = ? AND code = ?", &g.Path, func(path string) bool { return by.Reaches(Read, path, "") }},
		{"fund", b.Fund, "SELECT max(code) FROM funds WHERE book_id = ? AND code = ?", &g.Fund, func(fund string) bool { return by.ReachesFund(Read, fund) }},
	} {
		if in.code == "" {
			continue
		}
		var found *string
		if !codeSyntax.MatchString(in.code) {
			return g, Missing{in.noun, in.code}
		}
		if err := tx.NewRaw(in.query, k.book, in.code).Scan(ctx, &found); err != nil {
			return g, err
		}
		if found == nil || !in.reached(*found) {
			return g, Missing{in.noun, in.code}
		}
		*in.found = *found
	}
	return g, nil
}

func (k *Keyring) makeActor(ctx context.Context, tx bun.Tx, actor string, role Role, by string) error {
	_, err := tx.NewRaw("INSERT INTO actors (book_id, code, role, created_at, created_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		k.book, actor, role, k.now().UTC(), by).Exec(ctx)
	return err
}

// give writes a grant down, unless it stands.
func (k *Keyring) give(ctx context.Context, tx bun.Tx, g Grant, by string) (Grant, error) {
	id := rand.Text()[:idLength]
	_, err := tx.NewRaw(`INSERT INTO grants (book_id, id, actor, role, path, fund, granted_at, granted_by)
		VALUES (?, ?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?) ON CONFLICT DO NOTHING`,
		k.book, id, g.Actor, g.Role, g.Path, g.Fund, k.now().UTC(), by).Exec(ctx)
	if err != nil {
		return g, err
	}
	standing, err := held(ctx, tx, k.book, g.Actor)
	for _, h := range standing {
		if h.Role == g.Role && h.Path == g.Path && h.Fund == g.Fund {
			h.Stood = h.ID != id
			return h, err
		}
	}
	return g, errors.Join(err, fmt.Errorf("%s holds no %s", g.Actor, g))
}

// Withdraw ends a grant: here at once, on other servers within 30 seconds. One that by does not administer is ErrNoGrant, like one
// that is not there. The grant of the last administrator who can come in is kept with ErrLast.
func (k *Keyring) Withdraw(ctx context.Context, by Scope, id string) error {
	var found []Grant
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		return k.keepWayIn(ctx, tx, func() error {
			found = nil
			err := tx.NewRaw(grantColumns+" AND id = ? AND withdrawn_at IS NULL AND ? FOR UPDATE OF g", k.book, id, by.administers()).Scan(ctx, &found)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return ErrNoGrant
			}
			_, err = tx.NewRaw("UPDATE grants SET withdrawn_at = ?, withdrawn_by = ? WHERE book_id = ? AND id = ?", k.now().UTC(), by.Actor, k.book, id).Exec(ctx)
			return err
		})
	})
	k.doubt()
	if err == nil {
		k.record(ctx, "grant withdrawn", "grant", id, "actor", found[0].Actor, "gave", found[0].String(), "by", by.Actor)
	}
	return err
}

// GrantQuery asks for grants.
type GrantQuery struct {
	Actor string // "" for all
	Role  string // "" for all
	State string // holding, withdrawn, or "" for both
	After Mark
	Limit int
}

// Grants is a page of grants that lie within what by administers, the oldest first, and where the next one begins.
func (k *Keyring) Grants(ctx context.Context, by Scope, q GrantQuery) ([]Grant, Mark, error) {
	grants := []Grant{}
	q.Limit = atMost(q.Limit)
	err := k.db.NewRaw(grantColumns+` AND ? IN ('', actor) AND ? IN ('', role) AND (? = '' OR (? = 'holding') = (withdrawn_at IS NULL))
		AND (? = '' OR (granted_at, id) > (?, ?)) AND ? ORDER BY granted_at, id LIMIT ?`,
		k.book, q.Actor, q.Role, q.State, q.State, q.After.ID, q.After.At, q.After.ID, by.administers(), q.Limit).Scan(ctx, &grants)
	return grants, next(grants, q.Limit, func(g Grant) Mark { return Mark{g.GrantedAt, g.ID} }), err
}

// Grant reads one grant; ErrNoGrant where there is none within what by administers.
func (k *Keyring) Grant(ctx context.Context, by Scope, id string) (Grant, error) {
	var found []Grant
	err := k.db.NewRaw(grantColumns+" AND id = ? AND ?", k.book, id, by.administers()).Scan(ctx, &found)
	if err == nil && len(found) == 0 {
		err = ErrNoGrant
	}
	if err != nil {
		return Grant{}, err
	}
	return found[0], nil
}

const grantColumns = `SELECT id, actor, role, coalesce(path, '') AS path, coalesce(fund, '') AS fund, granted_at, granted_by,
	withdrawn_at, coalesce(withdrawn_by, '') AS withdrawn_by FROM grants g WHERE book_id = ?`

// held are the grants of an actor that hold.
func held(ctx context.Context, db bun.IDB, book int, actor string) ([]Grant, error) {
	grants := []Grant{}
	err := db.NewRaw(grantColumns+" AND actor = ? AND withdrawn_at IS NULL ORDER BY granted_at, id", book, actor).Scan(ctx, &grants)
	return grants, err
}

// scopeOf is the scope of an actor as it stands.
func scopeOf(ctx context.Context, db bun.IDB, book int, actor string) (Scope, error) {
	grants, err := held(ctx, db, book, actor)
	return Scope{Actor: actor, Book: book, Grants: grants}, err
}
