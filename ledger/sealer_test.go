package ledger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reliefledger/ledger"
)

// Two servers on one database may have keys of their own: each file holds only what its own key signed.
func TestTwoKeys(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "10", "10.00"))
	a, b := w.sealer(), w.sealer()
	for range 2 {
		seal(t, a)
		seal(t, b)
		w.many(1)
	}
	for _, s := range []*ledger.Sealer{a, b} {
		if found := w.verify(ledger.VerifyOptions{Verifiers: s.Key.Verifiers, Checkpoints: kept(t, s)}); len(found) > 0 || len(kept(t, s)) != 2 {
			t.Errorf("%d kept, findings: %q", len(kept(t, s)), found)
		}
	}
	want := "file: checkpoint of size 1: note has no verifiable signatures"
	if found := w.verify(ledger.VerifyOptions{Verifiers: a.Key.Verifiers, Checkpoints: kept(t, b)[:1]}); len(found) != 1 || found[0] != want {
		t.Errorf("found %q, want %q", found, want)
	}
}

func TestSealRefusesAnOlderDatabase(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(3)
	s := w.sealer()
	seal(t, s)
	w.tamper("DELETE FROM entries WHERE number = 4", "DELETE FROM moves WHERE number = 4", "UPDATE heads SET number = 3", "DELETE FROM checkpoints")
	words := "checkpoint file " + s.File + ": book TEST holds 3 entries, but a checkpoint of 4 was signed: the database is older than what was vouched for; " +
		"bring the newer one back, or accept the loss with relief recover"
	_, err := s.Seal(t.Context())
	if err == nil || err.Error() != words {
		t.Errorf("got %v\nwant %s", err, words)
	}
	if sealed, triedAt, standing := s.Standing(); sealed.Size != 4 || triedAt.IsZero() || standing != err {
		t.Errorf("after a failed seal it stands at %d with %v", sealed.Size, standing)
	}
	shorter := new(ledger.Shorter)
	if !errors.As(err, &shorter) || shorter.Holds != 3 || shorter.Signed != 4 {
		t.Errorf("the loss is told as %+v", shorter)
	}
}

func TestSealerRun(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "10", "10.00"))
	s := w.sealer()
	ticks := make(chan time.Time)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx, ticks) }()
	ticks <- time.Time{}
	ticks <- time.Time{} // the second tick is only taken when the first seal is done
	if notes := kept(t, s); len(notes) != 1 {
		t.Errorf("%d checkpoints after a tick, 1 wanted", len(notes))
	}
	w.many(1)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if notes := kept(t, s); len(notes) != 2 || !strings.Contains(notes[1], "\n2\n") {
		t.Errorf("after the stop %q are kept", notes)
	}
}

func TestCheckpointFile(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "10", "10.00"))
	s := w.sealer()
	seal(t, s)
	whole, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	w.many(1)
	seal(t, s)
	both := kept(t, s)
	text, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	// A crash may cut the second note anywhere: the first is still there, and the next seal adds the second again.
	for cut := len(whole); cut < len(text)-1; cut++ {
		if err := os.WriteFile(s.File, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if notes := kept(t, s); len(notes) != 1 || notes[0] != both[0] {
			t.Fatalf("cut at %d: %q", cut, notes)
		}
	}
	for _, cut := range []int{len(whole) + 3, len(whole) + 40, len(text) - 2} {
		if err := os.WriteFile(s.File, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		seal(t, s)
		if notes := kept(t, s); len(notes) != 2 || notes[1] != both[1] {
			t.Errorf("cut at %d and sealed again: %q", cut, notes)
		}
	}
}

func TestSealerWithAnotherKey(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "10", "10.00"))
	a, b := w.sealer(), w.sealer()
	seal(t, a)
	b.File = a.File
	words := "checkpoint file " + a.File + ": checkpoint of size 1 was signed with none of the keys of this log: bring log.key or log.pub back, or move the file away to begin a new one"
	if _, err := b.Seal(t.Context()); err == nil || err.Error() != words {
		t.Errorf("got %v\nwant %s", err, words)
	}
}

// A key is lost: another one signs from then on, and what the lost one signed stays proven by the file of public keys alone.
func TestSealerAfterItsKeyIsLost(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "10", "10.00"))
	s := w.sealer()
	seal(t, s)
	path := filepath.Join(filepath.Dir(s.File), "log.key")
	first := s.Key.Public
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.Key, err = ledger.OpenKey(path, w.Origin()); err != nil || s.Key.Public == first {
		t.Fatalf("the new key is %s, the lost one was %s: %v", s.Key.Public, first, err)
	}
	w.many(1)
	seal(t, s)
	verifiers, err := ledger.ReadVerifiers(ledger.PublicKeys(path), w.Origin())
	if err != nil {
		t.Fatal(err)
	}
	if found := w.verify(ledger.VerifyOptions{Verifiers: verifiers, Checkpoints: kept(t, s)}); len(found) > 0 || len(kept(t, s)) != 2 {
		t.Errorf("%d kept, findings: %q", len(kept(t, s)), found)
	}
}

// A server that runs while an older database takes the place of its own must not build on it, and goes on when the newer one is back.
func TestBookHeldWhileTheDatabaseIsShorter(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(3)
	s := w.sealer()
	seal(t, s)
	held := w.beside(ledger.Options{Hold: s.Held})
	held.post(take("before", today, quilt, "stock:A", "handed-out:A", "1"))
	seal(t, s)

	w.tamper("UPDATE heads SET number = 3")
	if _, err := s.Seal(t.Context()); err == nil {
		t.Fatal("a shorter database was sealed")
	}
	_, err := held.Post(t.Context(), take("during", today, quilt, "stock:A", "handed-out:A", "1"))
	shorter := new(ledger.Shorter)
	if !errors.Is(err, ledger.ErrUnavailable) || !errors.As(err, &shorter) || shorter.Holds != 3 || shorter.Signed != 5 {
		t.Errorf("posted on a shorter database: %v", err)
	}

	w.tamper("UPDATE heads SET number = 5")
	seal(t, s)
	if posted := held.post(take("after", today, quilt, "stock:A", "handed-out:A", "1")); posted.Number != 6 {
		t.Errorf("went on with entry %d, 6 wanted", posted.Number)
	}
}
