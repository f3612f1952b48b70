package register

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Edit is one version of a record, as history keeps it for ever.
type Edit[T any] struct {
	Version   int64
	ChangedAt time.Time
	ChangedBy string
	Record    T
}

// edit is a row of register_history. The content is the record as JSON text, so that a version written long ago
// still reads as it was written when the columns of the register have grown since.
type edit struct {
	bun.BaseModel `bun:"table:register_history"`
	BookID        int
	Noun          string
	Code          string
	Version       int64
	Content       string
	ChangedAt     time.Time
	ChangedBy     string
}

// remember adds the versions that this transaction made to the history; rows that stood before are already there.
func (r *Register[T]) remember(ctx context.Context, tx bun.Tx, rows []Row[T]) error {
	var edits []edit
	for _, row := range rows {
		if row.Repeated {
			continue
		}
		content, err := json.Marshal(row.Record)
		if err != nil {
			return err
		}
		edits = append(edits, edit{
			BookID: row.BookID, Noun: r.Noun, Code: r.Code(row.Record), Version: row.Version,
			Content: string(content), ChangedAt: row.ChangedAt, ChangedBy: row.ChangedBy,
		})
	}
	if len(edits) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&edits).Exec(ctx)
	return err
}

// History is a page of the versions of a record, the oldest first: up to limit, MaxPage at most, after the given version.
func (r *Register[T]) History(ctx context.Context, code string, after int64, limit int) ([]Edit[T], error) {
	var edits []edit
	err := r.book.DB().NewSelect().Model(&edits).
		Where("book_id = ? AND noun = ? AND code = ? AND version > ?", r.book.ID, r.Noun, code, after).
		Order("version").Limit(int64(min(max(limit, 1), MaxPage))).Scan(ctx)
	if err != nil {
		return nil, err
	}
	history := make([]Edit[T], len(edits))
	for i, e := range edits {
		history[i] = Edit[T]{Version: e.Version, ChangedAt: e.ChangedAt, ChangedBy: e.ChangedBy}
		if err := json.Unmarshal([]byte(e.Content), &history[i].Record); err != nil {
			return nil, fmt.Errorf("%s %s version %d: %w", r.Noun, code, e.Version, err)
		}
	}
	return history, nil
}
