package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/chinese"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/person"
	"reliefledger/warehouse"
)

// house is a served book with a token for every role.
type house struct {
	t      testing.TB
	book   *ledger.Book
	door   *api.Door
	url    string
	tokens map[auth.Role]string
	log    *lockedBuffer
	judge  *api.Judge
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve serves a book; tune changes the door before it opens.
func serve(t testing.TB, tune ...func(*api.Door)) *house {
	t.Helper()
	book := pgtest.Book(t)
	h := &house{t: t, book: book, tokens: map[auth.Role]string{}, log: &lockedBuffer{}, judge: api.NewJudge()}
	keeper, officer, desk := warehouse.NewKeeper(book, pgtest.Now), fund.NewOfficer(book, pgtest.Now), campaign.NewDesk(book, pgtest.Now)
	keeper.Charge, keeper.Campaign, officer.Campaign = officer.Charge, desk.Check, desk.Check
	open := func(ctx context.Context, code string, on ledger.Date) error {
		l, err := keeper.Locations.Find(ctx, code)
		if err != nil {
			return err
		}
		return l.Open(on)
	}
	officer.Place, desk.Place = open, open
	h.door = &api.Door{
		Book: book, Keeper: keeper, Officer: officer, Desk: desk,
		Keyring: auth.NewKeyring(book.DB(), book.ID, time.Now), Log: slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	secret, err := person.OpenSecret(t.TempDir() + "/persons.key")
	if err != nil {
		t.Fatal(err)
	}
	h.door.Persons = &api.Persons{Register: person.Open(pgtest.As(t, book.DB(), person.Role), book.ID, book.Zone, pgtest.Now), Secret: &secret}
	for _, role := range auth.Roles {
		shown, err := h.door.Keyring.Issue(t.Context(), auth.Order{Actor: "the-" + string(role), Role: role, Name: "test", Life: time.Hour, By: "test"})
		if err != nil {
			t.Fatal(err)
		}
		h.tokens[role] = shown
	}
	for _, change := range tune {
		change(h.door)
	}
	server := httptest.NewServer(h.door.Handler())
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem is the problem that came back.
func (a answer) problem(t testing.TB) api.Problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("answer %d has content type %q: %s", a.status, got, a.body)
	}
	p := read[api.Problem](t, a)
	if p.Status != a.status {
		t.Errorf("the problem says %d, the answer %d: %s", p.Status, a.status, a.body)
	}
	return p
}

func read[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// call sends a request as a role; no role sends no token. Header lines are "Name: value". Every answer is held against the contract.
func (h *house) call(as auth.Role, method, path, body string, header ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+h.tokens[as])
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.judge.Check(r, got.StatusCode, got.Header.Get("Content-Type"), string(text)); err != nil {
		h.t.Errorf("%v\n%s", err, text)
	}
	a := answer{got.StatusCode, got.Header, string(text)}
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/problem") {
		saidInChinese(h.t, a)
	}
	return a
}

// saidInChinese wants the Chinese of everything that a problem says in English: of what the sources put together only while running, too.
func saidInChinese(t testing.TB, a answer) {
	t.Helper()
	p := a.problem(t)
	said := []string{p.Hint}
	if len(p.Faults) == 0 {
		said = append(said, p.Detail)
	}
	for _, f := range p.Faults {
		said = append(said, f.Message, f.Hint)
	}
	for _, english := range said {
		if !isSaid(english) {
			t.Errorf("%q has no Chinese: add it to internal/chinese\n%s", english, a.body)
		}
	}
}

func isSaid(english string) bool {
	if _, known := chinese.Of(english); known || english == "" || api.IsHint(english) {
		return true
	}
	return strings.ContainsFunc(english, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// must is call for what has to work.
func (h *house) must(as auth.Role, method, path, body string, header ...string) answer {
	h.t.Helper()
	a := h.call(as, method, path, body, header...)
	if a.status >= 300 {
		h.t.Fatalf("%s %s: %d %s\n%s", method, path, a.status, a.body, h.log.String())
	}
	return a
}

// post posts under a key as the administrator.
func (h *house) post(path, key, body string) answer {
	h.t.Helper()
	return h.must(auth.Administrator, "POST", path, body, "Idempotency-Key: "+key)
}

// furnish makes a fund, items and places, and 10 quilts for 1000.00 in the station's warehouse.
func (h *house) furnish() {
	h.t.Helper()
	for path, bodies := range map[string][]string{
		"/v1/funds":   {`{"code":"WINTER-23","name":"冬季救助专项资金","restricted":true,"purpose":"街面巡查和临时避寒"}`},
		"/v1/items":   {`{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt","packs":[{"name":"包","quantity":"20"}]}`},
		"/v1/parties": {`{"code":"S-01","name":"川西纺织厂","kind":"supplier"}`},
		"/v1/locations": {
			`{"code":"51","name":"四川省","kind":"province"}`,
			`{"code":"5101","name":"成都市","kind":"prefecture","parent":"51"}`,
			`{"code":"ST-5101-01","name":"成都市救助管理站","kind":"station","parent":"5101"}`,
			`{"code":"PT-0031","name":"会展路取暖点","kind":"point","parent":"ST-5101-01"}`,
		},
	} {
		for _, body := range bodies {
			h.must(auth.Administrator, "POST", path, body)
		}
	}
	h.post("/v1/receipts", "receipt-1", tenQuilts)
}

const tenQuilts = `{"location":"ST-5101-01","kind":"purchase","party":"S-01","fund":"WINTER-23","on":"2024-03-01","lines":[{"item":"QUILT","quantity":"10","value":"1000.00"}]}`
