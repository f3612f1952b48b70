package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// The walk sends every operation of the contract as every principal, with the name of something foreign wherever something can be named,
// and once more with a name that is nowhere: both must be answered alike. It reads the contract that the server gives, and fails at a
// parameter or a property that it cannot tell to be a name or none, so that nothing new passes it unseen.

// principal is somebody who walks.
type principal struct {
	name           string
	role           auth.Role
	location, fund string
	token          string
}

// names says what each property of a body and each parameter names; "" names nothing that belongs to somebody.
var names = map[string]string{
	"location": "location", "from_location": "location", "parent": "location", "under": "location", "sender": "location", "receiver": "location",
	"fund": "fund", "from_fund": "fund", "to_fund": "fund", "giver": "fund", "taker": "fund",
	"document": "document", "receipt": "document", "claimed": "document", "waybill": "document", "handout": "document", "count": "document", "purchase": "document", "request": "document", "lot": "lot", "account": "account",
	"entry": "entry", "reverses": "entry", "number": "entry", "proposal": "proposal", "code": "code",
	"from": "from", "to": "to",
}

// unnamed are properties and parameters that name nothing foreign: numbers, texts, dates, and what the whole book shares.
var unnamed = strings.Fields(`action actions actor after age alone amount as_of bank batch before by campaign carrier category certificate children claim
	class classification closed_until closes_on components condition credit_code custody damaged days decimals difference division dry_run drill
	Last-Event-ID Idempotency-Key If-Match ends_on evidence expires expires_on final id item item_category keys kind known_at lang limit lines measure measures mode name name_en
	note on open opens_on order outcome pack packs party payee payment people phone prepayment price_difference produced_on pseudonym purpose
	quantity reason received reference restricted retired role rule sex shelf_life_days since size source starts_on state unit unit_price until
	unvalued valid_from valid_until value vehicle wait act keep_until expected remark budget may_exceed bank_lines entries opening closing counterparty text
	path blind complete whole quarantined partial needed_by needed_until expires_by held`)

// particular are names that say something else in the operations of one noun, or nothing: by noun, and within it by name.
var particular = map[string]map[string]string{
	"locations": {"code": "location"}, "funds": {"code": "fund"},
	"actors":  {"code": "actor"},
	"grants":  {"id": "grant", "actor": "actor"},
	"tokens":  {"id": "token", "actor": "actor"},
	"persons": {"pseudonym": "person", "number": ""},
}

// provable are operations whose answer is the same for everybody.
var provable = map[string]string{
	"prove-entry":       "the log is public, and a hash tells nothing of what it seals",
	"prove-consistency": "the log is public", "read-checkpoint": "the log is public",
}

// walk is a book with a near and a far station, on which every test of the walk goes.
type walk struct {
	*house
	operations map[string]located
	schemas    map[string]contractSchema
	foreign    map[string]string // documents of the far station by the noun of their route, and single names
	entries    map[string]int64
	posts      []farPost
	head       int64
}

// farPost is what was booked at the far station, under which key.
type farPost struct{ key, noun, path, body string }

// on is the walk for one part of the test.
func (w *walk) on(t *testing.T) *walk {
	part, h := *w, *w.house
	h.t = t
	part.house = &h
	return &part
}

