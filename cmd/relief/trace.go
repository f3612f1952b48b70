package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"reliefledger/api"
	"reliefledger/internal/telemetry"
	"reliefledger/ledger"
)

// tracer sends spans to the collector of the configuration; nil when there is none.
func (f *founding) tracer() (*telemetry.Tracer, error) {
	if f.collector == "" {
		return nil, nil
	}
	t, err := telemetry.Open(f.collector, "relief", revision(), func(err error) {
		slog.Warn("spans are lost", "cause", err)
	})
	if err != nil {
		return nil, misconfigured(err.Error(), "--otlp-endpoint http://127.0.0.1:4318 names a collector on this machine; without the option nothing is traced")
	}
	return t, nil
}

// watched is everybody who is told what the committer does.
func (r *running) watched() ledger.Observe {
	o := r.meter.Observe()
	if r.tracer != nil {
		o.Turn = r.turn
	}
	return o
}

// turn tells how long a posting waited, and how long its batch took to be decided.
func (r *running) turn(ctx context.Context, t ledger.Turn) {
	r.tracer.Within(ctx, telemetry.Span{Name: "queue", Begun: t.Queued, Ended: t.Taken})
	r.tracer.Within(ctx, telemetry.Span{
		Name: "batch", Begun: t.Taken, Ended: t.Decided,
		Attributes: []telemetry.Attribute{{Key: "relief.batch.proposals", Value: t.Proposals}},
	})
}

// trace opens the span of a request. Its name is the route, never the address that was asked for.
func (r *running) trace(request *http.Request) (context.Context, func(api.Answered)) {
	within, end := r.tracer.Begin(request.Context(), request.Header.Get("Traceparent"))
	method := request.Method
	return within, func(a api.Answered) {
		s := telemetry.Span{Name: "nothing served", Server: true, Failed: a.Status >= 500, Ended: time.Now()}
		s.Begun = s.Ended.Add(-a.Took)
		s.Attributes = []telemetry.Attribute{
			{Key: "http.response.status_code", Value: a.Status},
			{Key: "relief.request", Value: a.Request},
		}
		if _, route, served := strings.Cut(a.Pattern, " "); served {
			s.Name = a.Pattern
			s.Attributes = append(s.Attributes, telemetry.Attribute{Key: "http.request.method", Value: method}, telemetry.Attribute{Key: "http.route", Value: route})
		}
		if a.Problem != "" {
			s.Attributes = append(s.Attributes, telemetry.Attribute{Key: "error.type", Value: a.Problem})
		}
		end(s)
	}
}
