// Package pg opens PostgreSQL through lib/pq in the one way that is safe for a book: no write outside a transaction,
// no COMMIT under a deadline, no wait without a bound, and an unknown outcome that calls itself unknown.
package pg

import (
	"database/sql"
	"fmt"
	"net/netip"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Unhurried as a statement time-out means none: for migrations, verification and export, which read a whole book.
const Unhurried = time.Duration(-1)

const (
	statementTimeout = 15 * time.Second
	// margin is what the network may take on top of the server's own time-out before a connection counts as dead.
	margin = 5 * time.Second
)

// Options tune a pool; the zero value works.
type Options struct {
	Role             string        // the server works as this role; the role that signs in by default
	Application      string        // name in pg_stat_activity; relief by default
	MaxOpen          int           // connections; four per core by default
	StatementTimeout time.Duration // 15 s by default, Unhurried for none
	Deadline         time.Duration // how long one read or write of the network may take; StatementTimeout and 5 s by default, none when Unhurried
}

// Open gives a pool on the database that dsn names, as a URL or as key=value pairs. It does not connect yet.
// What the DSN leaves out is filled in: time-outs for connecting, statements, locks and idle transactions, UTC, the application's name.
// A DSN that leads to another machine must say its sslmode.
//
// A write outside an explicit transaction fails with ErrOutsideTransaction, whoever sends it. A COMMIT whose outcome
// the server did not tell fails with ErrOutcomeUnknown.
func Open(dsn string, o Options) (*bun.DB, error) {
	if o.StatementTimeout == 0 {
		o.StatementTimeout = statementTimeout
	}
	if o.Deadline == 0 && o.StatementTimeout != Unhurried {
		o.Deadline = o.StatementTimeout + margin
	}
	if o.MaxOpen == 0 {
		o.MaxOpen = 4 * runtime.NumCPU()
	}
	config, err := configure(dsn, o)
	if err != nil {
		return nil, err
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, err
	}
	dialer := newDialer(o.Deadline)
	connector.Dialer(dialer)
	pipeline, err := newPipeline(config, dialer)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(guarded{connector, pipeline})
	pool.SetMaxOpenConns(o.MaxOpen)
	pool.SetMaxIdleConns(o.MaxOpen)
	// lib/pq 1.12 can leave a pooled connection unusable for good after a cut in the middle of a message: none lives long.
	pool.SetConnMaxLifetime(5 * time.Minute)
	pool.SetConnMaxIdleTime(time.Minute)
	return bun.NewDB(pool, pgdialect.New()), nil
}

func configure(dsn string, o Options) (pq.Config, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return config, fmt.Errorf("database connection string: %w", err)
	}
	if config.SSLMode == "" {
		if host := farHost(config); host != "" {
			return config, fmt.Errorf("database connection string leads to %s without sslmode: "+
				"add sslmode=verify-full (with sslrootcert), or sslmode=disable where the network itself is trusted", host)
		}
		config.SSLMode = pq.SSLModeDisable
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	if config.ApplicationName == "" {
		config.ApplicationName = orElse(o.Application, "relief")
	}
	setDefaults(config.Runtime, o)
	return config, nil
}

// setDefaults fills in the run-time parameters that the DSN leaves to us, and the two that we rely on.
func setDefaults(parameters map[string]string, o Options) {
	statement, idle := "0", "0"
	if o.StatementTimeout != Unhurried {
		statement, idle = milliseconds(o.StatementTimeout), milliseconds(10*time.Second)
	}
	defaults := map[string]string{
		"timezone":          "UTC",
		"statement_timeout": statement,
		"lock_timeout":      milliseconds(5 * time.Second),
		// Compiling a wide question took half a second here, more than answering it.
		"jit":                                 "off",
		"idle_in_transaction_session_timeout": idle,
		"idle_session_timeout":                "0", // a quiet night is no reason to end the connections of a book
	}
	for name := range parameters {
		delete(defaults, strings.ToLower(name))
	}
	for name, value := range defaults {
		parameters[name] = value
	}
	// The array literals of this package double quotes and leave backslashes alone.
	parameters["standard_conforming_strings"] = "on"
	if o.Role != "" {
		parameters["role"] = o.Role
	}
}

// farHost is the first host that is neither a unix socket nor this machine, or nothing.
func farHost(config pq.Config) string {
	hosts := append([]pq.ConfigMultihost{{Host: config.Host, Hostaddr: config.Hostaddr}}, config.Multi...)
	for _, h := range hosts {
		name := h.Host
		if h.Hostaddr.IsValid() {
			name = h.Hostaddr.String()
		}
		addr, err := netip.ParseAddr(name)
		switch {
		case filepath.IsAbs(name), strings.HasPrefix(name, "@"), name == "localhost", err == nil && addr.IsLoopback():
		default:
			return name
		}
	}
	return ""
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
