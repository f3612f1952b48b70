package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight makes tiles of 256 hashes side by side, as C2SP tlog-tiles wants them.
const tileHeight = 8

const tileWidth = 1 << tileHeight

// tree reads the hashes of a book's Merkle log. The leaves stand in entries; of the levels above only every eighth is kept,
// in tree_nodes, and everything between is computed from at most 256 stored neighbours.
type tree struct {
	ctx  context.Context // a tlog.HashReader is not given one
	db   bun.IDB
	book Info
}

// ReadHashes makes a tree a tlog.HashReader.
func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	widest := map[tlog.Tile]int{}
	for _, index := range indexes {
		tile := tlog.TileForIndex(tileHeight, index)
		whole := tlog.Tile{H: tileHeight, L: tile.L, N: tile.N}
		widest[whole] = max(widest[whole], tile.W)
	}
	data := make(map[tlog.Tile][]byte, len(widest))
	for whole, width := range widest {
		tile := whole
		tile.W = width
		read, err := t.read(tile)
		if err != nil {
			return nil, err
		}
		data[whole] = read
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		tile := tlog.TileForIndex(tileHeight, index)
		whole := tlog.Tile{H: tileHeight, L: tile.L, N: tile.N}
		hash, err := tlog.HashFromTile(tile, data[whole], index)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// read is the data of a tile: its hashes one after the other.
func (t tree) read(tile tlog.Tile) ([]byte, error) {
	first := tile.N << tileHeight
	var hashes [][]byte
	query := t.db.NewRaw("SELECT leaf FROM entries WHERE book_id = ? AND number > ? AND number <= ? ORDER BY number",
		t.book.ID, first, first+int64(tile.W))
	if tile.L > 0 {
		query = t.db.NewRaw("SELECT hash FROM tree_nodes WHERE book_id = ? AND level = ? AND n >= ? AND n < ? ORDER BY n",
			t.book.ID, tileHeight*tile.L, first, first+int64(tile.W))
	}
	if err := query.Scan(t.ctx, &hashes); err != nil {
		return nil, err
	}
	data := bytes.Join(hashes, nil)
	if len(hashes) != tile.W || len(data) != tile.W*tlog.HashSize {
		return nil, fmt.Errorf("log of book %s holds %d hashes of %s, %d wanted", t.book.Code, len(hashes), tile.Path(), tile.W)
	}
	return data, nil
}

// grow keeps the roots of all subtrees of 256, 65,536 … leaves that are complete at size and not kept yet.
// Whoever computes them finds the same ones, so two servers may do it at once.
func (t tree) grow(size int64) error {
	for level := tileHeight; size>>level > 0; level += tileHeight {
		have, want := int64(0), size>>level
		err := t.db.NewRaw("SELECT coalesce(max(n) + 1, 0) FROM tree_nodes WHERE book_id = ? AND level = ?", t.book.ID, level).Scan(t.ctx, &have)
		if err != nil {
			return err
		}
		// In steps, so that the first seal of a long book needs no long array.
		for have < want {
			until := min(have+4096, want)
			if err := t.keep(level, have, until); err != nil {
				return err
			}
			have = until
		}
	}
	return nil
}

// keep stores the nodes of one level from first to before until.
func (t tree) keep(level int, first, until int64) error {
	nodes := columns("bigint", "bytea")
	for n := first; n < until; n++ {
		data, err := t.read(tlog.Tile{H: tileHeight, L: level/tileHeight - 1, N: n, W: tileWidth})
		if err != nil {
			return err
		}
		root := subtree(data)
		nodes[0].integer(n)
		nodes[1].bytes(root[:])
	}
	_, err := t.db.ExecContext(t.ctx, fmt.Sprintf(
		"INSERT INTO tree_nodes (book_id, level, n, hash) SELECT %d, %d, v.* FROM %s AS v ON CONFLICT DO NOTHING",
		t.book.ID, level, unnest(nodes)))
	return err
}

// subtree is the root over a power of two of hashes.
func subtree(data []byte) tlog.Hash {
	if len(data) == tlog.HashSize {
		return tlog.Hash(data)
	}
	half := len(data) / 2
	return tlog.NodeHash(subtree(data[:half]), subtree(data[half:]))
}
