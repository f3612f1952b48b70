package ledger_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// story posts a small history: 300 entries, so that the log has a whole tile, with documents, a backdated entry, a reversal and a close.
func story(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.post(receive(w.key(), day("2024-01-02"), quilt, "stock:A", "400", "1000.00"))
	var proposals []*ledger.Proposal
	for i := range 290 {
		proposals = append(proposals, take(w.key(), day("2024-02-01")+ledger.Date(i/97), quilt, "stock:A", "handed-out:A", "1"))
	}
	outcomes, err := w.PostEach(t.Context(), proposals)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	w.post(take(w.key(), day("2024-01-20"), quilt, "stock:A", "handed-out:A", "7")) // 292, backdated
	undo, err := w.Reverse(t.Context(), ledger.By{Actor: "keeper", Key: w.key()}, ledger.Reversal{Entry: 100, Reason: "counted twice"})
	if err != nil {
		t.Fatal(err)
	}
	w.post(undo) // 293
	shut, err := w.ClosePeriod(ledger.By{Actor: "finance", Key: w.key()}, ledger.Close{Until: day("2024-01-31"), Reason: "January agreed"})
	if err != nil {
		t.Fatal(err)
	}
	w.post(shut) // 294
	for range 6 {
		w.post(take(w.key(), day("2024-03-01"), quilt, "stock:A", "handed-out:A", "2"))
	}
	return w
}

func (w *world) verify(o ledger.VerifyOptions) []string {
	w.t.Helper()
	findings, err := ledger.Verify(context.Background(), w.DB(), w.Info, o)
	if err != nil {
		w.t.Fatal(err)
	}
	sentences := make([]string, len(findings))
	for i, f := range findings {
		sentences[i] = f.String()
	}
	return sentences
}

func (w *world) sealer() *ledger.Sealer {
	w.t.Helper()
	dir := w.t.TempDir()
	key, err := ledger.OpenKey(filepath.Join(dir, "log.key"), w.Origin())
	if err != nil {
		w.t.Fatal(err)
	}
	return &ledger.Sealer{DB: w.DB(), Book: w.Info, Key: key, File: filepath.Join(dir, "checkpoints"), Now: pgtest.Now}
}

