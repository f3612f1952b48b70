package pg_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/uptrace/bun"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
)

// atCommit makes every COMMIT on marks run a piece of plpgsql first.
func atCommit(t *testing.T, db *bun.DB, body string) {
	t.Helper()
	err := pg.Transact(t.Context(), db, exec(`
		CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN `+body+`; RETURN NULL; END $$;
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON marks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()`))
	if err != nil {
		t.Fatal(err)
	}
}

const insert = "INSERT INTO marks VALUES (1)"

func TestLostAnswerOfCommitIsUnknown(t *testing.T) {
	dsn := withMarks(t)
	p := faultpg.New(t, dsn)
	db := marks(t, p.DSN, pg.Options{MaxOpen: 1})
	p.Plan(faultpg.Break{Text: "COMMIT", How: faultpg.Answer})
	runs := 0
	err := pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
		runs++
		return exec(insert)(ctx, tx)
	})
	if !errors.Is(err, pg.ErrOutcomeUnknown) || errors.Is(err, driver.ErrBadConn) || pg.IsTransient(err) {
		t.Fatalf("says %v", err)
	}
	if n := count(t, db); n != 1 || runs != 1 {
		t.Errorf("%d rows after %d runs", n, runs)
	}
}

func TestLostAnswerBeforeCommitIsNothing(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{MaxOpen: 1})
	p.Plan(faultpg.Break{Text: insert, How: faultpg.Answer})
	err := pg.Transact(t.Context(), db, exec(insert))
	if err == nil || errors.Is(err, pg.ErrOutcomeUnknown) || !pg.IsTransient(err) {
		t.Fatalf("says %v", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestSwallowedStatementErrorThenCommitIsNothing(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{MaxOpen: 1})
	p.Plan(faultpg.Break{Text: insert, How: faultpg.Answer})
	err := pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
		_, _ = tx.ExecContext(ctx, insert) // fn does not notice that the connection is gone
		return nil
	})
	if err == nil || errors.Is(err, pg.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "connection lost before COMMIT, nothing was written") {
		t.Fatalf("says %v", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestReadIsRepeatedSilently(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{MaxOpen: 1})
	count(t, db)
	p.Plan(faultpg.Break{Text: "SELECT count", How: faultpg.Answer})
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestWarningAtCommitIsUnknown(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{MaxOpen: 1})
	atCommit(t, db, "RAISE WARNING 'waited in vain'")
	err := pg.Transact(t.Context(), db, exec(insert))
	if !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Fatalf("says %v", err)
	}
	if want := "outcome unknown, repeat the request with the same key (the server warned: waited in vain)"; err.Error() != want {
		t.Errorf("says %q, want %q", err, want)
	}
	count(t, db)
}

func TestDeadlineOfCallerDoesNotReachCommit(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	atCommit(t, db, "PERFORM pg_sleep(0.3)")
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if err := pg.Transact(ctx, db, exec(insert)); err != nil {
		t.Fatal(err)
	}
	if ctx.Err() == nil {
		t.Fatal("COMMIT was over before the deadline")
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestCommitHasABound(t *testing.T) {
	dsn := withMarks(t)
	atCommit(t, marks(t, dsn, pg.Options{}), "PERFORM pg_sleep(5)")
	db := marks(t, dsn, pg.Options{Deadline: 200 * time.Millisecond})
	begun := time.Now()
	if err := pg.Transact(t.Context(), db, exec(insert)); !errors.Is(err, pg.ErrOutcomeUnknown) || time.Since(begun) > 3*time.Second {
		t.Fatalf("%v after %s", err, time.Since(begun))
	}
}

func TestFailureAtCommitIsDefinite(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	err := pg.Transact(t.Context(), db, exec(insert+", (1)"))
	if errors.Is(err, pg.ErrOutcomeUnknown) || pg.Violated(err) != "marks_pkey" || pg.Code(err) != "23505" {
		t.Fatalf("says %v", err)
	}
}

func TestBlackHoleIsBounded(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{Deadline: 300 * time.Millisecond, MaxOpen: 2})
	count(t, db)
	p.BlackHole(true)
	for name, work := range map[string]func(context.Context) error{
		"read":  func(ctx context.Context) error { return db.NewRaw("SELECT 1").Scan(ctx, new(int)) },
		"write": func(ctx context.Context) error { return pg.Transact(ctx, db, exec(insert)) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		begun := time.Now()
		err := work(ctx)
		cancel()
		if err == nil || time.Since(begun) > 3*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(begun))
		}
	}
	p.BlackHole(false)
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestLostRacesAreRunAgain(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	for code, want := range map[string]int{"40001": 5, "40P01": 5, "55P03": 5, "23505": 1, "57014": 1} {
		runs := 0
		err := pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			runs++
			_, err := tx.ExecContext(ctx, "DO $$ BEGIN RAISE 'lost' USING ERRCODE = '"+code+"'; END $$")
			return err
		})
		if pg.Code(err) != code || runs != want {
			t.Errorf("%s: %d runs, %d wanted: %v", code, runs, want, err)
		}
	}
	runs := 0
	err := pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
		if runs++; runs < 3 {
			return &pq.Error{Code: "40001"}
		}
		return exec(insert)(ctx, tx)
	})
	if n := count(t, db); err != nil || n != 1 {
		t.Errorf("%d rows: %v", n, err)
	}
}

func TestPanicRollsBack(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{MaxOpen: 1})
	func() {
		defer func() { _ = recover() }()
		_ = pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			if err := exec(insert)(ctx, tx); err != nil {
				t.Error(err)
			}
			panic("in the middle")
		})
	}()
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
}
