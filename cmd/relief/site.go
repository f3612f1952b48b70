package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/localpg"
	"reliefledger/internal/pg"
	"reliefledger/ledger"
	"reliefledger/migrations"
)

// application is the database role that serving and reading work as: it cannot change history.
const application = "relief_app"

// site is where the book lives: the private cluster of the data directory, or a database elsewhere.
type site struct {
	dsn     string           // as the owner of the schema
	cluster *localpg.Cluster // nil for a database elsewhere
	dir     string
}

// start makes the site ready, creating the data directory when it is new.
func (s *settings) start(ctx context.Context) (*site, error) {
	dir, err := filepath.Abs(s.data)
	if err != nil {
		return nil, err
	}
	if s.db != "" {
		return &site{dsn: s.db, dir: dir}, nil
	}
	cluster, err := localpg.Start(ctx, dir, localpg.Options{Log: s.err})
	if err != nil {
		return nil, err
	}
	return &site{dsn: cluster.DSN(localpg.Database), cluster: cluster, dir: dir}, nil
}

// find is start for commands that only look: they make no data directory.
func (s *settings) find(ctx context.Context) (*site, error) {
	if s.db == "" {
		if _, err := os.Lstat(filepath.Join(s.data, "postgresql")); errors.Is(err, os.ErrNotExist) {
			return nil, hinted{fmt.Errorf("there is no book in %s", s.data), "relief profile set names a server that keeps one, relief serve starts one here; --data names another directory, --db a PostgreSQL elsewhere"}
		}
	}
	return s.start(ctx)
}

// stop ends the private cluster when this process runs it.
func (p *site) stop() error {
	if p.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return p.cluster.Stop(ctx)
}

// ended is closed when the private cluster dies; nil when it is not ours.
func (p *site) ended() <-chan struct{} {
	if p.cluster == nil {
		return nil
	}
	return p.cluster.Done()
}

// lacks counts the migrations that the database has not seen.
func (p *site) lacks(ctx context.Context) (int, error) {
	// In the role that signs in: before the first migration the application's role is not there.
	db, err := pg.Open(p.dsn, pg.Options{MaxOpen: 1})
	if err != nil {
		return 0, err
	}
	pending, err := migrations.Pending(ctx, db)
	return len(pending), errors.Join(err, db.Close())
}

// current refuses a database that has not the schema of this program.
func (p *site) current(ctx context.Context) error {
	n, err := p.lacks(ctx)
	if err == nil && n > 0 {
		return hinted{fmt.Errorf("the database lacks %d migrations", n), "relief migrate applies them"}
	}
	return err
}

// upgrade applies what the database lacks. One that lacks nothing is not touched, so that a server needs no rights of an owner.
func (p *site) upgrade(ctx context.Context) error {
	n, err := p.lacks(ctx)
	if err == nil && n > 0 {
		return migrations.Run(ctx, p.dsn)
	}
	return err
}

// open gives a pool of the application.
func (p *site) open(o pg.Options) (*bun.DB, error) {
	o.Role = application
	return pg.Open(p.dsn, o)
}

// reading is an open book for a command that looks and ends.
type reading struct {
	*site
	db   *bun.DB
	book ledger.Info
}

// read opens the book for a command that looks; unhurried ones read all of it.
func (s *settings) read(ctx context.Context, unhurried bool) (*reading, error) {
	p, err := s.find(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.current(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	o := pg.Options{Application: "relief read"}
	if unhurried {
		o.StatementTimeout = pg.Unhurried
	}
	r := &reading{site: p}
	if r.db, err = p.open(o); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	if r.book, err = ledger.Find(ctx, r.db, s.book); err != nil {
		return nil, errors.Join(hinted{err, "relief serve makes the first book; --book names one of several"}, r.close())
	}
	return r, nil
}

func (r *reading) close() error { return errors.Join(r.db.Close(), r.stop()) }

// look runs one command that looks.
func (s *settings) look(ctx context.Context, unhurried bool, fn func(*reading) error) error {
	r, err := s.read(ctx, unhurried)
	if err != nil {
		return err
	}
	return errors.Join(fn(r), r.close())
}
