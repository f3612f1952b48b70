package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"reliefledger/ledger"
)

func (w *world) many(n int) {
	w.t.Helper()
	proposals := make([]*ledger.Proposal, n)
	for i := range proposals {
		proposals[i] = take(w.key(), today, quilt, "stock:A", "handed-out:A", "1")
	}
	outcomes, err := w.PostEach(w.t.Context(), proposals)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			w.t.Fatal(o.Err)
		}
	}
}

// plainRoot computes the root of the first size leaves with the library alone, from a list of all stored hashes.
func (w *world) plainRoot(size int64) tlog.Hash {
	w.t.Helper()
	var leaves [][]byte
	if err := w.DB().NewRaw("SELECT leaf FROM entries ORDER BY number").Scan(w.t.Context(), &leaves); err != nil {
		w.t.Fatal(err)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for i, leaf := range leaves[:size] {
		hashes, err := tlog.StoredHashesForRecordHash(int64(i), tlog.Hash(leaf), reader)
		if err != nil {
			w.t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	return root
}

func TestSeal(t *testing.T) {
	w := newWorld(t)
	s := w.sealer()
	if sealed := seal(t, s); sealed.Size != 0 || len(kept(t, s)) != 0 {
		t.Errorf("an empty book was sealed: %+v", sealed)
	}

	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(254)
	var checkpoints []ledger.Checkpoint
	for _, more := range []int{0, 1, 1, 255, 88} { // 255, 256, 257, 512, 600
		w.many(more)
		checkpoints = append(checkpoints, seal(t, s))
	}
	for i, size := range []int64{255, 256, 257, 512, 600} {
		c := checkpoints[i]
		if c.Size != size || c.Root != w.plainRoot(size) {
			t.Errorf("checkpoint %d has size %d and root %s, the library says %d and %s", i, c.Size, c.Root, size, w.plainRoot(size))
		}
		if opened, err := ledger.OpenCheckpoint(c.Note, s.Key.Verifier); err != nil || opened.Root != c.Root || opened.Origin != "reliefledger/TEST" {
			t.Errorf("checkpoint %d opens as %+v: %v", i, opened, err)
		}
	}
	if again := seal(t, s); again.Note != checkpoints[4].Note || len(kept(t, s)) != 5 {
		t.Errorf("sealing again with nothing new gave size %d, and %d are kept", again.Size, len(kept(t, s)))
	}

	t.Run("consistency", func(t *testing.T) {
		for i, newer := range checkpoints {
			for _, older := range checkpoints[:i+1] {
				p, err := ledger.ProveConsistency(t.Context(), w.DB(), w.Info, older.Size, newer.Size)
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Check(older, newer); err != nil {
					t.Error(err)
				}
				newer.Root[0]++
				if p.Check(older, newer) == nil {
					t.Errorf("%d to %d: another root is believed", older.Size, newer.Size)
				}
				newer.Root[0]--
			}
		}
		_, err := ledger.ProveConsistency(t.Context(), w.DB(), w.Info, 5, 601)
		wantRefusal(t, err, ledger.NotFound, "log of book TEST is sealed up to entry 600, size 601 wanted")
		_, err = ledger.ProveConsistency(t.Context(), w.DB(), w.Info, 0, 600)
		wantRefusal(t, err, ledger.NotFound, "log of size 600 of book TEST has no beginning of size 0")
	})

	t.Run("inclusion", func(t *testing.T) {
		for _, c := range checkpoints {
			for _, number := range []int64{1, 2, 200, c.Size - 1, c.Size} {
				p, err := ledger.ProveInclusion(t.Context(), w.DB(), w.Info, number, c.Size)
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Check(c); err != nil {
					t.Error(err)
				}
				p.Leaf[3]++
				if p.Check(c) == nil {
					t.Errorf("entry %d in %d: another leaf is believed", number, c.Size)
				}
			}
		}
		p, err := ledger.ProveInclusion(t.Context(), w.DB(), w.Info, 77, 0)
		if err != nil || p.Check(checkpoints[4]) != nil {
			t.Errorf("at the latest checkpoint: %v", err)
		}
		if err := p.Check(checkpoints[0]); err == nil || err.Error() != "inclusion of entry 77 is proved at size 600, the checkpoint has size 255" {
			t.Errorf("against another checkpoint: %v", err)
		}
		_, err = ledger.ProveInclusion(t.Context(), w.DB(), w.Info, 601, 0)
		wantRefusal(t, err, ledger.NotFound, "log of size 600 of book TEST has no entry 601")
	})

	t.Run("tiles", func(t *testing.T) {
		reader := tlog.TileHashReader(tlog.Tree{N: 600, Hash: checkpoints[4].Root}, tiles{w})
		if _, err := reader.ReadHashes([]int64{0, tlog.StoredHashIndex(0, 599), tlog.StoredHashIndex(8, 1)}); err != nil {
			t.Errorf("a client of the tiles: %v", err)
		}
		for _, c := range []struct {
			level, n int64
			width    int
		}{{0, 2, 89}, {0, 3, 1}, {1, 0, 3}, {2, 0, 1}, {-1, 0, 1}, {0, -1, 1}, {0, 0, 257}, {0, 0, 0}, {0, 1 << 60, 1}, {9, 0, 1}} {
			_, err := ledger.Tile(t.Context(), w.DB(), w.Info, int(c.level), c.n, c.width)
			wantRefusal(t, err, ledger.NotFound, fmt.Sprintf("log of book TEST has no tile of level %d, number %d and width %d, it is sealed up to entry 600", c.level, c.n, c.width))
		}
	})
}

// tiles lets the library read the log as an outsider would.
type tiles struct{ *world }

func (tiles) Height() int { return 8 }

func (r tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		read, err := ledger.Tile(r.t.Context(), r.DB(), r.Info, tile.L, tile.N, tile.W)
		if err != nil {
			return nil, err
		}
		data[i] = read
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func wantRefusal(t *testing.T, err error, code, words string) {
	t.Helper()
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Code() != code || refusal.Error() != words {
		t.Errorf("got %v\nwant %s: %s", err, code, words)
	}
}

func TestTwoSealers(t *testing.T) {
	w := newWorld(t)
	w.post(receive(w.key(), today, quilt, "stock:A", "1000", "1000.00"))
	w.many(299)
	s := w.sealer()
	done := make(chan error, 4)
	for range cap(done) {
		go func() {
			_, err := ledger.Seal(t.Context(), w.DB(), w.Info, s.Key, today.Time())
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if found := w.verify(ledger.VerifyOptions{Verifier: s.Key.Verifier}); len(found) > 0 {
		t.Errorf("findings: %q", found)
	}
}

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
		if found := w.verify(ledger.VerifyOptions{Verifier: s.Key.Verifier, Checkpoints: kept(t, s)}); len(found) > 0 || len(kept(t, s)) != 2 {
			t.Errorf("%d kept, findings: %q", len(kept(t, s)), found)
		}
	}
	want := "file: checkpoint of size 1: note has no verifiable signatures"
	if found := w.verify(ledger.VerifyOptions{Verifier: a.Key.Verifier, Checkpoints: kept(t, b)[:1]}); len(found) != 1 || found[0] != want {
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
		"bring the newer one back, or move the checkpoint file away to accept the loss"
	if _, err := s.Seal(t.Context()); err == nil || err.Error() != words {
		t.Errorf("got %v\nwant %s", err, words)
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

func TestOpenKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	first, err := ledger.OpenKey(path, "reliefledger/TEST")
	if err != nil {
		t.Fatal(err)
	}
	second, err := ledger.OpenKey(path, "reliefledger/TEST")
	if err != nil || second.Public != first.Public {
		t.Errorf("the second opening gave %s: %v", second.Public, err)
	}
	signed, err := note.Sign(&note.Note{Text: "reliefledger/TEST\n1\n"}, first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(second.Verifier)); err != nil {
		t.Error(err)
	}
	if _, err := ledger.OpenKey(path, "reliefledger/OTHER"); err == nil || err.Error() != "key file "+path+" is of log reliefledger/TEST, reliefledger/OTHER wanted" {
		t.Errorf("another log: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.OpenKey(path, "reliefledger/TEST"); err == nil || err.Error() != "key file "+path+" has mode 0644, 0600 wanted" {
		t.Errorf("readable by others: %v", err)
	}
}

func TestParseCheckpoint(t *testing.T) {
	const root = "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI="
	for _, c := range []struct{ text, words string }{
		{"", `checkpoint "" is not a note of three lines and a signature`},
		{"log\n1\n" + root + "\n", `checkpoint "log\n1\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n" is not a note of three lines and a signature`},
		{"log\n01\n" + root + "\n\n", `checkpoint of "log" has size "01"`},
		{"log\n-1\n" + root + "\n\n", `checkpoint of "log" has size "-1"`},
		{"log\n1\nabc\n\n", `checkpoint of "log", size 1, has root "abc"`},
	} {
		if _, err := ledger.ParseCheckpoint(c.text); err == nil || err.Error() != c.words {
			t.Errorf("%q: got %v\nwant %s", c.text, err, c.words)
		}
	}
}
