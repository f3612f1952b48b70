package ledger_test

import (
	"os"
	"strings"
	"testing"

	"reliefledger/ledger"
)

func TestAcceptLoss(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(1)
	s := w.sealer()
	seal(t, s)
	if _, err := s.AcceptLoss(t.Context(), 2); err == nil || err.Error() != "book TEST lost nothing that checkpoint file "+s.File+" vouches for" {
		t.Errorf("without a loss: %v", err)
	}
	w.many(2)
	seal(t, s)
	whole, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	w.tamper("DELETE FROM entries WHERE number = 4", "DELETE FROM moves WHERE number = 4", "UPDATE heads SET number = 3", "DELETE FROM checkpoints WHERE size = 4")
	if _, err := s.AcceptLoss(t.Context(), 2); err == nil || err.Error() != "book TEST holds 3 entries, the loss of all after 2 was accepted" {
		t.Errorf("with another number: %v", err)
	}
	aside, err := s.AcceptLoss(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if old, err := os.ReadFile(aside); err != nil || string(old) != string(whole) || !strings.HasPrefix(aside, s.File+".lost-4-") {
		t.Errorf("aside in %s stands %q, %v", aside, old, err)
	}
	var sizes []int64
	for _, signed := range kept(t, s) {
		c, err := ledger.OpenCheckpoint(signed, s.Key.Verifiers)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, c.Size)
	}
	if len(sizes) != 2 || sizes[0] != 2 || sizes[1] != 3 {
		t.Errorf("the new file vouches for %v, 2 and 3 wanted", sizes)
	}
	seal(t, s)
}

// What was signed and is different is no loss that anybody may accept.
func TestAcceptNoForgery(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(1)
	s := w.sealer()
	seal(t, s)
	w.many(2)
	seal(t, s)
	before, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	w.tamper("DELETE FROM entries WHERE number = 4", "DELETE FROM moves WHERE number = 4", "UPDATE heads SET number = 3", "DELETE FROM checkpoints",
		"DELETE FROM tree_nodes", "UPDATE entries SET leaf = decode(repeat('00', 32), 'hex') WHERE number = 2")
	if _, err := s.AcceptLoss(t.Context(), 3); err == nil || !strings.Contains(err.Error(), "does not extend its checkpoint of size 2") {
		t.Errorf("a forged database: %v", err)
	}
	if after, err := os.ReadFile(s.File); err != nil || string(after) != string(before) {
		t.Errorf("the file was touched: %q, %v", after, err)
	}
}
