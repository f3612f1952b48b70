package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// Recall answers what a key was given before: the first answer again when the content is the same, a KeyReused refusal when it is
// not, and false when the key is free, or not the asker's business. A caller asks it when a request is refused before it becomes a proposal: the point may
// have been closed since, and a repeated request must still get its first answer. An empty kind asks for any.
func (b *Book) Recall(ctx context.Context, key, kind string, content any) (Posted, bool, error) {
	before, known, err := b.savedUnder(ctx, key)
	if err != nil || !known {
		return Posted{}, false, err
	}
	if seen, err := b.Sees(ctx, before.number); err != nil || !seen {
		return Posted{}, false, err
	}
	now, err := json.Marshal(content)
	if err != nil {
		return Posted{}, false, err
	}
	if err := sameContent(key, before, cmp.Or(kind, before.kind), string(now)); err != nil {
		return Posted{}, true, err
	}
	entry, err := b.readBack(ctx, before.number, key)
	return Posted{Entry: entry, Replayed: true}, true, err
}

// savedUnder finds what is posted under a key. The lock on the head makes the look-up a transaction that ends as every commit does, when
// the standby has all of it: what a primary shows and its standby lacks is not posted yet.
func (b *Book) savedUnder(ctx context.Context, key string) (before found, known bool, err error) {
	err = pg.Transact(ctx, b.db, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw("SELECT number, kind, content FROM entries WHERE book_id = ? AND key = ?", b.ID, key).Scan(ctx, &before.number, &before.kind, &before.content)
		if errors.Is(err, sql.ErrNoRows) {
			known = false
			return nil
		}
		if err != nil {
			return err
		}
		known = true
		_, err = tx.ExecContext(ctx, "SELECT FROM heads WHERE book_id = ? FOR SHARE", b.ID)
		return err
	})
	if err != nil && known {
		err = fmt.Errorf("%w (%v)", pg.ErrOutcomeUnknown, err)
	}
	return before, known, err
}
