package ledger

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
)

// Recall answers what a key was given before: the first answer again when the content is the same, a KeyReused refusal when it is
// not, and false when the key is free. A caller asks it when a request is refused before it becomes a proposal: the point may
// have been closed since, and a repeated request must still get its first answer. An empty kind asks for any.
func (b *Book) Recall(ctx context.Context, key, kind string, content any) (Posted, bool, error) {
	var rows []struct {
		Number        int64
		Kind, Content string
	}
	err := b.db.NewRaw("SELECT number, kind, content FROM entries WHERE book_id = ? AND key = ?", b.ID, key).Scan(ctx, &rows)
	if err != nil {
		return Posted{}, false, fmt.Errorf("key %s: %w", key, err)
	}
	if len(rows) == 0 {
		return Posted{}, false, nil
	}
	now, err := json.Marshal(content)
	if err != nil {
		return Posted{}, false, err
	}
	before := found{rows[0].Number, rows[0].Kind, rows[0].Content}
	if err := sameContent(key, before, cmp.Or(kind, before.kind), string(now)); err != nil {
		return Posted{}, true, err
	}
	entry, err := b.Entry(ctx, rows[0].Number)
	return Posted{Entry: entry, Replayed: true}, true, err
}
