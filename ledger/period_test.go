package ledger_test

import (
	"context"
	"slices"
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
	if _, err := w.Reopen(ctx, auditor, 99); err == nil || err.Error() != "entry 99 proposes no reopening" || err.(*ledger.Refusal).Faults[0].Pointer != "/proposal" {
		t.Errorf("got %v", err)
	}
	w.post(propose(w.Reopen(ctx, auditor, asked.Number)))
	w.refused(propose(w.Reopen(ctx, ledger.By{Actor: "auditor", Key: "c9"}, asked.Number)), ledger.AlreadyDone,
		"the reopening proposed by entry 3 was agreed to already")
	w.post(take("h", day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"))
}

// A reopening is agreed to once, by another person than its maker, and opens no more than was proposed.
func TestReopeningsThatWereTamperedWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := func(p *ledger.Proposal, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		w.post(p)
	}
	by := func(actor string) ledger.By { return ledger.By{Actor: actor, Key: w.key()} }
	for proposal := int64(2); proposal <= 5; proposal += 3 {
		post(w.ClosePeriod(by("finance"), ledger.Close{Until: day("2024-01-31"), Reason: "January agreed"}))
		post(w.ProposeReopening(by("finance"), ledger.Reopening{Reason: "late invoice"}))
		post(w.Reopen(t.Context(), by("auditor"), proposal))
	}
	for _, c := range []struct{ tamper, restore, want string }{
		{
			"UPDATE entries SET actor = 'finance' WHERE number = 3", "UPDATE entries SET actor = 'auditor' WHERE number = 3",
			"entry 3 of finance reopens all after the beginning, proposed by entry 2 of finance for all after the beginning",
		},
		{
			"UPDATE closes SET proposal = 1 WHERE number = 3", "UPDATE closes SET proposal = 2 WHERE number = 3",
			"entry 3 of auditor reopens all after the beginning, proposed by entry 1 of nobody for all after the beginning",
		},
		{
			"UPDATE closes SET closed_until = '2024-01-15' WHERE number = 2", "UPDATE closes SET closed_until = NULL WHERE number = 2",
			"entry 3 of auditor reopens all after the beginning, proposed by entry 2 of finance for all after 2024-01-15",
		},
		{
			"UPDATE closes SET proposal = 2 WHERE number = 6", "UPDATE closes SET proposal = 5 WHERE number = 6",
			"the reopening proposed by entry 2 was agreed to by entries 3, 6",
		},
	} {
		w.tamper(c.tamper)
		if found := w.verify(ledger.VerifyOptions{}); !slices.Contains(found, c.want) {
			t.Errorf("found %q, want %q", found, c.want)
		}
		w.tamper(c.restore)
	}
	if found := w.verify(ledger.VerifyOptions{}); len(found) > 0 {
		t.Errorf("an untouched book: %q", found)
	}
}
