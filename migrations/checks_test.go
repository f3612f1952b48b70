package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

var errTaken = errors.New("it was taken")

// What the tables refuse, whoever writes to them: each row breaks one rule, and the row before its mistake is taken.
func TestChecks(t *testing.T) {
	db := pgtest.Open(t)
	const (
		cells    = `INSERT INTO cells VALUES (1, 1, '%s', 'F1', 'QUILT', 'L1', '%s', %s, %s, '2024-03-15', %s, %s)`
		moves    = `INSERT INTO moves VALUES (1, 1, 1, 1, %s, %s, %s, 0, 0, 0, 0)`
		tallies  = `INSERT INTO tallies VALUES (1, '%s', %s, %s)`
		handouts = `INSERT INTO handouts VALUES (1, 1, 1, 'PT', '', '', false, %s, '%s', '%s', '%s')`
	)
	for _, c := range []struct {
		row, rule string
		values    string
	}{
		{cells, "", "stock:A t 1 2 0 0"},
		{cells, "", "stock:A t 1.123456789 2.1234 -1.5 -2.5"},
		{cells, "", "stock t 0 0 0 0"},
		{cells, "", "stock:A t 1 0 0 0"},
		{cells, "", "handed-out:A f -1 -2 0 0"},
		{cells, "", "stocks:A f -1 0 0 0"},
		{cells, "", "transit:A t 0 0 0 0"},
		{cells, "", "allotment:A t 0 0 0 0"},
		{cells, "cells_floored", "stock:A f 1 2 0 0"},
		{cells, "cells_floored", "quarantine f 1 2 0 0"},
		{cells, "cells_floored", "bank:A f 1 2 0 0"},
		{cells, "cells_floored", "cash:A f 1 2 0 0"},
		{cells, "cells_floored", "reserved:A f 1 2 0 0"},
		{cells, "cells_floored", "handed-out:A t 1 2 0 0"},
		{cells, "cells_floor", "stock:A t -1 0 0 0"},
		{cells, "cells_floor", "stock:A t 1 -2 0 0"},
		{cells, "cells_floor", "stock:A t 0 2 0 0"},
		{cells, "cells_floor", "stock:A t -1 2 0 0"},
		{cells, "cells_number", "stock:A t 'NaN' 0 0 0"},
		{cells, "cells_number", "handed-out:A f 1 'NaN' 0 0"},
		{cells, "cells_number", "stock:A t 1 0 'NaN' 0"},
		{cells, "cells_number", "stock:A t 1 0 0 'NaN'"},
		{cells, "cells_number", "stock:A t 'Infinity' 0 0 0"},
		{cells, "cells_number", "handed-out:A f 1 '-Infinity' 0 0"},
		{cells, "cells_number", "handed-out:A f 'Infinity' 0 '-Infinity' 0"},
		{cells, "cells_number", "stock:A t 1.1234567891 0 0 0"},
		{cells, "cells_number", "stock:A t 1 0.12345 0 0"},
		{cells, "cells_number", "stock:A t 1 0 0.1234567891 0"},
		{cells, "cells_number", "stock:A t 1 0 0 0.12345"},
		{moves, "", "2 1 2"},
		{moves, "", "2 0 2"},
		{moves, "", "2 1 0"},
		{moves, "", "2 0.000000001 0.0001"},
		{moves, "moves_two_cells", "1 1 2"},
		{moves, "moves_number", "2 0 0"},
		{moves, "moves_number", "2 -1 2"},
		{moves, "moves_number", "2 1 -2"},
		{moves, "moves_number", "2 -1 -2"},
		{moves, "moves_number", "2 'NaN' 2"},
		{moves, "moves_number", "2 1 'NaN'"},
		{moves, "moves_number", "2 'Infinity' 2"},
		{moves, "moves_number", "2 1 'Infinity'"},
		{moves, "moves_number", "2 0.0000000001 0"},
		{moves, "moves_number", "2 1 0.00001"},
		{tallies, "", "series:A 7 -2"},
		{tallies, "", "banked:A 1 0"},
		{tallies, "", "unbanked:A 2 0"},
		{tallies, "", "statement-after:A 0 9"},
		{tallies, "", "approved:7 1 0"},
		{tallies, "tallies_once", "approved:7 2 0"},
		{tallies, "tallies_once", "banked:A 2 0"},
		{tallies, "tallies_once", "budget-line:A:B 2 0"},
		{tallies, "tallies_once", "request-closed:A 1.01 0"},
		{tallies, "tallies_once", "statement-after:A 2 0"},
		{tallies, "tallies_number", "series:A -1 0"},
		{tallies, "tallies_number", "series:A 'NaN' 0"},
		{tallies, "tallies_number", "series:A 1 'NaN'"},
		{tallies, "tallies_number", "series:A 'Infinity' 0"},
		{tallies, "tallies_number", "series:A 1 '-Infinity'"},
		{handouts, "", "1 female 18-59 p1"},
		{handouts, "", "0 - - -"},
		{handouts, "", "7 male 60+ -"},
		{handouts, "", "7 - 0-17 -"},
		{handouts, "handouts_age_check", "1 - 18 -"},
		{handouts, "handouts_sex_check", "1 Female - -"},
		{handouts, "handouts_people_check", "-1 - - -"},
		{handouts, "handouts_one_person", "2 - - p1"},
	} {
		var values []any
		for v := range strings.FieldsSeq(c.values) {
			values = append(values, strings.TrimSuffix(v, "-")) // a lone dash is nothing
		}
		row := fmt.Sprintf(c.row, values...)
		err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, row); err != nil {
				return err
			}
			return errTaken
		})
		if taken := errors.Is(err, errTaken); taken != (c.rule == "") || !taken && pg.Violated(err) != c.rule {
			t.Errorf("%s\n%v, refused by %q wanted", row, err, c.rule)
		}
	}
}
