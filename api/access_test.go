package api_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/report"
)

// anew is call with a token that no role of the fixture has.
func (h *house) anew(token, method, path, body string) answer {
	h.t.Helper()
	return h.call("", method, path, body, "Authorization: Bearer "+token)
}

func TestGrantsOverTheAPI(t *testing.T) {
	h := serve(t)
	h.furnish()
	const order = `{"actor":"li-na","role":"keeper","location":"PT-0031","fund":"WINTER-23"}`
	first := h.must(auth.Administrator, "POST", "/v1/grants", order)
	given := read[api.Grant](t, first)
	if first.status != 201 || given.Location != "PT-0031" || given.Fund != "WINTER-23" || given.GrantedBy != "the-administrator" {
		t.Errorf("given: %d %s", first.status, first.body)
	}
	if again := h.must(auth.Administrator, "POST", "/v1/grants", order); again.status != 200 || read[api.Grant](t, again) != given {
		t.Errorf("given again: %d %s", again.status, again.body)
	}
	for body, pointer := range map[string]string{
		`{"actor":"li-na","role":"keeper","location":"NOWHERE"}`: "/location", `{"actor":"li-na","role":"keeper","fund":"a b"}`: "/fund",
		`{"actor":"li na","role":"keeper"}`: "/actor", `{"actor":"li-na","role":"boss"}`: "/role", `{"actor":"li-na"}`: "/role",
	} {
		if p := h.call(auth.Administrator, "POST", "/v1/grants", body).problem(t); p.Status != 422 || p.Faults[0].Pointer != pointer {
			t.Errorf("%s: %+v", body, p)
		}
	}
	for path, want := range map[string]int{
		"/v1/grants": 6, "/v1/grants?actor=li-na": 1, "/v1/grants?role=keeper": 2, "/v1/grants?role=keeper&state=holding": 2, "/v1/grants?state=withdrawn": 0,
	} {
		if page := read[api.Page[api.Grant]](t, h.must(auth.Administrator, "GET", path, "")); len(page.Records) != want || page.Next != "" {
			t.Errorf("%s: %+v", path, page)
		}
	}
	page := read[api.Page[api.Grant]](t, h.must(auth.Administrator, "GET", "/v1/grants?limit=5", ""))
	rest := read[api.Page[api.Grant]](t, h.must(auth.Administrator, "GET", "/v1/grants?limit=5&after="+page.Next, ""))
	if len(page.Records) != 5 || len(rest.Records) != 1 || rest.Records[0].ID != given.ID {
		t.Errorf("pages %+v and %+v", page, rest)
	}
	one := read[api.Actor](t, h.must(auth.Administrator, "GET", "/v1/actors/li-na", ""))
	if len(one.Grants) != 1 || one.Grants[0] != given {
		t.Errorf("actor %+v", one)
	}
	for range 2 { // the second time its answer was lost
		ended := read[api.Grant](t, h.must(auth.Administrator, "POST", "/v1/grants/"+given.ID+"/withdrawal", ""))
		if ended.WithdrawnBy != "the-administrator" || ended.WithdrawnAt.IsZero() {
			t.Errorf("withdrawn: %+v", ended)
		}
	}
	list := read[api.Page[api.Actor]](t, h.must(auth.Administrator, "GET", "/v1/actors", ""))
	if len(list.Records) != 6 || list.Records[0].Code != "li-na" || len(list.Records[0].Grants) != 0 {
		t.Errorf("actors %+v", list)
	}
	last := h.grantOf("the-administrator")
	if p := h.call(auth.Administrator, "POST", "/v1/grants/"+last+"/withdrawal", "").problem(t); p.Status != 409 || p.Type != "/problems/last-way-in" {
		t.Errorf("the last grant: %+v", p)
	}
	for _, path := range []string{"/v1/grants/AAAAAAAAAAAA", "/v1/actors/nobody", "/v1/tokens/AAAAAAAAAAAA"} {
		if p := h.call(auth.Administrator, "GET", path, "").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", path, p)
		}
	}
	for _, path := range []string{"/v1/grants/AAAAAAAAAAAA/withdrawal", "/v1/tokens/AAAAAAAAAAAA/revocation"} {
		if p := h.call(auth.Administrator, "POST", path, "").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func (h *house) grantOf(actor string) string {
	h.t.Helper()
	return read[api.Page[api.Grant]](h.t, h.must(auth.Administrator, "GET", "/v1/grants?actor="+actor, "")).Records[0].ID
}

// A token's life over the API: made, used, rotated, revoked, and its secret seen once.
func TestTokensOverTheAPI(t *testing.T) {
	h := serve(t)
	h.furnish()
	const order = `{"actor":"li-na","name":"tablet","days":30}`
	if p := h.call(auth.Administrator, "POST", "/v1/tokens", order).problem(t); p.Status != 422 || p.Faults[0].Pointer != "/actor" {
		t.Errorf("a token for nobody: %+v", p)
	}
	h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"li-na","role":"auditor"}`)
	first := read[api.MadeToken](t, h.must(auth.Administrator, "POST", "/v1/tokens", order))
	if !strings.HasPrefix(first.Text, first.Prefix) || len(first.Beside) != 0 || first.ExpiresAt.Sub(first.CreatedAt).Hours() != 30*24 {
		t.Errorf("made: %+v", first)
	}
	if a := h.anew(first.Text, "GET", "/v1/items", ""); a.status != 200 {
		t.Errorf("the new token: %s", a.body)
	}
	second := read[api.MadeToken](t, h.must(auth.Administrator, "POST", "/v1/tokens", order))
	if len(second.Beside) != 1 || second.Beside[0] != first.ID {
		t.Errorf("rotated: %+v", second)
	}
	for _, token := range []string{first.Text, second.Text} {
		if a := h.anew(token, "GET", "/v1/items", ""); a.status != 200 {
			t.Errorf("while rotating: %s", a.body)
		}
	}
	used := read[api.Token](t, h.must(auth.Administrator, "GET", "/v1/tokens/"+first.ID, ""))
	if used.LastUsedAt.IsZero() || used.CreatedBy != "the-administrator" || used.Prefix != "rl_"+first.ID+"_" {
		t.Errorf("used: %+v", used)
	}
	for range 2 {
		if ended := read[api.Token](t, h.must(auth.Administrator, "POST", "/v1/tokens/"+first.ID+"/revocation", "")); ended.RevokedAt.IsZero() {
			t.Errorf("revoked: %+v", ended)
		}
	}
	if p := h.anew(first.Text, "GET", "/v1/items", "").problem(t); p.Status != 401 {
		t.Errorf("the revoked token: %+v", p)
	}
	lists := h.must(auth.Administrator, "GET", "/v1/tokens", "")
	if all := read[api.Page[api.Token]](t, lists); len(all.Records) != 7 {
		t.Errorf("tokens %+v", all)
	}
	for path, want := range map[string]int{"/v1/tokens?actor=li-na&state=live": 1, "/v1/tokens?state=ended": 1, "/v1/tokens?limit=2": 2} {
		a := h.must(auth.Administrator, "GET", path, "")
		if page := read[api.Page[api.Token]](t, a); len(page.Records) != want || (page.Next != "") != strings.Contains(path, "limit") {
			t.Errorf("%s: %s", path, a.body)
		}
		lists.body += a.body
	}
	for _, token := range append([]string{first.Text, second.Text}, h.tokens[auth.Keeper]) {
		if secret := strings.Split(token, "_")[2]; strings.Contains(lists.body, secret) || strings.Contains(h.log.String(), secret) {
			t.Errorf("the secret of %s is seen again", token)
		}
	}
	mine := strings.Split(h.tokens[auth.Administrator], "_")[1]
	if p := h.call(auth.Administrator, "POST", "/v1/tokens/"+mine+"/revocation", "").problem(t); p.Type != "/problems/last-way-in" {
		t.Errorf("the last token: %+v", p)
	}
	for _, wrong := range []string{`{"actor":"li-na","name":""}`, `{"actor":"li-na","name":"x","days":366}`, `{"actor":"li-na","name":"x","days":0}`, `{"actor":"li-na","name":"x","role":"finance"}`} {
		if p := h.call(auth.Administrator, "POST", "/v1/tokens", wrong).problem(t); p.Status != 422 {
			t.Errorf("%s: %+v", wrong, p)
		}
	}
	for _, path := range []string{"/v1/tokens?after=x", "/v1/tokens?state=good", "/v1/tokens?limit=501", "/v1/grants?sort=role", "/v1/actors?limit=0", "/v1/tokens/x"} {
		if p := h.call(auth.Administrator, "GET", path, "").problem(t); p.Status != 422 {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestOnlyAdministratorsAdminister(t *testing.T) {
	h := serve(t)
	for _, role := range []auth.Role{auth.Keeper, auth.Coordinator, auth.Finance, auth.Auditor} {
		for path, body := range map[string]string{"/v1/grants": `{"actor":"x","role":"administrator"}`, "/v1/tokens": `{"actor":"the-administrator","name":"x"}`} {
			for method, sent := range map[string]string{"GET": "", "POST": body} {
				if p := h.call(role, method, path, sent).problem(t); p.Status != 403 {
					t.Errorf("%s %s as %s: %+v", method, path, role, p)
				}
			}
		}
	}
}

func TestDualControlsAreListed(t *testing.T) {
	h := serve(t)
	h.tell()
	page := read[report.ControlPage](t, h.must(auth.Finance, "GET", "/v1/dual-controls?rule=write-off&state=agreed", ""))
	if len(page.Controls) != 1 {
		t.Fatalf("%+v", page)
	}
	if c := page.Controls[0]; strings.Join([]string{c.Rule, c.State, c.ProposedBy, c.AgreedBy}, " ") != "write-off agreed the-administrator the-finance" || c.Document != "WO-PT-0031-2024-00001" {
		t.Errorf("%+v", c)
	}
	if open := h.must(auth.Auditor, "GET", "/v1/dual-controls?state=open", ""); !strings.Contains(open.body, `"controls":[]`) {
		t.Errorf("%s", open.body)
	}
	if p := h.call(auth.Auditor, "GET", "/v1/dual-controls?state=maybe", "").problem(t); p.Status != 422 || p.Faults[0].Parameter != "state" {
		t.Errorf("%+v", p)
	}
}

// An administrator of one station gives, sees and ends what lies there, and cannot tell what lies elsewhere from what is not there.
func TestABoundedAdministrator(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.must(auth.Administrator, "POST", "/v1/locations", `{"code":"PT-0032","name":"别处","kind":"point","parent":"5101"}`)
	h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"local","role":"administrator","location":"ST-5101-01","fund":"WINTER-23"}`)
	far := read[api.Grant](t, h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"far","role":"keeper","location":"PT-0032"}`))
	token := read[api.MadeToken](t, h.must(auth.Administrator, "POST", "/v1/tokens", `{"actor":"local","name":"desk"}`)).Text
	farToken := read[api.MadeToken](t, h.must(auth.Administrator, "POST", "/v1/tokens", `{"actor":"far","name":"phone"}`))
	given := read[api.Grant](t, h.anew(token, "POST", "/v1/grants", `{"actor":"near","role":"keeper","location":"PT-0031","fund":"WINTER-23"}`))
	made := read[api.MadeToken](t, h.anew(token, "POST", "/v1/tokens", `{"actor":"near","name":"phone"}`))
	if given.GrantedBy != "local" || made.CreatedBy != "local" {
		t.Fatalf("%+v %+v", given, made)
	}
	for body, want := range map[string]string{
		`{"actor":"x","role":"keeper","location":"PT-0032","fund":"WINTER-23"}`: "422 /problems/not-found /location",
		`{"actor":"x","role":"keeper","location":"NOWHERE","fund":"WINTER-23"}`: "422 /problems/not-found /location",
		`{"actor":"x","role":"keeper","location":"PT-0031","fund":"NONE"}`:      "422 /problems/not-found /fund",
		`{"actor":"x","role":"keeper","location":"PT-0031"}`:                    "403 /problems/beyond-your-grants ",
		`{"actor":"x","role":"administrator","fund":"WINTER-23"}`:               "403 /problems/beyond-your-grants ",
		`{"actor":"local","role":"administrator"}`:                              "403 /problems/beyond-your-grants ",
		`{"actor":"far","name":"phone"} tokens`:                                 "422 /problems/not-found /actor",
		`{"actor":"nobody","name":"phone"} tokens`:                              "422 /problems/not-found /actor",
		`{"actor":"the-administrator","name":"phone"} tokens`:                   "422 /problems/not-found /actor",
	} {
		body, noun, _ := strings.Cut(body, " ")
		p := h.anew(token, "POST", "/v1/"+cmp.Or(noun, "grants"), body).problem(t)
		pointer := ""
		if len(p.Faults) > 0 {
			pointer = p.Faults[0].Pointer
		}
		if got := fmt.Sprint(p.Status, " ", p.Type, " ", pointer); got != want {
			t.Errorf("%s: %s, wanted %s", body, got, want)
		}
	}
	for path, method := range map[string]string{
		"/v1/grants/" + far.ID: "GET", "/v1/grants/" + far.ID + "/withdrawal": "POST", "/v1/actors/far": "GET", "/v1/actors/the-keeper": "GET",
		"/v1/tokens/" + farToken.ID: "GET", "/v1/tokens/" + farToken.ID + "/revocation": "POST",
	} {
		if p := h.anew(token, method, path, "").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", path, p)
		}
	}
	for path, want := range map[string]string{"/v1/actors": `"local" "near" `, "/v1/grants": `"local" "near" `, "/v1/tokens": `"near" "local" `} {
		a := h.anew(token, "GET", path, "")
		for _, hidden := range []string{"far", "the-", "PT-0032"} {
			if strings.Contains(strings.ReplaceAll(a.body, `"the-administrator"`, ""), hidden) {
				t.Errorf("%s shows %s: %s", path, hidden, a.body)
			}
		}
		for _, shown := range strings.Fields(want) {
			if !strings.Contains(a.body, shown) {
				t.Errorf("%s lacks %s: %s", path, shown, a.body)
			}
		}
	}
	if a := h.anew(farToken.Text, "GET", "/v1/actors", ""); a.status != 403 {
		t.Errorf("a keeper: %s", a.body)
	}
	p := h.call(auth.Administrator, "POST", "/v1/grants", `{"actor":"near","role":"auditor"}`).problem(t)
	if want := "token " + made.ID + " of near was ordered by local, who does not administer auditor"; p.Status != 409 || p.Type != "/problems/token-known" || len(p.Faults) != 1 || p.Faults[0].Message != want {
		t.Errorf("a token would grow: %+v", p)
	}
	h.must(auth.Administrator, "POST", "/v1/tokens/"+made.ID+"/revocation", "")
	h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"near","role":"auditor"}`)
	if p := h.anew(token, "POST", "/v1/tokens", `{"actor":"near","name":"phone"}`).problem(t); p.Type != "/problems/beyond-your-grants" {
		t.Errorf("acting for who holds more: %+v", p)
	}
}

