package register

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// ErrStale says that a record has changed since the sender read it. Nothing was written: read it again and decide anew.
var ErrStale = errors.New("the record has changed since it was read")

// Change replaces the record of that code when it still stands at version, and answers the new row. Where another change
// came first it fails with ErrStale. It is safe to repeat: the second time it answers the row that the first time made.
func (r *Register[T]) Change(ctx context.Context, actor, code string, version int64, record T) (Row[T], error) {
	if err := r.Check(&record); err != nil {
		return Row[T]{}, err
	}
	if r.Code(record) != code {
		return Row[T]{}, ledger.Refuse(ledger.Invalid, "/code",
			fmt.Sprintf("%s %s cannot become %s: a code never changes", r.Noun, code, r.Code(record)))
	}
	var row Row[T]
	err := r.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		records := []T{record}
		if err := r.settle(ctx, tx, records, alone); err != nil {
			return err
		}
		if err := r.mayHold(ctx, records, alone); err != nil {
			return err
		}
		var err error
		row, err = r.replace(ctx, tx, r.row(actor, version+1, records[0]))
		return err
	})
	return row, err
}

func (r *Register[T]) replace(ctx context.Context, tx bun.Tx, row Row[T]) (Row[T], error) {
	code := r.Code(row.Record)
	was, err := r.read(ctx, tx, code)
	if err != nil {
		return row, err
	}
	fields, err := Differing(was.Record, row.Record)
	if err != nil {
		return row, err
	}
	if len(fields) == 0 && (was.Version == row.Version-1 || was.Version == row.Version && was.ChangedBy == row.ChangedBy) {
		was.Repeated = true
		return was, nil
	}
	if r.Steady != nil {
		if err := r.Steady(was.Record, row.Record); err != nil {
			return row, err
		}
	}
	result, err := tx.NewUpdate().Model(&row).ModelTableExpr("? AS r", bun.Ident(r.Table)).
		Where("book_id = ? AND code = ? AND version = ?", row.BookID, code, row.Version-1).Exec(ctx)
	if err != nil {
		return row, fmt.Errorf("%s %s: %w", r.Noun, code, err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return row, cmp.Or(err, fmt.Errorf("%s %s stands at version %d, %d wanted: %w", r.Noun, code, was.Version, row.Version-1, ErrStale))
	}
	return row, r.remember(ctx, tx, []Row[T]{row})
}

// Differing names the fields, as JSON writes them, in which two records are not the same, in order.
func Differing[T any](a, b T) ([]string, error) {
	left, err := fieldsOf(a)
	if err != nil {
		return nil, err
	}
	right, err := fieldsOf(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for name, value := range left {
		if string(right[name]) != string(value) {
			names = append(names, name)
		}
	}
	for name := range right {
		if _, both := left[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func fieldsOf(record any) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	return fields, json.Unmarshal(text, &fields)
}
