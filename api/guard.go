package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"reliefledger/auth"
)

// check lets a request in when a grant of its token's actor allows what the operation does. What it may do that to is asked where the
// request names it.
func (d *Door) check(ctx huma.Context, next func(huma.Context)) {
	verb, closed := ctx.Operation().Metadata["verb"].(auth.Verb)
	if !closed {
		next(ctx)
		return
	}
	v := visitOf(ctx.Context())
	scope, err := d.Keyring.Check(ctx.Context(), bearer(ctx))
	if err == nil {
		scope, err = within(scope, verb, ctx.Operation().OperationID)
	}
	v.scope, v.verb = scope, verb
	if err == nil {
		next(ctx)
		return
	}
	p := problemOf(err)
	if p.Status < 500 { // a database that does not answer denies nobody
		v.denial = err
	}
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="relief"`)
	}
	writeHuma(ctx, v, p)
}

// ofTheWholeBook are operations on what everybody in the book shares: only who may do them everywhere and for every fund does.
var ofTheWholeBook = map[string]bool{
	"create-item": true, "change-item": true, "create-party": true, "change-party": true, "create-campaign": true, "change-campaign": true,
	"record-bank-statement": true, "read-bank-reconciliation": true, "match-bank-lines": true, "match-bank-lines-in-bulk": true,
	"close-period": true, "propose-reopening": true, "agree-to-reopening": true,
}

// ofWholeFunds are operations on funds as a whole, which stand nowhere: grants that are bound to places do not count.
var ofWholeFunds = map[string]bool{
	"create-fund": true, "change-fund": true, "read-budget": true, "read-fund-statement": true, "read-trial-balance": true, "read-agreement": true,
}

// standsNowhere reports whether an operation is one of those, or records money: of that none can be forgotten.
func standsNowhere(verb auth.Verb, operation string) bool {
	return verb == auth.Pay || ofWholeFunds[operation]
}

// within is the part of a scope that counts for an operation, or why there is none. That is about the function only, whatever it is done to.
func within(s auth.Scope, verb auth.Verb, operation string) (auth.Scope, error) {
	switch {
	case !s.Allows(verb):
		return s, forbid(s, verb)
	case ofTheWholeBook[operation] && !s.Whole(verb):
		return s, beyondBounds(s, verb)
	case !standsNowhere(verb, operation) || s.Whole(verb):
		return s, nil
	case !s.Everywhere().Allows(verb):
		return s, tooNarrow(newProblem(forbidden, fmt.Sprintf("%s may %s at some places only; this concerns money or a fund as a whole, which stand nowhere.", s.Actor, verb)))
	}
	return s.Everywhere(), nil
}

// beyondBounds refuses whoever may do something to a part only where it is done to all.
func beyondBounds(s auth.Scope, verb auth.Verb) *Problem {
	return tooNarrow(newProblem(forbidden, fmt.Sprintf("%s may %s within bounds only; this concerns the whole book.", s.Actor, verb)))
}

// tooNarrow adds who may do what goes beyond somebody's bounds.
func tooNarrow(p *Problem) *Problem {
	p.Hint = "Ask somebody whose grant is not bound to a place or a fund."
	return p
}

func bearer(ctx huma.Context) string { return bearerOf(ctx.Header("Authorization")) }

// bearerOf is the token in a header, "" when there is none.
func bearerOf(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// writeHuma answers from a middleware of huma.
func writeHuma(ctx huma.Context, v *visit, p *Problem) {
	_, w := humago.Unwrap(ctx)
	if after := p.retryAfter(); after != "" {
		w.Header().Set("Retry-After", after)
	}
	v.err = p.err
	writeProblem(w, v, p)
}

func forbid(s auth.Scope, v auth.Verb) *Problem {
	p := newProblem(forbidden, fmt.Sprintf("%s has role %s, which may not %s.", s.Actor, cmp.Or(s.Roles(), "none"), v))
	p.Hint = "Allowed to: " + auth.Who(v) + "."
	return p
}

// scopeOf is what whoever sent the request may see and do.
func scopeOf(ctx context.Context) auth.Scope { return visitOf(ctx).scope }

// actorOf is who sent the request.
func actorOf(ctx context.Context) string { return scopeOf(ctx).Actor }