// far books at a second station, in funds of its own, what the examples of the contract book at the first.
func (w *walk) far() {
	h := w.house
	for _, body := range []string{
		`{"code":"5132","name":"甘孜州","kind":"prefecture","parent":"51"}`, `{"code":"ST-5132-01","name":"甘孜州救助站","kind":"station","parent":"5132"}`,
		`{"code":"PT-0032","name":"远处取暖点","kind":"point","parent":"ST-5132-01"}`,
	} {
		h.must(auth.Administrator, "POST", "/v1/locations", body)
	}
	for _, body := range []string{`{"code":"FAR-GIFT","name":"远方捐赠"}`, `{"code":"FAR-TRUST","name":"远方信托"}`} {
		h.must(auth.Administrator, "POST", "/v1/funds", body)
	}
	post := func(noun, path, body string) {
		key := "far-" + noun + "/0" // as that of the first line of a bulk request under the key before the stroke
		made := read[struct {
			Entry    int64  `json:"entry"`
			Document string `json:"document"`
		}](h.t, h.post(path, key, body))
		if noun != "periods" && noun != "reopenings" { // the whole book shares them
			w.posts = append(w.posts, farPost{key, noun, path, body})
		}
		w.foreign[noun], w.entries[noun] = made.Document, made.Entry
	}
	post("contributions", "/v1/contributions", `{"on":"2023-11-01","fund":"FAR-GIFT","kind":"gift","party":"D-01","bank":"CCB-01","amount":"7777.00"}`)
	post("receipts", "/v1/receipts", `{"location":"ST-5132-01","kind":"purchase","party":"S-01","fund":"FAR-GIFT","on":"2023-11-03","lines":[{"item":"QUILT","quantity":"77","value":"7700.00"}]}`)
	w.foreign["lot"] = w.foreign["receipts"] + ".1"
	post("invoices", "/v1/invoices", `{"on":"2023-11-10","receipt":"`+w.foreign["receipts"]+`","party":"S-01","amount":"100.00"}`)
	post("freights", "/v1/freights", `{"on":"2023-11-10","receipt":"`+w.foreign["receipts"]+`","party":"C-01","amount":"40.00"}`)
	post("payments", "/v1/payments", `{"on":"2023-12-26","kind":"relief-cash","fund":"FAR-GIFT","bank":"CCB-01","payee":"p-9","amount":"20.00","location":"ST-5132-01"}`)
	post("interfunds", "/v1/interfunds", `{"on":"2023-12-27","from_fund":"FAR-GIFT","to_fund":"FAR-TRUST","account":"stock:ST-5132-01","item":"QUILT","quantity":"2","reason":"cold"}`)
	post("arrived", "/v1/transfers", `{"from":"ST-5132-01","to":"PT-0032","carrier":"C-01","on":"2023-12-01","lines":[{"item":"QUILT","quantity":"9"}]}`)
	post("arrivals", "/v1/transfers/"+w.foreign["arrived"]+"/arrivals", `{"on":"2023-12-02","lines":[{"item":"QUILT","quantity":"7","outcome":"good"},{"item":"QUILT","quantity":"2","outcome":"short","claim":true,"reason":"missing"}]}`)
	post("claims", "/v1/claims", `{"on":"2023-12-20","claimed":"`+w.foreign["arrivals"]+`","fund":"FAR-GIFT","received":"10.00","bank":"CCB-01"}`)
	post("handouts", "/v1/handouts", `{"location":"PT-0032","on":"2023-12-24","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}`)
	post("undone", "/v1/handouts", `{"location":"PT-0032","on":"2023-12-24","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}`)
	post("reversals", "/v1/reversals", fmt.Sprintf(`{"entry":%d,"on":"2023-12-24","reason":"slip"}`, w.entries["undone"]))
	post("write-offs", "/v1/write-offs", `{"location":"PT-0032","reason":"wet","on":"2024-01-05","lines":[{"item":"QUILT","lot":"`+w.foreign["lot"]+`","fund":"FAR-GIFT","quantity":"1"}]}`)
	post("activities", "/v1/activities", `{"campaign":"COLD-23","action":"PATROL","location":"PT-0032","on":"2023-12-24","measures":[{"measure":"patrol-staff","quantity":"12"}]}`)
	post("kits", "/v1/kits", `{"location":"ST-5132-01","item":"KIT","quantity":"3","fund":"FAR-GIFT","on":"2024-01-05","lines":[{"item":"QUILT","quantity":"2"}]}`)
	post("transfers", "/v1/transfers", `{"from":"ST-5132-01","to":"PT-0032","carrier":"C-01","on":"2024-01-06","lines":[{"item":"QUILT","quantity":"5"}]}`)
	post("requests", "/v1/requests", `{"from":"ST-5132-01","to":"PT-0032","on":"2024-01-06","lines":[{"item":"QUILT","quantity":"6","fund":"FAR-GIFT"}]}`)
	post("reservations", "/v1/requests/"+w.foreign["requests"]+"/reservation", `{"on":"2024-01-06"}`)
	post("short-closings", "/v1/short-closings", `{"waybill":"`+w.foreign["transfers"]+`","reason":"lost","on":"2024-01-07"}`)
	post("counts", "/v1/counts", `{"location":"PT-0032","on":"2024-01-09","remark":"two counters","lines":[{"item":"QUILT","lot":"`+w.foreign["lot"]+`","fund":"FAR-GIFT","quantity":"1"}]}`)
	post("budgets", "/v1/budgets", `{"on":"2024-01-08","fund":"FAR-GIFT","name":"远方预算","starts_on":"2024-01-01","ends_on":"2024-12-31","lines":[{"code":"QUILTS","name":"棉被","amount":"500.00"}]}`)
	post("purchases", "/v1/purchases", `{"on":"2024-01-09","fund":"FAR-GIFT","party":"S-01","budget":"QUILTS","lines":[{"item":"QUILT","quantity":"5","unit_price":"100.00"}]}`)
	post("bank-statements", "/v1/bank-statements", `{"bank":"CCB-02","from":"2024-01-01","to":"2024-01-09","opening":"0.00","closing":"0.00","lines":[{"on":"2024-01-08","amount":"5.00"},{"on":"2024-01-09","amount":"-5.00"}]}`)
	post("bank-matches", "/v1/bank-matches", `{"on":"2024-01-09","bank":"CCB-02","bank_lines":["`+w.foreign["bank-statements"]+`.1","`+w.foreign["bank-statements"]+`.2"]}`)
	// Goods of a foreign fund at a near point: there are more of them than of its own.
	post("beside", "/v1/receipts", `{"location":"PT-0031","kind":"in-kind","party":"D-01","fund":"FAR-GIFT","on":"2023-11-30","evidence":"quotation","lines":[{"item":"QUILT","quantity":"555","value":"5550.00"}]}`)
	post("periods", "/v1/periods/close", `{"until":"2023-10-01","reason":"before the winter"}`)
	post("reopenings", "/v1/periods/reopen-proposals", `{"reason":"a late receipt"}`)
	w.foreign["location"], w.foreign["fund"], w.foreign["account"] = "PT-0032", "FAR-GIFT", "stock:ST-5132-01"
	grant := read[api.Grant](h.t, h.must(auth.Administrator, "POST", "/v1/grants", `{"actor":"far-keeper","role":"keeper","location":"PT-0032","fund":"FAR-GIFT"}`))
	token := read[api.MadeToken](h.t, h.must(auth.Administrator, "POST", "/v1/tokens", `{"actor":"far-keeper","name":"phone"}`))
	w.foreign["actor"], w.foreign["grant"], w.foreign["token"] = "far-keeper", grant.ID, token.ID
	h.must(auth.Administrator, "PUT", "/v1/persons/P-FAR", wang)
	w.foreign["person"] = "P-FAR"
}

