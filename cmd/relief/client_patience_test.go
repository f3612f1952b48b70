package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answering serves attempts in turn, the last one again and again. An attempt is what a server does with one request: a status, or 0 to break the connection after it has read all of it.
func answering(t *testing.T, bodies *[]string, attempts ...int) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*bodies = append(*bodies, r.Header.Get("Idempotency-Key")+" "+string(text))
		status := attempts[min(len(*bodies), len(attempts))-1]
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "2")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server
}

// A request whose answer was lost, or that came to a busy server, goes out again with the same key and the same body; a refusal does not, nor
// does a change of a record, which would be taken for somebody else's.
func TestPatience(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method   string
		attempts []int
		limit    time.Duration
		sent     int
		waited   time.Duration
		status   int // 0 for no answer
	}{
		"first":     {http.MethodPost, []int{201}, time.Minute, 1, 0, 201},
		"lost":      {http.MethodPost, []int{0, 0, 201}, time.Minute, 3, 750 * time.Millisecond, 201},
		"busy":      {http.MethodPost, []int{503, 503, 201}, time.Minute, 3, 4 * time.Second, 201},
		"too many":  {http.MethodGet, []int{429, 200}, time.Minute, 2, 250 * time.Millisecond, 200},
		"refused":   {http.MethodPost, []int{409, 201}, time.Minute, 1, 0, 409},
		"failed":    {http.MethodPost, []int{500, 201}, time.Minute, 1, 0, 500},
		"a change":  {http.MethodPut, []int{0, 200}, time.Minute, 1, 0, 0},
		"no time":   {http.MethodPost, []int{503}, 5 * time.Second, 3, 4 * time.Second, 503},
		"never":     {http.MethodPost, []int{0}, time.Second, 3, 750 * time.Millisecond, 0},
		"redirects": {http.MethodPost, []int{307, 201}, time.Minute, 1, 0, 307},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var bodies []string
			server := answering(t, &bodies, c.attempts...)
			p := newPatient(c.limit, func(string, ...any) {})
			var waited time.Duration
			p.pause = func(_ context.Context, d time.Duration) error {
				waited += d
				return nil
			}
			r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Idempotency-Key", "k")
			answer, err := p.Do(r)
			status := 0
			if err == nil {
				status = answer.StatusCode
				_ = answer.Body.Close()
			}
			if len(bodies) != c.sent || waited != c.waited || status != c.status {
				t.Errorf("%d sent, %s waited, %d (%v); wanted %d, %s, %d", len(bodies), waited, status, err, c.sent, c.waited, c.status)
			}
			for _, b := range bodies {
				if b != "k {}" {
					t.Errorf("sent %q", b)
				}
			}
		})
	}
}

// Ctrl-C ends the waiting at once, and what became of the request is not known then.
func TestPatienceEndsWithTheCommand(t *testing.T) {
	t.Parallel()
	var bodies []string
	server := answering(t, &bodies, 503)
	var said bytes.Buffer
	p := newPatient(time.Minute, func(format string, args ...any) { fmt.Fprintf(&said, format, args...) })
	ctx, cancel := context.WithCancel(t.Context())
	p.pause = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.Do(r)
	if err == nil {
		_ = answer.Body.Close()
	}
	if !isUnknown(err) || !strings.Contains(said.String(), "the server says 503 Service Unavailable; asking again in 2s") {
		t.Errorf("%v, said %q", err, said.String())
	}
}

func TestServers(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"https://relief.example.org":     "",
		"http://127.0.0.1:8080":          "",
		"http://[::1]:8080":              "",
		"http://localhost":               "",
		"":                               "no server is named",
		"relief.example.org":             "is not an address",
		"ftp://relief.example.org":       "is not an address",
		"https://me:secret@example.org":  "is not an address",
		"http://relief.example.org":      "is not encrypted",
		"http://127.0.0.1.example.org":   "is not encrypted",
		"https://relief.example.org?a=b": "is not an address",
	} {
		err := checkServer(server, false)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", server, err)
		}
	}
	if err := checkServer("http://relief.example.org", true); err != nil {
		t.Errorf("a network that is trusted: %v", err)
	}
}
