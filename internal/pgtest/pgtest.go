// Package pgtest gives every test a database of its own on a real PostgreSQL, migrated, in about 30 ms.
// The server is private to the test binary and disappears with it, unless RELIEF_TEST_DSN names one to use.
package pgtest

import (
	"context"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/ledger"
)

// Application is the role that Open works as once a migration has made it; history is append-only for it.
const Application = "relief_app"

// Open gives a pool on a fresh, migrated database that works as the role of the application. The test ends with ledger.VerifyAll.
// Pool and database are gone when the test ends.
func Open(t testing.TB) *bun.DB {
	t.Helper()
	dsn := DSN(t)
	role := Application
	if !serverOf(t).hasRole(t, role) {
		role = ""
	}
	db := open(t, dsn, role)
	verify(t, db, nameOf(t, db))
	return db
}

func nameOf(t testing.TB, db *bun.DB) (name string) {
	t.Helper()
	if err := db.NewRaw("SELECT current_database()").Scan(context.Background(), &name); err != nil {
		t.Fatal(err)
	}
	return name
}

// Owner gives a pool on the database of db that works as the owner of the schema, for tests that break the rules.
// Such a test says itself what Verify must find: the proof at its end is left to it.
func Owner(t testing.TB, db *bun.DB) *bun.DB {
	t.Helper()
	name := nameOf(t, db)
	broken.Store(name, true)
	return open(t, serverOf(t).dsn(name), "")
}

// As gives a pool on the database of db that works as another role than the application.
func As(t testing.TB, db *bun.DB, role string) *bun.DB {
	t.Helper()
	return open(t, serverOf(t).dsn(nameOf(t, db)), role)
}

// Of gives the connection string, as the owner, of the database of db, for tests that look at it past its pool.
func Of(t testing.TB, db *bun.DB) string {
	t.Helper()
	return serverOf(t).dsn(nameOf(t, db))
}

// DSN gives the connection string, as the owner, of a fresh, migrated database.
func DSN(t testing.TB) string {
	t.Helper()
	s := serverOf(t)
	template, err := s.migrated(t.Context())
	if err != nil {
		t.Fatalf("migrating the template database: %v", err)
	}
	return s.create(t, template)
}

// Empty gives the connection string, as the owner, of a fresh database without any table.
func Empty(t testing.TB) string {
	t.Helper()
	return serverOf(t).create(t, "template0")
}

func open(t testing.TB, dsn, role string) *bun.DB {
	t.Helper()
	db, err := pg.Open(dsn, pg.Options{Role: role, Application: "relief test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// broken holds the databases whose rules a test breaks on purpose; such a test says itself what Verify must find.
var broken sync.Map

// verify ends every test with the proof that its books are whole.
func verify(t testing.TB, db *bun.DB, name string) {
	t.Cleanup(func() {
		if _, onPurpose := broken.Load(name); onPurpose {
			return
		}
		if err := ledger.VerifyAll(context.Background(), db); err != nil {
			t.Errorf("after the test: %v", err)
		}
	})
}
