package ledger_test

import (
	"context"
	"testing"

	"reliefledger/ledger"
)

func TestReversal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.post(receive("r", day("2024-01-05"), quilt, "stock:A", "3", "100.00"))
	handout := w.post(take("h", day("2024-01-10"), quilt, "stock:A", "handed-out:A", "1"))
	reverse := func(key string, entry int64, on string) *ledger.Proposal {
		t.Helper()
		p, err := w.Reverse(context.Background(), ledger.By{Actor: "keeper", Key: key}, ledger.Reversal{Entry: entry, On: day(on), Reason: "counted twice"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	w.refused(reverse("v0", receipt.Number, "2024-01-05"), ledger.MovedOn,
		"entry 1 cannot be undone, what it brought has moved on: stock:A holds 2 of QUILT/L1 for fund F1, 3 wanted on 2024-01-10")
	w.refused(reverse("v1", handout.Number, "2024-01-09"), ledger.Invalid, "entry 2 happened on 2024-01-10, it cannot be undone before that")
	undone := w.post(reverse("v2", handout.Number, "2024-01-10"))
	if m := undone.Moves[0]; undone.Reverses != 2 || m.From != "handed-out:A" || m.To != "stock:A" || m.Value.String() != "33.33" {
		t.Errorf("got %+v", undone)
	}
	w.refused(reverse("v3", handout.Number, "2024-01-10"), ledger.AlreadyDone, "entry 2 was reversed already")
	w.post(reverse("v4", receipt.Number, "2024-01-10"))
	if _, err := w.Reverse(context.Background(), ledger.By{Actor: "keeper", Key: "v5"}, ledger.Reversal{Entry: 99, Reason: "x"}); err == nil ||
		err.Error() != "there is no entry 99 in book TEST" || err.(*ledger.Refusal).Faults[0].Pointer != "/entry" {
		t.Errorf("got %v", err)
	}
	if _, err := w.Reverse(context.Background(), ledger.By{Actor: "keeper", Key: "v5"}, ledger.Reversal{Entry: undone.Number, Reason: "x"}); err == nil ||
		err.Error() != "entry 3 is a reversal: a reversal is not reversed: post the right entry instead" {
		t.Errorf("got %v", err)
	}
}

// TestReversalOfARevaluation: freight cannot be taken back from goods that stayed when others took their share along.
func TestReversalOfARevaluation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", day("2024-01-05"), quilt, "stock:A", "4", "100.00"))
	freight := w.post(&ledger.Proposal{
		Header: ledger.Header{Kind: "freight", On: day("2024-01-06"), Actor: "finance", Key: "f"},
		Needs:  ledger.Needs{Groups: []ledger.Group{{Account: "landed:R", Item: "QUILT"}, {Account: "stock:A", Item: "QUILT"}}},
		Compose: func(d *ledger.Draft) error {
			return d.Move(ledger.Move{From: "landed:R", To: "stock:A", Fund: "F1", Commodity: quilt, Value: dec("20.00")})
		},
	})
	reverse := func(key string) *ledger.Proposal {
		t.Helper()
		p, err := w.Reverse(context.Background(), ledger.By{Actor: "finance", Key: key}, ledger.Reversal{Entry: freight.Number, Reason: "wrong bill"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	handout := w.post(take("h", day("2024-01-10"), quilt, "stock:A", "handed-out:A", "1"))
	w.refused(reverse("v1"), ledger.MovedOn, "entry 2 cannot be undone, goods it revalued have moved on: 1 of QUILT/L1 left stock:A since and did not come back with the value they took")
	back, err := w.Reverse(context.Background(), ledger.By{Actor: "keeper", Key: "v2"}, ledger.Reversal{Entry: handout.Number, Reason: "not given"})
	if err != nil {
		t.Fatal(err)
	}
	w.post(back)
	if undone := w.post(reverse("v3")); undone.Moves[0].Value.String() != "20" {
		t.Errorf("got %+v", undone.Moves)
	}
}
