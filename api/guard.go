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
	if err == nil && !scope.Allows(verb) {
		err = forbid(scope, verb)
	}
	if err == nil && verb != auth.Administer && !scope.Whole(verb) {
		err = auth.ErrDenied // until every route asks for bounds
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
