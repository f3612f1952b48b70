package api

import (
	"net/http"

	"reliefledger/auth"
)

// watchers may read the metrics: they tell how much is done when, which is nobody else's business.
var watchers = []auth.Role{auth.Auditor, auth.Administrator}

// metrics serves /metrics, in the text format of Prometheus, to whoever holds the role of a watcher with no bounds.
func (d *Door) metrics(mux *http.ServeMux) {
	if d.Metrics == nil {
		return
	}
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r.Context())
		if err := d.watcher(r, v); err != nil {
			p := problemOf(err)
			v.err = p.err
			if p.Status < 500 {
				v.denial = err
			}
			if p.Status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", `Bearer realm="relief"`)
			}
			writeProblem(w, v, p)
			return
		}
		d.Metrics.ServeHTTP(w, r)
	})
}

// watcher refuses whoever may not read the metrics.
func (d *Door) watcher(r *http.Request, v *visit) error {
	scope, err := d.Keyring.Check(r.Context(), bearerOf(r.Header.Get("Authorization")))
	if err != nil {
		return err
	}
	v.scope = scope
	for _, g := range scope.Grants {
		for _, role := range watchers {
			if g.Role == role && g.Path == "" && g.Fund == "" {
				return nil
			}
		}
	}
	p := newProblem(forbidden, scope.Actor+" may not read the metrics.")
	p.Hint = "Allowed to: auditor, administrator."
	return p
}
