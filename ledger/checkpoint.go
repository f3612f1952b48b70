package ledger

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"reliefledger/internal/pg"
)

// Checkpoint is a signed statement of what the log of a book was: so many entries, with this root over them.
// The zero Checkpoint is that of an empty log.
type Checkpoint struct {
	Origin   string
	Size     int64
	Root     tlog.Hash
	Note     string // C2SP signed note, as handed out
	SignedAt time.Time
}

// Origin names the log of a book in its checkpoints and is the name of the key that signs them.
func (i Info) Origin() string { return "reliefledger/" + i.Code }

// text is the C2SP tlog-checkpoint body.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// ParseCheckpoint reads a signed note without looking at its signature.
func ParseCheckpoint(signed string) (Checkpoint, error) {
	lines := strings.SplitN(signed, "\n", 4)
	if len(lines) != 4 || !strings.HasPrefix(lines[3], "\n") {
		return Checkpoint{}, fmt.Errorf("checkpoint %.60q is not a note of three lines and a signature", signed)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("checkpoint of %.60q has size %.30q", lines[0], lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("checkpoint of %.60q, size %d, has root %.60q", lines[0], size, lines[2])
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: tlog.Hash(root), Note: signed}, nil
}

// OpenCheckpoint reads a signed note and believes it only with a signature of one of the log's own keys.
func OpenCheckpoint(signed string, verifiers note.Verifiers) (Checkpoint, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return c, err
	}
	opened, err := note.Open([]byte(signed), verifiers)
	if err != nil {
		return c, fmt.Errorf("checkpoint of size %d: %w", c.Size, err)
	}
	if log := opened.Sigs[0].Name; c.Origin != log {
		return c, fmt.Errorf("checkpoint of size %d is of log %s, %s wanted", c.Size, c.Origin, log)
	}
	return c, nil
}

// LatestCheckpoint is the newest checkpoint kept in the database, or the zero Checkpoint.
func LatestCheckpoint(ctx context.Context, db bun.IDB, book Info) (Checkpoint, error) {
	var signed string
	var at time.Time
	err := db.NewRaw("SELECT note, signed_at FROM checkpoints WHERE book_id = ? ORDER BY size DESC LIMIT 1", book.ID).Scan(ctx, &signed, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{Origin: book.Origin()}, nil
	}
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := ParseCheckpoint(signed)
	c.SignedAt = at
	return c, err
}

// Shorter says that a database holds less than a checkpoint vouches for: an old backup was restored, a standby was promoted too early.
type Shorter struct {
	Book   string
	Holds  int64 // entries in the database
	Signed int64 // entries that the checkpoint covers
}

func (s *Shorter) Error() string {
	return fmt.Sprintf("book %s holds %d entries, but a checkpoint of %d was signed: the database is older than what was vouched for; "+
		"bring the newer one back, or accept the loss with relief recover", s.Book, s.Holds, s.Signed)
}

// Seal keeps the missing inner hashes of the book's log, signs a checkpoint over all entries there are, and stores it unless
// one of this size is stored. It signs nothing that does not extend the latest stored checkpoint and every one in known: a server
// that finds its database shorter than, or different from, what was signed before must not write to it. An empty book gives
// the zero Checkpoint. Sealing twice, or on two servers at once, even with different keys, does no harm.
func Seal(ctx context.Context, db *bun.DB, book Info, signer note.Signer, now time.Time, known ...Checkpoint) (Checkpoint, error) {
	fresh := Checkpoint{}
	err := pg.Transact(ctx, db, func(ctx context.Context, tx bun.Tx) error {
		latest, err := LatestCheckpoint(ctx, tx, book)
		if err != nil {
			return err
		}
		fresh, err = tree{ctx, tx, book}.extend(slices.Concat(known, []Checkpoint{latest}))
		if err != nil || fresh.Size == 0 {
			return err
		}
		signed, err := note.Sign(&note.Note{Text: fresh.text()}, signer)
		if err != nil {
			return err
		}
		fresh.Note, fresh.SignedAt = string(signed), now.UTC().Truncate(time.Microsecond)
		if fresh.Size == latest.Size {
			return nil
		}
		_, err = tx.NewRaw("INSERT INTO checkpoints (book_id, size, root, note, signed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			book.ID, fresh.Size, fresh.Root[:], fresh.Note, fresh.SignedAt).Exec(ctx)
		return err
	})
	return fresh, err
}

// extend is the unsigned checkpoint over all entries, proven to extend the known ones.
func (t tree) extend(known []Checkpoint) (Checkpoint, error) {
	fresh := Checkpoint{Origin: t.book.Origin()}
	if err := t.db.NewRaw("SELECT number FROM heads WHERE book_id = ?", t.book.ID).Scan(t.ctx, &fresh.Size); err != nil {
		return fresh, err
	}
	for _, k := range known {
		if k.Size > fresh.Size {
			return fresh, &Shorter{Book: t.book.Code, Holds: fresh.Size, Signed: k.Size}
		}
	}
	if fresh.Size == 0 {
		return fresh, nil
	}
	if err := t.grow(fresh.Size); err != nil {
		return fresh, err
	}
	root, err := tlog.TreeHash(fresh.Size, t)
	if err != nil {
		return fresh, err
	}
	fresh.Root = root
	for _, k := range known {
		if err := t.extends(fresh, k); err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

func (t tree) extends(fresh, known Checkpoint) error {
	if known.Size == 0 {
		return nil
	}
	hashes, err := tlog.ProveTree(fresh.Size, known.Size, t)
	if err != nil {
		return err
	}
	if tlog.CheckTree(hashes, fresh.Size, fresh.Root, known.Size, known.Root) != nil {
		return fmt.Errorf("book %s does not extend its checkpoint of size %d: one of the first %d entries is not what was signed; "+
			"nothing is signed until verify names it", t.book.Code, known.Size, known.Size)
	}
	return nil
}
