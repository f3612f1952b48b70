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

// Actor is who answers for what it does: a person or a device.
type Actor struct {
	Code      string    `json:"code" doc:"Code that stands in every entry it makes." example:"li-na"`
	CreatedAt time.Time `json:"created_at" doc:"When it was given its first grant."`
	CreatedBy string    `json:"created_by" doc:"Who gave it." example:"administrator"`
	Grants    []Grant   `json:"grants" doc:"What it may do, as far as you administer it: in a list the grants that hold, of one actor also those that were withdrawn."`
}

func actorFrom(h auth.Holder) Actor {
	a := Actor{Code: h.Code, CreatedAt: h.CreatedAt.UTC(), CreatedBy: h.CreatedBy, Grants: make([]Grant, len(h.Grants))}
	for i, g := range h.Grants {
		a.Grants[i] = grantFrom(g)
	}
	return a
}

func (d *Door) actors(a huma.API) {
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/actors", "list-actors", "List actors",
		"Lists the actors in order of code, a page at a time, with the grants that hold. An administrator of a subtree or of a fund sees those that have a grant within it."),
		func(ctx context.Context, in *page) (*list[Actor], error) {
			found, err := d.Keyring.Actors(ctx, scopeOf(ctx), in.After, in.Limit)
			answer := &list[Actor]{Page[Actor]{Records: make([]Actor, len(found))}}
			for i, h := range found {
				answer.Body.Records[i] = actorFrom(h)
			}
			if len(found) == in.Limit {
				answer.Body.Next = found[len(found)-1].Code
			}
			return answer, err
		})
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/actors/{code}", "read-actor", "Read one actor",
		"Reads one actor with its grants, also those that were withdrawn. An actor is never deleted, because its code stands in entries: withdraw its grants and it may do nothing."),
		func(ctx context.Context, in *Coded) (*told[Actor], error) {
			found, err := d.Keyring.Actor(ctx, scopeOf(ctx), in.Code)
			return &told[Actor]{actorFrom(found)}, unlessAbsent(err, "actor", in.Code)
		})
}

// unlessAbsent makes what auth does not find, or does not show, the 404 of what an address names.
func unlessAbsent(err error, noun, name string) error {
	if errors.Is(err, auth.ErrNoActor) || errors.Is(err, auth.ErrNoGrant) || errors.Is(err, auth.ErrNoToken) {
		return notFound(fmt.Sprintf("%s %s is not in the register", noun, name))
	}
	return err
}

// accessProblem is the problem of what auth refuses to give; nil for any other error.
func accessProblem(err error) *Problem {
	var missing auth.Missing
	var known auth.Known
	switch {
	case errors.As(err, &missing):
		return problemOf(ledger.Refuse(ledger.NotFound, "/"+missing.Noun, fmt.Sprintf("%s %.90q is not in the register", missing.Noun, missing.Code)))
	case errors.As(err, &known):
		return grownToken(known)
	case errors.Is(err, auth.ErrBeyond):
		return newProblem(beyond, "It goes beyond what you administer yourself.")
	case errors.Is(err, auth.ErrLast):
		return newProblem(lastWayIn, "Nobody would be left who may administer the whole book.")
	}
	return nil
}

// grownToken is the problem of a grant with which a token would grow in the hands of somebody else: a fault for each such token.
func grownToken(known auth.Known) *Problem {
	p := newProblem(tokenKnown, fmt.Sprintf("%s has live tokens that were ordered by somebody who does not administer %s.", known.Actor, known.Wider))
	for _, t := range known.Tokens {
		p.Faults = append(p.Faults, Fault{
			Pointer: "/actor", Code: tokenKnown, Message: fmt.Sprintf("token %s of %s was ordered by %s, who does not administer %s", t.ID, t.Actor, t.CreatedBy, known.Wider),
		})
	}
	if len(known.Tokens) == 0 {
		p.Hint = "Ask somebody who administers all that the actor holds."
	}
	return p
}
