package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

func TestCostTravels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "3", "100.00"))
	for i, want := range []string{"33.33", "33.34", "33.33"} {
		posted := w.post(take(w.key(), today, quilt, "stock:A", "handed-out:A", "1"))
		if got := posted.Moves[0].Value.StringFixed(2); got != want {
			t.Errorf("quilt %d left with %s, want %s", i+1, got, want)
		}
		if want := fmt.Sprintf("HO-A-%05d", i+1); posted.Document != want {
			t.Errorf("document %s, want %s", posted.Document, want)
		}
	}
	w.refused(take(w.key(), today, quilt, "stock:A", "handed-out:A", "1"), ledger.Insufficient,
		"stock:A holds 0 of QUILT/L1 for fund F1, 1 wanted")
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "2", "10.00"))
	first := w.post(take("h", today, quilt, "stock:A", "handed-out:A", "2"))

	t.Run("same content is answered with the first answer, though the stock is gone", func(t *testing.T) {
		again := w.post(take("h", today, quilt, "stock:A", "handed-out:A", "2"))
		if !again.Replayed || again.Number != first.Number || again.Document != first.Document || len(again.Moves) != 1 {
			t.Errorf("got %+v", again)
		}
	})
	t.Run("other content names the fields that differ", func(t *testing.T) {
		w.refused(take("h", today, quilt, "stock:A", "handed-out:A", "1"), ledger.KeyReused, "key h was used for entry 2 with another quantity")
	})
	t.Run("a refusal leaves the key free", func(t *testing.T) {
		w.refused(take("free", today, quilt, "stock:A", "handed-out:A", "1"), ledger.Insufficient, "stock:A holds 0 of QUILT/L1 for fund F1, 1 wanted")
		lot := ledger.Commodity{Item: "QUILT", Lot: "L2"}
		w.post(receive("free", today, lot, "stock:A", "1", "5.00"))
	})
	t.Run("twins in one batch", func(t *testing.T) {
		lot := ledger.Commodity{Item: "QUILT", Lot: "L3"}
		outcomes, err := w.PostEach(ctx, []*ledger.Proposal{
			receive("twin", today, lot, "stock:A", "1", "5.00"),
			receive("twin", today, lot, "stock:A", "1", "5.00"),
			receive("twin", today, lot, "stock:A", "2", "5.00"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if outcomes[0].Err != nil || outcomes[0].Replayed || !outcomes[1].Replayed || outcomes[1].Number != outcomes[0].Number {
			t.Errorf("got %+v", outcomes)
		}
		if got := outcomes[2].Err; got == nil || got.Error() != "key twin was used for entry 4 with another quantity" {
			t.Errorf("third twin: %v", got)
		}
	})
	t.Run("one key from fifty clients", func(t *testing.T) {
		lot := ledger.Commodity{Item: "QUILT", Lot: "L4"}
		numbers := race(50, func(int) (ledger.Posted, error) {
			return w.Post(ctx, receive("fifty", today, lot, "stock:A", "1", "5.00"))
		})
		for _, r := range numbers {
			if r.err != nil || r.posted.Number != numbers[0].posted.Number {
				t.Fatalf("got %+v", r)
			}
		}
	})
}

type raced struct {
	posted ledger.Posted
	err    error
}

// race runs n callers at once.
func race(n int, call func(int) (ledger.Posted, error)) []raced {
	results := make([]raced, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { results[i].posted, results[i].err = call(i) })
	}
	wg.Wait()
	return results
}

func TestLastQuilts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "40", "1000.00"))
	second := ledger.Open(w.DB(), w.Info, ledger.Options{Now: pgtest.Now})
	defer second.Close()
	books := []*ledger.Book{w.Book, second}
	passed := 0
	for _, r := range race(300, func(i int) (ledger.Posted, error) {
		return books[i%2].Post(ctx, take(fmt.Sprint("h", i), today, quilt, "stock:A", "handed-out:A", "1"))
	}) {
		var refusal *ledger.Refusal
		switch {
		case r.err == nil:
			passed++
		case !errors.As(r.err, &refusal) || refusal.Error() != "stock:A holds 0 of QUILT/L1 for fund F1, 1 wanted":
			t.Errorf("got %v", r.err)
		}
	}
	if passed != 40 {
		t.Errorf("%d of 40 quilts were handed out", passed)
	}
}

