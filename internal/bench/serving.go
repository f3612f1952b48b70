package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// serving is a process that serves HTTP: the program itself, or this one in another role.
type serving struct {
	cmd     *exec.Cmd
	address string
	log     string // file with what it says about its requests and its end
}

var listening = regexp.MustCompile(` on http://(127\.0\.0\.1:\d+)$`)

// serve starts relief serve on a database.
func (b *bench) serve(ctx context.Context, dsn string) (*serving, error) {
	site := filepath.Join(b.scratch, "site-"+databaseOf(dsn))
	return b.launch(ctx, site+".log", b.program, "serve", "--db", dsn, "--data", site, "--listen", "127.0.0.1:0")
}

// help starts this program in another role on a database.
func (b *bench) help(ctx context.Context, role, dsn string) (*serving, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return b.launch(ctx, filepath.Join(b.scratch, role+".log"), own, helping, role, dsn)
}

func (b *bench) launch(ctx context.Context, log, program string, args ...string) (*serving, error) {
	said, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer said.Close()
	s := &serving{cmd: exec.CommandContext(ctx, program, args...), log: log}
	s.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.scratch} // no DATABASE_URL, no configuration
	s.cmd.Stderr = said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			s.address = found[1]
			return s, s.awaitHealth()
		}
	}
	return nil, fmt.Errorf("%s served nothing: %w: %s", program, s.cmd.Wait(), s.lastLine())
}

// awaitHealth asks once: the listener takes the connection before there is anybody to answer, and then it waits.
func (s *serving) awaitHealth() error {
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.Close()
	_, _, err = c.ask("GET", "/healthz", "", nil)
	return err
}

func (s *serving) pid() int { return s.cmd.Process.Pid }

// stop is an orderly stop.
func (s *serving) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	late := time.AfterFunc(time.Minute, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	if err := s.cmd.Wait(); err != nil {
		return errors.Join(err, errors.New(s.lastLine()))
	}
	return nil
}

func (s *serving) lastLine() string {
	text, _ := os.ReadFile(s.log) // it only explains another error
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
