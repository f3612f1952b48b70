// Package telemetry tells an OpenTelemetry collector how long requests took and where: at the door, in the queue, in the batch. It speaks
// OTLP over HTTP in its JSON form, which is all that this needs of it, and nothing of it runs unless a collector is named.
package telemetry

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What one collector is sent at once, how long spans wait for company, and how many may wait. Above that they are dropped: telling about the
// work must never hold it up.
const (
	most    = 512
	waits   = 5 * time.Second
	waiting = 4096
)

// Tracer sends spans to a collector.
type Tracer struct {
	address string
	service string
	version string
	client  *http.Client
	failed  func(error)
	spans   chan Span
	quit    chan struct{}
	done    chan struct{}
}

// Open begins to send to the collector at an endpoint such as http://127.0.0.1:4318, under the path that OTLP has for traces. failed is told
// when a collector stops taking spans, once until it takes some again.
func Open(endpoint, service, version string, failed func(error)) (*Tracer, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%.200q is no address of a collector, as http://127.0.0.1:4318", endpoint)
	}
	t := &Tracer{
		address: u.JoinPath("v1/traces").String(), service: service, version: version,
		client: &http.Client{Timeout: 10 * time.Second}, failed: failed,
		spans: make(chan Span, waiting), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go t.run()
	return t, nil
}

// Close sends what waits and ends. Spans that come later are dropped.
func (t *Tracer) Close() {
	close(t.quit)
	<-t.done
	t.client.CloseIdleConnections()
}

// Span is one stretch of the work on a request. It holds no body, no query and no person.
type Span struct {
	Name         string
	Begun, Ended time.Time
	Attributes   []Attribute
	Server       bool // it answers somebody outside of this program
	Failed       bool

	in     place
	parent [8]byte
}

// Attribute is a fact about a span: a text, a number or a truth.
type Attribute struct {
	Key   string
	Value any // string, int or bool
}

// place is where spans hang: a trace and a span in it.
type place struct {
	trace [16]byte
	span  [8]byte
}

type placeKey struct{}

// Begin makes room for the span of a request: what is told under the context belongs to it. A caller that is traced itself says so in
// traceparent, and is joined. end tells the span.
func (t *Tracer) Begin(ctx context.Context, traceparent string) (within context.Context, end func(Span)) {
	here, parent, wanted := joined(traceparent)
	if !wanted {
		return ctx, func(Span) {}
	}
	_, _ = rand.Read(here.span[:]) // never fails
	return context.WithValue(ctx, placeKey{}, here), func(s Span) {
		s.in, s.parent = here, parent
		t.tell(s)
	}
}

// Within tells a span inside of the context's; a context that nothing is told about is passed over.
func (t *Tracer) Within(ctx context.Context, s Span) {
	above, told := ctx.Value(placeKey{}).(place)
	if !told {
		return
	}
	s.in, s.parent = above, above.span
	_, _ = rand.Read(s.in.span[:])
	t.tell(s)
}

func (t *Tracer) tell(s Span) {
	select {
	case t.spans <- s:
	default:
	}
}

// joined reads W3C's traceparent: version, trace, span, and whether the trace is wanted. What is no such header begins a trace.
func joined(traceparent string) (here place, parent [8]byte, wanted bool) {
	parts := strings.Split(traceparent, "-")
	if len(parts) >= 4 && len(parts[0]) == 2 && len(parts[3]) == 2 && parts[0] != "ff" && read(here.trace[:], parts[1]) && read(parent[:], parts[2]) {
		flags, err := hex.DecodeString(parts[3])
		return here, parent, err != nil || flags[0]&1 == 1
	}
	_, _ = rand.Read(here.trace[:])
	return here, [8]byte{}, true
}

// read reads lower-case hexadecimal of that very length that is not all zeros, or nothing.
func read(to []byte, text string) bool {
	if len(text) != hex.EncodedLen(len(to)) || strings.Trim(text, "0") == "" || strings.ToLower(text) != text {
		return false
	}
	_, err := hex.Decode(to, []byte(text))
	return err == nil
}
