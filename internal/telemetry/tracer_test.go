package telemetry

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// collector is a receiver of OTLP over HTTP that takes nothing but what the protocol has.
type collector struct {
	*httptest.Server
	status int
	got    chan []spanJSON
}

func newCollector(t *testing.T, status int) *collector {
	t.Helper()
	c := &collector{status: status, got: make(chan []spanJSON, 100)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %s", r.Method, r.URL, r.Header)
		}
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		var e exported
		if err := d.Decode(&e); err != nil {
			t.Error(err)
		}
		w.WriteHeader(c.status)
		_, _ = io.WriteString(w, "{}")
		c.got <- e.ResourceSpans[0].ScopeSpans[0].Spans
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) open(t *testing.T, failed func(error)) *Tracer {
	t.Helper()
	tracer, err := Open(c.URL, "relief", "v", failed)
	if err != nil {
		t.Fatal(err)
	}
	return tracer
}

func TestSpansHangTogether(t *testing.T) {
	c := newCollector(t, http.StatusOK)
	tracer := c.open(t, func(err error) { t.Error(err) })
	at := time.Unix(1700000000, 5)
	within, end := tracer.Begin(t.Context(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	tracer.Within(within, Span{Name: "queue", Begun: at, Ended: at.Add(time.Second)})
	end(Span{Name: "POST /v1/handouts", Server: true, Failed: true, Begun: at, Ended: at.Add(2 * time.Second), Attributes: []Attribute{{"n", 3}, {"yes", true}, {"text", "a"}}})
	tracer.Within(t.Context(), Span{Name: "of nobody"})
	tracer.Close()
	spans := <-c.got
	if len(spans) != 2 {
		t.Fatalf("%+v", spans)
	}
	inner, outer := spans[0], spans[1]
	if outer.TraceID != "0af7651916cd43dd8448eb211c80319c" || outer.Parent != "b7ad6b7169203331" || outer.Kind != server || outer.Status == nil || outer.Status.Code != failure {
		t.Errorf("%+v", outer)
	}
	if inner.TraceID != outer.TraceID || inner.Parent != outer.SpanID || inner.SpanID == outer.SpanID || inner.Kind != internal || inner.Status != nil {
		t.Errorf("%+v", inner)
	}
	if inner.Begun != "1700000000000000005" || inner.Ended != "1700000001000000005" {
		t.Errorf("%+v", inner)
	}
	attributes, err := json.Marshal(outer.Attributes)
	if want := `[{"key":"n","value":{"intValue":"3"}},{"key":"yes","value":{"boolValue":true}},{"key":"text","value":{"stringValue":"a"}}]`; err != nil || string(attributes) != want {
		t.Errorf("%s %v", attributes, err)
	}
}

func TestTraceparent(t *testing.T) {
	t.Parallel()
	for header, joins := range map[string]bool{
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01":      true,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more": true,
		"": false, "00": false, "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01": false,
		"00-00000000000000000000000000000000-b7ad6b7169203331-01": false, "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01": false,
		"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01": false, "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01": false,
	} {
		here, parent, wanted := joined(header)
		if !wanted || (parent != [8]byte{}) != joins || here.trace == [16]byte{} {
			t.Errorf("%q: %x below %x, wanted %t", header, here.trace, parent, wanted)
		}
	}
	if _, _, wanted := joined("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"); wanted {
		t.Error("a trace that its caller does not want was told")
	}
}

// A collector that is full is told of once, and nobody waits for it.
func TestAFullCollectorHoldsNothingUp(t *testing.T) {
	c := newCollector(t, http.StatusServiceUnavailable)
	var failures []string
	tracer := c.open(t, func(err error) { failures = append(failures, err.Error()) })
	for range most * 2 {
		_, end := tracer.Begin(context.Background(), "")
		end(Span{Name: "s"})
	}
	<-c.got
	tracer.Close()
	if len(failures) != 1 || !strings.HasSuffix(failures[0], "/v1/traces answers 503 Service Unavailable") {
		t.Errorf("%q", failures)
	}
}

func TestOpenWantsAnAddress(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"127.0.0.1:4318", "grpc://127.0.0.1:4317", "http://", "%"} {
		if tracer, err := Open(endpoint, "relief", "v", nil); err == nil {
			tracer.Close()
			t.Errorf("%s was taken", endpoint)
		}
	}
}
