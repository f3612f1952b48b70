package ledger_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// line is a book behind a network that breaks.
type line struct {
	*world
	proxy  *faultpg.Proxy
	direct *bun.DB
}

func newLine(t *testing.T) *line {
	t.Helper()
	dsn := pgtest.DSN(t)
	l := &line{proxy: faultpg.New(t, dsn), world: &world{t: t}}
	l.direct = l.pool(dsn)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	info := ledger.Info{Code: "LINE", Name: "Line", Zone: zone, Currency: "CNY", Decimals: 2}
	if info.ID, err = ledger.Create(t.Context(), l.direct, info); err != nil {
		t.Fatal(err)
	}
	l.Book = ledger.Open(l.direct, info, ledger.Options{Now: pgtest.Now})
	l.post(receive("stock", today-1, quilt, "stock:A", "1000", "5000.00"))
	l.Close()
	return l
}

func (l *line) pool(dsn string) *bun.DB {
	l.t.Helper()
	db, err := pg.Open(dsn, pg.Options{Role: pgtest.Application, Deadline: 400 * time.Millisecond})
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = db.Close() })
	return db
}

// connect opens the book anew through the proxy.
func (l *line) connect() {
	l.Book = ledger.Open(l.pool(l.proxy.DSN), l.Info, ledger.Options{Now: pgtest.Now})
}

// hangUp closes book and pool, and nothing may be left of them.
func (l *line) hangUp() {
	l.t.Helper()
	l.Close()
	if n := l.DB().Stats().InUse; n != 0 {
		l.t.Errorf("%d connections are still in use", n)
	}
	if err := l.DB().Close(); err != nil {
		l.t.Error(err)
	}
	l.await("the connections to end", func() bool { return l.proxy.Links() == 0 })
}

// send posts a batch with everything a batch may hold: a new lot and new cells, a taking with a document, one backdated, and a refusal that must
// be proven. It repeats it, as a client would, until every answer is there. Then each key that was answered is in the book once.
func (l *line) send(n int) {
	l.t.Helper()
	lot := ledger.Commodity{Item: fmt.Sprint("ITEM-", n), Lot: "L1"} // an item of its own: no answer grows with n
	keys := []string{fmt.Sprint("r", n), fmt.Sprint("h", n), fmt.Sprint("b", n), fmt.Sprint("x", n)}
	answered := false
	for attempt := 1; !answered; attempt++ {
		outcomes, err := l.PostEach(l.t.Context(), []*ledger.Proposal{
			receive(keys[0], today, lot, "stock:A", "2", "10.00"), take(keys[1], today, quilt, "stock:A", "handed-out:A", "1"),
			take(keys[2], today-1, quilt, "stock:A", "handed-out:A", "1"), take(keys[3], today, lot, "stock:A", "handed-out:A", "3"),
		})
		var refusal *ledger.Refusal
		answered = err == nil && outcomes[0].Err == nil && outcomes[1].Err == nil && outcomes[2].Err == nil && errors.As(outcomes[3].Err, &refusal)
		if attempt == 10 {
			l.t.Fatalf("message %d: still %v %v", n, err, outcomes)
		}
	}
	for i, want := range []int{1, 1, 1, 0} {
		var times int
		if err := l.direct.NewRaw("SELECT count(*) FROM entries WHERE book_id = ? AND key = ?", l.ID, keys[i]).Scan(l.t.Context(), &times); err != nil {
			l.t.Fatal(err)
		}
		if times != want {
			l.t.Errorf("message %d: key %s is in the book %d times, %d wanted", n, keys[i], times, want)
		}
	}
}

// whole verifies the book past the proxy.
func (l *line) whole() {
	l.t.Helper()
	found, err := ledger.Verify(l.t.Context(), l.direct, l.Info, ledger.VerifyOptions{})
	if err != nil {
		l.t.Error(err)
	}
	for _, f := range found {
		l.t.Error(f)
	}
}

// TestEveryMessageBroken breaks the first, second, third … message of a posting, until one passes untouched: on a new connection, so that
// signing in breaks too, and on one that has worked before.
func TestEveryMessageBroken(t *testing.T) {
	t.Run("untouched", func(t *testing.T) {
		l := newLine(t)
		l.connect()
		l.send(1)
		l.hangUp()
		l.whole()
	})
	before := runtime.NumGoroutine()
	t.Run("broken", func(t *testing.T) {
		for _, b := range []faultpg.Break{
			{Side: faultpg.Frontend, How: faultpg.Before},
			{Side: faultpg.Frontend, How: faultpg.Half},
			{Side: faultpg.Frontend, How: faultpg.Behind},
			{Side: faultpg.Frontend, How: faultpg.Answer},
			{Side: faultpg.Frontend, How: faultpg.Reset},
			{Side: faultpg.Frontend, How: faultpg.Hole},
			{Side: faultpg.Frontend, How: faultpg.Late, Delay: 50 * time.Millisecond},
			{Side: faultpg.Backend, How: faultpg.Before},
			{Side: faultpg.Backend, How: faultpg.Half},
			{Side: faultpg.Backend, How: faultpg.Behind},
			{Side: faultpg.Backend, How: faultpg.Reset},
			{Side: faultpg.Backend, How: faultpg.Hole},
		} {
			for connection, fresh := range map[string]bool{"new": true, "old": false} {
				t.Run(fmt.Sprintf("%s %s on a %s connection", b.Side, b.How, connection), func(t *testing.T) {
					t.Parallel()
					newLine(t).breakAll(b, fresh)
				})
			}
		}
	})
	(&world{t: t}).await("all goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

func (l *line) breakAll(b faultpg.Break, fresh bool) {
	l.t.Helper()
	step := 1
	if b.How == faultpg.Hole && b.Side == faultpg.Backend && !ledger.Soaking() {
		step = 9 // each waits for a deadline
	}
	l.connect()
	if !fresh {
		l.send(0)
	}
	untouched := false
	for b.Nth = 1; !untouched; b.Nth += step {
		l.proxy.Plan(b)
		l.send(b.Nth)
		untouched = l.proxy.Pending()
		l.proxy.Plan(faultpg.Break{})
		if fresh {
			l.hangUp()
			l.connect()
		}
		if b.Nth > 500 {
			l.t.Fatal("a posting of more than 500 messages")
		}
	}
	l.hangUp()
	l.whole()
	// Three messages, load, write and look-up, and their answers; signing in comes before them.
	if least := map[faultpg.Side]int{faultpg.Frontend: 3, faultpg.Backend: 20}[b.Side]; b.Nth < least {
		l.t.Errorf("only %d messages were broken, at least %d wanted", b.Nth, least)
	}
}
