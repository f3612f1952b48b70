package api_test

import (
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

func TestCountStory(t *testing.T) {
	h := serve(t)
	h.furnish()
	count := `{"location":"ST-5101-01","on":"2024-03-02","whole":true,"lines":[{"item":"QUILT","quantity":"8"}]}`
	dry := read[api.Entry](t, h.call(auth.Keeper, "POST", "/v1/counts?dry_run=true", count, "Idempotency-Key: c-1"))
	if !dry.DryRun || len(dry.Moves) != 0 {
		t.Errorf("dry run %+v", dry)
	}
	first := read[api.Entry](t, h.post("/v1/counts", "c-1", count))
	again := h.call(auth.Administrator, "POST", "/v1/counts", count, "Idempotency-Key: c-1")
	if again.status != 200 || read[api.Entry](t, again).Number != first.Number {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	path := "/v1/counts/" + first.Document + "/approval"
	for _, c := range []struct {
		role       auth.Role
		path, body string
		status     int
		kind       string
	}{
		{auth.Administrator, path, `{"on":"2024-03-03"}`, 403, "/problems/same-person"},
		{auth.Keeper, path, `{"on":"2024-03-03"}`, 403, "/problems/forbidden"},
		{auth.Finance, path, `{"on":"2024-03-01"}`, 422, "/problems/invalid"},
		{auth.Finance, path, `{"count":"CN-OTHER"}`, 422, "/problems/invalid"},
		{auth.Finance, "/v1/counts/CN-NONE/approval", `{}`, 404, "/problems/not-found"},
	} {
		a := h.call(c.role, "POST", c.path, c.body, "Idempotency-Key: c-2")
		if p := a.problem(t); p.Status != c.status || p.Type != c.kind {
			t.Errorf("%s %s %s: %s", c.role, c.path, c.body, a.body)
		}
	}
	if a := h.call(auth.Finance, "POST", path, `{"on":"2024-03-03"}`, "Idempotency-Key: c-3"); a.status != 201 || !strings.Contains(a.body, `"to":"lost:ST-5101-01"`) {
		t.Errorf("approval: %d %s", a.status, a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/counts/"+first.Document, ""); !strings.Contains(a.body, `"held":"10","found":"8"`) {
		t.Errorf("count: %s", a.body)
	}
	if p := h.call(auth.Auditor, "GET", "/v1/counts/CN-NONE", "").problem(t); p.Status != 404 {
		t.Errorf("no such count: %+v", p)
	}
}
