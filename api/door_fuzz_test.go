package api_test

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

// in is the house as one input of a fuzz target sees it: what belongs to the target itself may not be used inside of it.
func (h *house) in(t *testing.T) *house {
	one := *h
	one.t = t
	return &one
}

// tireless lets one token ask as often as a fuzzer does, and keeps no log of it.
func tireless(d *api.Door) {
	d.Rate, d.Burst, d.Log = 1e9, 1e9, slog.New(slog.DiscardHandler)
}

// FuzzBody: whatever is sent as a request, the answer is one that the contract describes, never a failing server, and a trial writes nothing.
func FuzzBody(f *testing.F) {
	h := serve(f, tireless)
	h.furnish()
	for _, seed := range []string{
		tenQuilts, strings.Replace(tenQuilts, `"10"`, `"1e9999"`, 1), strings.Replace(tenQuilts, `"10"`, `10`, 1), strings.Replace(tenQuilts, `"kind"`, `"KIND":1,"kind"`, 1),
		strings.Replace(tenQuilts, "S-01", `S-\u0000`, 1), strings.Replace(tenQuilts, "S-01", `S-\ud800`, 1), strings.Replace(tenQuilts, "2024-03-01", "9999-12-31", 1),
		strings.Replace(tenQuilts, `[{`, `[{},{`, 1), `{"lines":null}`, `[]`, `{}`, ``, "\xff", strings.Repeat("[", 600),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		h := h.in(t)
		a := h.call(auth.Administrator, "POST", "/v1/receipts?dry_run=true", string(body), "Idempotency-Key: fuzz", "Content-Type: application/json")
		if !slices.Contains([]int{200, 400, 409, 422}, a.status) {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a.status != 200 {
			if p := a.problem(t); a.status != 400 && len(p.Faults) == 0 {
				t.Errorf("nothing says what is wrong: %s", a.body)
			}
		}
		if now := read[api.Journal](t, h.must(auth.Auditor, "GET", "/v1/entries?since=0", "")); now.KnownAt != 1 {
			t.Fatalf("a trial wrote entry %d", now.KnownAt)
		}
	})
}

// FuzzCursor: whatever is sent as the place where a page begins, nothing comes twice and nothing from before it, or the cursor is refused.
func FuzzCursor(f *testing.F) {
	h := serve(f, tireless)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/items", `{"code":"SOAP","name":"香皂","unit":"块","category":"hygiene"}`)
	h.post("/v1/receipts", "receipt-2", strings.Replace(tenQuilts, "QUILT", "SOAP", 1))
	for _, seed := range []string{"", "QUILT", "SOAP", "5101", "QUILT/stock///", "QUILT/stock//", "1", "-1", "9223372036854775808", "1e3", "'", "\x00", "\xff", "%", "棉被", "a/b/c/d/e/f", " "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, after string) {
		h := h.in(t)
		given := url.Values{"after": {after}, "limit": {"1"}}.Encode()
		for path, begins := range beginnings {
			a := h.call(auth.Administrator, "GET", path+"?"+given, "")
			switch {
			case a.status == 400 || a.status == 422:
				a.problem(t)
			case a.status != 200:
				t.Fatalf("%s after %q: %d %s", path, after, a.status, a.body)
			case !begins(t, a, after):
				t.Errorf("%s after %q begins with %s", path, after, a.body)
			}
		}
	})
}

// beginnings say of lists whether a page begins behind its cursor, in the order of bytes.
var beginnings = map[string]func(t *testing.T, a answer, after string) bool{
	"/v1/items":     behindCode,
	"/v1/locations": behindCode,
	"/v1/stock": func(t *testing.T, a answer, after string) bool {
		lines := read[struct {
			Lines []struct{ Item, Condition string }
		}](t, a).Lines
		return len(lines) == 0 || slices.Compare([]string{lines[0].Item, lines[0].Condition, "", "", ""}, strings.Split(after, "/")) > 0
	},
	"/v1/entries": func(t *testing.T, a answer, after string) bool {
		entries := read[api.Journal](t, a).Entries
		n, _ := strconv.ParseInt(after, 10, 64)
		return len(entries) == 0 || entries[0].Number > n
	},
	"/v1/receipts": func(t *testing.T, a answer, after string) bool {
		receipts := read[struct{ Documents []struct{ Entry int64 } }](t, a).Documents
		n, _ := strconv.ParseInt(after, 10, 64)
		return len(receipts) == 0 || receipts[0].Entry > n
	},
}

func behindCode(t *testing.T, a answer, after string) bool {
	records := read[struct{ Records []struct{ Code string } }](t, a).Records
	return len(records) == 0 || records[0].Code > after
}
