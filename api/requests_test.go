package api_test

import (
	"fmt"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/report"
)

// bounded lets somebody in who holds one role at a place, and of a fund where one is named; it answers with how they send.
func (h *house) bounded(role auth.Role, location, fund string) func(method, path, body, key string) answer {
	h.t.Helper()
	w := &walk{house: h}
	p := w.somebody(role, location, fund)
	return func(method, path, body, key string) answer { h.t.Helper(); return w.send(p, method, path, body, key) }
}

func TestRequestStory(t *testing.T) {
	h := serve(t)
	h.furnish()
	const request = "RQ-PT-0031-2024-00001"
	ask := func(quantity string) string {
		return `{"from":"ST-5101-01","to":"PT-0031","on":"2024-03-02","needed_by":"2024-03-05","lines":[{"item":"QUILT","quantity":"` + quantity + `"}]}`
	}
	dry := read[api.Entry](t, h.call(auth.Coordinator, "POST", "/v1/requests?dry_run=true", ask("8"), "Idempotency-Key: q-1"))
	if !dry.DryRun || dry.Document != request || len(dry.Moves) != 0 {
		t.Errorf("dry run %+v", dry)
	}
	first := read[api.Entry](t, h.call(auth.Coordinator, "POST", "/v1/requests", ask("8"), "Idempotency-Key: q-1"))
	if again := h.call(auth.Coordinator, "POST", "/v1/requests", ask("8"), "Idempotency-Key: q-1"); again.status != 200 || read[api.Entry](t, again).Number != first.Number {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	path := "/v1/requests/" + request
	for _, c := range []struct {
		role       auth.Role
		path, body string
		status     int
		kind, says string
	}{
		{auth.Finance, "", ask("1"), 403, "/problems/forbidden", ""},
		{auth.Auditor, "/" + request + "/reservation", `{"on":"2024-03-02"}`, 403, "/problems/forbidden", ""},
		{auth.Keeper, "/" + request + "/reservation", `{"on":"2024-03-02","lines":[{"item":"QUILT","quantity":"9"}]}`, 409, "/problems/insufficient", "request " + request + " has 8 of QUILT open, 9 wanted"},
		{auth.Keeper, "/" + request + "/reservation", `{"request":"RQ-X","on":"2024-03-02"}`, 422, "/problems/invalid", "the path names " + request + ", the body RQ-X"},
		{auth.Keeper, "/RQ-NONE/reservation", `{"on":"2024-03-02"}`, 404, "/problems/not-found", "there is no request RQ-NONE"},
		{auth.Keeper, "/" + request + "/release", `{"on":"2024-03-02","reason":"none came"}`, 409, "/problems/insufficient", "reserved:" + request + " holds 0 of everything, something left wanted"},
		{auth.Keeper, "/RQ-NONE/closing", `{"reason":"x"}`, 404, "/problems/not-found", "there is no request RQ-NONE"},
	} {
		a := h.call(c.role, "POST", "/v1/requests"+c.path, c.body, "Idempotency-Key: q-2")
		if p := a.problem(t); p.Status != c.status || p.Type != c.kind || !strings.Contains(a.body, c.says) {
			t.Errorf("%s %s %s: %s", c.role, c.path, c.body, a.body)
		}
	}
	h.call(auth.Keeper, "POST", path+"/reservation", `{"on":"2024-03-02","lines":[{"item":"QUILT","quantity":"6"}]}`, "Idempotency-Key: q-3")
	if a := h.must(auth.Auditor, "GET", "/v1/stock?under=ST-5101-01&by=location", ""); !strings.Contains(a.body, `"condition":"reserved","location":"ST-5101-01","waybill":"","request":"`+request+`"`) ||
		!strings.Contains(a.body, `"quantity":"6","value":"600.00"`) || !strings.Contains(a.body, `"quantity":"4","value":"400.00"`) {
		t.Errorf("stock %s", a.body)
	}
	card := read[report.Card](t, h.must(auth.Auditor, "GET", "/v1/stock/card?location=ST-5101-01&item=QUILT&condition=reserved", ""))
	if len(card.Lines) != 1 || card.Lines[0].Account != "stock:ST-5101-01" || card.Closing.Quantity != "6" {
		t.Errorf("card %+v", card)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/entries?class=reserved&under=ST-5101-01", ""); !strings.Contains(a.body, `"kind":"reservation"`) {
		t.Errorf("entries of what is reserved: %s", a.body)
	}
	h.post("/v1/transfers", "q-4", `{"from":"ST-5101-01","to":"PT-0031","request":"`+request+`","on":"2024-03-03","lines":[{"item":"QUILT","quantity":"5"}]}`)
	if a := h.must(auth.Auditor, "GET", path, ""); !strings.Contains(a.body, `"state":"partly-dispatched"`) ||
		!strings.Contains(a.body, `{"item":"QUILT","fund":"","asked":"8","reserved":"1","dispatched":"5","open":"2"}`) || !strings.Contains(a.body, `"act":"dispatch"`) || !strings.Contains(a.body, `"quantity":"1","value":"100.00"`) {
		t.Errorf("request %s", a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/transfers", ""); !strings.Contains(a.body, `"request":"`+request+`"`) {
		t.Errorf("transfers %s", a.body)
	}
	for query, want := range map[string]int{
		"": 1, "?state=partly-dispatched": 1, "?state=open": 0, "?item=QUILT&sender=ST-5101-01": 1, "?item=COAT": 0, "?needed_until=2024-03-05": 1, "?needed_until=2024-03-04": 0,
	} {
		if page := read[report.DocumentPage[report.RequestHead]](t, h.must(auth.Auditor, "GET", "/v1/requests"+query, "")); len(page.Documents) != want {
			t.Errorf("%s lists %+v", query, page.Documents)
		}
	}
	h.post(path+"/closing", "q-5", `{"reason":"warm again","on":"2024-03-06"}`)
	if a := h.must(auth.Auditor, "GET", path, ""); !strings.Contains(a.body, `"state":"closed"`) {
		t.Errorf("request %s", a.body)
	}
}

// Who keeps a point asks the station above; who keeps the station reserves; each sees what stands between them, and nobody else does.
func TestRequestsAreBoundToTheirEnds(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/funds", `{"code":"CITY-GIFT","name":"市慈善捐赠"}`)
	h.must(auth.Administrator, "POST", "/v1/locations", `{"code":"PT-0032","name":"别处取暖点","kind":"point","parent":"ST-5101-01"}`)
	h.post("/v1/receipts", "gift", strings.Replace(tenQuilts, "WINTER-23", "CITY-GIFT", 1))
	point, beside := h.bounded(auth.Coordinator, "PT-0031", ""), h.bounded(auth.Coordinator, "PT-0032", "")
	station, bound := h.bounded(auth.Keeper, "ST-5101-01", ""), h.bounded(auth.Keeper, "ST-5101-01", "WINTER-23")
	const request = "RQ-PT-0031-2024-00001"
	wants := func(a answer, status int, says string) {
		t.Helper()
		if a.status != status || !strings.Contains(a.body, says) {
			t.Errorf("%d %s, %d %s wanted", a.status, a.body, status, says)
		}
	}
	ask := `{"from":"ST-5101-01","to":"PT-0031","on":"2024-03-02","lines":[{"item":"QUILT","quantity":"14"}]}`
	wants(beside("POST", "/v1/requests", ask, "r-1"), 422, `location \"PT-0031\" is not in the register`)
	wants(point("POST", "/v1/requests", ask, "r-1"), 201, request)
	path := "/v1/requests/" + request
	for _, sees := range []func(method, path, body, key string) answer{point, station, bound} {
		wants(sees("GET", path, "", ""), 200, `"state":"open"`)
		wants(sees("GET", "/v1/requests?state=open", "", ""), 200, request)
	}
	wants(beside("GET", path, "", ""), 404, "there is no request "+request)
	wants(beside("GET", "/v1/requests", "", ""), 200, `"documents":[]`)
	wants(beside("POST", path+"/closing", `{"reason":"not mine"}`, "r-2"), 404, "there is no request "+request)
	wants(point("POST", path+"/reservation", `{"on":"2024-03-03"}`, "r-3"), 404, `location \"ST-5101-01\" is not in the register`)
	wants(bound("POST", path+"/reservation", `{"on":"2024-03-03"}`, "r-4"), 409, "stock:ST-5101-01 holds 10 of QUILT, 14 wanted")
	wants(station("POST", path+"/reservation", `{"on":"2024-03-03"}`, "r-5"), 201, `"RS-ST-5101-01-2024-00001"`)

	// The state is the same word for all, whatever they see of the goods; the stock of a place is that of who keeps it.
	for _, sees := range []func(method, path, body, key string) answer{point, station, bound} {
		wants(sees("GET", "/v1/requests", "", ""), 200, `"state":"reserved"`)
	}
	wants(station("GET", "/v1/stock?condition=reserved&under=ST-5101-01", "", ""), 200, `"quantity":"14"`)
	wants(point("GET", "/v1/stock?under=PT-0031", "", ""), 200, `"lines":[]`)
	wants(point("GET", "/v1/documents/RS-ST-5101-01-2024-00001", "", ""), 200, `"kind":"reservation"`)
	wants(beside("GET", "/v1/documents/RS-ST-5101-01-2024-00001", "", ""), 404, "")

	// A waybill for the request is taken back by who sent it: what the receiver may not reserve, it may not put back either.
	sent := station("POST", "/v1/transfers", `{"from":"ST-5101-01","to":"PT-0031","request":"`+request+`","on":"2024-03-03","lines":[{"item":"QUILT","quantity":"14"}]}`, "r-11")
	wants(sent, 201, `"WB-ST-5101-01-2024-00001"`)
	undo := fmt.Sprintf(`{"entry":%d,"reason":"x","on":"2024-03-03"}`, read[api.Entry](t, sent).Number)
	receiver := h.bounded(auth.Keeper, "PT-0031", "")
	wants(receiver("GET", "/v1/documents/WB-ST-5101-01-2024-00001", "", ""), 200, `"kind":"dispatch"`)
	wants(receiver("POST", "/v1/reversals", undo, "r-12"), 422, `location \"ST-5101-01\" is not in the register`)
	wants(point("POST", "/v1/reversals", undo, "r-13"), 422, `location \"ST-5101-01\" is not in the register`)
	wants(station("GET", path, "", ""), 200, `"state":"fulfilled"`)
	wants(station("POST", "/v1/reversals", undo, "r-14"), 201, `"kind":"reversal"`)
	wants(station("GET", path, "", ""), 200, `"state":"reserved"`)

	// Goods come back only to who keeps them: neither the point nor the keeper of one fund may end what still has goods of others.
	wants(point("POST", path+"/closing", `{"reason":"came from elsewhere","on":"2024-03-04"}`, "r-6"), 409, "QUILT would move between places or of a fund that its sender does not reach")
	wants(point("POST", path+"/release", `{"reason":"came from elsewhere","on":"2024-03-04"}`, "r-7"), 404, `location \"ST-5101-01\" is not in the register`)
	wants(bound("POST", path+"/closing", `{"reason":"came from elsewhere","on":"2024-03-04"}`, "r-8"), 409, "goods are reserved for request "+request+" that whoever closes it does not reach")
	wants(station("POST", path+"/release", `{"reason":"came from elsewhere","on":"2024-03-04"}`, "r-9"), 201, `"RL-ST-5101-01-2024-00001"`)
	wants(point("POST", path+"/closing", `{"reason":"came from elsewhere","on":"2024-03-04"}`, "r-10"), 201, `"RX-PT-0031-2024-00001"`)
	wants(bound("GET", path, "", ""), 200, `"state":"closed"`)
	wants(bound("GET", "/v1/documents/RX-PT-0031-2024-00001", "", ""), 200, `"kind":"request-closing"`)
}