// reaches reports whether something of a kind is not foreign to somebody: places to whoever is bound to funds alone, funds to whoever is bound to places alone.
func (p principal) reaches(kind, noun string) bool {
	switch kind {
	case "location":
		return p.location == ""
	case "fund":
		return p.fund == ""
	case "account": // lending looks its place up, in a register that whoever is bound to funds alone reads
		return noun == "interfunds" && p.location == ""
	}
	return noun == "activities" && p.location == "" || noun == "beside" && p.fund == ""
}

// stand-ins are a foreign name and one that is nowhere.
func (w *walk) pair(kind, noun string) (foreign, nowhere string) {
	switch kind {
	case "location":
		return "PT-0032", "PT-0099"
	case "fund":
		return "FAR-GIFT", "NO-SUCH-1"
	case "account":
		return "stock:ST-5132-01", "stock:ST-9999-01"
	case "actor":
		return w.foreign["actor"], "no-keeper"
	case "person":
		return w.foreign["person"], "P-NONE"
	case "grant", "token":
		return w.foreign[kind], "AAAAAAAAAAAA"
	case "lot":
		return w.foreign["lot"], strings.Replace(w.foreign["lot"], "5132", "9999", 1)
	case "entry", "proposal":
		return strconv.FormatInt(w.entries[noun], 10), "99999"
	}
	f := w.foreign[noun]
	return f, strings.NewReplacer("0032", "0099", "5132", "9999", "FAR-GIFT", "NO-SUCH-1", "RV-20", "RV-19").Replace(f)
}

