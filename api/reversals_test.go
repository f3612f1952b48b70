package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/report"
)

// What must be reached to post an entry must be reached to undo it, also where it moves nothing, or only what both ends of a waybill may touch.
func TestUndoingAsksWhatPostingAsks(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/funds", `{"code":"CITY-GIFT","name":"市慈善捐赠"}`)
	h.must(auth.Administrator, "POST", "/v1/locations", `{"code":"WH-9","name":"成都库","kind":"warehouse","parent":"5101"}`)
	h.must(auth.Administrator, "POST", "/v1/locations", `{"code":"PT-0099","name":"关闭的取暖点","kind":"point","parent":"ST-5101-01"}`)
	for fund, key := range map[string]string{"WINTER-23": "g-1", "CITY-GIFT": "g-2"} {
		h.post("/v1/receipts", key, strings.NewReplacer("ST-5101-01", "WH-9", "WINTER-23", fund).Replace(tenQuilts))
	}
	keeper, point := h.bounded(auth.Keeper, "WH-9", ""), h.bounded(auth.Keeper, "PT-0031", "")
	bound, coordinator := h.bounded(auth.Keeper, "WH-9", "WINTER-23"), h.bounded(auth.Coordinator, "ST-5101-01", "WINTER-23")
	sent := 0
	post := func(path, body string) api.Entry {
		t.Helper()
		sent++
		return read[api.Entry](t, h.post(path, fmt.Sprint("p-", sent), body))
	}
	send := func(lines string) string {
		return post("/v1/transfers", `{"from":"WH-9","to":"PT-0031","on":"2024-03-02","lines":[`+lines+`]}`).Document
	}
	const both = `{"item":"QUILT","quantity":"1","fund":"WINTER-23"},{"item":"QUILT","quantity":"1","fund":"CITY-GIFT"}`
	proposed := post("/v1/short-closings", `{"waybill":"`+send(both)+`","reason":"lost","on":"2024-03-03"}`)
	agreed := post("/v1/short-closings", `{"waybill":"`+send(both)+`","reason":"lost","on":"2024-03-03"}`)
	agreement := read[api.Entry](t, h.must(auth.Finance, "POST", "/v1/short-closings/"+agreed.Document+"/approval", `{"on":"2024-03-03"}`, "Idempotency-Key: agreed"))
	short := post("/v1/transfers/"+send(both)+"/close-short", `{"reason":"lost","on":"2024-03-03"}`)
	refused := post("/v1/transfers/"+send(both)+"/arrivals", `{"on":"2024-03-03","lines":[{"item":"QUILT","quantity":"1","fund":"CITY-GIFT","outcome":"refused","reason":"wet"},{"item":"QUILT","quantity":"1","fund":"WINTER-23","outcome":"refused","reason":"wet"}]}`)
	at := h.bounded(auth.Keeper, "PT-0031", "WINTER-23")
	asked := post("/v1/requests", `{"from":"WH-9","to":"PT-0031","on":"2024-03-02","lines":[{"item":"QUILT","quantity":"1"}]}`)
	count := post("/v1/counts", `{"location":"WH-9","on":"2024-03-04","whole":true,"lines":[{"item":"QUILT","quantity":"1","fund":"WINTER-23"}]}`)
	closed := post("/v1/locations/PT-0099/closing", `{"reason":"warm","on":"2024-03-04"}`)
	dispatch := post("/v1/transfers", `{"from":"WH-9","to":"PT-0031","on":"2024-03-05","lines":[{"item":"QUILT","quantity":"1","fund":"WINTER-23"}]}`)

	const elsewhere, ofAll = `location \"%s\" is not in the register"`, `location \"%s\" is not in the register for fund CITY-GIFT"`
	for i, c := range []struct {
		what  string
		by    func(method, path, body, key string) answer
		entry api.Entry
		says  string
	}{
		{"a request of another place", keeper, asked, fmt.Sprintf(elsewhere, "PT-0031")},
		{"a closing by who is bound to a fund", coordinator, closed, fmt.Sprintf(elsewhere, "PT-0099")},
		{"the sender's close-short", point, short, fmt.Sprintf(ofAll, "WH-9")},
		{"the sender's close-short of two people", point, agreement, fmt.Sprintf(ofAll, "WH-9")},
		{"the sender's proposal", point, proposed, fmt.Sprintf(ofAll, "WH-9")},
		{"a proposal about two funds", bound, proposed, fmt.Sprintf(ofAll, "WH-9")},
		{"a count of two funds", bound, count, fmt.Sprintf(ofAll, "WH-9")},
		{"a refusal at the other end", keeper, refused, fmt.Sprintf(ofAll, "PT-0031")},
		{"a refusal of two funds", at, refused, fmt.Sprintf(ofAll, "PT-0031")},
		{"a dispatch to another place", keeper, dispatch, fmt.Sprintf(elsewhere, "PT-0031")},
	} {
		body := fmt.Sprintf(`{"entry":%d,"reason":"slip","on":"2024-03-05"}`, c.entry.Number)
		if a := c.by("POST", "/v1/reversals", body, fmt.Sprint("u-", i)); a.status != 422 || !strings.Contains(a.body, c.says) || !strings.Contains(a.body, `"pointer":"/entry"`) {
			t.Errorf("%s was undone: %d %s", c.what, a.status, a.body)
		}
	}
	// Who may post them may undo them.
	all := h.bounded(auth.Coordinator, "ST-5101-01", "")
	for i, c := range []struct {
		by    func(method, path, body, key string) answer
		entry api.Entry
	}{{keeper, short}, {keeper, agreement}, {keeper, proposed}, {keeper, count}, {point, refused}, {point, asked}, {all, closed}} {
		body := fmt.Sprintf(`{"entry":%d,"reason":"slip","on":"2024-03-05"}`, c.entry.Number)
		if a := c.by("POST", "/v1/reversals", body, fmt.Sprint("v-", i)); a.status != 201 {
			t.Errorf("%s: %d %s", c.entry.Kind, a.status, a.body)
		}
	}
}

