package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/auth"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

func TestHostileNumbers(t *testing.T) {
	h := serve(t)
	h.furnish()
	for i, number := range []string{
		`1`, `1.5`, `-1`, `null`, `true`, `[]`, `{}`, `"NaN"`, `"Infinity"`, `"-Infinity"`, `"-0"`, `"+1"`, `"1e2"`, `"1e1000000"`, `"0x1F"`, `"1_000"`, `"1,000"`,
		`"１２"`, `"٣"`, `"−1"`, `" 1"`, `"1 "`, `""`, `"."`, `"1."`, `".5"`, `"01"`, `"1.0000000000"`, `"1000000000000000000000000"`,
		`"` + strings.Repeat("9", 39) + `"`, `"1\u0000"`, `"1\n"`, `"0"`, `"1.5"`,
	} {
		body := strings.Replace(tenQuilts, `"10"`, number, 1)
		a := h.call(auth.Keeper, "POST", "/v1/receipts", body, fmt.Sprintf("Idempotency-Key: n-%d", i))
		p := a.problem(t)
		if p.Status != 422 && p.Status != 400 {
			t.Errorf("quantity %s: %d %s", number, a.status, a.body)
		}
		if p.Status == 422 && !strings.HasPrefix(p.Faults[0].Pointer, "/lines/0") {
			t.Errorf("quantity %s has no pointer: %s", number, a.body)
		}
	}
}

