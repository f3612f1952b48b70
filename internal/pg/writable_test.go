package pg_test

import (
	"errors"
	"slices"
	"testing"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

func TestWritable(t *testing.T) {
	dsn := pgtest.DSN(t)
	for _, c := range []struct {
		options string
		want    error
		risks   []string
	}{
		{"&synchronous_commit=on", nil, nil},
		{"&synchronous_commit=on&default_transaction_read_only=on", pg.ErrReadOnly, nil},
		{"&synchronous_commit=off", nil, []string{"synchronous_commit = off"}},
	} {
		db, err := pg.Open(dsn+c.options, pg.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := pg.Writable(t.Context(), db); !errors.Is(err, c.want) {
			t.Errorf("%q: %v, %v wanted", c.options, err, c.want)
		}
		risks, err := pg.Risks(t.Context(), db)
		risks = slices.DeleteFunc(risks, func(r string) bool { return r == "fsync = off" || r == "full_page_writes = off" }) // of the tests' server
		if err != nil || !slices.Equal(risks, c.risks) {
			t.Errorf("%q risks %q, %v", c.options, risks, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	db, err := pg.Open("postgres://nobody@127.0.0.1:1/none?sslmode=disable", pg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := pg.Writable(t.Context(), db); err == nil || errors.Is(err, pg.ErrReadOnly) {
		t.Errorf("a database that is not there: %v", err)
	}
}