func TestLinkedGroup(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "3", "30.00"))
	group := func(quantities ...string) []*ledger.Proposal {
		var ps []*ledger.Proposal
		for i, q := range quantities {
			ps = append(ps, take(fmt.Sprintf("g/%d", i), today, quilt, "stock:A", "handed-out:A", q))
		}
		return ps
	}
	_, err := w.PostAll(ctx, group("2", "2", "9"))
	if want := "stock:A holds 1 of QUILT/L1 for fund F1, 2 wanted; stock:A holds 1 of QUILT/L1 for fund F1, 9 wanted"; err == nil || err.Error() != want {
		t.Fatalf("got %v\nwant %s", err, want)
	}
	if pointer := err.(*ledger.Refusal).Faults[0].Pointer; pointer != "/1" {
		t.Errorf("first fault at %s", pointer)
	}
	posted, err := w.PostAll(ctx, group("2", "1"))
	if err != nil || posted[0].Number != 2 || posted[1].Number != 3 {
		t.Fatalf("got %+v %v", posted, err)
	}
	again, err := w.PostAll(ctx, group("2", "1"))
	if err != nil || !again[0].Replayed || again[1].Number != 3 {
		t.Fatalf("replay: %+v %v", again, err)
	}
	if _, err := w.PostAll(ctx, group("2", "1", "0.5")); err == nil {
		t.Error("a group that grew under the same key was taken")
	}
}

func TestBackdating(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r1", day("2024-01-01"), quilt, "stock:A", "10", "100.00"))
	w.post(take("h1", day("2024-01-10"), quilt, "stock:A", "handed-out:A", "6"))
	w.post(take("h2", day("2024-01-20"), quilt, "stock:A", "handed-out:A", "3"))
	more := ledger.Commodity{Item: "QUILT", Lot: "L2"}
	w.post(receive("r2", day("2024-02-01"), more, "stock:A", "5", "60.00"))

	w.refused(take("b0", day("2023-12-31"), quilt, "stock:A", "handed-out:A", "1"), ledger.Insufficient,
		"stock:A holds 0 of QUILT/L1 for fund F1, 1 wanted on 2023-12-31")
	refusal := w.refused(take("b1", day("2024-01-05"), quilt, "stock:A", "handed-out:A", "2"), ledger.Insufficient,
		"stock:A holds 1 of QUILT/L1 for fund F1, 2 wanted on 2024-01-20")
	if want := "entry 3 HO-A-00002 of that day would fail: reverse it first, or date this one later"; refusal.Faults[0].Hint != want {
		t.Errorf("hint %q", refusal.Faults[0].Hint)
	}
	w.refused(take("b2", day("2024-01-31"), more, "stock:A", "handed-out:A", "1"), ledger.Insufficient,
		"stock:A holds 0 of QUILT/L2 for fund F1, 1 wanted on 2024-01-31")
	if posted := w.post(take("b3", day("2024-01-05"), quilt, "stock:A", "handed-out:A", "1")); posted.Moves[0].Value.String() != "10" {
		t.Errorf("backdated quilt left with %s", posted.Moves[0].Value)
	}
	w.refused(take("b4", day("2024-03-16"), quilt, "stock:A", "handed-out:A", "1"), ledger.Invalid, "2024-03-16 lies after today, 2024-03-15")
}

func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "3", "100.00"))
	tried, errs, err := w.Try(ctx, take("x", today, quilt, "stock:A", "handed-out:A", "2"), take("y", today, quilt, "stock:A", "handed-out:A", "2"))
	if err != nil || errs[0] != nil || errs[1] == nil {
		t.Fatalf("got %v %v", errs, err)
	}
	if tried[0].Number != 2 || tried[0].Moves[0].Value.String() != "66.67" || len(tried[0].Cells) != 2 {
		t.Errorf("got %+v", tried[0])
	}
	if _, err := w.Entry(ctx, 2); err == nil {
		t.Error("the dry run left an entry")
	}
	if posted := w.post(take("x", today, quilt, "stock:A", "handed-out:A", "1")); posted.Number != 2 || posted.Document != "HO-A-00001" {
		t.Errorf("got %+v", posted)
	}
}

func TestRecall(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	p := receive("r", today, quilt, "stock:A", "2", "10.00")
	w.post(p)
	if again, known, err := w.Recall(ctx, "r", "receipt", p.Content); err != nil || !known || !again.Replayed || again.Number != 1 || len(again.Moves) != 1 {
		t.Errorf("got %+v %v %v", again, known, err)
	}
	if _, known, err := w.Recall(ctx, "r", "", map[string]string{}); !known || err == nil {
		t.Errorf("other content: %v %v", known, err)
	}
	if _, known, err := w.Recall(ctx, "free", "", p.Content); known || err != nil {
		t.Errorf("free key: %v %v", known, err)
	}
}
