package api_test

import (
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

func TestKitStory(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/items", `{"code":"KIT","name":"御寒套件","unit":"套","category":"other"}`)
	kits := func(quantity string) string {
		return `{"location":"ST-5101-01","item":"KIT","quantity":"` + quantity + `","fund":"WINTER-23","on":"2024-03-02","lines":[{"item":"QUILT","quantity":"3"}]}`
	}
	dry := read[api.Entry](t, h.call(auth.Keeper, "POST", "/v1/kits?dry_run=true", kits("3"), "Idempotency-Key: k-1"))
	if !dry.DryRun || len(dry.Moves) != 2 {
		t.Errorf("dry run %+v", dry)
	}
	first := read[api.Entry](t, h.call(auth.Keeper, "POST", "/v1/kits", kits("3"), "Idempotency-Key: k-1"))
	again := h.call(auth.Keeper, "POST", "/v1/kits", kits("3"), "Idempotency-Key: k-1")
	if again.status != 200 || read[api.Entry](t, again).Number != first.Number || first.Document != "KT-ST-5101-01-2024-00001" {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	for _, c := range []struct {
		role       auth.Role
		body       string
		status     int
		kind, says string
	}{
		{auth.Finance, kits("1"), 403, "/problems/forbidden", ""},
		{auth.Keeper, kits("1"), 409, "/problems/insufficient", "stock:ST-5101-01 holds 1 of QUILT for fund WINTER-23, 3 wanted"},
		{auth.Keeper, strings.Replace(kits("1"), "QUILT", "KIT", 1), 422, "/problems/invalid", "KIT cannot be put into itself"},
	} {
		a := h.call(c.role, "POST", "/v1/kits", c.body, "Idempotency-Key: k-2")
		if p := a.problem(t); p.Status != c.status || p.Type != c.kind || !strings.Contains(a.body, c.says) {
			t.Errorf("%s %s: %s", c.role, c.body, a.body)
		}
	}
	if a := h.must(auth.Auditor, "GET", "/v1/kits/"+first.Document, ""); !strings.Contains(a.body, `"quantity":"3","value":"900.00"`) || !strings.Contains(a.body, `"quantity":"9","value":"900.00"`) {
		t.Errorf("kits: %s", a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/kits?item=KIT&under=5101", ""); !strings.Contains(a.body, `"quantity":"3","value":"900.00"`) {
		t.Errorf("list: %s", a.body)
	}
	if p := h.call(auth.Auditor, "GET", "/v1/kits/KT-NONE", "").problem(t); p.Status != 404 {
		t.Errorf("no such assembly: %+v", p)
	}
	if a := h.post("/v1/reversals", "k-3", `{"entry":2,"reason":"taken apart"}`); !strings.Contains(a.body, `"to":"stock:ST-5101-01"`) {
		t.Errorf("reversal: %s", a.body)
	}
}
