package pg_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/lib/pq"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

func TestOpenRefuses(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u@db.example.org/relief": "database connection string leads to db.example.org without sslmode: " +
			"add sslmode=verify-full (with sslrootcert), or sslmode=disable where the network itself is trusted",
		"host=localhost,10.1.2.3 dbname=relief": "database connection string leads to 10.1.2.3 without sslmode: " +
			"add sslmode=verify-full (with sslrootcert), or sslmode=disable where the network itself is trusted",
		"host": `database connection string: missing "=" after "host" in connection info string`,
	} {
		_, err := pg.Open(dsn, pg.Options{})
		if err == nil || err.Error() != want {
			t.Errorf("%s: says %v, want %s", dsn, err, want)
		}
	}
	for _, dsn := range []string{
		"postgres://u@db.example.org/relief?sslmode=verify-full", "host=db.example.org sslmode=disable",
		"host=127.0.0.1", "host=::1", "host=localhost", "postgres:///relief?host=/run/postgresql", "",
	} {
		if db, err := pg.Open(dsn, pg.Options{}); err != nil {
			t.Errorf("%q: %v", dsn, err)
		} else {
			db.Close()
		}
	}
}

func TestOpenFillsIn(t *testing.T) {
	dsn := pgtest.Empty(t)
	settings := []string{"timezone", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name", "role"}
	for _, c := range []struct {
		name string
		dsn  string
		o    pg.Options
		want string
	}{
		{"defaults", dsn, pg.Options{}, "[UTC 15s 5s 10s relief none]"},
		{"options", dsn, pg.Options{Application: "test", Role: "pg_read_all_data", StatementTimeout: time.Minute}, "[UTC 1min 5s 10s test pg_read_all_data]"},
		{"unhurried", dsn, pg.Options{StatementTimeout: pg.Unhurried}, "[UTC 0 5s 0 relief none]"},
		{"connection string", dsn + "&TimeZone=Asia/Shanghai&lock_timeout=1s&application_name=psql", pg.Options{}, "[Asia/Shanghai 15s 1s 10s psql none]"},
	} {
		db, err := pg.Open(c.dsn, c.o)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(settings))
		for i, s := range settings {
			if err := db.NewRaw("SHOW "+s).Scan(t.Context(), &got[i]); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestIsTransient(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{&pq.Error{Code: "40001"}, true},
		{&pq.Error{Code: "08006"}, true},
		{&pq.Error{Code: "57P01"}, true},
		{&pq.Error{Code: "57P05"}, true},
		{&pq.Error{Code: "25006"}, true},
		{&pq.Error{Code: "57014"}, false},
		{&pq.Error{Code: "23505"}, false},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), true},
		{fmt.Errorf("opening: %w", refused), true},
		{fmt.Errorf("%w: %w", pg.ErrOutcomeUnknown, io.EOF), false},
		{http.ErrBodyNotAllowed, false},
	} {
		if got := pg.IsTransient(c.err); got != c.want {
			t.Errorf("%v: %t, want %t", c.err, got, c.want)
		}
	}
}
