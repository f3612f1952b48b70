package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"reliefledger/internal/metrics"
	"reliefledger/internal/pgtest"
)

type span struct {
	TraceID, SpanID, ParentSpanID, Name string
	Attributes                          []struct {
		Key   string
		Value map[string]any
	}
}

// A collector learns where the time of a posting went, and nothing of what was posted.
func TestSpansOfAPosting(t *testing.T) {
	told := make(chan []byte, 100)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		told <- body
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	s := startServing(t, "--data", t.TempDir(), "--db", pgtest.Empty(t))
	token := gift(t, s)
	fetch(t, http.DefaultClient, s.url+"/v1/receipts/SECRET-NAME?q=SECRET", token)
	if code := s.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, s.err)
	}
	close(told)
	var all []span
	text := ""
	for body := range told {
		var request struct {
			ResourceSpans []struct{ ScopeSpans []struct{ Spans []span } }
		}
		if err := json.Unmarshal(body, &request); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		all = append(all, request.ResourceSpans[0].ScopeSpans[0].Spans...)
		text += string(body)
	}
	var posting span
	within := map[string]int{}
	for _, s := range all {
		if s.Name == "POST /v1/contributions" {
			posting = s
		}
	}
	for _, s := range all {
		if s.TraceID == posting.TraceID && s.ParentSpanID == posting.SpanID {
			within[s.Name]++
		}
	}
	if len(within) != 2 || within["queue"] != 1 || within["batch"] != 1 {
		t.Errorf("within %+v are %v, of %s", posting, within, text)
	}
	for _, secret := range []string{"SECRET", "GIFT", "D-1", "ICBC", "捐赠", strings.Split(token, "_")[1], strings.Split(token, "_")[2]} {
		if strings.Contains(text, secret) {
			t.Errorf("%s was told to the collector: %s", secret, text)
		}
	}
}

// Without a collector nobody is told anything: there is no tracer, and no hook is set.
func TestNothingIsTracedUnasked(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	book := pgtest.Book(t)
	var f founding
	tracer, err := f.tracer()
	if tracer != nil || err != nil {
		t.Fatal(tracer, err)
	}
	r := &running{site: &site{}, book: book, db: book.DB(), meter: metrics.New(book.DB(), book.Info), wings: open(book, pgtest.Now)}
	if r.watched().Turn != nil || r.door(nil).Trace != nil {
		t.Error("somebody is told")
	}
}
