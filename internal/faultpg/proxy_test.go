package faultpg_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

// TestBreaks writes one row through a connection that breaks at the message with the INSERT, and looks whether the server got it.
func TestBreaks(t *testing.T) {
	dsn := pgtest.Empty(t)
	direct := open(t, dsn)
	write := func(db *bun.DB, sql string) error {
		return pg.Transact(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, sql)
			return err
		})
	}
	if err := write(direct, "CREATE TABLE marks (n bigint); CREATE SEQUENCE reached"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		how     faultpg.How
		reached bool // the server carried the message out
		says    func(error) bool
	}{
		{faultpg.Before, false, ended},
		{faultpg.Half, false, ended},
		{faultpg.Behind, true, ended},
		{faultpg.Answer, true, ended},
		{faultpg.Reset, false, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) || ended(err) }},
		{faultpg.Hole, false, func(err error) bool { var n net.Error; return errors.As(err, &n) && n.Timeout() }},
		{faultpg.Late, true, func(err error) bool { return err == nil }},
	} {
		t.Run(c.how.String(), func(t *testing.T) {
			p := faultpg.New(t, dsn)
			db := open(t, p.DSN)
			if err := write(db, "SELECT setval('reached', 1)"); err != nil {
				t.Fatal(err)
			}
			p.Plan(faultpg.Break{Text: "INSERT", How: c.how, Delay: 100 * time.Millisecond})
			if err := write(db, "SELECT nextval('reached'); INSERT INTO marks VALUES (1)"); !c.says(err) {
				t.Errorf("the program is told %v", err)
			}
			if p.Pending() {
				t.Error("nothing was broken")
			}
			var last int64
			for begun := time.Now(); last < 2 && time.Since(begun) < time.Second; {
				if err := direct.NewRaw("SELECT last_value FROM reached").Scan(t.Context(), &last); err != nil {
					t.Fatal(err)
				}
				if !c.reached {
					break
				}
			}
			if (last == 2) != c.reached {
				t.Errorf("the server's counter stands at %d", last)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			for begun := time.Now(); p.Links() > 0; {
				if time.Since(begun) > 5*time.Second {
					t.Fatalf("%d connections are left", p.Links())
				}
			}
		})
	}
}

func ended(err error) bool { return errors.Is(err, io.EOF) || pg.IsTransient(err) }

func open(t *testing.T, dsn string) *bun.DB {
	t.Helper()
	db, err := pg.Open(dsn, pg.Options{Deadline: 300 * time.Millisecond, MaxOpen: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
