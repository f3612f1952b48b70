package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"reliefledger/internal/localpg"
	"reliefledger/migrations"
)

// furnished is the database that every other one is a copy of: a book with its registers and stock, and no handout.
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
	long       *history
	loading    string
}

func newBench(ctx context.Context, s settings) (*bench, error) {
	b := &bench{settings: s}
	var err error
	if b.scratch, err = os.MkdirTemp(s.dir, "relief-bench-"); err != nil {
		return nil, err
	}
	if err := b.start(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) start(ctx context.Context) error {
	// The server may run as another user than root, who must get in.
	if err := os.Chmod(b.scratch, 0o755); err != nil {
		return err
	}
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
	if b.machine, err = describe(ctx, b.admin); err != nil {
		return err
	}
	if _, err := b.admin.ExecContext(ctx, "CREATE DATABASE "+furnished); err != nil {
		return err
	}
	if err := migrations.Run(ctx, b.dsn(furnished)); err != nil {
		return err
	}
	return furnish(ctx, b.dsn(furnished))
}

func (b *bench) close() error {
	var err error
	if b.admin != nil {
		err = b.admin.Close()
	}
	if b.cluster != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err = errors.Join(err, b.cluster.Stop(ctx))
	}
	return errors.Join(err, os.RemoveAll(b.scratch))
}

func (b *bench) dsn(database string) string { return b.cluster.DSN(database) }

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
	name := fmt.Sprintf("side%d", b.copies)
	_, err = b.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+furnished)
	return b.dsn(name), err
}

// settle writes what earlier measurements have left dirty, so that none pays for another.
func (b *bench) settle(ctx context.Context) error {
	_, err := b.admin.ExecContext(ctx, "CHECKPOINT")
	return err
}