// Whoever guesses tokens waits, before anything is looked up; a token that has opened the door lately is let through from there too.
func TestGuessersOfTokensWait(t *testing.T) {
	h := serve(t, func(d *api.Door) { d.Tries = 3 })
	h.must(auth.Keeper, "GET", "/v1/items", "")
	for range 5 { // none at all is no try
		if p := h.call("", "GET", "/v1/items", "").problem(t); p.Status != 401 {
			t.Fatalf("without a token: %+v", p)
		}
	}
	for i := range 5 {
		a := h.anew("rl_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAA", "GET", "/v1/items", "")
		p, limited := a.problem(t), i >= 3
		if (p.Status == 429) != limited || (p.Status == 401) == limited || (a.header.Get("Retry-After") != "") != limited {
			t.Errorf("try %d: %v %s", i+1, a.header, a.body)
		}
	}
	h.must(auth.Keeper, "GET", "/v1/items", "")
	if p := h.call(auth.Finance, "GET", "/v1/items", "").problem(t); p.Status != 429 {
		t.Errorf("a token that was not seen yet: %+v", p)
	}
	h.must("", "GET", "/healthz", "")
}

// Whoever answers for the money of a place only records none: what is owed and promised stands nowhere, and neither do the funds that lend each other goods.
func TestMoneyStandsNowhere(t *testing.T) {
	h := serve(t)
	h.furnish()
	local, officer := h.bounded(auth.Finance, "ST-5101-01", ""), h.bounded(auth.Finance, "", "WINTER-23")
	const order = `{"fund":"WINTER-23","party":"S-01","lines":[{"item":"QUILT","quantity":"1","value":"60.00"}]}`
	for path, body := range map[string]string{
		"/v1/purchases":      order,
		"/v1/purchases/bulk": `{"mode":"linked","lines":[` + order + `]}`,
		"/v1/purchases/PO-WINTER-23-2024-00001/closing": `{"reason":"nothing comes"}`,
		"/v1/interfunds": `{"from_fund":"WINTER-23","to_fund":"CITY-GIFT","account":"stock:ST-5101-01","item":"QUILT","quantity":"1","reason":"cold"}`,
	} {
		p := local("POST", path, body, "local"+path).problem(t)
		if p.Status != 403 || !strings.HasSuffix(p.Detail, " may record money at some places only; this concerns money or a fund as a whole, which stand nowhere.") {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if a := officer("POST", "/v1/purchases", order, "officer"); a.status != 201 {
		t.Errorf("the officer of the fund: %s", a.body)
	}
}
