package ledger_test

import (
	"context"
	"testing"

	"reliefledger/ledger"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.post(receive("r", day("2024-01-05"), quilt, "stock:A", "3", "100.00"))
	propose := func(p *ledger.Proposal, err error) *ledger.Proposal {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	finance, auditor := ledger.By{Actor: "finance", Key: "c1"}, ledger.By{Actor: "auditor", Key: "c2"}
	if _, err := w.ClosePeriod(finance, ledger.Close{Until: today, Reason: "early"}); err == nil || err.Error() != "a close ends before today, 2024-03-15" {
		t.Errorf("got %v", err)
	}
	w.post(propose(w.ClosePeriod(finance, ledger.Close{Until: day("2024-01-31"), Reason: "January agreed"})))
	refusal := w.refused(take("h", day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"), ledger.PeriodClosed,
		"2024-01-31 lies in a closed period, closed until 2024-01-31")
	if refusal.Faults[0].Pointer != "/on" || refusal.Faults[0].Hint == "" {
		t.Errorf("got %+v", refusal.Faults[0])
	}
	w.refused(propose(w.ClosePeriod(ledger.By{Actor: "finance", Key: "c3"}, ledger.Close{Until: day("2024-01-15"), Reason: "again"})),
		ledger.AlreadyDone, "the book is closed until 2024-01-31 already")

	asked := w.post(propose(w.ProposeReopening(ledger.By{Actor: "finance", Key: "o1"}, ledger.Reopening{Reason: "late invoice"})))
	if _, err := w.Reopen(ctx, finance, asked.Number); err == nil || err.Error() != "finance proposed this reopening, another person must agree to it" {
		t.Errorf("got %v", err)
	}
	w.post(propose(w.Reopen(ctx, auditor, asked.Number)))
	w.refused(propose(w.Reopen(ctx, ledger.By{Actor: "auditor", Key: "c9"}, asked.Number)), ledger.AlreadyDone,
		"the reopening proposed by entry 3 was agreed to already")
	w.post(take("h", day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"))
}
