package ledger

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// Tile is the data of a C2SP tile of a book's log: width hashes of 32 bytes, from the n-th group of 256 on, on the given tile level
// (0 for leaves, 1 for roots of 256 leaves …). Only what the latest checkpoint covers is shown; anything else is refused as NotFound.
// A tile never changes once it is full, so that it may be cached for ever.
func Tile(ctx context.Context, db bun.IDB, book Info, level int, n int64, width int) ([]byte, error) {
	latest, err := LatestCheckpoint(ctx, db, book)
	if err != nil {
		return nil, err
	}
	tile := tlog.Tile{H: tileHeight, L: level, N: n, W: width}
	if level < 0 || level > 7 || n < 0 || n > latest.Size>>tileHeight || width < 1 || width > tileWidth ||
		n<<tileHeight+int64(width) > latest.Size>>(tileHeight*level) {
		return nil, Refuse(NotFound, "", fmt.Sprintf("log of book %s has no tile of level %d, number %d and width %d, it is sealed up to entry %d",
			book.Code, level, n, width, latest.Size))
	}
	return tree{ctx, db, book}.read(tile)
}
