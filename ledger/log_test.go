package ledger_test

import (
	"errors"
	"fmt"
	"testing"

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
		if opened, err := ledger.OpenCheckpoint(c.Note, s.Key.Verifiers); err != nil || opened.Root != c.Root || opened.Origin != "reliefledger/TEST" {
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

// A log of more than 65,536 entries has three levels of tiles. Posting so many would take long; their leaves are enough here.
func TestSealAcrossLevels(t *testing.T) {
	w := newWorld(t)
	const size = 65_536 + 300
	w.tamper(fmt.Sprintf(`INSERT INTO entries SELECT 1, n, 'activity', '2024-01-01', '2024-01-01', 'keeper', 'k' || n, '{}', NULL, NULL, sha256(n::text::bytea)
		FROM generate_series(1, %d) n`, size), fmt.Sprintf("UPDATE heads SET number = %d", size))
	s := w.sealer()
	sealed := seal(t, s)
	if sealed.Root != w.plainRoot(size) {
		t.Errorf("the root is %s, the library says %s", sealed.Root, w.plainRoot(size))
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: sealed.Root}, tiles{w})
	if _, err := reader.ReadHashes([]int64{0, tlog.StoredHashIndex(16, 0), tlog.StoredHashIndex(8, 200), tlog.StoredHashIndex(0, size-1)}); err != nil {
		t.Errorf("a client of the tiles: %v", err)
	}
	findings, err := ledger.Verify(t.Context(), w.DB(), w.Info, ledger.VerifyOptions{Verifiers: s.Key.Verifiers, Checkpoints: kept(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Rule == "tree" || f.Rule == "checkpoints" {
			t.Error(f)
		}
	}
	p, err := ledger.ProveInclusion(t.Context(), w.DB(), w.Info, 65_000, 0)
	if err != nil || p.Check(sealed) != nil {
		t.Errorf("inclusion: %v, %v", err, p.Check(sealed))
	}
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
	if found := w.verify(ledger.VerifyOptions{Verifiers: s.Key.Verifiers}); len(found) > 0 {
		t.Errorf("findings: %q", found)
	}
}
