package pg_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
)

func pinned(t *testing.T, db *bun.DB) *sql.Conn {
	t.Helper()
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestGuardedIsAllOrNothing(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn := pinned(t, db)
	if err := pg.Guarded(t.Context(), conn, insert+"; INSERT INTO marks VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	err := pg.Guarded(t.Context(), conn, "INSERT INTO marks VALUES (3); SELECT 1/0")
	if pg.Code(err) != "22012" || errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("says %v", err)
	}
	// A constraint that is checked at the end of the implicit transaction undoes all of it as well.
	err = pg.Guarded(t.Context(), conn, "INSERT INTO marks VALUES (4); "+insert)
	if pg.Violated(err) != "marks_pkey" {
		t.Errorf("says %v", err)
	}
	if err := pg.Guarded(t.Context(), conn, "INSERT INTO marks VALUES (5)"); err != nil {
		t.Errorf("the connection did not survive a refusal: %v", err)
	}
	if n := count(t, db); n != 3 {
		t.Errorf("%d rows, 3 wanted", n)
	}
}

func TestGuardedLostAnswerIsUnknownAndNotRepeated(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{})
	conn := pinned(t, db)
	p.Plan(faultpg.Break{Text: "INSERT", How: faultpg.Answer})
	// Without its key the table would take the row twice.
	err := pg.Guarded(t.Context(), conn, "ALTER TABLE marks DROP CONSTRAINT marks_pkey; "+insert)
	if !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Fatalf("says %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, 1 wanted", n)
	}
	if err := pg.Guarded(t.Context(), conn, insert); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("the connection is still in use: %v", err)
	}
}

func TestGuardedWarningIsUnknown(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn := pinned(t, db)
	err := pg.Guarded(t.Context(), conn, insert+"; DO $$ BEGIN RAISE WARNING 'hm'; END $$")
	if !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Fatalf("says %v", err)
	}
	if err := conn.PingContext(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("the connection is still in use: %v", err)
	}
}

func TestGuardedIgnoresTheDeadlineOnceSent(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn := pinned(t, db)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := pg.Guarded(ctx, conn, insert+"; SELECT pg_sleep(0.2)"); err != nil {
		t.Fatal(err)
	}
	if err := pg.Guarded(ctx, conn, "INSERT INTO marks VALUES (2)"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("sent after the deadline: %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, 1 wanted", n)
	}
}

func TestGuardedRefusesAnOpenTransaction(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn := pinned(t, db)
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := pg.Guarded(t.Context(), conn, insert); err == nil || err.Error() != "pg: a guarded message inside an explicit transaction" {
		t.Errorf("says %v", err)
	}
}
