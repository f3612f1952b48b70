package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

// Token is what is known of a token: everything but its secret.
type Token struct {
	ID         string    `json:"id" doc:"Id of the token: its second part." example:"4QXK2ZJ7TBD4"`
	Prefix     string    `json:"prefix" doc:"How the token begins, to find it by in a configuration." example:"rl_4QXK2ZJ7TBD4_"`
	Actor      string    `json:"actor" doc:"Who answers for what is done with it." example:"li-na"`
	Name       string    `json:"name" doc:"What it is for." example:"scanner of ST-5101-01"`
	CreatedAt  time.Time `json:"created_at" doc:"When it was made."`
	CreatedBy  string    `json:"created_by" doc:"Who ordered it." example:"administrator"`
	ExpiresAt  time.Time `json:"expires_at" doc:"When it ends by itself."`
	RevokedAt  time.Time `json:"revoked_at,omitzero" doc:"When it was ended; absent when nobody ended it."`
	LastUsedAt time.Time `json:"last_used_at,omitzero" doc:"When it was last shown, to the minute; absent when it never was."`
}

func tokenFrom(t auth.Token) Token {
	return Token{
		ID: t.ID, Prefix: t.Prefix(), Actor: t.Actor, Name: t.Name, CreatedAt: t.CreatedAt.UTC(), CreatedBy: t.CreatedBy,
		ExpiresAt: t.ExpiresAt.UTC(), RevokedAt: utc(t.RevokedAt), LastUsedAt: utc(t.LastUsedAt),
	}
}

// TokenOrder asks for a token.
type TokenOrder struct {
	Actor string `json:"actor" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" doc:"Who answers for what is done with it; give the actor a grant first." example:"li-na"`
	Name  string `json:"name" minLength:"1" maxLength:"40" doc:"What it is for. The same name again rotates it." example:"scanner of ST-5101-01"`
	Days  int    `json:"days,omitempty" minimum:"1" maximum:"365" default:"90" doc:"How long it lives."`
}

// MadeToken is a new token with its text.
type MadeToken struct {
	Token
	Text   string   `json:"token" doc:"The token itself, shown this once and stored nowhere." example:"rl_4QXK2ZJ7TBD4_GQ3TMZ5XNBVGC4LKJ2ZD6RPW7E"`
	Beside []string `json:"beside,omitempty" doc:"Ids of the other live tokens of that actor and name: the one that is being rotated, or one whose answer was lost."`
}

type tokensAsked struct {
	Marked
	Actor string `query:"actor" maxLength:"80" example:"li-na" doc:"Those of one actor; of all when left out."`
	State string `query:"state" enum:"live,ended" doc:"Those that open the door, or those that were revoked or have expired; both when left out."`
}

func (d *Door) tokens(a huma.API) {
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/tokens", "list-tokens", "List tokens",
		"Lists tokens, the newest first, a page at a time. Whoever has a token has all that its actor holds, so you see those of actors of whom you administer everything."),
		func(ctx context.Context, in *tokensAsked) (*list[Token], error) {
			after, err := auth.ParseMark(in.After)
			if err != nil {
				return nil, err
			}
			found, next, err := d.Keyring.Tokens(ctx, scopeOf(ctx), auth.TokenQuery{Actor: in.Actor, State: in.State, After: after, Limit: in.Limit})
			answer := &list[Token]{Page[Token]{Records: make([]Token, len(found)), Next: next.String()}}
			for i, t := range found {
				answer.Body.Records[i] = tokenFrom(t)
			}
			return answer, err
		})
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/tokens/{id}", "read-token", "Read one token", "Reads what is known of one token."),
		func(ctx context.Context, in *Identified) (*told[Token], error) {
			found, err := d.Keyring.Token(ctx, scopeOf(ctx), in.ID)
			return &told[Token]{tokenFrom(found)}, unlessAbsent(err, "token", in.ID)
		})
	order := operation(auth.Administer, http.MethodPost, "/v1/tokens", "make-token", "Make or rotate a token",
		"Makes a token of an actor that has a grant, and shows it this once. Ordering the same actor and name again rotates it: the new one and the one before are live, and any older one ends; revoke the old one when the new one is in place. "+
			"An order has no Idempotency-Key, because a secret that is stored nowhere cannot be shown again. When its answer was lost, order again, and revoke the token that beside names and that was never used.")
	order.DefaultStatus = http.StatusCreated
	order.Responses = map[string]*huma.Response{"201": {Description: "The token, shown this once."}}
	huma.Register(a, order, func(ctx context.Context, in *struct{ Body TokenOrder }) (*told[MadeToken], error) {
		o := in.Body
		made, err := d.Keyring.Make(ctx, scopeOf(ctx), auth.Order{Actor: o.Actor, Name: o.Name, Life: time.Duration(o.Days) * 24 * time.Hour})
		if errors.Is(err, auth.ErrNoActor) {
			return nil, ledger.Refuse(ledger.NotFound, "/actor", fmt.Sprintf("%s %s is not in the register", "actor", o.Actor))
		}
		return &told[MadeToken]{MadeToken{tokenFrom(made.Token), made.Shown, made.Beside}}, err
	})
	huma.Register(a, operation(auth.Administer, http.MethodPost, "/v1/tokens/{id}/revocation", "revoke-token", "Revoke a token",
		"Ends a token within 30 seconds on every server. Revoking it again answers with it as it stands. The last live token of an administrator of the whole book is not revoked: 409."),
		func(ctx context.Context, in *Identified) (*told[Token], error) {
			if err := d.Keyring.Revoke(ctx, scopeOf(ctx), in.ID); err != nil && !errors.Is(err, auth.ErrNoToken) {
				return nil, err
			}
			found, err := d.Keyring.Token(ctx, scopeOf(ctx), in.ID)
			return &told[Token]{tokenFrom(found)}, unlessAbsent(err, "token", in.ID)
		})
}
