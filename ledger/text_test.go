package ledger_test

import (
	"context"
	"testing"
	"time"

	"reliefledger/ledger"
)

// TestTextsThatCannotBeStored: PostgreSQL has no NUL and no broken UTF-8. One such text must not stop the whole book.
func TestTextsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "3", "30.00"))
	w.refused(take("h", today, ledger.Commodity{Item: "Q\x00", Lot: "L"}, "stock:A", "handed-out:A", "1"), ledger.Invalid,
		`"Q\x00" in groups cannot be stored: texts are UTF-8 without NUL`)
	for reason, words := range map[string]string{
		"a\x00b": `"a\x00b" in reversals cannot be stored: texts are UTF-8 without NUL`,
		"a\xffb": `"a\xffb" in reversals cannot be stored: texts are UTF-8 without NUL`,
	} {
		p, err := w.Reverse(context.Background(), ledger.By{Actor: "keeper", Key: "v"}, ledger.Reversal{Entry: 1, Reason: reason})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		w.refused(p, ledger.Invalid, words)
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("the refusal took %s", took)
		}
	}
}

// TestGroupsHoldNoCloseAndNoTwins: a close changes which dates its neighbours may have, so it is posted by itself; and a key cannot
// stand for two entries of a group that is all or nothing.
func TestGroupsHoldNoCloseAndNoTwins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shut := func(key, until string) *ledger.Proposal {
		p, err := w.ClosePeriod(ledger.By{Actor: "finance", Key: key}, ledger.Close{Until: day(until), Reason: "agreed"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	outcomes, err := w.PostEach(t.Context(), []*ledger.Proposal{
		receive("r", day("2024-01-05"), quilt, "stock:A", "3", "30.00"),
		shut("c1", "2024-01-31"),
		take("h1", day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"),
		take("h2", day("2024-02-01"), quilt, "stock:A", "handed-out:A", "1"),
		shut("c2", "2024-02-29"),
		shut("c3", "2024-02-15"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", ledger.PeriodClosed, "", "", "", ledger.AlreadyDone} {
		i, want := []int{0, 2, 1, 3, 4, 5}[i], want
		got := ""
		if refusal, ok := outcomes[i].Err.(*ledger.Refusal); ok {
			got = refusal.Code()
		}
		if got != want || outcomes[i].Err != nil && got == "" {
			t.Errorf("proposal %d: %v, %q wanted", i, outcomes[i].Err, want)
		}
	}
	_, err = w.PostAll(t.Context(), []*ledger.Proposal{take("h3", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"), shut("c4", "2024-03-10")})
	if want := "a close is posted by itself, not in a group"; err == nil || err.Error() != want || err.(*ledger.Refusal).Faults[0].Pointer != "/1" {
		t.Errorf("got %v", err)
	}
	_, err = w.PostAll(t.Context(), []*ledger.Proposal{
		take("h4", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"), take("h4", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"),
	})
	if want := "key h4 stands twice in one group"; err == nil || err.Error() != want || err.(*ledger.Refusal).Faults[0].Pointer != "/1" {
		t.Errorf("got %v", err)
	}
}
