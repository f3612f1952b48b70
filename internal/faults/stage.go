package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"reliefledger/internal/localpg"
)

// limit is what one fault may take with everything around it.
const limit = 4 * time.Minute

// fault is one thing that breaks. Its run sets a stage, breaks it, heals it and ends with the proof.
type fault struct {
	name    string
	means   string
	expects string
	lacks   func(*laboratory) string // why it cannot be run here; nil when it always can
	run     func(context.Context, *stage) error
}

// stage is where one fault happens: a book of its own, its servers, its clients.
type stage struct {
	*laboratory
	*crowd
	dir     string
	node    *node // where the book is
	nodes   []*node
	servers []*server
	remarks []string
	clear   []func() error
}

func (l *laboratory) try(ctx context.Context, f fault) row {
	r := row{fault: f, begun: time.Now()}
	if f.lacks != nil {
		if r.lacks = f.lacks(l); r.lacks != "" {
			return r
		}
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	s := &stage{laboratory: l, dir: filepath.Join(l.scratch, strings.ReplaceAll(f.name, " ", "-"))}
	r.err = os.Mkdir(s.dir, 0o755)
	if r.err == nil {
		r.err = errors.Join(f.run(ctx, s), s.strike())
	}
	r.remarks, r.took = s.remarks, time.Since(r.begun)
	if r.err == nil {
		r.err = os.RemoveAll(s.dir)
	}
	return r
}

func (s *stage) remark(format string, args ...any) {
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

// open is the usual stage: one node, servers on it, clients who have begun.
func (s *stage) open(ctx context.Context, servers int) error {
	if err := s.boot(ctx, "pg"); err != nil {
		return err
	}
	for range servers {
		if err := s.serve(ctx, s.node.dsn(localpg.Database)); err != nil {
			return err
		}
	}
	return s.admit(ctx)
}

// boot starts a node with a copy of the furnished book.
func (s *stage) boot(ctx context.Context, name string) error {
	n, err := s.addNode(name)
	if err != nil {
		return err
	}
	if err := n.copyFrom(ctx, s.data); err != nil {
		return err
	}
	s.node = n
	return n.start(ctx)
}

func (s *stage) addNode(name string) (*node, error) {
	n, err := newNode(s.engine, filepath.Join(s.dir, name))
	if err == nil {
		s.nodes = append(s.nodes, n)
	}
	return n, err
}

// serve starts one more server on the book. All of them sign with the same key, as the processes of one site do.
func (s *stage) serve(ctx context.Context, dsn string) error {
	data := filepath.Join(s.dir, fmt.Sprintf("server%d", len(s.servers)+1))
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"log.key", "checkpoints"} {
		if err := copyFile(filepath.Join(s.site, name), filepath.Join(data, name)); err != nil {
			return err
		}
	}
	served := newServer(s.program, data, dsn)
	if err := os.Chmod(filepath.Join(data, "log.key"), 0o600); err != nil {
		return err
	}
	s.servers = append(s.servers, served)
	return served.start(ctx)
}

// admit lets the clients in and returns when they are at work.
func (s *stage) admit(ctx context.Context) error {
	var urls []string
	for _, served := range s.servers {
		urls = append(urls, served.url)
	}
	s.crowd = gather(ctx, s.tokens, urls)
	return s.more(ctx, 500)
}

// strike ends everything that the stage has started. What went wrong before has been told already.
func (s *stage) strike() error {
	if s.crowd != nil {
		s.hopes()
	}
	for _, served := range s.servers {
		if served.process != nil {
			_ = served.signal(syscall.SIGCONT)
			_ = served.kill()
		}
	}
	var err error
	for _, n := range s.nodes {
		if n.process != nil && n.lives() {
			_ = n.signalAll(syscall.SIGCONT)
			err = errors.Join(err, n.stop())
		}
		err = errors.Join(err, n.admin.Close())
	}
	for _, do := range s.clear {
		err = errors.Join(err, do())
	}
	return err
}
