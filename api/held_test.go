package api_test

import (
	"net/http"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// On a database that lost entries nothing is posted, and the sender learns that nothing was written and who can help.
func TestNothingIsPostedToAShorterDatabase(t *testing.T) {
	var loss error
	h := serve(t, func(d *api.Door) {
		d.Book = ledger.Open(d.Book.DB(), d.Book.Info, ledger.Options{Now: pgtest.Now, Hold: func() error { return loss }})
		t.Cleanup(d.Book.Close)
	})
	h.furnish()
	loss = &ledger.Shorter{Book: "TEST", Holds: 1, Signed: 4}
	a := h.call(auth.Administrator, "POST", "/v1/receipts", tenQuilts, "Idempotency-Key: later")
	p := a.problem(t)
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || p.Detail != "The database holds less than was sealed." || p.Hint == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	loss = nil
	if entry := read[api.Entry](t, h.post("/v1/receipts", "later", tenQuilts)); entry.Number != 2 {
		t.Errorf("the same key makes entry %d once the database is back, 2 wanted", entry.Number)
	}
}
