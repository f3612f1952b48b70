package exchange

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Records is how a register is reached. A register has no dry run of its own: what would become of a record is found out by reading.
type Records[T any] struct {
	Code  func(T) string
	Check func(*T) error // brings a record into its one spelling, or refuses it
	// Parent is the code of the record that must be there first; nil when records refer to none of their kind.
	Parent func(T) string
	// Find reads a record, or refuses with NotFound.
	Find func(ctx context.Context, code string) (T, error)
	// Create adds records and answers with what became of each. One that is there with the same content is left as it is.
	Create func(ctx context.Context, records []T) ([]Outcome, error)
}

// Above is the Parent of locations.
func Above(l warehouse.Location) string { return l.Parent }

// Poster sends records to the register.
func (r Records[T]) Poster() Poster[T] {
	var tried trial
	return func(ctx context.Context, dry bool, keys []string, records []T) ([]Outcome, error) {
		if dry {
			return r.try(ctx, tried.of(keys[0]), keys, records)
		}
		return r.Create(ctx, records)
	}
}

// trial is what a dry run of one sheet has seen: under which key each code stands. A record may refer to one that only an
// earlier batch would bring.
type trial struct {
	sheet string
	seen  map[string]string
}

// of is the trial of the sheet that a key is of; another sheet begins a new one.
func (t *trial) of(key string) map[string]string {
	if sheet := key[:strings.LastIndexByte(key, '/')+1]; t.seen == nil || t.sheet != sheet {
		*t = trial{sheet, map[string]string{}}
	}
	return t.seen
}

func (r Records[T]) try(ctx context.Context, seen map[string]string, keys []string, records []T) ([]Outcome, error) {
	outcomes := make([]Outcome, len(records))
	for i, record := range records {
		o, code, at := &outcomes[i], r.Code(record), keys[i]
		repeated, err := r.compare(ctx, record, seen)
		if first, twice := seen[code]; twice && first != at {
			err = ledger.Refuse(ledger.Invalid, "/code", fmt.Sprintf("%s stands in the sheet twice", code))
		}
		if o.Faults, err = faultsOf(err); err != nil {
			return nil, err
		}
		if o.Faults == nil {
			o.Document, o.Repeated, seen[code] = code, repeated, at
		}
	}
	return outcomes, nil
}

// compare reports whether a record is there already, or refuses it.
func (r Records[T]) compare(ctx context.Context, record T, seen map[string]string) (repeated bool, err error) {
	if err := r.Check(&record); err != nil {
		return false, err
	}
	code := r.Code(record)
	standing, err := r.Find(ctx, code)
	if isNotFound(err) {
		return false, r.checkParent(ctx, record, seen)
	}
	if err == nil {
		err = r.Check(&standing)
	}
	if err != nil {
		return false, err
	}
	fields, err := register.Differing(standing, record)
	if err == nil && len(fields) > 0 {
		err = ledger.Refuse(ledger.AlreadyDone, "/"+fields[0], fmt.Sprintf("%s is in the register with other %s", code, strings.Join(fields, ", ")))
	}
	return err == nil, err
}

func (r Records[T]) checkParent(ctx context.Context, record T, seen map[string]string) error {
	if r.Parent == nil || r.Parent(record) == "" || seen[r.Parent(record)] != "" {
		return nil
	}
	_, err := r.Find(ctx, r.Parent(record))
	if isNotFound(err) {
		return ledger.Refuse(ledger.NotFound, "/parent", fmt.Sprintf("location %s is neither in the register nor in a row above %s", r.Parent(record), r.Code(record)))
	}
	return err
}

func isNotFound(err error) bool {
	var refusal *ledger.Refusal
	return errors.As(err, &refusal) && refusal.Code() == ledger.NotFound
}
