// Package metrics counts what a server does, for Prometheus. It stands apart from what it measures: the book and the door call plain
// functions and do not know who counts, and binary floating point stays out of their packages.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Meter counts for one book.
type Meter struct {
	registry *prometheus.Registry
	answers  *prometheus.CounterVec
	batch    prometheus.Histogram
	batchFor prometheus.Histogram
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

// New makes a meter of the book in a pool. The pool is asked for the book's size at every scrape, for two seconds at most.
func New(db *bun.DB, book ledger.Info) *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "relief_answers_total", Help: "Proposals decided, by kind and result: posted, replayed, the code of the refusal, unknown, failed.",
		}, []string{"kind", "result"}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "relief_batch_proposals", Help: "Proposals decided together.", Buckets: prometheus.ExponentialBuckets(1, 4, 7),
		}),
		batchFor: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "relief_batch_seconds", Help: "Time from taking a batch to its last answer.", Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 11),
		}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "relief_http_requests_total", Help: "Requests answered, by pattern and status.",
		}, []string{"pattern", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "relief_http_request_seconds", Help: "Time to answer a request, by pattern; a feed counts for as long as it was listened to.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}, []string{"pattern"}),
	}
	m.registry.MustRegister(m.answers, m.batch, m.batchFor, m.requests, m.took, size{db, book},
		collectors.NewDBStatsCollector(db.DB, "relief"), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe is what the committer tells.
func (m *Meter) Observe() ledger.Observe {
	return ledger.Observe{
		Batch: func(proposals int, took time.Duration) {
			m.batch.Observe(float64(proposals))
			m.batchFor.Observe(took.Seconds())
		},
		Answer: func(kind, result string) { m.answers.WithLabelValues(kind, result).Inc() },
	}
}

// Queue reads how many callers wait at every scrape.
func (m *Meter) Queue(waiting func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "relief_queue_waiting", Help: "Callers that wait for the committer.",
	}, func() float64 { return float64(waiting()) }))
}

// Request counts an answered request. What is served nowhere shares one pattern, so that a scanner makes no series.
func (m *Meter) Request(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = "none"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(pattern).Observe(took.Seconds())
}

// Handler answers a scrape. It looks at no token: who may scrape is decided before it.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
}
