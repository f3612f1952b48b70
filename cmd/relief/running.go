package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/metrics"
	"reliefledger/internal/pg"
	"reliefledger/internal/telemetry"
	"reliefledger/ledger"
)

// sealEvery is how often new entries are sealed by a signed checkpoint.
const sealEvery = 10 * time.Second

// running is an open book with its log sealed, for commands that write.
type running struct {
	*site
	wings
	db     *bun.DB
	book   *ledger.Book
	sealer *ledger.Sealer
	meter  *metrics.Meter
	tracer *telemetry.Tracer // nil unless a collector is named
	audit  *slog.Logger
	stop   func() error
}

// founding is what a book is made with when the database has none.
type founding struct {
	name, zone, currency string
	decimals             int
	short                limit  // of what one person gives up of a waybill
	connections          int    // to the database, at most
	collector            string // endpoint of OpenTelemetry
}

// run opens the book for writing: the database is migrated, a first book is made, and nothing is written before the log
// is proven to extend what was vouched for earlier.
func (s *settings) run(ctx context.Context, f founding, audit *slog.Logger) (*running, error) {
	p, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	r := &running{site: p, audit: audit}
	if r.tracer, err = f.tracer(); err != nil {
		return nil, errors.Join(err, r.abandon())
	}
	if err := r.prepare(ctx, s.book, f); err != nil {
		return nil, errors.Join(err, r.abandon())
	}
	return r, nil
}

func (r *running) prepare(ctx context.Context, code string, f founding) error {
	if err := r.upgrade(ctx); err != nil {
		return err
	}
	var err error
	if r.db, err = r.site.open(pg.Options{Application: "relief serve", MaxOpen: f.connections}); err != nil {
		return err
	}
	info, err := findOrMake(ctx, r.db, code, f)
	if err != nil {
		return err
	}
	if err := r.seal(ctx, info); err != nil {
		return err
	}
	r.meter = metrics.New(r.db, info)
	r.book = ledger.Open(r.db, info, ledger.Options{Observe: r.watched(), Hold: r.sealer.Held})
	r.meter.Queue(r.book.Waiting)
	r.wings = open(r.book, time.Now)
	r.keeper.ShortLimit = f.short.NullDecimal
	return nil
}

func findOrMake(ctx context.Context, db *bun.DB, code string, f founding) (ledger.Info, error) {
	books := 0
	if err := db.NewRaw("SELECT count(*) FROM books").Scan(ctx, &books); err != nil {
		return ledger.Info{}, err
	}
	if books == 0 {
		zone, err := time.LoadLocation(f.zone)
		if err != nil {
			return ledger.Info{}, err
		}
		info := ledger.Info{Code: cmp.Or(code, "main"), Name: f.name, Zone: zone, Currency: f.currency, Decimals: int32(f.decimals)}
		if _, err := ledger.Create(ctx, db, info); err != nil {
			return ledger.Info{}, err
		}
	}
	return ledger.Find(ctx, db, code)
}

// seal starts the sealer. It runs until the book is closed, and once more then.
func (r *running) seal(ctx context.Context, info ledger.Info) error {
	var err error
	if r.sealer, err = r.site.sealerOf(r.db, info, r.audit); err != nil {
		return err
	}
	if _, err := r.sealer.Seal(ctx); err != nil {
		return hinted{err, sealHint(err)}
	}
	sealing, end := context.WithCancel(context.WithoutCancel(ctx))
	ticker := time.NewTicker(sealEvery)
	sealed := make(chan error, 1)
	go func() { sealed <- r.sealer.Run(sealing, ticker.C) }()
	r.stop = func() error {
		ticker.Stop()
		end()
		return <-sealed
	}
	return nil
}

func sealHint(err error) string {
	if shorter := new(ledger.Shorter); errors.As(err, &shorter) {
		return "nothing was written; relief recover tells what is lost"
	}
	return "nothing was written; relief verify names what is wrong"
}

// sealerOf signs for a book with the key of the data directory, which is made when there is none.
func (p *site) sealerOf(db *bun.DB, info ledger.Info, audit *slog.Logger) (*ledger.Sealer, error) {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	path := keyFile(p.dir)
	_, missing := os.Stat(path)
	key, err := ledger.OpenKey(path, info.Origin())
	if err != nil {
		return nil, err
	}
	if missing != nil {
		audit.Warn("log key made", "book", info.Code, "file", path, "public", key.Public)
	}
	return &ledger.Sealer{DB: db, Book: info, Key: key, File: filepath.Join(p.dir, "checkpoints")}, nil
}

// close finishes what is queued, seals the log and stops the private PostgreSQL.
func (r *running) close() error {
	r.book.Close()
	if err := r.stop(); err != nil {
		return errors.Join(fmt.Errorf("last checkpoint: %w", err), r.abandon())
	}
	return r.abandon()
}

// abandon lets go of the database.
func (r *running) abandon() error {
	var err error
	if r.tracer != nil {
		r.tracer.Close()
	}
	if r.db != nil {
		err = r.db.Close()
	}
	return errors.Join(err, r.site.stop())
}
