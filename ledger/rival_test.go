package ledger_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// beside opens a second server on the same book.
func (w *world) beside(o ledger.Options) *world {
	w.t.Helper()
	o.Now = pgtest.Now
	other := ledger.Open(w.DB(), w.Info, o)
	w.t.Cleanup(other.Close)
	return &world{Book: other, t: w.t}
}

// TestBackdatingBesideAnotherServer: the other server has made a cell in a group that this one believes to know whole.
func TestBackdatingBesideAnotherServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r1", day("2024-01-01"), quilt, "stock:A", "10", "100.00"))
	w.post(take("h1", day("2024-01-10"), quilt, "stock:A", "handed-out:A", "6"))
	other := w.beside(ledger.Options{})
	other.post(receive("r2", day("2024-02-01"), ledger.Commodity{Item: "QUILT", Lot: "L2"}, "stock:A", "5", "60.00"))
	if posted := w.post(take("b1", day("2024-01-05"), quilt, "stock:A", "handed-out:A", "4")); posted.Number != 4 {
		t.Errorf("got %+v", posted)
	}
	other.refused(take("b2", day("2024-01-05"), quilt, "stock:A", "handed-out:A", "1"), ledger.Insufficient,
		"stock:A holds 0 of QUILT/L1 for fund F1, 1 wanted on 2024-01-10")
}

// TestTriedGroupNamesNoStranger: a backdated refusal inside a group that is taken back names no document of a cell that was never stored.
func TestTriedGroupNamesNoStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lot := ledger.Commodity{Item: "QUILT", Lot: "L9"}
	_, err := w.PostAll(context.Background(), []*ledger.Proposal{
		receive("r", day("2024-01-01"), lot, "stock:A", "4", "40.00"),
		take("h", day("2024-01-10"), lot, "stock:A", "handed-out:A", "3"),
		take("b", day("2024-01-05"), lot, "stock:A", "handed-out:A", "2"),
	})
	if want := "stock:A holds 1 of QUILT/L9 for fund F1, 2 wanted on 2024-01-10"; err == nil || err.Error() != want {
		t.Fatalf("says %v, want %s", err, want)
	}
	if hint := err.(*ledger.Refusal).Faults[0].Hint; hint != "" {
		t.Errorf("hints %q", hint)
	}
}

// TestServersKnowTheSameLots: what one server happens to have in memory decides nothing.
func TestServersKnowTheSameLots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "10", "100.00"))
	over := func(key string, lots ...ledger.Commodity) *ledger.Proposal {
		return &ledger.Proposal{
			Header: ledger.Header{Kind: "count", On: today, Actor: "keeper", Key: key},
			Needs:  ledger.Needs{Groups: []ledger.Group{{Account: "found:B", Item: "QUILT"}, {Account: "stock:B", Item: "QUILT"}}, Lots: lots},
			Compose: func(d *ledger.Draft) error {
				return d.Move(ledger.Move{From: "found:B", To: "stock:B", Fund: "F1", Commodity: quilt, Quantity: dec("1"), Value: dec("10.00")})
			},
		}
	}
	other := w.beside(ledger.Options{})
	w.refused(over("o1"), ledger.NotFound, "found:B holds no QUILT/L1 for fund F1")
	other.refused(over("o1"), ledger.NotFound, "found:B holds no QUILT/L1 for fund F1")
	other.post(over("o1", quilt))
	w.post(over("o2"))
}

// TestRefusalWaitsForTheHead: as long as another session holds the head, its write may still change what a refusal is based on.
func TestRefusalWaitsForTheHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "1", "10.00"))
	tx, err := w.DB().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "UPDATE heads SET number = number WHERE book_id = ?", w.ID); err != nil {
		t.Fatal(err)
	}
	owner := pgtest.Owner(t, w.DB())
	refused := make(chan error, 1)
	go func() {
		_, err := w.Post(context.Background(), take("h", today, quilt, "stock:A", "handed-out:A", "2"))
		refused <- err
	}()
	w.await("a session that waits for a lock", func() (waits bool) {
		err := owner.NewRaw("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").Scan(t.Context(), &waits)
		if err != nil {
			t.Fatal(err)
		}
		return waits
	})
	select {
	case err := <-refused:
		t.Errorf("refused while the head was held: %v", err)
	default:
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-refused; err == nil || err.Error() != "stock:A holds 1 of QUILT/L1 for fund F1, 2 wanted" {
		t.Errorf("answered %v", err)
	}
}

// await looks again and again, for ten seconds, until it sees what it waits for.
func (w *world) await(what string, seen func() bool) {
	w.t.Helper()
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for begun := time.Now(); !seen(); <-ticks.C {
		if time.Since(begun) > 10*time.Second {
			w.t.Fatalf("waited for %s in vain", what)
		}
	}
}

// TestFlightsBehindARival: another server writes as many entries as the first of two batches on their way. The head then has the number that the second
// one builds on, with another entry behind it.
func TestFlightsBehindARival(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.connect()
	l.post(take("warm", today, quilt, "stock:A", "handed-out:A", "1"))
	rival := ledger.Open(l.direct, l.Info, ledger.Options{Now: pgtest.Now})
	t.Cleanup(rival.Close)
	l.proxy.Plan(faultpg.Break{Side: faultpg.Frontend, Text: "late-1", How: faultpg.Late, Delay: 200 * time.Millisecond})
	var posting sync.WaitGroup
	post := func(key, quantity string) {
		posting.Go(func() {
			if _, err := l.Post(context.Background(), take(key, today, quilt, "stock:A", "handed-out:A", quantity)); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		})
	}
	post("late-1", "2")
	l.await("the first batch to be under way", func() bool { return !l.proxy.Pending() })
	post("late-2", "3")
	if _, err := rival.Post(t.Context(), take("rival", today, quilt, "stock:A", "handed-out:A", "500")); err != nil {
		t.Fatal(err)
	}
	posting.Wait()
	var keys string
	if err := l.direct.NewRaw("SELECT string_agg(key, ' ' ORDER BY number) FROM entries WHERE number > 2").Scan(t.Context(), &keys); err != nil {
		t.Fatal(err)
	}
	if want := "rival late-1 late-2"; keys != want {
		t.Errorf("the book holds %s, want %s", keys, want)
	}
	l.hangUp()
	l.whole()
}
