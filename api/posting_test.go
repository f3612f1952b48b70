package api_test

import (
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

func TestReplayAndMismatchOfKeys(t *testing.T) {
	h := serve(t)
	h.furnish()
	first := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: k-1")
	if first.status != 201 || first.header.Get("Location") == "" || first.header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("first answer: %d %v %s", first.status, first.header, first.body)
	}
	again := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: k-1")
	if again.status != 200 || again.header.Get("Idempotency-Replayed") != "true" {
		t.Fatalf("replay: %d %v", again.status, again.header)
	}
	if want := strings.Replace(first.body, `"replayed":false`, `"replayed":true`, 1); again.body != want {
		t.Errorf("replay answers\n%s\nthe first was\n%s", again.body, want)
	}
	other := h.call(auth.Keeper, "POST", "/v1/receipts", strings.Replace(tenQuilts, `"10"`, `"11"`, 1), "Idempotency-Key: k-1")
	p := other.problem(t)
	if p.Status != 409 || p.Type != "/problems/key-reused" || len(p.Faults) != 1 || p.Faults[0].Pointer != "/lines/0/quantity" {
		t.Errorf("mismatch: %+v", p)
	}
}

// TestReplayAfterRetirement: a receipt that is sent again gets its first answer although its item takes nothing new in any more.
func TestReplayAfterRetirement(t *testing.T) {
	h := serve(t)
	h.furnish()
	const bulk = `{"mode":"linked","lines":[{"location":"ST-5101-01","people":1,"lines":[{"item":"QUILT","quantity":"1"}]},
		{"location":"ST-5101-01","people":1,"lines":[{"item":"QUILT","quantity":"2"}]}]}`
	first := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: again")
	h.must(auth.Keeper, "POST", "/v1/handouts/bulk", bulk, "Idempotency-Key: many")
	h.must(auth.Administrator, "PUT", "/v1/locations/ST-5101-01",
		`{"code":"ST-5101-01","name":"成都市救助管理站","kind":"station","parent":"5101","closes_on":"2024-03-10"}`, `If-Match: "v1"`)
	h.must(auth.Administrator, "PUT", "/v1/items/QUILT", `{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt",
		"packs":[{"name":"包","quantity":"20"}],"retired":true}`, `If-Match: "v1"`)
	again := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: again")
	if want := strings.Replace(first.body, `"replayed":false`, `"replayed":true`, 1); again.status != 200 || again.body != want {
		t.Errorf("replay: %d %s", again.status, again.body)
	}
	fresh := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: fresh")
	if p := fresh.problem(t); p.Status != 422 && p.Status != 409 {
		t.Errorf("a retired item came in: %+v", p)
	}
	if many := read[api.BulkAnswer](t, h.call(auth.Keeper, "POST", "/v1/handouts/bulk", bulk, "Idempotency-Key: many")); many.Same != 2 {
		t.Errorf("bulk replay: %+v", many)
	}
}

// TestALinkedRequestIsOneGroup: a line that only its first answer knows, because its item was retired since, is of the group that it was
// posted in, and no new line joins that.
func TestALinkedRequestIsOneGroup(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/items", `{"code":"COAT","name":"棉衣","unit":"件","category":"clothing"}`)
	coats := strings.Replace(tenQuilts, "QUILT", "COAT", 1)
	send := func(query, keys string) answer {
		return h.call(auth.Keeper, "POST", "/v1/receipts/bulk"+query, `{"mode":"linked","keys":[`+keys+`],"lines":[`+tenQuilts+`,`+coats+`]}`, "Idempotency-Key: send")
	}
	if a := read[api.BulkAnswer](t, send("", `"a","b"`)); a.Posted != 2 {
		t.Fatalf("first: %+v", a)
	}
	h.must(auth.Administrator, "PUT", "/v1/items/QUILT", `{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt",
		"packs":[{"name":"包","quantity":"20"}],"retired":true}`, `If-Match: "v1"`)
	if a := read[api.BulkAnswer](t, send("", `"a","b"`)); a.Same != 2 {
		t.Errorf("again: %+v", a)
	}
	for _, query := range []string{"?dry_run=true", ""} {
		p := send(query, `"a","c"`).problem(t)
		if p.Status != 409 || p.Type != "/problems/key-reused" || len(p.Faults) != 1 || p.Faults[0].Pointer != "/lines/1" ||
			p.Faults[0].Message != "key c is new, but others of its group were posted before" {
			t.Errorf("a new line among old ones%s: %+v", query, p)
		}
	}
	if a := h.call(auth.Auditor, "GET", "/v1/entries/4", ""); a.status != 404 {
		t.Errorf("a refused line was posted: %d %s", a.status, a.body)
	}
}

