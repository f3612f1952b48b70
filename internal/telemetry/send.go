package telemetry

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// run sends what is told until the tracer is closed.
func (t *Tracer) run() {
	defer close(t.done)
	tick := time.NewTicker(waits)
	defer tick.Stop()
	var batch []Span
	ailing := false
	send := func() {
		if len(batch) == 0 {
			return
		}
		err := t.send(batch)
		if err != nil && !ailing {
			t.failed(err)
		}
		ailing, batch = err != nil, batch[:0]
	}
	for {
		select {
		case s := <-t.spans:
			if batch = append(batch, s); len(batch) == most {
				send()
			}
		case <-tick.C:
			send()
		case <-t.quit:
			for len(t.spans) > 0 && !ailing {
				if batch = append(batch, <-t.spans); len(batch) == most {
					send()
				}
			}
			send()
			return
		}
	}
}

// send hands spans over. What a collector does not take is lost: it is not worth keeping.
func (t *Tracer) send(spans []Span) error {
	body, err := json.Marshal(t.request(spans))
	if err != nil {
		return err
	}
	answer, err := t.client.Post(t.address, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20)); err != nil {
		return err
	}
	if answer.StatusCode/100 != http.StatusOK/100 {
		return fmt.Errorf("the collector at %s answers %s", t.address, answer.Status)
	}
	return nil
}

// The types of OTLP's ExportTraceServiceRequest in JSON: names in camel case, ids in hexadecimal, 64-bit numbers as texts.
type (
	exported struct {
		ResourceSpans [1]resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resource      `json:"resource"`
		ScopeSpans [1]scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []keyValue `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope      `json:"scope"`
		Spans []spanJSON `json:"spans"`
	}
	scope struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	spanJSON struct {
		TraceID    string     `json:"traceId"`
		SpanID     string     `json:"spanId"`
		Parent     string     `json:"parentSpanId,omitempty"`
		Name       string     `json:"name"`
		Kind       int        `json:"kind"`
		Begun      string     `json:"startTimeUnixNano"`
		Ended      string     `json:"endTimeUnixNano"`
		Attributes []keyValue `json:"attributes,omitempty"`
		Status     *status    `json:"status,omitempty"`
	}
	status struct {
		Code int `json:"code"`
	}
	keyValue struct {
		Key   string         `json:"key"`
		Value map[string]any `json:"value"`
	}
)

// The numbers that OTLP has for kinds and for an error.
const (
	internal = 1
	server   = 2
	failure  = 2
)

func (t *Tracer) request(spans []Span) exported {
	told := make([]spanJSON, len(spans))
	for i, s := range spans {
		told[i] = s.json()
	}
	return exported{[1]resourceSpans{{
		Resource:   resource{[]keyValue{Attribute{"service.name", t.service}.json(), Attribute{"service.version", t.version}.json()}},
		ScopeSpans: [1]scopeSpans{{scope{"reliefledger", t.version}, told}},
	}}}
}

func (s Span) json() spanJSON {
	told := spanJSON{
		TraceID: hex.EncodeToString(s.in.trace[:]), SpanID: hex.EncodeToString(s.in.span[:]), Name: s.Name, Kind: internal,
		Begun: strconv.FormatInt(s.Begun.UnixNano(), 10), Ended: strconv.FormatInt(s.Ended.UnixNano(), 10),
	}
	if s.parent != [8]byte{} {
		told.Parent = hex.EncodeToString(s.parent[:])
	}
	if s.Server {
		told.Kind = server
	}
	if s.Failed {
		told.Status = &status{failure}
	}
	for _, a := range s.Attributes {
		told.Attributes = append(told.Attributes, a.json())
	}
	return told
}

func (a Attribute) json() keyValue {
	switch v := a.Value.(type) {
	case int:
		return keyValue{a.Key, map[string]any{"intValue": strconv.Itoa(v)}}
	case bool:
		return keyValue{a.Key, map[string]any{"boolValue": v}}
	default:
		return keyValue{a.Key, map[string]any{"stringValue": fmt.Sprint(v)}}
	}
}
