package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// calm breaks nothing.
func calm(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	if err := s.more(ctx, 1000); err != nil {
		return err
	}
	return s.prove(ctx)
}

// killServer kills the server three times in the middle of its work.
func killServer(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	for range 3 {
		if err := errors.Join(s.more(ctx, 500), s.servers[0].kill()); err != nil {
			return err
		}
		if err := s.servers[0].supervise(ctx); err != nil {
			return err
		}
	}
	return s.prove(ctx)
}

// killBackend kills the backend that writes the book. PostgreSQL then ends all its backends and recovers.
func killBackend(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	for range 3 {
		if err := s.more(ctx, 500); err != nil {
			return err
		}
		pid := 0
		err := s.node.admin.QueryRowContext(ctx, "SELECT pid FROM pg_stat_activity WHERE query LIKE '%unnest($%' AND pid <> pg_backend_pid() LIMIT 1").Scan(&pid)
		if err != nil {
			return fmt.Errorf("finding the backend that writes: %w", err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return err
		}
	}
	return s.prove(ctx)
}

// killPostmaster kills PostgreSQL itself and starts it again two seconds later.
func killPostmaster(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	for range 2 {
		if err := errors.Join(s.more(ctx, 500), s.node.crash(ctx)); err != nil {
			return err
		}
		wait(ctx, 2*time.Second)
		if err := s.node.start(ctx); err != nil {
			return err
		}
	}
	return s.prove(ctx)
}