// TestLinesWithKeysOfTheirOwn: a line is known again whatever stands beside it.
func TestLinesWithKeysOfTheirOwn(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.post("/v1/receipts", "in", tenQuilts)
	line := func(quantity string) string {
		return `{"location":"ST-5101-01","people":1,"lines":[{"item":"QUILT","quantity":"` + quantity + `"}]}`
	}
	send := func(key, keys string, lines ...string) answer {
		return h.call(auth.Keeper, "POST", "/v1/handouts/bulk", `{"mode":"each","keys":[`+keys+`],"lines":[`+strings.Join(lines, ",")+`]}`, "Idempotency-Key: "+key)
	}
	if a := read[api.BulkAnswer](t, send("first", `"a","b","c"`, line("1"), line("50"), line("1"))); a.Posted != 2 || a.Refused != 1 {
		t.Errorf("first: %+v", a)
	}
	if a := read[api.BulkAnswer](t, send("second", `"c","b"`, line("1"), line("2"))); a.Posted != 1 || a.Same != 1 {
		t.Errorf("second: %+v", a)
	}
	for keys, want := range map[string]string{
		`"d"`:     "/keys keys: 1, lines: 2; one key for each line wanted, or none",
		`"d","d"`: "/keys expected array items to be unique",
		`"d",""`:  "/keys/1 expected length >= 1",
	} {
		p := send("third", keys, line("1"), line("1")).problem(t)
		if p.Status != 422 || p.Faults[0].Pointer+" "+p.Faults[0].Message != want {
			t.Errorf("keys %s: %+v", keys, p)
		}
	}
}

// TestReplayAfterReversedBudget: a change of a budget that was reversed since gets its first answer again, a new one is refused.
func TestReplayAfterReversedBudget(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.post("/v1/budgets", "budget", `{"on":"2024-03-01","fund":"WINTER-23","name":"冬季预算","starts_on":"2024-01-01","ends_on":"2024-12-31","lines":[{"code":"QUILTS","name":"棉被","amount":"500.00"}]}`)
	const path, raise = "/v1/budgets/BG-WINTER-23-2024-00001/changes", `{"on":"2024-03-02","reason":"the cold wave","lines":[{"code":"QUILTS","amount":"10.00"}]}`
	first := h.post(path, "raise", raise)
	h.post("/v1/reversals", "undo-3", `{"entry":3,"reason":"slip"}`)
	h.post("/v1/reversals", "undo-2", `{"entry":2,"reason":"slip"}`)
	again := h.call(auth.Administrator, "POST", path, raise, "Idempotency-Key: raise")
	if want := strings.Replace(first.body, `"replayed":false`, `"replayed":true`, 1); again.status != 200 || again.body != want {
		t.Errorf("replay: %d %s", again.status, again.body)
	}
	p := h.call(auth.Administrator, "POST", path, raise, "Idempotency-Key: fresh").problem(t)
	if p.Status != 409 || len(p.Faults) != 1 || p.Faults[0].Pointer != "/budget" || p.Faults[0].Message != "budget BG-WINTER-23-2024-00001 was reversed" {
		t.Errorf("a new change: %+v", p)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	h := serve(t)
	h.furnish()
	before := h.call(auth.Auditor, "GET", "/v1/entries/2", "")
	got := h.call(auth.Keeper, "POST", "/v1/receipts?dry_run=true", tenQuilts, "Idempotency-Key: dry")
	e := read[api.Entry](t, got)
	if got.status != 200 || !e.DryRun || e.Number != 2 || len(e.Moves) != 1 || e.Moves[0].Value != "1000.00" {
		t.Fatalf("dry run: %d %s", got.status, got.body)
	}
	if len(e.Balances) != 2 || e.Balances[0].Quantity != "10" && e.Balances[1].Quantity != "10" {
		t.Errorf("balances: %+v", e.Balances)
	}
	after := h.call(auth.Auditor, "GET", "/v1/entries/2", "")
	if before.status != 404 || after.status != 404 {
		t.Errorf("entry 2 before %d, after %d: %s", before.status, after.status, after.body)
	}
	if real := h.call(auth.Keeper, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: dry"); real.status != 201 {
		t.Errorf("the key of a dry run is free: %d %s", real.status, real.body)
	}
}

func TestEveryFailingLineIsNamed(t *testing.T) {
	h := serve(t)
	h.furnish()
	a := h.call(auth.Keeper, "POST", "/v1/receipts", `{"location":"NOWHERE","kind":"purchase","party":"S-01","fund":"WINTER-23",
		"lines":[{"item":"QUILT","quantity":"10","value":"1000.00"},{"item":"NOTHING","quantity":"1","value":"1.00"},{"item":"QUILT","quantity":"1.5","value":"1.00"}]}`, "Idempotency-Key: k-2")
	p := a.problem(t)
	var pointers []string
	for _, f := range p.Faults {
		pointers = append(pointers, f.Pointer+" "+f.Code)
	}
	got := strings.Join(pointers, ", ")
	if p.Status != 422 || got != "/location not-found, /lines/1/item not-found, /lines/2/quantity invalid" {
		t.Errorf("%d: %s\n%s", p.Status, got, a.body)
	}
}

func TestReversalNeedsTheRoleOfTheOriginal(t *testing.T) {
	h := serve(t)
	h.furnish()
	undo := `{"entry":1,"reason":"counted twice"}`
	a := h.call(auth.Finance, "POST", "/v1/reversals", undo, "Idempotency-Key: r-1")
	if p := a.problem(t); p.Status != 403 || p.Type != "/problems/forbidden" || p.Hint != "Allowed to: keeper, administrator." {
		t.Errorf("finance undoes a receipt: %+v", p)
	}
	if a := h.call(auth.Keeper, "POST", "/v1/reversals", undo, "Idempotency-Key: r-1"); a.status != 201 {
		t.Errorf("keeper undoes a receipt: %d %s", a.status, a.body)
	}
	a = h.call(auth.Keeper, "POST", "/v1/reversals", undo, "Idempotency-Key: r-2")
	if p := a.problem(t); p.Status != 409 || p.Type != "/problems/already-done" {
		t.Errorf("twice: %+v", p)
	}
}
