package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

// The contract is opened with all that is served; here something more is, of which nobody said who may call it.
func TestNothingIsServedUnguarded(t *testing.T) {
	t.Parallel()
	served, open := api.Served()
	if len(open) > 0 || len(served) < 120 {
		t.Errorf("%d patterns are served, of which nobody said who may call %q", len(served), open)
	}
	for pattern, public := range api.Entrances() {
		if pattern != "GET /metrics" && !slices.Contains(served, pattern) {
			t.Errorf("%s is in the table and is not served", pattern)
		}
		if public != "" && len(public) < 30 {
			t.Errorf("%s is public because %q: that is no reason", pattern, public)
		}
	}
	for _, pattern := range []string{"GET /v1/secrets", "DELETE /v1/items/{code}", "GET /metrics/", "POST /healthz"} {
		if got := api.Unguarded(pattern); !slices.Equal(got, []string{pattern}) {
			t.Errorf("%s was served and nobody minded: %q", pattern, got)
		}
	}
}

// Every entrance is tried without a token and with those of every role, bounded too: the table alone decides.
func TestEntrances(t *testing.T) {
	h := serve(t, func(d *api.Door) {
		d.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("relief_up 1\n")) })
	})
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"local","role":"auditor","location":"5101"}`)
	local := read[api.MadeToken](t, h.must(auth.Administrator, "POST", "/v1/tokens", `{"actor":"local","name":"desk"}`)).Text
	for pattern, public := range api.Entrances() {
		path := strings.NewReplacer("{code}", "forbidden", "{path...}", "0/000", "GET ", "").Replace(pattern)
		if public != "" {
			if a := h.plain(path, ""); a.status == 401 || a.status == 403 {
				t.Errorf("%s is public and answers %d %s", path, a.status, a.body)
			}
			continue
		}
		for token, want := range map[string]int{
			"": 401, "rl_forged": 401, h.tokens[auth.Keeper]: 403, h.tokens[auth.Coordinator]: 403, h.tokens[auth.Finance]: 403, local: 403,
			h.tokens[auth.Auditor]: 200, h.tokens[auth.Administrator]: 200,
		} {
			if a := h.plain(path, token); a.status != want || want == 401 && a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %.20q: %d, %d wanted: %s", path, token, a.status, want, a.body)
			}
		}
	}
	if a := h.plain("/metrics", local); !strings.Contains(a.body, "local may read the metrics within bounds only") {
		t.Errorf("%s", a.body)
	}
}

// plain is a request whose answer is not in the contract.
func (h *house) plain(path, token string) answer {
	h.t.Helper()
	w := walk{house: h}
	return w.send(principal{token: token}, "GET", path, "", "")
}
