package api_test

import (
	"fmt"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

const wang = `{"name":"王小明","phone":"13812345678","number":"11010519491231002x","keep_until":"2199-06-30","purpose":"winter parcel"}`

// A person from the pseudonym to the erasure; the book never notices, and no log holds who it is.
func TestAPersonOverTheAPI(t *testing.T) {
	h := serve(t)
	h.furnish()
	p := read[api.Pseudonym](t, h.must(auth.Coordinator, "POST", "/v1/persons/pseudonyms", `{"number":"11010519491231002X"}`)).Pseudonym
	if again := read[api.Pseudonym](t, h.must(auth.Coordinator, "POST", "/v1/persons/pseudonyms", `{"number":"110105 19491231 002x"}`)).Pseudonym; again != p {
		t.Errorf("one number has %s and %s", p, again)
	}
	if other := read[api.Pseudonym](t, h.must(auth.Coordinator, "POST", "/v1/persons/pseudonyms", `{}`)).Pseudonym; other == p || len(other) != len(p) {
		t.Errorf("a random one: %s", other)
	}
	h.post("/v1/handouts", "handout", `{"location":"ST-5101-01","on":"2024-03-02","people":1,"pseudonym":"`+p+`","lines":[{"item":"QUILT","quantity":"1"}]}`)
	before := h.state()

	h.must(auth.Coordinator, "PUT", "/v1/persons/"+p, wang)
	look := h.must(auth.Coordinator, "POST", "/v1/persons/"+p+"/looks", `{"purpose":"call back"}`)
	if who := read[api.Person](t, look); who.Name != "王小明" || who.Number != "11010519491231002X" || who.KeepUntil.String() != "2199-06-30" {
		t.Errorf("%+v", who)
	}
	h.must(auth.Coordinator, "PUT", "/v1/persons/"+p, strings.Replace(wang, "13812345678", "13987654321", 1))
	found := read[api.FoundPersons](t, h.must(auth.Administrator, "POST", "/v1/persons/search", `{"number":"11010519491231002X","purpose":"came again"}`))
	if len(found.Persons) != 1 || found.Persons[0].Phone != "13987654321" || found.Persons[0].Pseudonym != p {
		t.Errorf("found %+v", found)
	}
	h.must(auth.Coordinator, "POST", "/v1/persons/"+p+"/erasure", `{"purpose":"the person asked for it"}`)
	for path, body := range map[string]string{"looks": `{"purpose":"call back"}`, "erasure": `{"purpose":"again"}`} {
		if gone := h.call(auth.Coordinator, "POST", "/v1/persons/"+p+"/"+path, body).problem(t); gone.Status != 404 {
			t.Errorf("%s after erasing: %+v", path, gone)
		}
	}
	if none := read[api.FoundPersons](t, h.must(auth.Coordinator, "POST", "/v1/persons/search", `{"number":"11010519491231002X","purpose":"came again"}`)); len(none.Persons) != 0 {
		t.Errorf("found after erasing: %+v", none)
	}
	if after := h.state(); after != before {
		t.Errorf("the book was\n%s and is\n%s", before, after)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/entries/2", ""); !strings.Contains(a.body, `"kind":"handout"`) {
		t.Errorf("the handout: %s", a.body)
	}
	page := read[api.LookPage](t, h.must(auth.Auditor, "GET", "/v1/persons/looks?limit=5", ""))
	rest := read[api.LookPage](t, h.must(auth.Auditor, "GET", fmt.Sprintf("/v1/persons/looks?limit=5&after=%d", page.Next), ""))
	var told []string
	for _, l := range append(page.Looks, rest.Looks...) {
		told = append(told, fmt.Sprintf("%s %t %s: %s", l.Act, l.Found, l.Actor, l.Purpose))
	}
	want := []string{
		"keep false the-coordinator: winter parcel", "read true the-coordinator: call back", "keep true the-coordinator: winter parcel", "find true the-administrator: came again",
		"erase true the-coordinator: the person asked for it",
	}
	if fmt.Sprint(told[:5]) != fmt.Sprint(want) || len(told) != 8 || rest.Next != 0 {
		t.Errorf("looks %q", told)
	}
	log := h.log.String()
	for _, personal := range []string{"王小明", "1381234", "1398765", "11010519491231002"} {
		if strings.Contains(log, personal) {
			t.Errorf("the log holds %s", personal)
		}
	}
}

// state is every number and every hash of the book.
func (h *house) state() (text string) {
	h.t.Helper()
	if err := h.book.DB().NewRaw(`SELECT (SELECT string_agg(e::text, ' ' ORDER BY number) FROM entries e) || (SELECT string_agg(c::text, ' ' ORDER BY cell) FROM cells c)
		|| (SELECT string_agg(m::text, ' ' ORDER BY number, line) FROM moves m)`).Scan(h.t.Context(), &text); err != nil {
		h.t.Fatal(err)
	}
	return text
}

func TestPersonsAreRefused(t *testing.T) {
	h := serve(t)
	for body, pointer := range map[string]string{
		strings.Replace(wang, "002x", "0021", 1):          "/number",
		strings.Replace(wang, "2199", "2001", 1):          "/keep_until",
		strings.Replace(wang, "王小明", "", 1):               "/name",
		strings.Replace(wang, `"winter parcel"`, `""`, 1): "/purpose",
	} {
		a := h.call(auth.Coordinator, "PUT", "/v1/persons/P-1", body, "Accept-Language: zh")
		if p := a.problem(t); p.Status != 422 || p.Faults[0].Pointer != pointer || strings.Contains(a.body, "11010519491231") {
			t.Errorf("%s: %s", pointer, a.body)
		}
	}
	for path, body := range map[string]string{"/v1/persons/search": `{"number":"123","purpose":"x"}`, "/v1/persons/pseudonyms": `{"number":"11010519491231002Y"}`} {
		if p := h.call(auth.Coordinator, "POST", path, body).problem(t); p.Status != 422 || p.Faults[0].Pointer != "/number" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	for _, role := range []auth.Role{auth.Keeper, auth.Finance, auth.Auditor} {
		if p := h.call(role, "POST", "/v1/persons/P-1/looks", `{"purpose":"curious"}`).problem(t); p.Status != 403 {
			t.Errorf("%s: %+v", role, p)
		}
	}
	if p := h.call(auth.Coordinator, "GET", "/v1/persons/looks", "").problem(t); p.Status != 403 {
		t.Errorf("who looks reads the record of looks: %+v", p)
	}
	random := serve(t, func(d *api.Door) { d.Persons.Secret = nil })
	if p := random.call(auth.Coordinator, "POST", "/v1/persons/pseudonyms", `{"number":"11010519491231002X"}`).problem(t); p.Status != 422 || p.Faults[0].Pointer != "/number" {
		t.Errorf("without a secret: %+v", p)
	}
	off := serve(t, func(d *api.Door) { d.Persons = nil })
	if p := off.call(auth.Coordinator, "PUT", "/v1/persons/P-1", wang).problem(t); p.Status != 404 || p.Hint != "An operator turns it on with persons-db." {
		t.Errorf("without a register: %+v", p)
	}
}
