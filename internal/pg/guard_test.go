package pg_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

type mark struct {
	bun.BaseModel `bun:"table:marks"`
	N             int64
}

// marks opens a pool on a database with one table, marks(n).
func marks(t *testing.T, dsn string, o pg.Options) *bun.DB {
	t.Helper()
	db, err := pg.Open(dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func withMarks(t *testing.T) string {
	t.Helper()
	dsn := pgtest.Empty(t)
	db := marks(t, dsn, pg.Options{})
	if err := pg.Transact(t.Context(), db, exec("CREATE TABLE marks (n bigint CONSTRAINT marks_pkey PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")); err != nil {
		t.Fatal(err)
	}
	return dsn
}

func exec(sql string) func(context.Context, bun.Tx) error {
	return func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, sql)
		return err
	}
}

func count(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	if err := db.NewRaw("SELECT count(*) FROM marks").Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWritesOutsideATransactionAreRefused(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	ctx := t.Context()
	prepared, err := db.DB.PrepareContext(ctx, "INSERT INTO marks VALUES ($1)")
	if err != nil {
		t.Fatal(err)
	}
	defer prepared.Close()
	writes := map[string]func() error{
		"plain":     func() error { _, err := db.ExecContext(ctx, "INSERT INTO marks VALUES (1)"); return err },
		"argument":  func() error { _, err := db.DB.ExecContext(ctx, "INSERT INTO marks VALUES ($1)", 1); return err },
		"second":    func() error { _, err := db.ExecContext(ctx, "SELECT 1; INSERT INTO marks VALUES (1)"); return err },
		"model":     func() error { _, err := db.NewInsert().Model(&mark{N: 1}).Exec(ctx); return err },
		"returning": func() error { return db.NewRaw("INSERT INTO marks VALUES (1) RETURNING n").Scan(ctx, new(int)) },
		"writing CTE": func() error {
			return db.NewRaw("WITH w AS (DELETE FROM marks RETURNING n) SELECT n FROM w").Scan(ctx, new(int))
		},
		"prepared":     func() error { _, err := prepared.ExecContext(ctx, 1); return err },
		"prepared row": func() error { return prepared.QueryRowContext(ctx, 1).Err() },
		"definition":   func() error { _, err := db.ExecContext(ctx, "TRUNCATE marks"); return err },
		"own BEGIN":    func() error { _, err := db.ExecContext(ctx, "BEGIN"); return err },
	}
	for name, write := range writes {
		if err := write(); !errors.Is(err, pg.ErrOutsideTransaction) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = db.ExecContext(ctx, "INSERT INTO marks VALUES (1)")
	if want := "insert: a write outside a transaction could run twice, wrap it in pg.Transact"; err.Error() != want {
		t.Errorf("says %q, want %q", err, want)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

// TestProvenReads: a warning while they end says that they are saved less than a commit promises, one from before says nothing.
func TestProvenReads(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ask := func(sql string) func() error {
		return func() error {
			rows, err := conn.QueryContext(t.Context(), sql)
			if err != nil {
				return err
			}
			return errors.Join(rows.Close(), rows.Err())
		}
	}
	const warns = "SELECT pg_advisory_unlock(7)" // of a lock that nobody holds
	if err := errors.Join(ask(warns)(), pg.Proven(conn, ask("SELECT 1"))); err != nil {
		t.Errorf("says %v", err)
	}
	if err := pg.Proven(conn, ask(warns)); !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("a warning says %v", err)
	}
}

func TestWritesInsideATransactionPass(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	prepared, err := db.DB.PrepareContext(t.Context(), "INSERT INTO marks VALUES ($1)")
	if err != nil {
		t.Fatal(err)
	}
	defer prepared.Close()
	err = pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&mark{N: 1}).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.Tx.StmtContext(ctx, prepared).ExecContext(ctx, 2); err != nil {
			return err
		}
		failed := tx.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO marks VALUES (3)"); err != nil {
				return err
			}
			return errors.New("back to the savepoint")
		})
		if failed.Error() != "back to the savepoint" {
			return failed
		}
		rows, err := tx.Tx.PrepareContext(ctx, "COPY marks FROM STDIN")
		if err != nil {
			return err
		}
		for n := range 100 {
			if _, err := rows.ExecContext(ctx, 10+n); err != nil {
				return err
			}
		}
		if _, err := rows.ExecContext(ctx); err != nil {
			return err
		}
		return rows.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 102 {
		t.Errorf("%d rows, 102 wanted", n)
	}
}

func TestReadsAreCancelled(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{MaxOpen: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := db.ExecContext(ctx, "SELECT pg_sleep(10)")
	if pg.Code(err) != "57014" && !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second {
		t.Fatalf("%v after %s", err, time.Since(begun))
	}
	count(t, db) // the pool recovers
}
