package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"reliefledger/internal/localpg"
)

// inserting is a lone client whose transactions insert one row each: pgbench where PostgreSQL brings it, else this process.
type inserting struct {
	dsn     string
	pgbench string // the program, "" where there is none
	script  string
}

const insertOne = "INSERT INTO inserted (account, quantity, note) VALUES (1, 1.00, 'one row')"

func (b *bench) newInserting(ctx context.Context) (*inserting, error) {
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	i := &inserting{dsn: dsn, script: filepath.Join(b.scratch, "insert.sql")}
	if found, err := localpg.Find(b.scratch); err == nil {
		if _, err := os.Stat(found.Path("pgbench")); err == nil {
			i.pgbench = found.Path("pgbench")
		}
	}
	if err := os.WriteFile(i.script, []byte(insertOne+";\n"), 0o644); err != nil {
		return nil, err
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, "CREATE TABLE inserted (id bigserial PRIMARY KEY, account integer NOT NULL, quantity numeric NOT NULL, note text NOT NULL)")
	return i, errors.Join(err, db.Close())
}

func (i *inserting) name() string {
	if i.pgbench == "" {
		return "one client that inserts a row, through lib/pq"
	}
	return "one pgbench client that inserts a row"
}

func (i *inserting) run(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
	if i.pgbench == "" {
		return i.runHere(ctx, span)
	}
	seconds := max(1, int(span.Seconds()))
	said, err := exec.CommandContext(ctx, i.pgbench, "-n", "-M", "prepared", "-c", "1", "-T", strconv.Itoa(seconds), "-f", i.script, i.dsn).CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("pgbench: %w: %s", err, said)
	}
	return readPgbench(string(said))
}

var (
	processed = regexp.MustCompile(`actually processed: (\d+)`)
	perSecond = regexp.MustCompile(`tps = ([0-9.]+)`)
)

// readPgbench takes the rate that pgbench gives itself, without the time to connect.
func readPgbench(said string) (int64, time.Duration, error) {
	ops, tps := processed.FindStringSubmatch(said), perSecond.FindStringSubmatch(said)
	if ops == nil || tps == nil {
		return 0, 0, fmt.Errorf("pgbench said no rate: %s", said)
	}
	n, err := strconv.ParseInt(ops[1], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	rate, err := strconv.ParseFloat(tps[1], 64)
	return n, time.Duration(float64(n) / rate * float64(time.Second)), err
}

func (i *inserting) runHere(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
	db, err := sql.Open("postgres", i.dsn)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	insert, err := db.PrepareContext(ctx, insertOne)
	if err != nil {
		return 0, 0, err
	}
	return callers(ctx, 1, span, each(func(ctx context.Context) error {
		_, err := insert.ExecContext(ctx)
		return err
	}))
}