// send sends as a principal; no token sends none.
func (w *walk) send(p principal, method, path, body, key string) answer {
	w.t.Helper()
	r, _ := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if method == http.MethodPut {
		r.Header.Set("If-Match", `"v1"`)
	}
	r.Header.Set("Idempotency-Key", key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	if got.Header.Get("Content-Type") == "text/event-stream; charset=utf-8" {
		return answer{got.StatusCode, got.Header, firstEvents(got.Body)} // it would go on
	}
	text, _ := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	return answer{got.StatusCode, got.Header, string(text)}
}

func firstEvents(body io.Reader) string {
	var seen strings.Builder
	for lines := bufio.NewScanner(body); lines.Scan() && lines.Text() != ": up to date"; {
		seen.WriteString(lines.Text() + "\n")
	}
	return seen.String()
}

var instance = regexp.MustCompile(`urn:request:[A-Z0-9]+|wb|"known_at":\d+`)

// alike is an answer with the name in it, and what differs between any two requests, taken out.
func alike(a answer, name string) string {
	word := regexp.MustCompile(`(^|[^A-Za-z0-9])` + regexp.QuoteMeta(name) + `($|[^A-Za-z0-9])`)
	body := word.ReplaceAllString(instance.ReplaceAllString(a.body, ""), "${1}NAME${2}")
	_, place, _ := strings.Cut(name, ":")
	if place != "" {
		body = strings.ReplaceAll(body, place, "NAME")
	}
	return fmt.Sprint(a.status, " ", body)
}

// slot is a place where something is named: a path parameter, a query parameter, or a member of the body by its JSON path.
type slot struct {
	where, name, kind string
	at                []any
}

func (w *walk) slots(op located) []slot {
	var all []slot
	add := func(where, name string, at []any) {
		kind, is := names[name]
		switch {
		case name == "from" || name == "to":
			if is = where == "body" && (op.ID == "dispatch-goods" || op.ID == "ask-for-goods"); is {
				kind = "location"
			}
		case op.ID == "give-grant" && name == "actor":
			is = false // an actor is made where there is none; whoever has bounds gives anybody something within them
		case particular[w.noun(op)] != nil:
			if own, has := particular[w.noun(op)][name]; has {
				kind, is = own, own != "" && (where != "body" || name != "code")
			} else if name == "code" {
				is = false
			}
		case name == "code":
			is = false
		}
		if is {
			all = append(all, slot{where, name, kind, at})
		} else if _, known := names[name]; !known && !slices.Contains(unnamed, name) {
			w.t.Errorf("%s: the walk does not know what %s %s names: add it to names or to unnamed", op.ID, where, name)
		}
	}
	for _, p := range op.Parameters {
		add(p.In, p.Name, nil)
	}
	if op.RequestBody != nil {
		w.members(op.RequestBody.Content["application/json"].Schema, nil, func(name string, at []any) { add("body", name, at) })
	}
	return all
}

// members tells the members that a body may have, also those that its example leaves out, of the first line of a list.
func (w *walk) members(schema contractSchema, at []any, tell func(string, []any)) {
	if schema.Ref != "" {
		schema = w.schemas[strings.TrimPrefix(schema.Ref, "#/components/schemas/")]
	}
	if schema.Items != nil {
		w.members(*schema.Items, append(slices.Clone(at), 0), tell)
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		here := append(slices.Clone(at), name)
		tell(name, here)
		w.members(schema.Properties[name], here, tell)
	}
}

func (w *walk) noun(op located) string {
	noun, _, _ := strings.Cut(strings.TrimPrefix(op.path, "/v1/"), "/")
	return noun
}

// own fills the path of an operation with names of the near station.
var own = strings.NewReplacer("{code}", "PT-0031", "{document}", "GR-ST-5101-01-2023-00001", "{number}", "2", "{id}", "AAAAAAAAAAAA", "{pseudonym}", "p-1")

// fill is the request of an operation with one name in one slot. A bulk request is one line of it, so that nothing else is posted.
func fill(op located, s slot, name string) (path, body string) {
	path = op.path
	if s.where == "path" {
		path = strings.Replace(path, "{"+s.name+"}", name, 1)
	}
	path = own.Replace(path)
	if op.ID == "prove-consistency" {
		path += "?from=1"
	}
	if op.ID == "read-stock-card" {
		path += "?item=QUILT&location=PT-0031"
		if s.where == "query" && s.name == "location" {
			path = strings.Replace(path, "location=PT-0031&", "", 1)
			path = strings.Replace(path, "&location=PT-0031", "", 1)
		}
	}
	if strings.HasSuffix(op.ID, "-bulletin") || op.ID == "read-bulletin-text" {
		path = strings.Replace(path, "PT-0031", "COLD-23", 1)
	}
	if s.where == "query" {
		join := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		path += join + s.name + "=" + name
	}
	if op.RequestBody == nil {
		return path, ""
	}
	var v any
	_ = json.Unmarshal(op.RequestBody.Content["application/json"].Example, &v)
	if s.where == "body" {
		v = put(v, s.at, name, s.kind)
	}
	if object, is := v.(map[string]any); is && op.method == http.MethodPut && s.where == "path" {
		object["code"] = name
	}
	if object, is := v.(map[string]any); is && op.bulk() {
		object["lines"] = object["lines"].([]any)[:1]
	}
	text, _ := json.Marshal(v)
	return path, string(text)
}

func (op located) bulk() bool { return strings.HasSuffix(op.ID, "-in-bulk") }

// modes are the bodies in which something is sent: in bulk linked and each by itself, else as it is.
func (op located) modes(body string) []string {
	if !op.bulk() {
		return []string{body}
	}
	return []string{strings.Replace(body, `"mode":"each"`, `"mode":"linked"`, 1), strings.Replace(body, `"mode":"linked"`, `"mode":"each"`, 1)}
}

func put(v any, at []any, value, kind string) any {
	if len(at) == 0 {
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && (kind == "entry" || kind == "proposal") {
			return n
		}
		return value
	}
	if name, is := at[0].(string); is {
		object, _ := v.(map[string]any)
		if object == nil {
			object = map[string]any{}
		}
		object[name] = put(object[name], at[1:], value, kind)
		return object
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		list = []any{nil}
	}
	list[0] = put(list[0], at[1:], value, kind)
	return list
}

func (w *walk) number() (head int64) {
	if err := w.book.DB().NewRaw("SELECT number FROM heads WHERE book_id = ?", w.book.ID).Scan(w.t.Context(), &head); err != nil {
		w.t.Fatal(err)
	}
	return head
}

func newWalk(t *testing.T) *walk {
	h := serve(t, func(d *api.Door) { d.Rate, d.Burst = 1e6, 1e6 })
	h.tell()
	w := &walk{house: h, operations: h.operations(), schemas: h.contract().Components.Schemas, foreign: map[string]string{}, entries: map[string]int64{}}
	w.far()
	w.seal()
	w.head = w.number()
	return w
}

// seal signs a checkpoint, so that there is something to prove.
func (w *walk) seal() {
	key, err := ledger.OpenKey(w.t.(*testing.T).TempDir()+"/log.key", w.book.Origin())
	if err == nil {
		_, err = ledger.Seal(w.t.Context(), w.book.DB(), w.book.Info, key, pgtest.Now())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) somebody(role auth.Role, location, fund string) principal {
	p := principal{name: fmt.Sprintf("%s under %q of %q", role, location, fund), role: role, location: location, fund: fund}
	shown, err := w.door.Keyring.Issue(w.t.Context(), auth.Order{
		Actor: strings.ToLower(string(role) + "-at-" + location + "-of-" + fund), Role: role, Name: "walk", Life: time.Hour, By: "test", Location: location, Fund: fund,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p.token = shown
	return p
}

// allowed reports whether the contract lets a role do it.
func (op located) allowed(role auth.Role) bool {
	_, who, _ := strings.Cut(op.Description, "Allowed to: ")
	who, _, _ = strings.Cut(who, ".")
	return slices.Contains(strings.Split(who, ", "), string(role))
}
