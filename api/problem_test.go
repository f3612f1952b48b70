package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/pg"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestEveryErrorHasItsProblem(t *testing.T) {
	refusal := func(code, pointer string) error { return ledger.Refuse(code, pointer, "3 wanted") }
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{refusal(ledger.Invalid, "/x"), 422, "invalid"},
		{refusal(ledger.NotFound, "/x"), 422, "not-found"},
		{refusal(ledger.NotFound, ""), 404, "not-found"},
		{refusal(ledger.Insufficient, "/x"), 409, "insufficient"},
		{refusal(ledger.Expired, "/x"), 409, "expired"},
		{refusal(ledger.PeriodClosed, "/on"), 409, "period-closed"},
		{refusal(ledger.KeyReused, "/x"), 409, "key-reused"},
		{refusal(ledger.AlreadyDone, ""), 409, "already-done"},
		{refusal(ledger.MovedOn, ""), 409, "moved-on"},
		{refusal(ledger.NotOpen, "/x"), 409, "not-open"},
		{refusal(ledger.SamePerson, ""), 403, "same-person"},
		{refusal(ledger.FundNotAllowed, "/x"), 409, "fund-not-allowed"},
		{fmt.Errorf("wrapped: %w", refusal(ledger.Insufficient, "/x")), 409, "insufficient"},
		{&ledger.Refusal{Faults: []ledger.Fault{{Code: ledger.Insufficient}, {Code: ledger.Invalid}}}, 422, "invalid"},
		{ledger.ErrBusy, 503, "busy"},
		{fmt.Errorf("%w: dial", ledger.ErrUnavailable), 503, "busy"},
		{ledger.ErrClosed, 503, "closing"},
		{fmt.Errorf("%w (driver: bad connection)", pg.ErrOutcomeUnknown), 503, "outcome-unknown"},
		{context.DeadlineExceeded, 503, "outcome-unknown"},
		{fmt.Errorf("item: %w", register.ErrStale), 412, "stale"},
		{auth.ErrDenied, 401, "unauthorized"},
		{errors.New("pq: secret text"), 500, "internal"},
	} {
		p := problemOf(c.err)
		if p.Status != c.status || p.Type != "/problems/"+c.code || p.Title == "" {
			t.Errorf("%v: %+v", c.err, p)
		}
		if strings.Contains(p.Detail+p.Hint, "secret") {
			t.Errorf("%v is told: %+v", c.err, p)
		}
		if again := p.Status == 503; again != (p.retryAfter() != "") {
			t.Errorf("%v: Retry-After %q", c.err, p.retryAfter())
		}
	}
}

// A panic is the server's own failure: it is answered as one, and the next request is served.
func TestPanicsAreProblems(t *testing.T) {
	var log strings.Builder
	d := &Door{
		Book: &ledger.Book{}, Keeper: warehouse.NewKeeper(nil, nil), Officer: fund.NewOfficer(nil, nil), Desk: campaign.NewDesk(nil, nil),
		Log: slog.New(slog.NewJSONHandler(&log, nil)),
	}
	h := d.Handler()
	for path, want := range map[string]int{"/readyz": 500, "/healthz": 200} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		body, _ := io.ReadAll(w.Body)
		if w.Code != want || strings.Contains(string(body), "nil pointer") {
			t.Errorf("%s: %d %s", path, w.Code, body)
		}
	}
	if !strings.Contains(log.String(), "nil pointer") {
		t.Errorf("the log does not tell of the panic: %s", log.String())
	}
}
