package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"reliefledger/internal/pg"
	"reliefledger/ledger"
)

// mustVerify proves that books, and what rivals left of theirs, hold what a book must hold: a fast ledger that is wrong is no rival.
func mustVerify(ctx context.Context, dsns ...string) error {
	for _, dsn := range dsns {
		db, err := pg.Open(dsn, pg.Options{Role: "relief_app", StatementTimeout: pg.Unhurried})
		if err != nil {
			return err
		}
		if err := errors.Join(ledger.VerifyAll(ctx, db), db.Close()); err != nil {
			return fmt.Errorf("a side left a book that is not whole: %w", err)
		}
	}
	return nil
}

// verifying is the program's own proof of the long book, and the cost of merely writing the same tables out.
type verifying struct {
	program, dsn, data string
	moves              int64
	peak               int64 // memory, in bytes
	silent             bool  // it worked for long without a word
}

// verifyHistory proves the long history with the program itself, against the plain copying out of the same tables.
func (b *bench) verifyHistory(ctx context.Context) ([]row, error) {
	h, err := b.history(ctx)
	if err != nil {
		return nil, err
	}
	head, err := h.head(ctx)
	if err != nil {
		return nil, err
	}
	v := &verifying{program: b.program, dsn: h.dsn, data: h.site, moves: head}
	found, err := b.inRounds(ctx, min(b.rounds, 2), []side{{name: "relief verify", run: v.run, whole: true}, {name: "COPY TO", run: v.copyOut, whole: true}})
	if err != nil {
		return nil, err
	}
	rows := []row{
		ratio(fmt.Sprintf("relief verify, %s moves", thousands(head)), "COPY … TO of the same tables", 0.2, found[0], found[1]),
		atMost("memory of relief verify", float64(v.peak)/(1<<20), 500, "MB"),
	}
	if v.silent {
		return nil, errors.New("relief verify worked for long and showed no progress")
	}
	return rows, nil
}

// run proves the book as its keeper would.
func (v *verifying) run(ctx context.Context, _ time.Duration) (int64, time.Duration, error) {
	cmd := exec.CommandContext(ctx, v.program, "verify", "--db", v.dsn, "--data", v.data)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("relief verify: %w: %s", err, said.String())
	}
	took := time.Since(begun)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		v.peak = max(v.peak, usage.Maxrss<<10)
	}
	v.silent = v.silent || took > 10*time.Second && !strings.Contains(said.String(), "verifying")
	return v.moves, took, nil
}

// copyOut has the server write every table of the book into files, as text, one after the other.
func (v *verifying) copyOut(ctx context.Context, _ time.Duration) (int64, time.Duration, error) {
	db, err := sql.Open("postgres", v.dsn)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	var tables, dir string
	if err := db.QueryRowContext(ctx, `SELECT string_agg(DISTINCT table_name, ' '), current_setting('data_directory')
		FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
		WHERE table_schema = 'public' AND column_name = 'book_id' AND table_type = 'BASE TABLE'`).Scan(&tables, &dir); err != nil {
		return 0, 0, err
	}
	file := filepath.Join(dir, "bench-out")
	defer os.Remove(file)
	begun := time.Now()
	for table := range strings.FieldsSeq(tables) {
		if _, err := db.ExecContext(ctx, fmt.Sprintf("COPY %s TO '%s'", table, file)); err != nil {
			return 0, 0, err
		}
	}
	return v.moves, time.Since(begun), nil
}
