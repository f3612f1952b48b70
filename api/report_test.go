package api_test

import (
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/report"
)

// campaignOf books a small campaign: 4 quilts handed out in two goes, one of them in bulk, one brought back.
func (h *house) campaignOf() {
	h.t.Helper()
	h.must(auth.Administrator, "POST", "/v1/campaigns", `{"code":"COLD","name":"寒冬送温暖","name_en":"Warmth in winter","starts_on":"2024-03-01","actions":[{"code":"PATROL","name":"街面巡查"}]}`)
	h.post("/v1/handouts", "h-1", `{"location":"ST-5101-01","campaign":"COLD","on":"2024-03-02","people":3,"lines":[{"item":"QUILT","quantity":"3"}]}`)
	h.post("/v1/handouts/bulk", "h-2", `{"mode":"each","lines":[{"location":"ST-5101-01","campaign":"COLD","on":"2024-03-03","people":2,"lines":[{"item":"QUILT","quantity":"2"}]}]}`)
	h.post("/v1/handouts/HO-ST-5101-01-2024-00001/returns", "h-3", `{"reason":"unused","on":"2024-03-04","lines":[{"item":"QUILT","quantity":"1"}]}`)
}

func TestEveryFigureOpensToItsEntries(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.campaignOf()
	b := read[report.Bulletin](t, h.must(auth.Auditor, "GET", "/v1/campaigns/COLD/bulletin", ""))
	quilts := false
	for _, f := range b.Figures {
		a := h.must(auth.Auditor, "GET", f.Query, "")
		if f.Code == "quilt" {
			quilts = true
			if f.Quantity != "4" || f.Text != "4床" {
				t.Errorf("quilts: %+v", f)
			}
			if j := read[api.Journal](t, a); len(j.Entries) != 3 || j.Entries[2].Quantity != "-1" {
				t.Errorf("opened: %s", a.body)
			}
		}
	}
	if !quilts {
		t.Error("the bulletin counts no quilts")
	}
}

func TestReadOperations(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.campaignOf()
	for path, want := range map[string]string{
		"/v1/items": `"code":"QUILT"`, "/v1/items/QUILT": `"unit":"床"`, "/v1/items/QUILT/history": `"version":1`,
		"/v1/locations?limit=1": `"next":"51"`, "/v1/locations?after=51&limit=1": `"code":"5101"`,
		"/v1/stock":                                     `"quantity":"6","value":"600.00"`,
		"/v1/stock?under=PT-0031":                       `"lines":[]`,
		"/v1/stock?as_of=2024-03-02":                    `"quantity":"7"`,
		"/v1/stock?by=location,fund,lot":                `"lot":"GR-ST-5101-01-2024-00001.1"`,
		"/v1/stock/card?location=ST-5101-01&item=QUILT": `"closing":{"quantity":"6","value":"600.00"}`,
		"/v1/funds/WINTER-23/statement":                 `"made_of"`,
		"/v1/trial-balance":                             `"debit":"1100.00"`,
		"/v1/agreement":                                 `"agreed":true`,
		"/v1/campaigns/COLD/bulletin/text":              "发放棉被：4床",
		"/v1/campaigns/COLD/bulletin/text?lang=en":      "quilts handed out: 4 quilts",
		"/v1/points":                                    `"points":`,
		"/v1/entries?kind=receipt":                      `"document":"GR-ST-5101-01-2024-00001"`,
		"/v1/entries/2":                                 `"kind":"handout"`,
		"/v1/documents/HO-ST-5101-01-2024-00001":        `"entry":2`,
		"/v1/checkpoint":                                `"size":0`,
		"/openapi.json":                                 `"openapi":"3.1.0"`,
	} {
		if a := h.must(auth.Auditor, "GET", path, ""); !strings.Contains(a.body, want) {
			t.Errorf("%s lacks %s: %s", path, want, a.body)
		}
	}
}

func TestQueriesAreChecked(t *testing.T) {
	h := serve(t)
	h.furnish()
	for path, want := range map[string]string{
		"/v1/stock?as_of=2024-02-30":          "as_of",
		"/v1/stock?as_of=1e9":                 "as_of",
		"/v1/stock?condition=lost":            "condition",
		"/v1/stock?by=colour":                 "by[0]",
		"/v1/stock?limit=5001":                "limit",
		"/v1/stock?limit=many":                "limit",
		"/v1/stock?colour=red":                "colour",
		"/v1/stock/card?item=QUILT":           "location",
		"/v1/entries?known_at=-1":             "known_at",
		"/v1/trial-balance?fund=" + long:      "fund",
		"/v1/campaigns/COLD/bulletin?lang=en": "lang",
	} {
		a := h.call(auth.Auditor, "GET", path, "")
		if p := a.problem(t); p.Status != 422 || p.Faults[0].Parameter != want {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	for _, path := range []string{"/v1/stock?known_at=99", "/v1/stock?under=NOWHERE", "/v1/funds/NONE/statement", "/v1/campaigns/NONE/bulletin", "/v1/items/NONE/history", "/v1/documents/NONE", "/v1/entries/1/proof"} {
		a := h.call(auth.Auditor, "GET", path, "")
		if p := a.problem(t); a.status != 404 || p.Status != 404 || p.Type != "/problems/not-found" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

var long = strings.Repeat("x", 81)