func seal(t *testing.T, s *ledger.Sealer) ledger.Checkpoint {
	t.Helper()
	sealed, err := s.Seal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func kept(t *testing.T, s *ledger.Sealer) []string {
	t.Helper()
	notes, err := ledger.ReadCheckpoints(s.File)
	if err != nil {
		t.Fatal(err)
	}
	return notes
}

// tamper changes the database as its superuser, with the triggers that protect history out of the way.
func (w *world) tamper(statements ...string) {
	w.t.Helper()
	err := pgtest.Owner(w.t, w.DB()).RunInTx(w.t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		for _, s := range append([]string{"SET LOCAL session_replication_role = replica"}, statements...) {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestVerify(t *testing.T) {
	t.Run("an untouched book", func(t *testing.T) {
		w := story(t)
		s := w.sealer()
		seal(t, s)
		w.post(take(w.key(), day("2024-03-02"), quilt, "stock:A", "handed-out:A", "2"))
		seal(t, s)
		var last, total int64
		progress := func(d, n int64) { last, total = d, n }
		if found := w.verify(ledger.VerifyOptions{Checkpoints: kept(t, s), Verifiers: s.Key.Verifiers, Progress: progress}); len(found) > 0 {
			t.Errorf("findings:\n%s", strings.Join(found, "\n"))
		}
		if last != 301 || total != 301 {
			t.Errorf("progress ended at %d of %d, 301 of 301 wanted", last, total)
		}
		if err := ledger.VerifyAll(t.Context(), w.DB()); err != nil {
			t.Error(err)
		}
	})

	for _, c := range []struct {
		name       string
		statements []string
		findings   []string
	}{
		{
			"one fen of a move",
			[]string{"UPDATE moves SET value = value + 0.01 WHERE number = 50"},
			[]string{
				"entry 50 move 1 takes 1 worth 2.51: that leaves 351 worth 877.49 in stock:A of QUILT/L1 for fund F1, 351 worth 877.5 is stored",
				"entry 50 move 1 takes 1 worth 2.51: that leaves 49 worth 122.51 in handed-out:A of QUILT/L1 for fund F1, 49 worth 122.5 is stored",
				"entry 50 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"day 2024-02-01 of cell 2, stock:A of QUILT/L1 for fund F1: -97 worth -242.5 is stored, its moves add up to -97 worth -242.51",
				"day 2024-02-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 97 worth 242.5 is stored, its moves add up to 97 worth 242.51",
			},
		},
		{
			"one fen of a cell",
			[]string{"UPDATE cells SET value = value - 0.01 WHERE account = 'stock:A'"},
			[]string{"cell 2, stock:A of QUILT/L1 for fund F1: 92 worth 229.99 is stored, its moves leave 92 worth 230"},
		},
		{
			"one fen of an after-balance",
			[]string{"UPDATE moves SET to_value = to_value + 0.01 WHERE number = 60"},
			[]string{"entry 60 move 1 takes 1 worth 2.5: that leaves 59 worth 147.5 in handed-out:A of QUILT/L1 for fund F1, 59 worth 147.51 is stored"},
		},
		{
			"a document row",
			[]string{"UPDATE reversals SET reason = 'counted thrice' WHERE number = 293"},
			[]string{"entry 293 does not hash to its leaf: its header, a move, a lot or a document row was changed"},
		},
		{
			"a document row slipped in",
			[]string{"INSERT INTO reversals VALUES (1, 900, 1, 5, 'never')"},
			[]string{"reversals: 1 of entry 900 belongs to no entry"},
		},
		{
			"a deleted entry",
			[]string{"DELETE FROM entries WHERE number = 296"},
			[]string{
				"moves: 1 of entry 296 belongs to no entry",
				"entry 296 is missing",
				"entry 297: document HO-A-00294, but HO-A-00293 comes next in its series",
				"entry 297 move 1 takes 2 worth 5: that leaves 100 worth 250 in stock:A of QUILT/L1 for fund F1, 98 worth 245 is stored",
				"entry 297 move 1 takes 2 worth 5: that leaves 300 worth 750 in handed-out:A of QUILT/L1 for fund F1, 302 worth 755 is stored",
				"day 2024-03-01 of cell 2, stock:A of QUILT/L1 for fund F1: -12 worth -30 is stored, its moves add up to -10 worth -25",
				"day 2024-03-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 12 worth 30 is stored, its moves add up to 10 worth 25",
			},
		},
		{
			"a deleted entry and its moves, and the tail renumbered",
			[]string{
				"DELETE FROM entries WHERE number = 296",
				"DELETE FROM moves WHERE number = 296",
				"UPDATE entries SET number = number - 1 WHERE number > 296",
				"UPDATE moves SET number = number - 1 WHERE number > 296",
				"UPDATE heads SET number = number - 1",
			},
			[]string{
				"entry 296: document HO-A-00294, but HO-A-00293 comes next in its series",
				"entry 296 move 1 takes 2 worth 5: that leaves 100 worth 250 in stock:A of QUILT/L1 for fund F1, 98 worth 245 is stored",
				"entry 296 move 1 takes 2 worth 5: that leaves 300 worth 750 in handed-out:A of QUILT/L1 for fund F1, 302 worth 755 is stored",
				"entries 296 to 299 do not hash to their leaves: headers, moves or document rows were changed",
				"checkpoint of size 300 (database) vouches for 300 entries, the book has 299",
				"day 2024-03-01 of cell 2, stock:A of QUILT/L1 for fund F1: -12 worth -30 is stored, its moves add up to -10 worth -25",
				"day 2024-03-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 12 worth 30 is stored, its moves add up to 10 worth 25",
			},
		},
		{
			"the last entry gone without a trace",
			[]string{"DELETE FROM entries WHERE number = 300", "DELETE FROM moves WHERE number = 300"},
			[]string{
				"head: last entry 300 is stored, the entries say 299",
				"cell 2, stock:A of QUILT/L1 for fund F1: 92 worth 230 is stored, its moves leave 94 worth 235",
				"cell 3, handed-out:A of QUILT/L1 for fund F1: 308 worth 770 is stored, its moves leave 306 worth 765",
				"checkpoint of size 300 (database) vouches for 300 entries, the book has 299",
				"tally series:HO-A: 297 is stored, its last document is number 296",
				"day 2024-03-01 of cell 2, stock:A of QUILT/L1 for fund F1: -12 worth -30 is stored, its moves add up to -10 worth -25",
				"day 2024-03-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 12 worth 30 is stored, its moves add up to 10 worth 25",
			},
		},
		{
			"a leaf",
			[]string{"UPDATE entries SET leaf = sha256('x') WHERE number = 20"},
			[]string{
				"entry 20 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"tree node of level 8, number 0, is not the root of entries 1 to 256",
				"checkpoint of size 300 (database) was signed over other entries: one of entries 1 to 300 is not what it was",
			},
		},
		{
			"a last day moved",
			[]string{"UPDATE cells SET last_on = '2024-03-16' WHERE cell = 3"},
			[]string{
				"cell 3, handed-out:A of QUILT/L1 for fund F1: last day 2024-03-16 is stored, its moves end on 2024-03-15",
				"day 2024-03-15 of cell 3, handed-out:A of QUILT/L1 for fund F1: 0 worth 0 is stored, its moves add up to -1 worth -2.5",
				"day 2024-03-16 of cell 3, handed-out:A of QUILT/L1 for fund F1: -1 worth -2.5 is stored, its moves add up to 0 worth 0",
			},
		},
		{
			"a last day among the past ones",
			[]string{
				"INSERT INTO past_days SELECT book_id, cell, last_on, 2, 5 FROM cells WHERE cell = 3",
				"UPDATE cells SET last_quantity = last_quantity - 2, last_value = last_value - 5 WHERE cell = 3",
			},
			[]string{"day 2024-03-15 of cell 3, handed-out:A of QUILT/L1 for fund F1, is stored as past: its last day is 2024-03-15"},
		},
		{
			"an entry moved into a closed period",
			[]string{`UPDATE entries SET "on" = '2024-01-31' WHERE number = 298`},
			[]string{
				"entry 298 is dated 2024-01-31, but entry 294 had closed the book until 2024-01-31",
				"entry 298 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"day 2024-01-31 of cell 2, stock:A of QUILT/L1 for fund F1: 0 worth 0 is stored, its moves add up to -2 worth -5",
				"day 2024-03-01 of cell 2, stock:A of QUILT/L1 for fund F1: -12 worth -30 is stored, its moves add up to -10 worth -25",
				"day 2024-01-31 of cell 3, handed-out:A of QUILT/L1 for fund F1: 0 worth 0 is stored, its moves add up to 2 worth 5",
				"day 2024-03-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 12 worth 30 is stored, its moves add up to 10 worth 25",
			},
		},
		{
			"time running back",
			[]string{"UPDATE entries SET recorded_at = recorded_at - interval '1 hour' WHERE number = 299"},
			[]string{
				"entry 299 was recorded at 2024-03-15T11:00:00Z, before entry 298 at 2024-03-15T12:00:00Z",
				"entry 299 does not hash to its leaf: its header, a move, a lot or a document row was changed",
			},
		},
		{
			"a second reversal",
			[]string{"DROP INDEX entries_reverses", "UPDATE entries SET reverses = 100 WHERE number = 300"},
			[]string{
				"entry 300 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"entry 100 is reversed by entries 293, 300",
				"entry 300 reverses entry 100, but not by its moves backwards",
			},
		},
		{
			"a key used twice",
			[]string{"ALTER TABLE entries DROP CONSTRAINT entries_key", "UPDATE entries SET key = 'key-10' WHERE number = 299"},
			[]string{
				"entry 299 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"key key-10 belongs to entries 10, 299",
			},
		},
		{
			"a cell that holds more than is kept exactly",
			[]string{"UPDATE cells SET value = 1e28 WHERE cell = 3"},
			[]string{
				"cell 3, handed-out:A of QUILT/L1 for fund F1: 308 worth 10000000000000000000000000000 is stored, its moves leave 308 worth 770",
				"handed-out:A of QUILT/L1 for fund F1 holds 308 worth 10000000000000000000000000000, at most 28 digits before the point are kept exactly",
			},
		},
		{
			"a place below zero",
			[]string{`UPDATE past_days SET quantity = -401 WHERE cell = 2 AND "on" = '2024-01-20'`},
			[]string{
				"day 2024-01-20 of cell 2, stock:A of QUILT/L1 for fund F1: -401 worth -17.5 is stored, its moves add up to -7 worth -17.5",
				"stock:A of QUILT/L1 for fund F1 ends 2024-01-20 with -1 worth 982.5",
			},
		},
		{
			"counters",
			[]string{"UPDATE tallies SET quantity = 0 WHERE name = 'reversed:100'", "UPDATE tallies SET quantity = 5 WHERE name = 'series:HO-A'"},
			[]string{
				"tally series:HO-A: 5 is stored, its last document is number 297",
				"tally reversed:100: 0 worth 0 is stored, its entries add up to 1 worth 0",
			},
		},
		{
			"a later expiry date",
			[]string{"UPDATE commodities SET expires_on = '2030-01-01'"},
			[]string{"entry 1 does not hash to its leaf: its header, a move, a lot or a document row was changed"},
		},
		{
			"a lot that nobody brought in",
			[]string{"DELETE FROM commodities"},
			[]string{
				"entry 1 move 1 moves QUILT/L1, which no entry up to it brought in",
				"entry 1 does not hash to its leaf: its header, a move, a lot or a document row was changed",
			},
		},
		{
			"a move without a cell",
			[]string{"UPDATE moves SET to_cell = 77 WHERE number = 300"},
			[]string{
				"entry 300 move 1 goes to cell 77, which does not exist",
				"entry 300 does not hash to its leaf: its header, a move, a lot or a document row was changed",
				"cell 3, handed-out:A of QUILT/L1 for fund F1: 308 worth 770 is stored, its moves leave 306 worth 765",
				"day 2024-03-01 of cell 3, handed-out:A of QUILT/L1 for fund F1: 12 worth 30 is stored, its moves add up to 10 worth 25",
				"day 2024-03-01 of cell 77, which does not exist: 0 worth 0 is stored, its moves add up to 2 worth 5",
			},
		},
		{
			"a move to another fund",
			[]string{
				"INSERT INTO cells SELECT 1, 4, 'handed-out:A', 'F2', 'QUILT', 'L1', false, 2, 5, '2024-03-01', 2, 5",
				"UPDATE cells SET quantity = quantity - 2, value = value - 5 WHERE cell = 3",
				"UPDATE past_days SET quantity = 10, value = 25 WHERE cell = 3 AND \"on\" = '2024-03-01'",
				"UPDATE moves SET to_cell = 4, to_quantity = 2, to_value = 5 WHERE number = 300",
				"UPDATE heads SET cells = 4",
			},
			[]string{
				"entry 300 move 1 takes QUILT/L1 of fund F1 to QUILT/L1 of fund F2",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := story(t)
			seal(t, w.sealer())
			w.tamper(c.statements...)
			if found := w.verify(ledger.VerifyOptions{}); !slices.Equal(found, c.findings) {
				t.Errorf("found:\n%s\nwant:\n%s", strings.Join(found, "\n"), strings.Join(c.findings, "\n"))
			}
		})
	}
}

// rewrite changes an entry and everything that could tell: its leaf, the tree above it, and the checkpoints in the database.
func (w *world) rewrite(number int64) {
	w.t.Helper()
	leaf := w.leafOf(number, func(r *ledger.Record) { r.Actor = "nobody" })
	w.tamper(
		fmt.Sprintf("UPDATE entries SET actor = 'nobody', leaf = decode('%x', 'hex') WHERE number = %d", leaf, number),
		"DELETE FROM tree_nodes", "DELETE FROM checkpoints")
}

// leafOf hashes a stored entry after a change, as anybody can who reads the code.
func (w *world) leafOf(number int64, change func(*ledger.Record)) []byte {
	w.t.Helper()
	entry, err := w.Entry(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	var content string
	if err := w.DB().NewRaw("SELECT content FROM entries WHERE number = ?", number).Scan(w.t.Context(), &content); err != nil {
		w.t.Fatal(err)
	}
	record := ledger.Record{Book: w.Code, Entry: entry, ContentHash: sha256.Sum256([]byte(content))}
	change(&record)
	leaf := record.Leaf()
	return leaf[:]
}

func TestVerifyAgainstKeptCheckpoints(t *testing.T) {
	w := story(t)
	s := w.sealer()
	seal(t, s)
	w.post(take(w.key(), day("2024-03-02"), quilt, "stock:A", "handed-out:A", "2"))
	seal(t, s)
	outside := kept(t, s)

	w.rewrite(301)
	if found := w.verify(ledger.VerifyOptions{}); len(found) > 0 {
		t.Errorf("a perfect rewrite is seen from inside: %q", found)
	}
	want := []string{"checkpoint of size 301 (file) was signed over other entries: one of entries 301 to 301 is not what it was"}
	if found := w.verify(ledger.VerifyOptions{Checkpoints: outside, Verifiers: s.Key.Verifiers}); !slices.Equal(found, want) {
		t.Errorf("found %q\nwant %q", found, want)
	}
	_, err := s.Seal(t.Context())
	words := "checkpoint file " + s.File + ": book TEST does not extend its checkpoint of size 301: one of the first 301 entries is not what was signed; nothing is signed until verify names it"
	if err == nil || err.Error() != words {
		t.Errorf("sealed over a rewritten book: %v", err)
	}

	forged := strings.Replace(outside[0], "300", "299", 1)
	want = []string{"file: checkpoint of size 299: invalid signature for key " + s.Key.Name() + fmt.Sprintf("+%08x", s.Key.KeyHash())}
	if found := w.verify(ledger.VerifyOptions{Checkpoints: []string{forged}, Verifiers: s.Key.Verifiers}); !slices.Equal(found, want) {
		t.Errorf("found %q\nwant %q", found, want)
	}
}

func TestVerifyWhatIsNoNumber(t *testing.T) {
	w := story(t)
	w.tamper("ALTER TABLE moves DROP CONSTRAINT moves_number", "UPDATE moves SET value = 'NaN' WHERE number = 7")
	_, err := ledger.Verify(t.Context(), w.DB(), w.Info, ledger.VerifyOptions{})
	if want := "book TEST: reading walk_moves: entry 7 move 1: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

func TestVerifyAll(t *testing.T) {
	w := story(t)
	w.tamper("UPDATE cells SET value = value - 0.01 WHERE cell = 2", "UPDATE tallies SET quantity = 0 WHERE name = 'reversed:100'")
	want := "book TEST: cell 2, stock:A of QUILT/L1 for fund F1: 92 worth 229.99 is stored, its moves leave 92 worth 230\n" +
		"book TEST: tally reversed:100: 0 worth 0 is stored, its entries add up to 1 worth 0"
	if err := ledger.VerifyAll(t.Context(), w.DB()); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
