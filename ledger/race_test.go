package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"reliefledger/ledger"
)

// pair is a book with two servers on it.
func pair(t *testing.T) (*world, []*ledger.Book) {
	t.Helper()
	w := newWorld(t)
	return w, []*ledger.Book{w.Book, w.beside(ledger.Options{}).Book}
}

// codes counts answers by the code of their refusal; posted ones by nothing.
func codes(t *testing.T, results []raced) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, r := range results {
		var refusal *ledger.Refusal
		switch {
		case errors.As(r.err, &refusal):
			counts[refusal.Code()]++
		case r.err != nil:
			t.Error(r.err)
		default:
			counts[""]++
		}
	}
	return counts
}

func (w *world) whole() {
	w.t.Helper()
	if found := w.verify(ledger.VerifyOptions{}); len(found) > 0 {
		w.t.Error(found)
	}
}

func (w *world) holds(account ledger.Account, lot ledger.Commodity) string {
	w.t.Helper()
	c, err := ledger.Balance(context.Background(), w.DB(), w.Info, ledger.CellKey{Account: account, Fund: "F1", Commodity: lot}, ledger.Moment{})
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Quantity.String() + " worth " + c.Value.String()
}

// TestOppositeTransfers: goods that travel both ways at once, on two servers, neither wait for each other for ever nor get lost.
func TestOppositeTransfers(t *testing.T) {
	t.Parallel()
	w, books := pair(t)
	w.post(receive("a", today, quilt, "stock:A", "100", "1000.00"))
	w.post(take("b", today, quilt, "stock:A", "stock:B", "50"))
	got := codes(t, race(200, func(i int) (ledger.Posted, error) {
		from, to := ledger.Account("stock:A"), ledger.Account("stock:B")
		if i%2 == 0 {
			from, to = to, from
		}
		return books[i/2%2].Post(context.Background(), take(fmt.Sprint("t", i), today, quilt, from, to, "1"))
	}))
	// Each side gives 100 and holds 50: who comes too early is refused, and the goods are where the answers say.
	a, b := w.holds("stock:A", quilt), w.holds("stock:B", quilt)
	if got[""]+got[ledger.Insufficient] != 200 || got[""] < 100 {
		t.Errorf("answers %v, stock:A holds %s, stock:B %s", got, a, b)
	}
	w.whole()
}

// TestOneKeyTwoServers: fifty clients, one key, two servers, one entry.
func TestOneKeyTwoServers(t *testing.T) {
	t.Parallel()
	w, books := pair(t)
	w.post(receive("r", today, quilt, "stock:A", "1", "10.00"))
	fresh := 0
	for _, r := range race(50, func(i int) (ledger.Posted, error) {
		return books[i%2].Post(context.Background(), take("one", today, quilt, "stock:A", "handed-out:A", "1"))
	}) {
		if r.err != nil || r.posted.Number != 2 || r.posted.Document != "HO-A-00001" {
			t.Errorf("got %+v %v", r.posted, r.err)
		}
		if !r.posted.Replayed {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d were told that they were the first", fresh)
	}
	w.whole()
}

// TestPostAgainstClose: what was dated in a period is in the book before its close, or refused.
func TestPostAgainstClose(t *testing.T) {
	t.Parallel()
	w, books := pair(t)
	w.post(receive("r", day("2024-01-05"), quilt, "stock:A", "500", "5000.00"))
	results := race(121, func(i int) (ledger.Posted, error) {
		if i == 60 {
			shut, err := books[1].ClosePeriod(ledger.By{Actor: "finance", Key: "close"}, ledger.Close{Until: day("2024-01-31"), Reason: "agreed"})
			if err != nil {
				return ledger.Posted{}, err
			}
			return books[1].Post(context.Background(), shut)
		}
		return books[i%2].Post(context.Background(), take(fmt.Sprint("h", i), day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"))
	})
	closed := results[60].posted.Number
	for i, r := range results {
		if i != 60 && r.err == nil && r.posted.Number > closed {
			t.Errorf("entry %d is dated in the period that entry %d closed", r.posted.Number, closed)
		}
	}
	if got := codes(t, results); got[""]+got[ledger.PeriodClosed] != 121 || int64(got[""]) != closed-1 {
		t.Errorf("answers %v, the close is entry %d", got, closed)
	}
	w.whole()
}

// TestReversalAgainstHandout: a receipt is undone, or its goods are handed out, never both; and it is undone once.
func TestReversalAgainstHandout(t *testing.T) {
	t.Parallel()
	w, books := pair(t)
	for round := range 8 {
		lot := ledger.Commodity{Item: "QUILT", Lot: fmt.Sprint("R", round)}
		receipt := w.post(receive(fmt.Sprint("r", round), today, lot, "stock:A", "6", "60.00"))
		results := race(8, func(i int) (ledger.Posted, error) {
			key := fmt.Sprint("x", round, "-", i)
			if i < 6 {
				return books[i%2].Post(context.Background(), take(key, today, lot, "stock:A", "handed-out:A", "1"))
			}
			p, err := books[i%2].Reverse(context.Background(), ledger.By{Actor: "keeper", Key: key}, ledger.Reversal{Entry: receipt.Number, Reason: "wrong lot"})
			if err != nil {
				return ledger.Posted{}, err
			}
			return books[i%2].Post(context.Background(), p)
		})
		handouts, reversals := codes(t, results[:6]), codes(t, results[6:])
		undone := reversals[""] == 1 && reversals[ledger.AlreadyDone] == 1 && handouts[ledger.Insufficient] == 6
		handedOut := reversals[ledger.MovedOn] == 2 && handouts[""] == 6
		if undone == handedOut {
			t.Errorf("handouts %v, reversals %v", handouts, reversals)
		}
	}
	w.whole()
}
