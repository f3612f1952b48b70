package api_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

func handout(quantity string) string {
	return fmt.Sprintf(`{"location":"ST-5101-01","on":"2024-03-02","people":1,"lines":[{"item":"QUILT","quantity":"%s"}]}`, quantity)
}

func TestBulk(t *testing.T) {
	h := serve(t)
	h.furnish()
	lines := handout("4") + "," + handout("7") + "," + handout("0.5") + "," + handout("6")
	send := func(mode, query, key string) answer {
		return h.call(auth.Coordinator, "POST", "/v1/handouts/bulk"+query, fmt.Sprintf(`{"mode":"%s","lines":[%s]}`, mode, lines), "Idempotency-Key: "+key)
	}
	p := send("linked", "", "b-1").problem(t)
	if p.Status != 422 || len(p.Faults) != 1 || p.Faults[0].Pointer != "/lines/2/lines/0/quantity" {
		t.Errorf("linked with an invalid line: %+v", p)
	}
	lines = strings.Replace(lines, "0.5", "1", 1)
	p = send("linked", "", "b-1").problem(t)
	if p.Status != 409 || p.Type != "/problems/insufficient" || p.Faults[0].Pointer != "/lines/1/lines/0/quantity" || p.Faults[0].There != "6" || p.Faults[0].Asked != "7" {
		t.Errorf("linked with too little: %+v", p)
	}
	for _, dry := range []bool{true, false} {
		query := ""
		if dry {
			query = "?dry_run=true"
		}
		got := read[api.BulkAnswer](t, send("each", query, "b-2"))
		if got.Posted != 2 || got.Refused != 2 || got.Results[1].Problem == nil || got.Results[3].Problem == nil || got.Results[2].Entry == nil || got.Results[2].Entry.DryRun != dry {
			t.Errorf("each, dry %v: %+v", dry, got)
		}
	}
	if got := read[api.BulkAnswer](t, send("each", "", "b-2")); got.Posted != 0 || got.Same != 2 || got.Refused != 2 {
		t.Errorf("each again: %+v", got)
	}
	if stock := h.must(auth.Auditor, "GET", "/v1/stock?item=QUILT", ""); !strings.Contains(stock.body, `"quantity":"5"`) {
		t.Errorf("stock: %s", stock.body)
	}
	p = send("some", "", "b-3").problem(t)
	if p.Status != 422 || p.Faults[0].Pointer != "/mode" {
		t.Errorf("unknown mode: %+v", p)
	}
}

func TestOneKeyManySenders(t *testing.T) {
	h := serve(t)
	h.furnish()
	const senders = 50
	answers := make([]answer, senders)
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			answers[i] = h.call(auth.Coordinator, "POST", "/v1/handouts", handout("1"), "Idempotency-Key: same")
		})
	}
	wg.Wait()
	fresh, number := 0, read[api.Entry](t, answers[0]).Number
	for _, a := range answers {
		if a.status == 201 {
			fresh++
		}
		if a.status > 201 || read[api.Entry](t, a).Number != number {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if fresh != 1 {
		t.Errorf("%d senders were told 201, one wanted", fresh)
	}
}

func TestManyFightForTheLast(t *testing.T) {
	h := serve(t)
	h.furnish()
	var mu sync.Mutex
	counts := map[string]int{}
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			a := h.call(auth.Coordinator, "POST", "/v1/handouts", handout("1"), fmt.Sprintf("Idempotency-Key: fight-%d", i))
			outcome := fmt.Sprint(a.status)
			if a.status != 201 {
				outcome += a.problem(t).Type
			}
			mu.Lock()
			defer mu.Unlock()
			counts[outcome]++
		})
	}
	wg.Wait()
	if counts["201"] != 10 || counts["409/problems/insufficient"] != 90 {
		t.Errorf("%v", counts)
	}
}

