package register

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
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
// It is a NotFound refusal where there is no such record.
func (r *Register[T]) History(ctx context.Context, code string, after int64, limit int) ([]Edit[T], error) {
	if _, err := r.Find(ctx, code); err != nil {
		return nil, err
	}
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

// Declare has Verify check that every record stands as its history says, and gives the rules back. It is for package
// variables, once per noun. The columns of the table and the fields of the record must bear the same names; a migration
// that adds one also writes a version of every record.
func Declare[T any](rules Rules[T]) Rules[T] {
	ledger.MustHold("register of "+rules.Table, fmt.Sprintf(`
		WITH last AS (
			SELECT DISTINCT ON (code) code, version, changed_at, changed_by, content::jsonb AS content, count(*) OVER (PARTITION BY code) AS versions
			FROM register_history WHERE book_id = ?0 AND noun = '%[1]s' ORDER BY code, version DESC)
		SELECT format('%[1]s %%s stands at version %%s, not as its history of %%s versions says',
			coalesce(r.code, last.code), coalesce(r.version, 0), coalesce(versions, 0))
		FROM (SELECT * FROM %[2]s WHERE book_id = ?0) AS r FULL JOIN last ON last.code = r.code
		WHERE (r.version, r.version, r.changed_at, r.changed_by,
				jsonb_strip_nulls(to_jsonb(r) - ARRAY['book_id', 'version', 'changed_at', 'changed_by']))
			IS DISTINCT FROM (last.version, last.versions, last.changed_at, last.changed_by, last.content)
		ORDER BY 1`, rules.Noun, rules.Table))
	return rules
}
