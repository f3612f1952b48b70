package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/migrations"
)

// files are migrations, given as name and text in turn.
func files(pairs ...string) fs.FS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func open(t *testing.T, dsn string) *bun.DB {
	t.Helper()
	db, err := pg.Open(dsn, pg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// state is what a database has and what it lacks.
func state(t *testing.T, db *bun.DB, fsys fs.FS) string {
	t.Helper()
	var tables []string
	err := db.NewRaw("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1").Scan(t.Context(), &tables)
	if err != nil {
		t.Fatal(err)
	}
	pending, err := migrations.PendingFS(t.Context(), db, fsys)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(tables, " pending ", pending)
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

const (
	first  = "0001_first.tx.up.sql"
	second = "0002_second.tx.up.sql"
)

func TestRunAppliesWhatIsMissing(t *testing.T) {
	dsn := pgtest.Empty(t)
	db := open(t, dsn)
	one, two := files(first, "CREATE TABLE a ()"), files(first, "CREATE TABLE a ()", second, "CREATE TABLE b (); INSERT INTO b DEFAULT VALUES")
	expect(t, state(t, db, two), "[] pending [0001_first 0002_second]")
	for range 2 {
		if err := migrations.RunFS(t.Context(), dsn, one); err != nil {
			t.Fatal(err)
		}
		expect(t, state(t, db, two), "[a migrations] pending [0002_second]")
	}
	if err := migrations.RunFS(t.Context(), dsn, two); err != nil {
		t.Fatal(err)
	}
	expect(t, state(t, db, two), "[a b migrations] pending []")
}

func TestFailingMigrationLeavesNothing(t *testing.T) {
	dsn := pgtest.Empty(t)
	db := open(t, dsn)
	bad := files(first, "CREATE TABLE a ()", second, "CREATE TABLE b (); SELECT 1 / 0; CREATE TABLE c ()")
	err := migrations.RunFS(t.Context(), dsn, bad)
	if err == nil || !strings.HasPrefix(err.Error(), "migration 0002_second: pq: division by zero") {
		t.Errorf("says %v", err)
	}
	expect(t, state(t, db, bad), "[] pending [0001_first 0002_second]")
}

func TestMigratorsAtOnceApplyEachOnce(t *testing.T) {
	dsn := pgtest.Empty(t)
	fsys := files(first, "CREATE TABLE a (); SELECT pg_sleep(0.1)", second, "CREATE TABLE b ()")
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := migrations.RunFS(t.Context(), dsn, fsys); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	expect(t, state(t, open(t, dsn), fsys), "[a b migrations] pending []")
}

func TestMigratorThatDiesHalfWayLeavesNothing(t *testing.T) {
	dsn := pgtest.Empty(t)
	db := open(t, dsn)
	fsys := files(first, "CREATE TABLE a (); SELECT pg_advisory_xact_lock(1)")
	for name, die := range map[string]func(cancel func()) error{
		"connection lost": func(func()) error {
			_, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
			return err
		},
		"interrupted": func(cancel func()) error { cancel(); return nil },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := pg.Transact(t.Context(), db, func(_ context.Context, tx bun.Tx) error {
			if _, err := tx.Exec("SELECT pg_advisory_xact_lock(1)"); err != nil {
				return err
			}
			died := make(chan error, 1)
			go func() { died <- migrations.RunFS(ctx, dsn, fsys) }()
			awaitHalfWay(t, db)
			if err := die(cancel); err != nil {
				return err
			}
			if err := <-died; err == nil {
				t.Errorf("%s: the migration succeeded", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, state(t, db, fsys), "[] pending [0001_first]")
	}
	if err := migrations.RunFS(t.Context(), dsn, fsys); err != nil {
		t.Fatal(err)
	}
	expect(t, state(t, db, fsys), "[a migrations] pending []")
}

// awaitHalfWay returns when the migration waits for the lock that the test holds.
func awaitHalfWay(t *testing.T, db *bun.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for waiting := false; !waiting; {
		err := db.NewRaw("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)").Scan(ctx, &waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dsn := pgtest.Empty(t)
	if err := migrations.RunFS(t.Context(), dsn, files(first, "CREATE TABLE a ()", second, "CREATE TABLE b ()")); err != nil {
		t.Fatal(err)
	}
	older := files(first, "CREATE TABLE a ()")
	_, pending := migrations.PendingFS(t.Context(), open(t, dsn), older)
	for _, err := range []error{migrations.RunFS(t.Context(), dsn, older), pending} {
		if !errors.Is(err, migrations.ErrNewer) {
			t.Fatalf("says %v", err)
		}
		expect(t, err.Error(), "database has migration 0002_second: the database is newer than this relief: run the version that made it, or a later one")
	}
}

func TestNamesAreRefused(t *testing.T) {
	for want, fsys := range map[string]fs.FS{
		"migration 0001_first.up.sql is not named like 0001_ledger.tx.up.sql": files("0001_first.up.sql", ""),
		"migrations 0001_first and 0001_other have the same number":           files(first, "", "0001_other.tx.up.sql", ""),
	} {
		err := migrations.RunFS(t.Context(), pgtest.Empty(t), fsys)
		if err == nil || err.Error() != want {
			t.Errorf("says %v, want %s", err, want)
		}
	}
}
