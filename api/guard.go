package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"reliefledger/auth"
)

// check lets a request in when its token's actor may do what the operation does.
func (d *Door) check(ctx huma.Context, next func(huma.Context)) {
	verb, closed := ctx.Operation().Metadata["verb"].(auth.Verb)
	if !closed {
		next(ctx)
		return
	}
	v := visitOf(ctx.Context())
	actor, err := d.Keyring.Check(ctx.Context(), bearer(ctx))
	if err == nil && !actor.May(verb) {
		err = forbid(actor, verb)
	}
	v.actor = actor
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

func forbid(a auth.Actor, v auth.Verb) *Problem {
	p := newProblem(forbidden, fmt.Sprintf("%s has role %s, which may not %s.", a.Code, a.Role, v))
	p.Hint = "Allowed to: " + auth.Who(v) + "."
	return p
}

// actorOf is who sent the request.
func actorOf(ctx context.Context) string { return visitOf(ctx).actor.Code }