// Every operation that posts has its kind in the table of reversals, and every kind its ground in the table of the reading room: the examples
// of the contract make one entry of each.
func TestEveryKindSaysWhatUndoingAsks(t *testing.T) {
	kinds, wrong := api.Posting()
	// What these post is of a kind that another operation posts too, or never taken back.
	others := []string{"approve-short-closing", "agree-to-reopening", "close-period", "propose-reopening", "reverse-entry"}
	for _, name := range wrong {
		if !slices.Contains(others, name) {
			t.Errorf("%s: the table of reversals has no operation that posts it, or no kind, or another verb", name)
		}
	}
	h := serve(t)
	h.tell()
	_, ended := endings(t)
	// Their moves are of money, which only a grant for everywhere reaches, or of what whoever closes a request keeps; the last four are never undone.
	nowhere := strings.Fields(`contribution budget budget-change purchase purchase-closing invoice freight payment interfund claim bank-statement bank-match
		request-closing reversal close reopen reopen-proposal`)
	for _, told := range []*house{h, ended} {
		var entries []ledger.Entry
		if err := told.book.DB().NewRaw("SELECT kind, min(number) AS number FROM entries WHERE book_id = ? GROUP BY kind", told.book.ID).Scan(t.Context(), &entries); err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			stands, err := report.Room{Book: told.book}.Grounds(t.Context(), entry)
			if err != nil || (len(stands) == 0) != slices.Contains(nowhere, entry.Kind) {
				t.Errorf("%s stands at %v: %v", entry.Kind, stands, err)
			}
			for _, g := range stands {
				if g.Path == "" {
					t.Errorf("%s stands at %q, which is no place", entry.Kind, g.Location)
				}
			}
			delete(kinds, entry.Kind)
		}
	}
	for kind, operation := range kinds {
		t.Errorf("nobody posts a %s: add the example of %s to the story", kind, operation)
	}
}
