package exchange

import (
	"context"
	"errors"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// A refused document may have been posted before, under a rule that has changed since. When the book cannot be asked, nobody knows.
func TestNobodyCallsRefusedWhatMayStand(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	post := posted(pgtest.Book(t), "keeper", func(context.Context, ledger.By, string) (*ledger.Proposal, error) {
		cancel() // the way to the book is cut
		return nil, ledger.Refuse(ledger.NotOpen, "/location", "PT-1 is closed")
	})
	outcomes, err := post(ctx, false, []string{"k"}, []string{"a document"})
	if !errors.Is(err, context.Canceled) || outcomes != nil {
		t.Errorf("%+v, %v", outcomes, err)
	}
}
