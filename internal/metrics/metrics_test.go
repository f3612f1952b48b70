package metrics_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"reliefledger/internal/metrics"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

func scrape(m *metrics.Meter) string {
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return answer.Body.String()
}

func TestMeter(t *testing.T) {
	book := pgtest.Book(t)
	m := metrics.New(book.DB(), book.Info)
	watched := ledger.Open(book.DB(), book.Info, ledger.Options{Now: pgtest.Now, Observe: m.Observe()})
	m.Queue(watched.Waiting)
	refusing := &ledger.Proposal{
		Header:  ledger.Header{Kind: "receipt", On: watched.Today(), Actor: "keeper", Key: "k"},
		Compose: func(*ledger.Draft) error { return ledger.Refuse(ledger.Insufficient, "", "none there") },
	}
	if _, err := watched.Post(t.Context(), refusing); err == nil {
		t.Error("it was posted")
	}
	watched.Close() // a batch is told of after its callers were answered
	m.Request("GET /v1/stock", 200, 20*time.Millisecond)
	m.Request("", 404, time.Millisecond)
	text := scrape(m)
	for _, want := range []string{
		`relief_answers_total{kind="receipt",result="insufficient"} 1`,
		"relief_batch_proposals_sum 1",
		"relief_batch_seconds_count 1",
		"relief_queue_waiting 0",
		`relief_http_requests_total{pattern="GET /v1/stock",status="200"} 1`,
		`relief_http_requests_total{pattern="none",status="404"} 1`,
		`relief_http_request_seconds_bucket{pattern="GET /v1/stock",le="0.064"} 1`,
		"relief_database_up 1",
		"relief_entries 0",
		`go_sql_max_open_connections{db_name="relief"}`,
		"process_resident_memory_bytes",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the scrape lacks %s", want)
		}
	}
	if strings.Contains(text, "relief_sealed_entries ") {
		t.Errorf("an unsealed book tells of a checkpoint:\n%s", text)
	}
}

// What was sealed is told, and a scrape without a database still tells the rest.
func TestSize(t *testing.T) {
	book := pgtest.Book(t)
	proposal := &ledger.Proposal{
		Header:  ledger.Header{Kind: "note", On: book.Today(), Actor: "keeper", Key: "k"},
		Compose: func(*ledger.Draft) error { return nil },
	}
	if _, err := book.Post(t.Context(), proposal); err != nil {
		t.Fatal(err)
	}
	key, err := ledger.OpenKey(t.TempDir()+"/log.key", book.Origin())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Seal(context.Background(), book.DB(), book.Info, key, pgtest.Now()); err != nil {
		t.Fatal(err)
	}
	m := metrics.New(book.DB(), book.Info)
	if text := scrape(m); !strings.Contains(text, "relief_sealed_entries 1\n") || !strings.Contains(text, "relief_checkpoint_signed_timestamp_seconds 1.710504e+09\n") {
		t.Errorf("of a sealed entry it tells\n%s", text)
	}
	gone := metrics.New(pgtest.Open(t), ledger.Info{ID: 7})
	if text := scrape(gone); !strings.Contains(text, "relief_database_up 0\n") || !strings.Contains(text, "go_goroutines") {
		t.Errorf("without its book it tells\n%s", text)
	}
}
