package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// A code is plain ASCII, so no two of them look alike; a name has one spelling and nothing in it that cannot be seen.
func TestHostileTexts(t *testing.T) {
	h := serve(t)
	const item = `{"code":"%s","name":"%s","unit":"件","category":"other"}`
	for name, code := range map[string]string{
		"Turkish dotted I": "İTEM", "Turkish dotless i": "ıtem", "Cyrillic A": "А-1", "full width": "Ａ１", "zero width": "A\u200b1", "joiner": "A\u200d1", "composed": "Caf\u00e9", "space": "A 1",
	} {
		if p := h.call(auth.Administrator, "POST", "/v1/items", fmt.Sprintf(item, code, "x")).problem(t); p.Status != 422 || p.Faults[0].Pointer != "/code" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	for name, text := range map[string]string{"zero width": "棉\u200b被", "word joiner": "棉\u2060被", "turned": "棉\u202e被", "isolate": "棉\u2066被", "mark of order": "\ufeff棉被", "replacement": "棉\ufffd"} {
		if p := h.call(auth.Administrator, "POST", "/v1/items", fmt.Sprintf(item, "N-1", text)).problem(t); p.Status != 422 && p.Status != 400 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	made := read[warehouse.Item](t, h.must(auth.Administrator, "POST", "/v1/items", fmt.Sprintf(item, "CAFE", "Cafe\u0301")))
	if made.Name != "Caf\u00e9" {
		t.Errorf("stored as %+q", made.Name)
	}
	twins := `{"code":"TWINS","name":"x","unit":"件","category":"other","packs":[{"name":"caf\u00e9","quantity":"2"},{"name":"cafe\u0301","quantity":"3"}]}`
	if p := h.call(auth.Administrator, "POST", "/v1/items", twins).problem(t); p.Status != 422 || p.Faults[0].Pointer != "/packs/1/name" {
		t.Errorf("%+v", p)
	}
}

// What somebody wrote into a name comes back as it is, as data that no browser takes for a page.
func TestScriptsInNamesStayText(t *testing.T) {
	h := serve(t)
	for i, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `{{7*7}}`, `=1+1`, `'; DROP TABLE items; --`, `\u003c/script>`} {
		code := fmt.Sprintf("X-%d", i)
		body, err := json.Marshal(map[string]string{"code": code, "name": name, "unit": "件", "category": "other"})
		if err != nil {
			t.Fatal(err)
		}
		h.must(auth.Administrator, "POST", "/v1/items", string(body))
		for _, path := range []string{"/v1/items/" + code, "/v1/items", "/nothing/" + url.PathEscape(name), "/problems/" + url.PathEscape(name)} {
			a := h.call(auth.Administrator, "GET", path, "")
			if strings.Contains(a.header.Get("Content-Type"), "html") || a.header.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("%s: %v", path, a.header)
			}
		}
		if got := read[warehouse.Item](t, h.must(auth.Administrator, "GET", "/v1/items/"+code, "")); got.Name != name {
			t.Errorf("%q came back as %q", name, got.Name)
		}
	}
	page := h.must("", "GET", "/problems/insufficient?x=%3Cscript%3E", "", "Accept: text/html")
	if strings.Contains(page.body, "<script") || !strings.HasPrefix(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%v %s", page.header, page.body)
	}
}

