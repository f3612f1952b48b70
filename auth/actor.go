package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// Holder is an actor as its register has it, with grants as far as they are within what the reader administers. It is never
// deleted: its code stands in entries. An actor whose grants were all withdrawn may do nothing, and that is how one is retired.
type Holder struct {
	Code      string
	CreatedAt time.Time
	CreatedBy string
	Grants    []Grant `bun:"-"`
}

// Actors is a page of the actors that somebody administers something of, in order of code, after a code, with the grants that hold.
func (k *Keyring) Actors(ctx context.Context, by Scope, after string, limit int) ([]Holder, error) {
	records := []Holder{}
	err := k.db.NewRaw(actorColumns+" AND code > ? AND ? ORDER BY code LIMIT ?",
		k.book, after, by.touches("a.book_id", "a.code"), atMost(limit)).Scan(ctx, &records)
	if err != nil || len(records) == 0 {
		return records, err
	}
	codes := make([]string, len(records))
	for i, r := range records {
		codes[i] = r.Code
	}
	var grants []Grant
	err = k.db.NewRaw(grantColumns+" AND withdrawn_at IS NULL AND actor IN (?) AND ? ORDER BY granted_at, id", k.book, bun.List(codes), by.administers()).
		Scan(ctx, &grants)
	for i, r := range records {
		for _, g := range grants {
			if g.Actor == r.Code {
				records[i].Grants = append(records[i].Grants, g)
			}
		}
	}
	return records, err
}

// Actor reads one actor with its grants, those that hold and those that held; ErrNoActor when by administers none of them.
func (k *Keyring) Actor(ctx context.Context, by Scope, code string) (Holder, error) {
	var found []Holder
	err := k.db.NewRaw(actorColumns+" AND code = ? AND ?", k.book, code, by.touches("a.book_id", "a.code")).Scan(ctx, &found)
	if err != nil {
		return Holder{}, err
	}
	if len(found) == 0 {
		return Holder{}, ErrNoActor
	}
	err = k.db.NewRaw(grantColumns+" AND actor = ? AND ? ORDER BY granted_at, id", k.book, code, by.administers()).Scan(ctx, &found[0].Grants)
	return found[0], err
}

const actorColumns = "SELECT code, created_at, created_by FROM actors a WHERE book_id = ?"

// administers is the SQL condition that a row g of grants lies within what the actor administers. A grant for everywhere has no
// path and one for every fund no fund, so that no bounded condition is true of it: it is Covers, not Reaches.
func (s Scope) administers() schema.QueryWithArgs { return s.Where(Administer, "g.path", "g.fund") }

// touches is the SQL condition that an actor, given by two columns, holds or held something that s administers.
func (s Scope) touches(book, actor string) schema.QueryWithArgs {
	if s.Whole(Administer) {
		return bun.SafeQuery("TRUE")
	}
	return bun.SafeQuery("EXISTS (SELECT FROM grants g WHERE g.book_id = ? AND g.actor = ? AND ?)", bun.Ident(book), bun.Ident(actor), s.administers())
}

// answers is the SQL condition that s administers all that an actor holds. Whoever has a token of the actor has all of it.
func (s Scope) answers(book, actor string) schema.QueryWithArgs {
	if s.Whole(Administer) {
		return bun.SafeQuery("TRUE")
	}
	return bun.SafeQuery("? AND NOT EXISTS (SELECT FROM grants g WHERE g.book_id = ? AND g.actor = ? AND g.withdrawn_at IS NULL AND (?) IS NOT TRUE)",
		s.touches(book, actor), bun.Ident(book), bun.Ident(actor), s.administers())
}

// answerFor refuses somebody who would act for an actor that holds more, with ErrBeyond, or that is wholly elsewhere, with ErrNoActor.
func (k *Keyring) answerFor(ctx context.Context, tx bun.Tx, by Scope, actor string) error {
	var touched, answered bool
	err := tx.NewRaw("SELECT ?, ? FROM actors a WHERE book_id = ? AND code = ?",
		by.touches("a.book_id", "a.code"), by.answers("a.book_id", "a.code"), k.book, actor).Scan(ctx, &touched, &answered)
	switch {
	case err != nil:
		return err
	case !touched:
		return ErrNoActor
	case !answered:
		return fmt.Errorf("%s may not act for %s, which holds more: %w", by.Actor, actor, ErrBeyond)
	}
	return nil
}

// ErrLast keeps the door open for somebody who can open it for others.
var ErrLast = errors.New("nobody would be left who may administer the whole book")

const unbounded = "g.book_id = ?0 AND g.role = 'administrator' AND g.path IS NULL AND g.fund IS NULL AND g.withdrawn_at IS NULL"

// keepWayIn makes a change, unless it ends the last way in: a live token of an administrator without bounds. Such changes take
// turns, so that two administrators do not shut each other out at once.
func (k *Keyring) keepWayIn(ctx context.Context, tx bun.Tx, change func() error) error {
	if _, err := tx.NewRaw("SELECT FROM grants g WHERE "+unbounded+" ORDER BY g.id FOR UPDATE", k.book).Exec(ctx); err != nil {
		return err
	}
	before, err := k.wayIn(ctx, tx)
	if err == nil {
		err = change()
	}
	if err != nil || !before {
		return err
	}
	after, err := k.wayIn(ctx, tx)
	if err == nil && !after {
		return ErrLast
	}
	return err
}

func (k *Keyring) wayIn(ctx context.Context, tx bun.Tx) (open bool, err error) {
	err = tx.NewRaw(`SELECT EXISTS (SELECT FROM grants g JOIN tokens t ON t.book_id = g.book_id AND t.actor = g.actor
		WHERE `+unbounded+" AND t.revoked_at IS NULL AND t.expires_at > ?1)", k.book, k.now().UTC()).Scan(ctx, &open)
	return open, err
}
