package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a relief serve.
type server struct {
	*process
	program string
	data    string // its data directory
	dsn     string // nothing for a PostgreSQL of its own
	address string
	url     string
	from    int64 // where in the log the present run begins
	starts  int
}

func newServer(program, data, dsn string) *server {
	return &server{program: program, data: data, dsn: dsn, address: "127.0.0.1:0"}
}

var serving = regexp.MustCompile(`on (http://127\.0\.0\.1:\d+)\n`)

// start starts the server where it was served before, and returns when it listens.
func (s *server) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	log := s.data + ".log"
	s.from = spoken(log)
	s.starts++
	args := []string{"serve", "--data", s.data, "--listen", s.address}
	if s.dsn != "" {
		args = append(args, "--db", s.dsn)
	}
	var err error
	if s.process, err = launch(log, mortal(nil, syscall.SIGKILL), s.program, args...); err != nil {
		return err
	}
	if s.url, err = s.hear(ctx, s.from, serving); err != nil {
		return err
	}
	s.address = strings.TrimPrefix(s.url, "http://")
	// Before it serves, it listens already, and a signal would only interrupt the start.
	probe := newSender("", time.Minute)
	defer probe.close()
	_, _, err = probe.call(ctx, http.MethodGet, s.url+"/healthz", "", "", new(time.Duration))
	return err
}

// supervise is start as a supervisor does it: again and again.
func (s *server) supervise(ctx context.Context) error {
	return await(ctx, unsettle, func() error { return s.start(ctx) })
}

// stop is an orderly stop, which seals the log.
func (s *server) stop() error {
	if !s.lives() {
		return fmt.Errorf("the server had ended by itself: %v: %s", s.err, lastLines(s.said(s.from)))
	}
	if err := s.end(syscall.SIGTERM, 45*time.Second); err != nil {
		return err
	}
	if s.err != nil {
		return fmt.Errorf("the server stopped with %w: %s", s.err, lastLines(s.said(s.from)))
	}
	return nil
}

var (
	goroutine = regexp.MustCompile(`(?m)^goroutine \d+ `)
	creator   = regexp.MustCompile(`(?m)^created by (\S+)`)
)

// goroutines ends the server with the signal that makes a Go program tell all its goroutines, and counts them.
func (s *server) goroutines() (int, map[string]int, error) {
	from := spoken(s.log)
	if err := s.end(syscall.SIGQUIT, 10*time.Second); err != nil {
		return 0, nil, err
	}
	told := s.said(from)
	by := map[string]int{}
	for _, match := range creator.FindAllStringSubmatch(told, -1) {
		by[match[1]]++
	}
	return len(goroutine.FindAllString(told, -1)), by, nil
}

// deserted is nil when no client's connection is left. One that the client has closed is left as long as its request is at work.
func (s *server) deserted() error {
	text, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(s.address)
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	established := fmt.Sprintf(` 0100007F:%04X [0-9A-F]+:[0-9A-F]{4} 0(1|8) `, number)
	if left := regexp.MustCompile(established).FindAllString(string(text), -1); len(left) > 0 {
		return fmt.Errorf("%s has %d connections left when all clients have gone", s.address, len(left))
	}
	return nil
}

// checkpoints is the server's checkpoint file.
func (s *server) checkpoints() string { return filepath.Join(s.data, "checkpoints") }

// verify proves the book, with the checkpoints of a file.
func (s *server) verify(ctx context.Context, dsn, checkpoints string) error {
	args := []string{"verify", "--data", s.data, "--checkpoints", checkpoints}
	if dsn != "" {
		args = append(args, "--db", dsn)
	}
	_, err := command(ctx, mortal(nil, syscall.SIGKILL), s.program, args...)
	return err
}

// copyFile keeps a file as somebody else would who was given it.
func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
