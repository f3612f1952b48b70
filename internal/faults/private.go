package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// breakPrivate lets a server run its own PostgreSQL in its data directory. The server is killed, and PostgreSQL goes with it;
// then PostgreSQL is killed, and the server goes with it. Each time a supervisor starts the server again.
func breakPrivate(ctx context.Context, s *stage) error {
	if err := s.openPrivate(ctx); err != nil {
		return err
	}
	served := s.servers[0]
	for range 2 {
		if err := errors.Join(s.more(ctx, 300), served.kill(), served.supervise(ctx), s.more(ctx, 300)); err != nil {
			return err
		}
		if err := s.killPrivate(served); err != nil {
			return err
		}
		if err := served.supervise(ctx); err != nil {
			return err
		}
	}
	return s.prove(ctx)
}

// openPrivate serves a copy of the furnished book from a data directory alone.
func (s *stage) openPrivate(ctx context.Context) error {
	n, err := s.addNode("unused")
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "server1")
	if err := errors.Join(os.Mkdir(data, 0o755), s.makeHome(filepath.Join(data, "postgresql"))); err != nil {
		return err
	}
	n.data = filepath.Join(data, "postgresql", "data")
	if err := n.copyFrom(ctx, s.data); err != nil {
		return err
	}
	if err := s.serve(ctx, ""); err != nil {
		return err
	}
	dsn, err := s.servers[0].hear(ctx, s.servers[0].from, regexp.MustCompile(`psql "(\S+)"`))
	if err != nil {
		return err
	}
	if err := n.lead(dsn); err != nil {
		return err
	}
	s.node, n.private = n, true
	return s.admit(ctx)
}

// killPrivate kills the PostgreSQL of a server, which must end by itself then and say why.
func (s *stage) killPrivate(served *server) error {
	text, err := os.ReadFile(filepath.Join(s.node.data, "postmaster.pid"))
	if err != nil {
		return err
	}
	number, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	select {
	case <-served.done:
	case <-time.After(unsettle):
		return errors.New("the server stays without its PostgreSQL")
	}
	if said := served.said(served.from); served.err == nil || !strings.Contains(said, "the private PostgreSQL has ended") {
		return fmt.Errorf("the server left without its PostgreSQL with %v: %s", served.err, lastLines(said))
	}
	return nil
}
