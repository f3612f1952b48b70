package main

import (
	"context"
	"errors"
	"time"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/localpg"
)

// freezeServer stops one of two servers in the middle of its work. The other must not wait for it.
func freezeServer(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 2); err != nil {
		return err
	}
	for _, span := range []time.Duration{time.Second, time.Second, 3 * time.Second, 8 * time.Second} {
		if err := s.more(ctx, 500); err != nil {
			return err
		}
		before := s.acknowledged.Load()
		if err := freeze(ctx, s.servers[0].signal, span); err != nil {
			return err
		}
		if s.acknowledged.Load()-before < 100 {
			return errors.New("the second server stood still while the first was frozen")
		}
	}
	return s.prove(ctx)
}

// freezePostgreSQL stops the database in the middle of its work. What is in its sockets is carried out when it wakes.
func freezePostgreSQL(ctx context.Context, s *stage, span time.Duration) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	if err := freeze(ctx, s.node.signalAll, span); err != nil {
		return err
	}
	return s.prove(ctx)
}

// blackHole lets the network swallow everything without a word, on the connections that are open and on new ones.
func blackHole(ctx context.Context, s *stage, span time.Duration) error {
	if err := s.boot(ctx, "pg"); err != nil {
		return err
	}
	network, err := faultpg.Open(s.node.dsn(localpg.Database))
	if err != nil {
		return err
	}
	s.clear = append(s.clear, func() error { network.Close(); return nil })
	if err := s.serve(ctx, network.DSN); err != nil {
		return err
	}
	if err := s.admit(ctx); err != nil {
		return err
	}
	network.BlackHole(true)
	wait(ctx, span)
	network.BlackHole(false)
	return s.prove(ctx)
}
