package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
)

// hurried makes the minute that a body may take a short moment, and notes how long was asked for.
type hurried struct {
	http.ResponseWriter
	asked *atomic.Int64
}

func (h hurried) SetReadDeadline(deadline time.Time) error {
	if !deadline.IsZero() {
		h.asked.Store(int64(time.Until(deadline)))
		deadline = time.Now().Add(100 * time.Millisecond)
	}
	return http.NewResponseController(h.ResponseWriter).SetReadDeadline(deadline)
}

func (h hurried) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// A body that dribbles in is given up after its time with a problem like any other; nothing was written, and the key stays free.
func TestABodyThatDribbles(t *testing.T) {
	h := serve(t)
	h.furnish()
	var asked atomic.Int64
	door := h.door.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { door.ServeHTTP(hurried{w, &asked}, r) }))
	defer server.Close()
	before := h.state()
	body := handout("1")
	for _, language := range []string{"en", "zh"} {
		status, text := h.dribble(server, body, language)
		var p api.Problem
		if err := json.Unmarshal([]byte(text), &p); err != nil || status != http.StatusRequestTimeout || p.Status != 408 || p.Type != "/problems/timeout" ||
			!strings.HasPrefix(p.Instance, "urn:request:") || p.Hint == "" || strings.Contains(text, "i/o timeout") {
			t.Errorf("%d %s %v", status, text, err)
		}
		if want := map[string]string{"en": "The request took too long to arrive", "zh": "请求传送超时"}[language]; p.Title != want {
			t.Errorf("%s: %s", want, text)
		}
	}
	if wait := time.Duration(asked.Load()); wait < 59*time.Second || wait > time.Minute {
		t.Errorf("a body may take %s, a minute wanted", wait)
	}
	if after := h.state(); after != before {
		t.Errorf("the book was\n%s\nand is\n%s", before, after)
	}
	if a := h.call(auth.Keeper, "POST", "/v1/handouts", body, "Idempotency-Key: dribbled"); a.status != 201 {
		t.Errorf("the whole body under the same key: %d %s", a.status, a.body)
	}
}

// dribble sends all but the end of a body, byte after byte, until it is answered.
func (h *house) dribble(server *httptest.Server, body, language string) (status int, text string) {
	h.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(h.t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/handouts HTTP/1.1\r\nHost: book\r\nAuthorization: Bearer %s\r\nIdempotency-Key: dribbled\r\nContent-Type: application/json\r\nAccept-Language: %s\r\nContent-Length: %d\r\n\r\n",
		h.tokens[auth.Keeper], language, len(body))
	answered, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		pace := time.NewTicker(3 * time.Millisecond)
		defer pace.Stop()
		for i := 0; i < len(body)-1; i++ {
			select {
			case <-pace.C:
				_, _ = conn.Write([]byte{body[i]}) // refused when the answer is on its way
			case <-answered:
				return
			}
		}
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	close(answered)
	<-ended
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, string(read)
}

// Who did it and when is never the sender's to say: members that the contract does not have are refused by name, whatever the operation.
func TestNothingElseIsAssigned(t *testing.T) {
	h := serve(t)
	tried := 0
	for id, op := range h.operations() {
		if op.RequestBody == nil {
			continue
		}
		tried++
		for _, member := range []string{"created_by", "posted_by", "recorded_at", "entry_number"} {
			path, body := fill(op, slot{}, "")
			a := h.call(auth.Administrator, op.method, path, strings.Replace(body, "{", `{"`+member+`":"the-finance",`, 1), "Idempotency-Key: "+member, `If-Match: "v1"`)
			if p := a.problem(t); p.Status != 422 || !strings.Contains(a.body, member) {
				t.Errorf("%s with %s: %d %s", id, member, a.status, a.body)
			}
		}
	}
	if tried < 45 {
		t.Errorf("%d operations take a body", tried)
	}
}
