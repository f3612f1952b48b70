package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// Issued is a token that was made, with its text.
type Issued struct {
	Token
	Shown  string   // the only time that the secret is seen
	Beside []string // ids of the other live tokens of that actor and name, the newest first
}

// Issue makes a token at the server's console and answers with its text, which is shown this once and stored nowhere.
func (k *Keyring) Issue(ctx context.Context, o Order) (string, error) {
	made, err := k.Make(ctx, Unbounded(o.By, k.book), o)
	return made.Shown, err
}

// Make makes a token. The actor is made when it is new and a role is ordered for it; one that exists must hold the role that is
// ordered. Whoever shows a token acts as its actor, so whoever makes one must hold as much as the actor does, else ErrBeyond; an
// actor that stands wholly elsewhere is ErrNoActor.
//
// An actor has at most two live tokens of a name: a third ends the oldest. So a token is rotated by ordering it again, handing
// the new one out, and nothing stops in between. An order whose answer was lost is rotated the same way, because its secret is
// stored nowhere: Beside names the one that nobody knows.
func (k *Keyring) Make(ctx context.Context, by Scope, o Order) (Issued, error) {
	if err := o.check(); err != nil {
		return Issued{}, err
	}
	o.By = by.Actor
	id, secret := mint()
	at := k.now().UTC()
	made := Issued{Shown: write(id, secret)}
	err := pg.Transact(ctx, k.db, func(ctx context.Context, tx bun.Tx) error {
		if err := k.appoint(ctx, tx, by, o); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`UPDATE tokens SET revoked_at = ?0, revoked_by = ?1 WHERE book_id = ?2 AND id IN (
				SELECT id FROM tokens WHERE book_id = ?2 AND actor = ?3 AND name = ?4 AND revoked_at IS NULL AND expires_at > ?0
				ORDER BY created_at DESC, id OFFSET 1)`, at, o.By, k.book, o.Actor, o.Name).Exec(ctx); err != nil {
			return err
		}
		made.Beside = nil
		if err := tx.NewRaw("SELECT id FROM tokens WHERE book_id = ? AND actor = ? AND name = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY created_at DESC, id",
			k.book, o.Actor, o.Name, at).Scan(ctx, &made.Beside); err != nil {
			return err
		}
		if _, err := tx.NewRaw("INSERT INTO tokens (book_id, id, name, actor, secret_hash, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			k.book, id, o.Name, o.Actor, hash(secret), at, o.By, at.Add(o.Life)).Exec(ctx); err != nil {
			return err
		}
		return tx.NewRaw(tokenColumns+" AND t.id = ?", k.book, id).Scan(ctx, &made.Token)
	})
	k.doubt()
	if err == nil {
		k.record(ctx, "token made", "token", id, "actor", o.Actor, "role", cmp.Or(o.Role, made.Role), "name", o.Name, "life", o.Life.String(), "by", o.By)
	}
	return made, err
}

// appoint makes the actor of an order with its grant, or looks whether it holds what is ordered.
func (k *Keyring) appoint(ctx context.Context, tx bun.Tx, by Scope, o Order) error {
	if err := k.takeTurns(ctx, tx, o.Actor); err != nil {
		return err
	}
	wanted, err := k.bound(ctx, tx, by, Bounds{Actor: o.Actor, Role: o.Role, Location: o.Location, Fund: o.Fund})
	if err != nil {
		return err
	}
	var known bool
	if err := tx.NewRaw("SELECT EXISTS (SELECT FROM actors WHERE book_id = ? AND code = ?)", k.book, o.Actor).Scan(ctx, &known); err != nil {
		return err
	}
	switch {
	case !known && o.Role == "":
		return ErrNoActor
	case !known:
		return k.found(ctx, tx, by, wanted)
	}
	if err := k.answerFor(ctx, tx, by, o.Actor); err != nil || o.Role == "" {
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

// found makes an actor with its first grant.
func (k *Keyring) found(ctx context.Context, tx bun.Tx, by Scope, wanted Grant) error {
	if !by.Covers(Administer, wanted.Path, wanted.Fund) {
		return fmt.Errorf("%s may not make %s %s: %w", by.Actor, wanted.Actor, wanted, ErrBeyond)
	}
	if err := k.makeActor(ctx, tx, wanted.Actor, wanted.Role, by.Actor); err != nil {
		return err
	}
	_, err := k.give(ctx, tx, wanted, by.Actor)
	return err
}

// takeTurns lets orders and grants for one actor wait for each other, so that two orders do not both make it, nor both leave two live tokens
// beside their own, and none is made by somebody whom a grant is just leaving behind.
func (k *Keyring) takeTurns(ctx context.Context, tx bun.Tx, actor string) error {
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?, hashtext(?))", k.book, "relief actor "+actor)
	return err
}

// Known refuses to widen an actor while somebody who does not administer what it would hold may know a live token of it.
type Known struct {
	Actor, Wider string
	// Tokens are live and were ordered by such people. There are none where who gives does not administer all that the actor holds: then it is
	// not told of them.
	Tokens []Token
}

// Error names the tokens.
func (w Known) Error() string {
	said := make([]string, len(w.Tokens))
	for i, t := range w.Tokens {
		said[i] = fmt.Sprintf("%s ordered by %s", t.ID, t.CreatedBy)
	}
	return fmt.Sprintf("%s is not made %s while live tokens of it are known to who administers less: %s", w.Actor, w.Wider, cmp.Or(strings.Join(said, ", "), "which are not yours to see"))
}

// onlyKnown refuses a grant with Known where a token would grow with it in the hands of whoever ordered it. What is ordered at the console, by
// no actor, is known there, and whoever has the console has everything.
func (k *Keyring) onlyKnown(ctx context.Context, tx bun.Tx, by Scope, given Grant) error {
	var live []Token
	err := tx.NewRaw(tokenColumns+` AND t.actor = ? AND t.revoked_at IS NULL AND t.expires_at > ?
		AND EXISTS (SELECT FROM actors o WHERE o.book_id = t.book_id AND o.code = t.created_by) ORDER BY t.created_at, t.id`, k.book, given.Actor, k.now().UTC()).Scan(ctx, &live)
	if err != nil {
		return err
	}
	covered := map[string]bool{}
	refusal := Known{Actor: given.Actor, Wider: given.String()}
	for _, t := range live {
		covers, asked := covered[t.CreatedBy]
		if !asked {
			orderer, err := scopeOf(ctx, tx, k.book, t.CreatedBy)
			if err != nil {
				return err
			}
			before := orderer.only(func(g Grant) bool { return g.ID != given.ID }) // nobody vouches for itself
			covers = before.Covers(Administer, given.Path, given.Fund)
			covered[t.CreatedBy] = covers
		}
		if !covers {
			refusal.Tokens = append(refusal.Tokens, t)
		}
	}
	if len(refusal.Tokens) == 0 {
		return nil
	}
	switch err := k.answerFor(ctx, tx, by, given.Actor); {
	case errors.Is(err, ErrBeyond):
		refusal.Tokens = nil
	case err != nil:
		return err
	}
	return refusal
}
