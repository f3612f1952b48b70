package ledger_test

import (
	"slices"
	"testing"

	"reliefledger/ledger"
)

func TestGuardsSeeTheMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := receive(w.key(), today, quilt, "stock:A", "3", "30.00")
	if got := in.Needs.Touched(); !slices.Equal(got, []ledger.Account{"supplier:S", "stock:A"}) {
		t.Errorf("touched %q", got)
	}
	refuse := func(m ledger.Move) error {
		if m.To == "stock:A" {
			return ledger.Refuse(ledger.NotFound, "", string(m.From)+" to "+string(m.To)+" of "+m.Quantity.String()+" is nobody's business")
		}
		return nil
	}
	in.Bind(nil, refuse)
	_, err := w.Post(t.Context(), in)
	if err == nil || err.Error() != "supplier:S to stock:A of 3 is nobody's business" {
		t.Errorf("guarded: %v", err)
	}
	elsewhere := receive(in.Key, today, quilt, "stock:B", "3", "30.00")
	elsewhere.Bind(nil, refuse)
	posted, err := w.Post(t.Context(), elsewhere)
	if err != nil || posted.Number != 1 || posted.Replayed {
		t.Errorf("what was refused left something behind: %+v, %v", posted, err)
	}
}
