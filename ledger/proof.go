package ledger

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves that an entry is in the log that a checkpoint signs. Whoever holds the checkpoint can check it
// without the book: hashes as RFC 6962 has them, index Number-1.
type Inclusion struct {
	Number int64
	Size   int64
	Leaf   tlog.Hash
	Hashes tlog.RecordProof
}

// Consistency proves that the log of size To begins with the log of size From: nothing was changed or removed between.
type Consistency struct {
	From   int64
	To     int64
	Hashes tlog.TreeProof
}

// ProveInclusion proves entry number in the log of the given size, or of the latest checkpoint when size is 0.
// What is not sealed yet, or not there, is refused as NotFound.
func ProveInclusion(ctx context.Context, db bun.IDB, book Info, number, size int64) (Inclusion, error) {
	size, err := sealedSize(ctx, db, book, size)
	if err != nil {
		return Inclusion{}, err
	}
	if number < 1 || number > size {
		return Inclusion{}, Refuse(NotFound, "", fmt.Sprintf("log of size %d of book %s has no entry %d", size, book.Code, number))
	}
	t := tree{ctx, db, book}
	hashes, err := tlog.ProveRecord(size, number-1, t)
	if err != nil {
		return Inclusion{}, err
	}
	leaf, err := t.ReadHashes([]int64{tlog.StoredHashIndex(0, number-1)})
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{number, size, leaf[0], hashes}, nil
}

// Check is nil when the proof holds for the checkpoint. The checkpoint must have been opened with OpenCheckpoint
// and the leaf must be the hash of what was handed over: then nobody has to be believed.
func (p Inclusion) Check(c Checkpoint) error {
	if p.Size != c.Size {
		return fmt.Errorf("inclusion of entry %d is proved at size %d, the checkpoint has size %d", p.Number, p.Size, c.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Number-1, p.Leaf); err != nil {
		return fmt.Errorf("inclusion of entry %d in size %d: %w", p.Number, p.Size, err)
	}
	return nil
}

// ProveConsistency proves that the log of size to begins with the log of size from; to is that of the latest checkpoint when 0.
func ProveConsistency(ctx context.Context, db bun.IDB, book Info, from, to int64) (Consistency, error) {
	to, err := sealedSize(ctx, db, book, to)
	if err != nil {
		return Consistency{}, err
	}
	if from < 1 || from > to {
		return Consistency{}, Refuse(NotFound, "", fmt.Sprintf("log of size %d of book %s has no beginning of size %d", to, book.Code, from))
	}
	hashes, err := tlog.ProveTree(to, from, tree{ctx, db, book})
	return Consistency{from, to, hashes}, err
}

// Check is nil when the newer checkpoint extends the older one.
func (p Consistency) Check(older, newer Checkpoint) error {
	if p.From != older.Size || p.To != newer.Size {
		return fmt.Errorf("consistency is proved from size %d to %d, the checkpoints have %d and %d", p.From, p.To, older.Size, newer.Size)
	}
	if err := tlog.CheckTree(p.Hashes, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("consistency of size %d with %d: %w", p.From, p.To, err)
	}
	return nil
}

// sealedSize bounds a wanted size by what is sealed: beyond it the inner hashes are not kept yet.
func sealedSize(ctx context.Context, db bun.IDB, book Info, size int64) (int64, error) {
	latest, err := LatestCheckpoint(ctx, db, book)
	if err != nil {
		return 0, err
	}
	if size == 0 {
		size = latest.Size
	}
	if size < 1 || size > latest.Size {
		return 0, Refuse(NotFound, "", fmt.Sprintf("log of book %s is sealed up to entry %d, size %d wanted", book.Code, latest.Size, size))
	}
	return size, nil
}
