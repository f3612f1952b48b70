package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"reliefledger/internal/localpg"
	"reliefledger/migrations"
)

// furnished is the database that every other one is a copy of: a book with its registers, stock and tokens, and one handout at each point.
const furnished = "furnished"

// bench is a run with its PostgreSQL.
type bench struct {
	settings
	machine machine
	scratch string
	cluster *localpg.Cluster
	admin   *sql.DB
	// postmaster is the process whose children serve the connections.
	postmaster int
	copies     int
	tokens     []string
	long       *history
	loading    string
}

func newBench(ctx context.Context, s settings) (*bench, error) {
	b := &bench{settings: s}
	err := b.makeScratch()
	if err == nil {
		err = b.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// makeScratch makes the directory of the run, or takes the one that is kept.
func (b *bench) makeScratch() (err error) {
	if b.scratch = b.keep; b.keep != "" {
		err = os.MkdirAll(b.scratch, 0o755)
	} else {
		b.scratch, err = os.MkdirTemp(b.dir, "relief-bench-")
	}
	if err != nil {
		return err
	}
	// The server may run as another user than root, who must get in.
	return os.Chmod(b.scratch, 0o755)
}

func (b *bench) start(ctx context.Context) error {
	b.say("starting PostgreSQL in %s", b.scratch)
	var err error
	if b.cluster, err = localpg.Start(ctx, b.scratch, localpg.Options{Log: os.Stderr}); err != nil {
		return err
	}
	if b.admin, err = sql.Open("postgres", b.dsn("postgres")); err != nil {
		return err
	}
	if err := b.findPostmaster(ctx); err != nil {
		return err
	}
	if b.machine, err = describe(ctx, b.admin, b.scratch); err != nil {
		return err
	}
	if err := b.sweep(ctx); err != nil {
		return err
	}
	if _, err := b.admin.ExecContext(ctx, "CREATE DATABASE "+furnished); err != nil {
		return err
	}
	if err := migrations.Run(ctx, b.dsn(furnished)); err != nil {
		return err
	}
	if b.tokens, err = furnish(ctx, b.dsn(furnished)); err != nil {
		return err
	}
	return tidyUp(ctx, b.dsn(furnished))
}

// sweep drops what an earlier run has left in a directory that is kept, all but the histories: databases, and checkpoints that would not fit
// new ones of the same name.
func (b *bench) sweep(ctx context.Context) error {
	var left sql.NullString
	if err := b.admin.QueryRowContext(ctx, "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname = $1 OR datname LIKE 'side%'", furnished).Scan(&left); err != nil {
		return err
	}
	for name := range strings.FieldsSeq(left.String) {
		if err := b.drop(ctx, name); err != nil {
			return err
		}
	}
	sites, err := filepath.Glob(filepath.Join(b.scratch, "site-side*"))
	for _, site := range sites {
		err = errors.Join(err, os.RemoveAll(site))
	}
	return err
}

func (b *bench) close() error {
	var err error
	if b.long != nil {
		err = b.long.close()
	}
	if b.admin != nil {
		err = errors.Join(err, b.admin.Close())
	}
	if b.cluster != nil {
		// A stop that is not waited for would leave files behind.
		err = errors.Join(err, b.cluster.Stop(context.Background()))
	}
	if b.keep == "" && b.scratch != "" {
		err = errors.Join(err, os.RemoveAll(b.scratch))
	}
	return err
}

func (b *bench) dsn(database string) string { return b.cluster.DSN(database) }

// databaseOf is the database that a connection string of the cluster names.
func databaseOf(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

func (b *bench) findPostmaster(ctx context.Context) error {
	backend := 0
	if err := b.admin.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return err
	}
	p, err := readProcess(backend)
	if errors.Is(err, os.ErrNotExist) {
		return nil // without /proc no CPU times are shown
	}
	b.postmaster = p.parent
	return err
}

// clone makes a database of its own for one side of a case, the same for every side.
func (b *bench) clone(ctx context.Context) (dsn string, err error) {
	b.copies++
	return b.cloneAs(ctx, fmt.Sprintf("side%d", b.copies))
}

func (b *bench) cloneAs(ctx context.Context, name string) (dsn string, err error) {
	_, err = b.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+furnished)
	return b.dsn(name), err
}

func (b *bench) drop(ctx context.Context, name string) error {
	_, err := b.admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
	return err
}

// settle writes what earlier measurements have left dirty, so that none pays for another.
func (b *bench) settle(ctx context.Context) error {
	_, err := b.admin.ExecContext(ctx, "CHECKPOINT")
	return err
}