func TestTransferStory(t *testing.T) {
	h := serve(t)
	h.furnish()
	sent := read[api.Entry](t, h.post("/v1/transfers", "t-1", `{"from":"ST-5101-01","to":"PT-0031","on":"2024-03-02","lines":[{"item":"QUILT","quantity":"4"}]}`))
	path := "/v1/transfers/" + sent.Document
	h.post(path+"/arrivals", "t-2", `{"on":"2024-03-03","lines":[{"item":"QUILT","quantity":"3","outcome":"good"}]}`)
	twice := h.call(auth.Keeper, "POST", path+"/arrivals", `{"on":"2024-03-03","lines":[{"item":"QUILT","quantity":"2","outcome":"good"}]}`, "Idempotency-Key: t-3")
	if p := twice.problem(t); p.Status != 409 || p.Type != "/problems/insufficient" {
		t.Errorf("receiving twice: %s", twice.body)
	}
	h.post(path+"/close-short", "t-4", `{"reason":"one quilt not found","on":"2024-03-04"}`)
	if a := h.must(auth.Auditor, "GET", path, ""); !strings.Contains(a.body, `"left":"0"`) || !strings.Contains(a.body, `"outcome":"closed-short"`) {
		t.Errorf("waybill: %s", a.body)
	}
	for _, other := range []string{"/v1/transfers/WB-NONE/recall", "/v1/transfers/GR-ST-5101-01-2024-00001/recall"} {
		if p := h.call(auth.Keeper, "POST", other, `{"reason":"x"}`, "Idempotency-Key: t-5").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", other, p)
		}
	}
	p := h.call(auth.Keeper, "POST", path+"/recall", `{"waybill":"WB-OTHER","reason":"x"}`, "Idempotency-Key: t-6").problem(t)
	if p.Status != 422 || p.Faults[0].Pointer != "/waybill" {
		t.Errorf("path and body differ: %+v", p)
	}
}

func TestTwoPeople(t *testing.T) {
	h := serve(t)
	h.furnish()
	proposal := read[api.Entry](t, h.post("/v1/write-offs", "w-1",
		`{"location":"ST-5101-01","reason":"wet","on":"2024-03-02","lines":[{"item":"QUILT","lot":"GR-ST-5101-01-2024-00001.1","fund":"WINTER-23","quantity":"2"}]}`))
	path := "/v1/write-offs/" + proposal.Document + "/approval"
	same := h.call(auth.Administrator, "POST", path, `{"certificate":"DC-1","on":"2024-03-03"}`, "Idempotency-Key: w-2")
	if p := same.problem(t); p.Status != 403 || p.Type != "/problems/same-person" {
		t.Errorf("approving one's own: %s", same.body)
	}
	if a := h.call(auth.Finance, "POST", path, `{"certificate":"DC-1","on":"2024-03-03"}`, "Idempotency-Key: w-2"); a.status != 201 {
		t.Errorf("approving another's: %d %s", a.status, a.body)
	}
}

func TestPeriodStory(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.post("/v1/periods/close", "p-1", `{"until":"2024-03-10","reason":"agreed with the bank"}`)
	late := h.call(auth.Coordinator, "POST", "/v1/handouts", handout("1"), "Idempotency-Key: late")
	if p := late.problem(t); p.Status != 409 || p.Type != "/problems/period-closed" || p.Faults[0].Pointer != "/on" {
		t.Errorf("into a closed period: %s", late.body)
	}
	asked := read[api.Entry](t, h.call(auth.Finance, "POST", "/v1/periods/reopen-proposals", `{"reason":"late invoice"}`, "Idempotency-Key: p-2"))
	consent := fmt.Sprintf(`{"proposal":%d}`, asked.Number)
	if p := h.call(auth.Finance, "POST", "/v1/periods/reopen", consent, "Idempotency-Key: p-3").problem(t); p.Status != 403 {
		t.Errorf("agreeing to one's own: %+v", p)
	}
	if a := h.call(auth.Administrator, "POST", "/v1/periods/reopen", consent, "Idempotency-Key: p-3"); a.status != 201 {
		t.Errorf("agreeing to another's: %d %s", a.status, a.body)
	}
	if a := h.call(auth.Coordinator, "POST", "/v1/handouts", handout("1"), "Idempotency-Key: late"); a.status != 201 {
		t.Errorf("after the reopening: %d %s", a.status, a.body)
	}
}

