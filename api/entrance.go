package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

// entrance says who is let in where no operation of the book is asked for: whoever may do what the verb says, everywhere and for every fund, or
// everybody, for a reason.
type entrance struct {
	verb   auth.Verb
	public string
}

const docsReason = "the page is part of the program, which anybody may have; what it calls asks for a token itself"

// entrances are all that is served besides the operations that name a verb. The server does not start when something is served that stands
// neither there nor here.
var entrances = map[string]entrance{
	"GET /metrics": {verb: auth.ReadMetrics},

	"GET /healthz":                   {public: "whoever restarts a dead process holds no token, and learns that it lives"},
	"GET /readyz":                    {public: "a load balancer holds no token, and learns whether it may send requests here"},
	"GET /openapi.json":              {public: "the contract is part of the program, which anybody may have"},
	"GET /openapi.yaml":              {public: "the contract is part of the program, which anybody may have"},
	"GET /openapi-3.0.json":          {public: "the contract is part of the program, which anybody may have"},
	"GET /openapi-3.0.yaml":          {public: "the contract is part of the program, which anybody may have"},
	"GET /problems/{code}":           {public: "it explains answers, also to whoever was refused for lack of a token"},
	"GET /log/checkpoint":            {public: "the log is for outsiders to watch: a signed root hash tells nothing of what it seals"},
	"GET /log/tile/{path...}":        {public: "the log is for outsiders to watch: hashes tell nothing of what they seal"},
	"GET /docs":                      {public: docsReason},
	"GET /docs/start.js":             {public: docsReason},
	"GET /docs/swagger-ui.css":       {public: docsReason},
	"GET /docs/LICENSE":              {public: docsReason},
	"GET /docs/NOTICE":               {public: docsReason},
	"GET /docs/swagger-ui-bundle.js": {public: docsReason},
}

// guardedMux is a mux that remembers what it serves, and guards what has a verb in the table.
type guardedMux struct {
	*http.ServeMux
	door   *Door
	served []string
}

// HandleFunc serves a pattern. Operations are guarded by check, as huma calls it.
func (m *guardedMux) HandleFunc(pattern string, serve func(http.ResponseWriter, *http.Request)) {
	m.served = append(m.served, pattern)
	if verb := entrances[pattern].verb; verb != "" {
		serve = m.door.guarded(verb, serve)
	}
	m.ServeMux.HandleFunc(pattern, serve)
}

// guarded lets in whoever may do what the verb says without bounds.
func (d *Door) guarded(verb auth.Verb, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r.Context())
		scope, err := d.Keyring.Check(r.Context(), bearerOf(r.Header.Get("Authorization")))
		v.scope, v.verb = scope, verb
		switch {
		case err != nil:
		case !scope.Allows(verb):
			err = forbid(scope, verb)
		case !scope.Whole(verb):
			err = beyondBounds(scope, verb)
		default:
			serve(w, r)
			return
		}
		p := problemOf(err)
		v.err = p.err
		if p.Status < http.StatusInternalServerError {
			v.denial = err
		}
		if p.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="relief"`)
		}
		writeProblem(w, v, p)
	}
}

// unguarded is what is served although nobody said who is let in: operations without a verb, and anything else that is not in the table.
func unguarded(served []string, contract *huma.OpenAPI) (open []string) {
	for _, pattern := range served {
		verb, closed := verbOf(contract, pattern)
		e, listed := entrances[pattern]
		switch {
		case closed && verb.Known() && !listed:
		case !closed && listed && (e.public != "") != e.verb.Known():
		default:
			open = append(open, pattern)
		}
	}
	return open
}

// verbOf is the verb of the operation that is served at a pattern.
func verbOf(contract *huma.OpenAPI, pattern string) (verb auth.Verb, closed bool) {
	method, path, _ := strings.Cut(pattern, " ")
	item := contract.Paths[path]
	if item == nil {
		return "", false
	}
	op := map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete}[method]
	if op == nil {
		return "", false
	}
	verb, closed = op.Metadata["verb"].(auth.Verb)
	return verb, closed
}

// mustBeGuarded stops a program whose sources forgot to say who may call something.
func mustBeGuarded(served []string, contract *huma.OpenAPI) {
	if open := unguarded(served, contract); len(open) > 0 {
		panic(fmt.Sprintf("api: nobody said who may call %q: give each a verb of auth, or a reason in entrances why it is public", open))
	}
}