func TestHostileJSON(t *testing.T) {
	h := serve(t)
	h.furnish()
	for name, body := range map[string]string{
		"duplicate names":   strings.Replace(tenQuilts, `"kind":"purchase"`, `"kind":"purchase","kind":"opening"`, 1),
		"wrong case":        strings.Replace(tenQuilts, `"kind"`, `"Kind"`, 1),
		"both cases":        strings.Replace(tenQuilts, `"kind"`, `"KIND":"opening","kind"`, 1),
		"unknown member":    strings.Replace(tenQuilts, `"kind"`, `"price":"1","kind"`, 1),
		"null list":         strings.Replace(tenQuilts, `[{"item":"QUILT","quantity":"10","value":"1000.00"}]`, `null`, 1),
		"NUL":               strings.Replace(tenQuilts, `"S-01"`, `"S-01\u0000"`, 1),
		"line break":        strings.Replace(tenQuilts, `"S-01"`, `"S-01\n"`, 1),
		"turned text":       strings.Replace(tenQuilts, `"S-01"`, `"S-\u202e01"`, 1),
		"lone surrogate":    strings.Replace(tenQuilts, `"S-01"`, `"S-\ud80001"`, 1),
		"bad UTF-8":         strings.Replace(tenQuilts, `"S-01"`, "\"S-\xff01\"", 1),
		"no JSON":           `quantity=10`,
		"two values":        tenQuilts + tenQuilts,
		"cut off":           tenQuilts[:60],
		"deep":              strings.Repeat("[", 20000) + strings.Repeat("]", 20000),
		"list":              `[]`,
		"empty":             ``,
		"impossible day":    strings.Replace(tenQuilts, `2024-03-01`, `2024-02-30`, 1),
		"day of no century": strings.Replace(tenQuilts, `2024-03-01`, `0001-01-01`, 1),
		"day as instant":    strings.Replace(tenQuilts, `2024-03-01`, `2024-03-01T00:00:00Z`, 1),
		"long text":         strings.Replace(tenQuilts, `"S-01"`, `"`+strings.Repeat("S", 5000)+`"`, 1),
	} {
		a := h.call(auth.Keeper, "POST", "/v1/receipts", body, "Idempotency-Key: "+strings.ReplaceAll(name, " ", "-"), "Content-Type: application/json")
		if p := a.problem(t); p.Status != 400 && p.Status != 422 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestHostileRequests(t *testing.T) {
	h := serve(t)
	h.furnish()
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		kind               string
	}{
		"unknown path":       {"GET", "/v1/nothing", "", nil, 404, "not-found"},
		"wrong method":       {"DELETE", "/v1/items", "", nil, 405, "wrong-method"},
		"form":               {"POST", "/v1/receipts", "a=b", []string{"Content-Type: application/x-www-form-urlencoded", "Idempotency-Key: f"}, 415, "not-json"},
		"plain text":         {"POST", "/v1/receipts", tenQuilts, []string{"Content-Type: text/plain", "Idempotency-Key: p"}, 415, "not-json"},
		"binary":             {"POST", "/v1/receipts", tenQuilts, []string{"Content-Type: application/cbor", "Idempotency-Key: c"}, 415, "not-json"},
		"no key":             {"POST", "/v1/receipts", tenQuilts, nil, 422, "invalid"},
		"long key":           {"POST", "/v1/receipts", tenQuilts, []string{"Idempotency-Key: " + strings.Repeat("k", 129)}, 422, "invalid"},
		"key of other signs": {"POST", "/v1/receipts", tenQuilts, []string{"Idempotency-Key: 钥匙"}, 422, "invalid"},
		"NUL in path":        {"GET", "/v1/items/QUILT%00", "", nil, 400, "malformed"},
		"bad UTF-8 in path":  {"GET", "/v1/items/%ff", "", nil, 400, "malformed"},
		"NUL in query":       {"GET", "/v1/items?after=%00", "", nil, 400, "malformed"},
		"unknown query":      {"GET", "/v1/items?sort=code", "", nil, 422, "invalid"},
		"huge page":          {"GET", "/v1/items?limit=501", "", nil, 422, "invalid"},
		"injected code":      {"GET", "/v1/items/x'%20OR%201=1--", "", nil, 422, "invalid"},
		"item not there":     {"GET", "/v1/items/NOTHING", "", nil, 404, "not-found"},
		"entry not there":    {"GET", "/v1/entries/99", "", nil, 404, "not-found"},
		"entry in a body":    {"POST", "/v1/reversals", `{"entry":999999,"reason":"slip"}`, []string{"Idempotency-Key: v"}, 422, "not-found"},
		"proposal in a body": {"POST", "/v1/periods/reopen", `{"proposal":999999}`, []string{"Idempotency-Key: o"}, 422, "not-found"},
		"entry of letters":   {"GET", "/v1/entries/last", "", nil, 422, "invalid"},
		"too large":          {"POST", "/v1/receipts", `{"location":"` + strings.Repeat("x", 1<<20) + `"}`, []string{"Idempotency-Key: l"}, 413, "too-large"},
		"huge headers":       {"GET", "/v1/items", "", []string{"X-Long: " + strings.Repeat("x", 17<<10)}, 431, "headers-too-large"},
		"huge address":       {"GET", "/v1/items?after=" + strings.Repeat("x", 17<<10), "", nil, 431, "headers-too-large"},
		"deep":               {"POST", "/v1/receipts", strings.Repeat(`{"lines":[`, 40), []string{"Idempotency-Key: d"}, 400, "malformed"},
		"change unread":      {"PUT", "/v1/items/QUILT", quilt, nil, 428, "condition-required"},
		"change stale":       {"PUT", "/v1/items/QUILT", strings.Replace(quilt, "棉被", "厚棉被", 1), []string{`If-Match: "v7"`}, 412, "stale"},
		"change anything":    {"PUT", "/v1/items/QUILT", quilt, []string{"If-Match: *"}, 412, "stale"},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.call(auth.Administrator, c.method, c.path, c.body, c.header...)
			p := a.problem(t)
			if a.status != c.status || p.Status != c.status || p.Type != "/problems/"+c.kind || p.Title == "" || !strings.HasPrefix(p.Instance, "urn:request:") {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	if a := h.call(auth.Administrator, "DELETE", "/v1/items", ""); a.header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %q", a.header.Get("Allow"))
	}
}

const quilt = `{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt","packs":[{"name":"包","quantity":"20"}]}`

func TestTokens(t *testing.T) {
	h := serve(t)
	for name, header := range map[string]string{
		"none": "", "another scheme": "Basic cmw6cmw=", "no token": "Bearer", "foreign": "Bearer abc",
		"unknown": "Bearer rl_AAAAAAAAAAAA_BBBB", "wrong secret": "Bearer " + h.tokens[auth.Auditor][:len(h.tokens[auth.Auditor])-1] + "0",
	} {
		a := h.call("", "GET", "/v1/items", "", "Authorization: "+header)
		if p := a.problem(t); p.Status != 401 || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := h.call(auth.Auditor, "POST", "/v1/items", quilt)
	if p := a.problem(t); p.Status != 403 || p.Detail != "the-auditor has role auditor, which may not keep items, locations and parties." {
		t.Errorf("auditor writes: %s", a.body)
	}
	for _, open := range []string{"/healthz", "/readyz", "/openapi.json", "/openapi.yaml"} {
		if a := h.call("", "GET", open, ""); a.status != 200 {
			t.Errorf("%s: %d %s", open, a.status, a.body)
		}
	}
}

// What a failing server says goes to its log, never to the client.
func TestFailuresTellNothing(t *testing.T) {
	h := serve(t)
	h.furnish()
	hide := func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.Exec("ALTER TABLE items RENAME TO hidden_items")
		return err
	}
	if err := pg.Transact(t.Context(), pgtest.Owner(t, h.book.DB()), hide); err != nil {
		t.Fatal(err)
	}
	a := h.call(auth.Auditor, "GET", "/v1/items", "")
	p := a.problem(t)
	if p.Status != 500 || p.Type != "/problems/internal" || strings.Contains(a.body, "items\\\"") || strings.Contains(a.body, "relation") {
		t.Errorf("%s", a.body)
	}
	if log := h.log.String(); !strings.Contains(log, strings.TrimPrefix(p.Instance, "urn:request:")) || !strings.Contains(log, `relation \"items\" does not exist`) {
		t.Errorf("log: %s", log)
	}
}

// The log knows who did what, and neither what they said nor what they showed.
func TestAccessLogHoldsNoBodiesAndNoSecrets(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.call(auth.Keeper, "GET", "/v1/items?after=SECRETIVE", "")
	log := h.log.String()
	for _, secret := range []string{"川西纺织厂", "1000.00", "SECRETIVE", "receipt-1", "rl_", h.tokens[auth.Keeper][16:]} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	for _, want := range []string{`"pattern":"POST /v1/receipts"`, `"actor":"the-administrator"`, `"status":201`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}

func TestServerHasLimits(t *testing.T) {
	h := serve(t)
	s := h.door.Server("127.0.0.1:0")
	if s.ReadHeaderTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 || s.MaxHeaderBytes > http.DefaultMaxHeaderBytes {
		t.Errorf("%+v", s)
	}
}

// A token that sends too much is told when to come again; another token is served meanwhile.
func TestTooManyRequests(t *testing.T) {
	h := serve(t)
	h.door.Rate, h.door.Burst = 0.01, 3
	server := httptest.NewServer(h.door.Handler())
	defer server.Close()
	h.url = server.URL
	for range 3 {
		h.must(auth.Auditor, "GET", "/v1/items", "")
	}
	a := h.call(auth.Auditor, "GET", "/v1/items", "")
	if p := a.problem(t); p.Status != 429 || p.Type != "/problems/too-many-requests" || a.header.Get("Retry-After") != "100" {
		t.Errorf("%v %s", a.header, a.body)
	}
	h.must(auth.Keeper, "GET", "/v1/items", "")
	h.must("", "GET", "/healthz", "")
}