func TestClosingAPoint(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.post("/v1/transfers", "c-0", `{"from":"ST-5101-01","to":"PT-0031","on":"2024-03-02","lines":[{"item":"QUILT","quantity":"1"}]}`)
	h.post("/v1/transfers/WB-ST-5101-01-2024-00001/arrivals", "c-1", `{"on":"2024-03-03","lines":[{"item":"QUILT","quantity":"1","outcome":"good"}]}`)
	full := h.call(auth.Coordinator, "POST", "/v1/locations/PT-0031/closing", `{"reason":"end"}`, "Idempotency-Key: c-2")
	if p := full.problem(t); p.Status != 409 {
		t.Errorf("closing a full point: %s", full.body)
	}
	h.post("/v1/handouts", "c-3", `{"location":"PT-0031","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}`)
	if a := h.call(auth.Coordinator, "POST", "/v1/locations/PT-0031/closing", `{"reason":"end"}`, "Idempotency-Key: c-2"); a.status != 201 {
		t.Errorf("closing an empty point: %d %s", a.status, a.body)
	}
	if p := h.call(auth.Coordinator, "POST", "/v1/locations/PT-9999/closing", `{"reason":"end"}`, "Idempotency-Key: c-4").problem(t); p.Status != 404 {
		t.Errorf("closing nothing: %+v", p)
	}
}

func TestRegisterStory(t *testing.T) {
	h := serve(t)
	if a := h.must(auth.Coordinator, "POST", "/v1/items", quilt); a.status != 201 || a.header.Get("ETag") != `"v1"` {
		t.Errorf("created: %d %v", a.status, a.header)
	}
	if a := h.must(auth.Coordinator, "POST", "/v1/items", quilt); a.status != 200 || a.header.Get("ETag") != `"v1"` {
		t.Errorf("created again: %d %v", a.status, a.header)
	}
	if p := h.call(auth.Coordinator, "POST", "/v1/items", strings.Replace(quilt, "棉被", "厚棉被", 1)).problem(t); p.Status != 409 || p.Type != "/problems/already-done" {
		t.Errorf("the code with another name: %+v", p)
	}
	changed := h.must(auth.Coordinator, "PUT", "/v1/items/QUILT", strings.Replace(quilt, "棉被", "厚棉被", 1), `If-Match: "v1"`)
	if changed.status != 200 || changed.header.Get("ETag") != `"v2"` || !strings.Contains(changed.body, "厚棉被") {
		t.Errorf("changed: %d %v %s", changed.status, changed.header, changed.body)
	}
	if p := h.call(auth.Coordinator, "PUT", "/v1/items/QUILT", quilt, `If-Match: "v1"`).problem(t); p.Status != 412 || p.Type != "/problems/stale" {
		t.Errorf("changed by somebody else: %+v", p)
	}
	// What is read can be sent back.
	same := h.must(auth.Coordinator, "GET", "/v1/items/QUILT", "")
	if a := h.must(auth.Coordinator, "PUT", "/v1/items/QUILT", same.body, "If-Match: "+same.header.Get("ETag")); a.status != 200 {
		t.Errorf("sent back: %d %s", a.status, a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/items/QUILT/history", ""); !strings.Contains(a.body, `"changed_by":"the-coordinator"`) {
		t.Errorf("history: %s", a.body)
	}
}

func TestProofs(t *testing.T) {
	h := serve(t)
	h.furnish()
	dir := t.TempDir()
	key, err := ledger.OpenKey(filepath.Join(dir, "key"), h.book.Origin())
	if err != nil {
		t.Fatal(err)
	}
	sealer := &ledger.Sealer{DB: h.book.DB(), Book: h.book.Info, Key: key, File: filepath.Join(dir, "checkpoints"), Now: pgtest.Now}
	if _, err := sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.post("/v1/handouts", "proof", handout("1"))
	if _, err := sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/v1/entries/1/proof":                    `"hashes":["`,
		"/v1/entries/1/proof?size=1":             `"hashes":[]`,
		"/v1/checkpoint":                         `"size":2`,
		"/v1/checkpoint/consistency?from=1&to=2": `"hashes":["`,
	} {
		if a := h.must(auth.Auditor, "GET", path, ""); !strings.Contains(a.body, want) {
			t.Errorf("%s lacks %s: %s", path, want, a.body)
		}
	}
	public := h.must("", "GET", "/log/checkpoint", "")
	if _, err := ledger.OpenCheckpoint(public.body, key.Verifiers); err != nil {
		t.Error(err)
	}
	if tile := h.must("", "GET", "/log/tile/0/000.p/2", ""); len(tile.body) != 64 || !strings.Contains(tile.header.Get("Cache-Control"), "immutable") {
		t.Errorf("tile of %d bytes, %v", len(tile.body), tile.header)
	}
	for _, path := range []string{"/log/tile/0/000", "/log/tile/0/000.p/3", "/log/tile/9/000", "/log/tile/x", "/log/tile/8/0/000"} {
		if p := h.call("", "GET", path, "").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", path, p)
		}
	}
}
