package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Create adds a record. Creating the same record again answers the row that stands; the same code with other content
// is refused with AlreadyDone and the names of the fields that differ.
func (r *Register[T]) Create(ctx context.Context, actor string, record T) (Row[T], error) {
	rows, err := r.create(ctx, actor, []T{record}, alone)
	if err != nil {
		return Row[T]{}, err
	}
	return rows[0], nil
}

// alone is the pointer of the only record of a request.
func alone(int) string { return "" }

// CreateMany adds up to MaxMany records in one transaction, all or none, and answers their rows in the same order.
// Faults stand under /0, /1 …
func (r *Register[T]) CreateMany(ctx context.Context, actor string, records []T) ([]Row[T], error) {
	if len(records) > MaxMany {
		return nil, ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("%d %s records sent, %d fit into one request", len(records), r.Noun, MaxMany))
	}
	return r.create(ctx, actor, slices.Clone(records), func(i int) string { return fmt.Sprintf("/%d", i) })
}

func (r *Register[T]) create(ctx context.Context, actor string, records []T, at func(int) string) ([]Row[T], error) {
	if len(records) == 0 {
		return nil, nil
	}
	if err := r.checkAll(records, at); err != nil {
		return nil, err
	}
	var rows []Row[T]
	err := r.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := r.settle(ctx, tx, records, at); err != nil {
			return err
		}
		if err := r.mayHold(ctx, records, at); err != nil {
			return err
		}
		var err error
		rows, err = r.insert(ctx, tx, actor, records, at)
		return err
	})
	return rows, err
}

func (r *Register[T]) checkAll(records []T, at func(int) string) error {
	var faults ledger.Faults
	seen := make(map[string]int, len(records))
	for i := range records {
		if err := faults.Add(at(i), r.Check(&records[i])); err != nil {
			return err
		}
		code := r.Code(records[i])
		if first, twice := seen[code]; twice {
			_ = faults.Add(at(i), ledger.Refuse(ledger.Invalid, "/code",
				fmt.Sprintf("%s %s stands in lines %d and %d, once wanted", r.Noun, code, first, i)))
		}
		seen[code] = i
	}
	return faults.Err()
}

func (r *Register[T]) settle(ctx context.Context, tx bun.Tx, records []T, at func(int) string) error {
	if r.Settle == nil {
		return nil
	}
	pointers := make([]*T, len(records))
	for i := range records {
		pointers[i] = &records[i]
	}
	return r.Settle(context.WithValue(ctx, withinKey{}, r.within(ctx)), tx, r.book.ID, pointers, at)
}

// insert writes what is new and compares what is there. The primary key decides, so that two creators of one code cannot both be first.
func (r *Register[T]) insert(ctx context.Context, tx bun.Tx, actor string, records []T, at func(int) string) ([]Row[T], error) {
	rows := make([]Row[T], len(records))
	for i, record := range records {
		rows[i] = r.row(actor, 1, record)
	}
	var added []string
	err := tx.NewInsert().Model(&rows).ModelTableExpr("?", bun.Ident(r.Table)).
		On("CONFLICT (book_id, code) DO NOTHING").Returning("code").Scan(ctx, &added)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Table, err)
	}
	if len(added) < len(rows) {
		if err := r.replaceStanding(ctx, tx, rows, added, at); err != nil {
			return nil, err
		}
	}
	if err := r.shortEnough(rows, at); err != nil {
		return nil, err
	}
	return rows, r.remember(ctx, tx, rows)
}

// shortEnough refuses new codes that documents could not be named after.
func (r *Register[T]) shortEnough(rows []Row[T], at func(int) string) error {
	var faults ledger.Faults
	for i, row := range rows {
		if n := len(r.Code(row.Record)); r.MaxCode > 0 && n > r.MaxCode && !row.Repeated {
			_ = faults.Add(at(i), ledger.Refuse(ledger.Invalid, "/code", fmt.Sprintf("%s has %d characters, at most %d wanted", r.Noun+" code", n, r.MaxCode)))
		}
	}
	return faults.Err()
}

// replaceStanding puts the rows that were there before in the place of those that were sent again.
func (r *Register[T]) replaceStanding(ctx context.Context, tx bun.Tx, rows []Row[T], added []string, at func(int) string) error {
	standing, err := r.standing(ctx, tx, rows)
	if err != nil {
		return err
	}
	isNew := make(map[string]bool, len(added))
	for _, code := range added {
		isNew[code] = true
	}
	var faults ledger.Faults
	for i := range rows {
		code := r.Code(rows[i].Record)
		if isNew[code] {
			continue
		}
		there := standing[code]
		if !r.reached(ctx, there.Record) {
			_ = faults.Add(at(i), ledger.Refuse(ledger.AlreadyDone, "/code", fmt.Sprintf("code %s is taken, another one wanted for this %s", code, r.Noun)))
			continue
		}
		fields, err := Differing(there.Record, rows[i].Record)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			_ = faults.Add(at(i), &ledger.Refusal{Faults: []ledger.Fault{{
				Code: ledger.AlreadyDone, Pointer: "/code",
				Message: fmt.Sprintf("%s %s is in the register with other %s", r.Noun, code, strings.Join(fields, ", ")),
				Hint:    fmt.Sprintf("read it and change version %d", there.Version),
			}}})
		}
		there.Repeated = true
		rows[i] = there
	}
	return faults.Err()
}

func (r *Register[T]) standing(ctx context.Context, tx bun.Tx, rows []Row[T]) (map[string]Row[T], error) {
	codes := make([]string, len(rows))
	for i, row := range rows {
		codes[i] = r.Code(row.Record)
	}
	var found []Row[T]
	err := r.from(tx, &found).Where("code IN (?)", bun.List(codes)).Scan(ctx)
	standing := make(map[string]Row[T], len(found))
	for _, row := range found {
		standing[r.Code(row.Record)] = row
	}
	return standing, err
}