// Every parameter of every question of the contract is sent what ends a quotation in SQL, a placeholder of the query builder, a pattern.
// It is refused or taken for a name that is not there: never an error of the server, and nothing is lost.
func TestInjectionIntoEveryParameter(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.door.Rate, h.door.Burst = 1e6, 1e6
	tried := 0
	for _, question := range api.Questions() {
		for _, payload := range []string{`x') OR 1=1; DROP TABLE items; --`, `?0 ??`, `\' $1`, `%`} {
			address := question.Path
			for _, name := range question.InPath {
				address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(payload))
			}
			query := url.Values{}
			for _, name := range question.InQuery {
				query.Set(name, payload)
				a := h.call(auth.Administrator, "GET", address+"?"+url.Values{name: {payload}}.Encode(), "")
				tried++
				if a.status >= 500 {
					t.Errorf("%s %s=%s: %d %s\n%s", question.Path, name, payload, a.status, a.body, h.log.String())
				}
			}
			if a := h.call(auth.Administrator, "GET", address+"?"+query.Encode(), ""); a.status >= 500 {
				t.Errorf("%s %v: %d %s", question.Path, query, a.status, a.body)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d requests were tried", tried)
	}
	if stock := read[report.Stock](t, h.must(auth.Auditor, "GET", "/v1/stock?under=51", "")); len(stock.Lines) != 1 {
		t.Errorf("%+v", stock)
	}
}

// A thousand requests with one key, from fifty clients: one entry, and everybody is told of it.
func TestOneKeyAThousandTimes(t *testing.T) {
	h := serve(t)
	h.furnish()
	const clients, each = 50, 20
	body := `{"location":"ST-5101-01","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}`
	var first, again atomic.Int64
	var entries sync.Map
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range each {
				a := h.call(auth.Keeper, "POST", "/v1/handouts", body, "Idempotency-Key: the-one")
				switch {
				case a.status == 201 && a.header.Get("Idempotency-Replayed") == "":
					first.Add(1)
				case a.status == 200 && a.header.Get("Idempotency-Replayed") == "true":
					again.Add(1)
				default:
					t.Errorf("%d %s", a.status, a.body)
				}
				entries.Store(a.header.Get("Location"), true)
			}
		})
	}
	wg.Wait()
	named := 0
	entries.Range(func(any, any) bool { named++; return true })
	if first.Load() != 1 || again.Load() != clients*each-1 || named != 1 {
		t.Errorf("%d were first, %d were told again, of %d entries", first.Load(), again.Load(), named)
	}
	if p := h.call(auth.Keeper, "POST", "/v1/handouts", strings.Replace(body, `"1"}`, `"2"}`, 1), "Idempotency-Key: the-one").problem(t); p.Type != "/problems/key-reused" {
		t.Errorf("%+v", p)
	}
}

// Twenty digits go in and come out as they are.
func TestLongAmountsStayExact(t *testing.T) {
	h := serve(t)
	h.furnish()
	const quantity, value = "12345678901234567890", "98765432109876543210.12"
	h.post("/v1/receipts", "long", strings.NewReplacer(`"10"`, `"`+quantity+`"`, `"1000.00"`, `"`+value+`"`, `"ST-5101-01"`, `"PT-0031"`).Replace(tenQuilts))
	stock := read[report.Stock](t, h.must(auth.Auditor, "GET", "/v1/stock?under=PT-0031", ""))
	if len(stock.Lines) != 1 || stock.Lines[0].Quantity != quantity || stock.Lines[0].Value != value {
		t.Errorf("%+v", stock.Lines)
	}
	h.post("/v1/handouts", "all", `{"location":"PT-0031","people":0,"lines":[{"item":"QUILT","quantity":"`+quantity+`"}]}`)
	if body := h.must(auth.Auditor, "GET", "/v1/stock?under=PT-0031", "").body; strings.Contains(body, "QUILT") {
		t.Errorf("%s", body)
	}
}

// A client that dribbles its headers, whose headers do not end, or that stays without asking anything more, is shown out.
func TestSlowAndEndlessHeaders(t *testing.T) {
	h := serve(t)
	s := h.door.Server("127.0.0.1:0")
	if s.ReadHeaderTimeout > 15*time.Second || s.ReadTimeout < time.Minute || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("%+v", s)
	}
	s.ReadHeaderTimeout, s.IdleTimeout = 100*time.Millisecond, 100*time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(listener) }()
	defer s.Close()
	for name, c := range map[string]struct{ sent, want string }{
		"dribbling": {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-", "HTTP/1.1 400"},
		"idle":      {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"},
		"endless":   {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 600<<10) + "\r\n\r\n", "HTTP/1.1 431"},
	} {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		_, _ = conn.Write([]byte(c.sent)) // the server may be gone before it is through
		answer, err := io.ReadAll(conn)
		if timeout := new(net.OpError); errors.As(err, &timeout) && timeout.Timeout() || !strings.HasPrefix(string(answer), c.want) {
			t.Errorf("%s: answered %q, %v", name, answer, err)
		}
	}
}
