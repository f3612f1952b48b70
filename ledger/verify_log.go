package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// keptLog is the Merkle log as it is kept, next to the one that grows from the leaves.
type keptLog struct {
	frontier
	nodes       map[nodeKey]tlog.Hash
	checkpoints []keptCheckpoint // by size; those before next are checked
	next        int
	sealed      int64            // size of the largest checkpoint in the database
	agreed      map[string]int64 // the last size at which the checkpoints of a place agreed with the entries
	differs     map[string]bool
	torn        bool // an entry is missing: from there on the tree cannot be computed
}

type nodeKey struct {
	level int
	n     int64
}

type keptCheckpoint struct {
	Checkpoint
	place string
}

const (
	inDatabase = "database"
	inFile     = "file"
)

// startLog reads what is kept of the log and believes none of it.
func (v *verification) startLog(ctx context.Context, tx bun.Tx) error {
	l := &v.log
	l.nodes, l.agreed, l.differs = map[nodeKey]tlog.Hash{}, map[string]int64{}, map[string]bool{}
	l.keep = v.checkNode
	var nodes []struct {
		Level int
		N     int64
		Hash  []byte
	}
	if err := tx.NewRaw("SELECT level, n, hash FROM tree_nodes WHERE book_id = ?", v.book.ID).Scan(ctx, &nodes); err != nil {
		return fmt.Errorf("reading tree nodes: %w", err)
	}
	for _, n := range nodes {
		l.nodes[nodeKey{n.Level, n.N}] = storedHash(n.Hash)
	}
	var rows []struct {
		Size int64
		Root []byte
		Note string
	}
	if err := tx.NewRaw("SELECT size, root, note FROM checkpoints WHERE book_id = ? ORDER BY size", v.book.ID).Scan(ctx, &rows); err != nil {
		return fmt.Errorf("reading checkpoints: %w", err)
	}
	for _, row := range rows {
		c, ok := v.openCheckpoint(row.Note, inDatabase)
		if ok && (c.Size != row.Size || c.Root != storedHash(row.Root)) {
			v.report("checkpoints", 0, "checkpoint of size %d (%s) holds a note of size %d or of another root", row.Size, inDatabase, c.Size)
		}
		l.sealed = max(l.sealed, row.Size)
	}
	for _, signed := range v.o.Checkpoints {
		v.openCheckpoint(signed, inFile)
	}
	slices.SortStableFunc(l.checkpoints, func(a, b keptCheckpoint) int { return cmp.Compare(a.Size, b.Size) })
	return nil
}

// openCheckpoint takes a note among those whose roots will be compared, when it can be read and its signature holds.
// The database may keep checkpoints that other servers signed with keys of their own; only their roots can be checked.
func (v *verification) openCheckpoint(signed, place string) (Checkpoint, bool) {
	c, err := ParseCheckpoint(signed)
	if err == nil && v.o.Verifiers != nil {
		_, err = OpenCheckpoint(signed, v.o.Verifiers)
		var other *note.UnverifiedNoteError
		if place == inDatabase && errors.As(err, &other) {
			err = nil
		}
	}
	if err == nil && c.Origin != v.book.Origin() {
		err = fmt.Errorf("checkpoint of size %d is of log %s, %s wanted", c.Size, c.Origin, v.book.Origin())
	}
	if err != nil {
		v.report("checkpoints", 0, "%s: %v", place, err)
		return c, false
	}
	v.log.checkpoints = append(v.log.checkpoints, keptCheckpoint{c, place})
	return c, true
}

// growLog adds an entry's stored leaf to the tree and compares what is kept of the tree at this size.
func (v *verification) growLog(e *chapter) {
	l := &v.log
	l.torn = l.torn || e.Number != l.size+1
	if l.torn {
		return
	}
	l.add(e.leaf)
	for ; l.next < len(l.checkpoints) && l.checkpoints[l.next].Size <= l.size; l.next++ {
		if l.checkpoints[l.next].Size > 0 {
			v.checkCheckpoint(l.checkpoints[l.next])
		}
	}
}

// checkCheckpoint reports the first of several checkpoints that no longer hold, because all after it follow from it,
// and between which two the change lies.
func (v *verification) checkCheckpoint(c keptCheckpoint) {
	l := &v.log
	if c.Root == l.root() {
		l.agreed[c.place], l.differs[c.place] = c.Size, false
		return
	}
	if !l.differs[c.place] {
		v.report("checkpoints", 0, "checkpoint of size %d (%s) was signed over other entries: one of entries %d to %d is not what it was",
			c.Size, c.place, l.agreed[c.place]+1, c.Size)
	}
	l.differs[c.place] = true
}

func (v *verification) checkNode(level int, n int64, root tlog.Hash) {
	key := nodeKey{level, n}
	stored, there := v.log.nodes[key]
	delete(v.log.nodes, key)
	first, last := n<<level+1, (n+1)<<level
	switch {
	case there && stored != root:
		v.report("tree", 0, "tree node of level %d, number %d, is not the root of entries %d to %d", level, n, first, last)
	case !there && last <= v.log.sealed:
		v.report("tree", 0, "tree node of level %d, number %d, over entries %d to %d, is missing", level, n, first, last)
	}
}

// finishLog reports what is kept beyond the last entry: the tail is gone.
func (v *verification) finishLog() {
	l := &v.log
	if l.torn {
		return
	}
	for _, c := range l.checkpoints[l.next:] {
		v.report("checkpoints", 0, "checkpoint of size %d (%s) vouches for %d entries, the book has %d", c.Size, c.place, c.Size, l.size)
	}
	beyond := slices.SortedFunc(maps.Keys(l.nodes), func(a, b nodeKey) int { return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.n, b.n)) })
	for _, key := range beyond {
		v.report("tree", 0, "tree node of level %d, number %d, lies beyond the %d entries of the book", key.level, key.n, l.size)
	}
}

// frontier computes the tree from its leaves: it holds the roots of the complete subtrees so far, largest first,
// and passes on those of every eighth level.
type frontier struct {
	size  int64
	roots []tlog.Hash
	keep  func(level int, n int64, root tlog.Hash)
}

func (f *frontier) add(leaf tlog.Hash) {
	root, level := leaf, 0
	for n := f.size; n&1 == 1; n >>= 1 {
		left := len(f.roots) - 1
		root = tlog.NodeHash(f.roots[left], root)
		f.roots = f.roots[:left]
		level++
		if level%tileHeight == 0 {
			f.keep(level, n>>1, root)
		}
	}
	f.roots = append(f.roots, root)
	f.size++
}

// root is the root over all leaves so far, of which there must be one.
func (f *frontier) root() tlog.Hash {
	last := len(f.roots) - 1
	root := f.roots[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(f.roots[i], root)
	}
	return root
}
