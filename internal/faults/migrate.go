package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"reliefledger/internal/localpg"
	"reliefledger/internal/pg"
	"reliefledger/migrations"
)

// killMigrator lets two migrators at an empty database and kills the first of them, a little later each time until it had time to end.
func killMigrator(ctx context.Context, s *stage) error {
	if err := s.boot(ctx, "pg"); err != nil {
		return err
	}
	wanted, err := schema(ctx, s.node.dsn(localpg.Database))
	if err != nil {
		return err
	}
	killed := 0
	for after := time.Duration(0); ; after += 75 * time.Millisecond {
		database := fmt.Sprintf("migrated%d", after.Milliseconds())
		if err := s.node.makeDatabase(ctx, database); err != nil {
			return err
		}
		done, err := s.migrateTwice(ctx, s.node.dsn(database), after)
		if err != nil {
			return fmt.Errorf("killed after %s: %w", after, err)
		}
		made, err := schema(ctx, s.node.dsn(database))
		if err != nil {
			return err
		}
		if made != wanted {
			return fmt.Errorf("killed after %s: the schema is not the same", after)
		}
		if done {
			break
		}
		killed++
	}
	s.remark("killed %d times, 75 ms later each time, until it ended before", killed)
	if killed < 3 {
		return errors.New("the migrator was never killed half way")
	}
	return s.rests(ctx)
}

// migrateTwice reports whether the first migrator was done before it was killed.
func (s *stage) migrateTwice(ctx context.Context, dsn string, after time.Duration) (bool, error) {
	var both [2]*process
	for i := range both {
		var err error
		both[i], err = launch(s.dir+"/migrate.log", mortal(nil, syscall.SIGKILL), s.program, "migrate", "--db", dsn, "--data", s.dir)
		if err != nil {
			return false, err
		}
	}
	wait(ctx, after)
	done := !both[0].lives()
	if err := both[0].kill(); err != nil {
		return false, err
	}
	select {
	case <-both[1].done:
	case <-time.After(30 * time.Second):
		return false, errors.Join(errors.New("the second migrator waits for the dead one"), both[1].kill())
	}
	if both[1].err != nil {
		return false, fmt.Errorf("the second migrator: %w: %s", both[1].err, lastLines(both[1].said(0)))
	}
	return done && both[0].err == nil, nil
}

func schema(ctx context.Context, dsn string) (string, error) {
	db, err := pg.Open(dsn, pg.Options{MaxOpen: 1})
	if err != nil {
		return "", err
	}
	text, err := migrations.Schema(ctx, db)
	return text, errors.Join(err, db.Close())
}
