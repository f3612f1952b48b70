package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a program that this run started and that dies with it.
type process struct {
	pid  int
	log  string        // file with all that it says
	done chan struct{} // closed when it has ended
	err  error         // how it ended, once done is closed
}

// launch starts a program whose output is added to the file log. It runs from a thread of its own, kept for as long as the program lives:
// the kernel's notice of our death is tied to the thread.
func launch(log string, attributes *syscall.SysProcAttr, program string, args ...string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = out, out, attributes
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC", "LC_ALL=C"} // no DATABASE_URL, no PGDATA
	p := &process{log: log, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

func (p *process) lives() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// signal does nothing to a process that has ended: its number may belong to another by now.
func (p *process) signal(s syscall.Signal) error {
	if !p.lives() {
		return nil
	}
	return ignoreGone(syscall.Kill(p.pid, s))
}

func ignoreGone(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}

// end sends a signal and waits for the end. A process that does not go in time is killed and complained about.
func (p *process) end(s syscall.Signal, patience time.Duration) error {
	if err := p.signal(s); err != nil {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		err := fmt.Errorf("process %d still runs %s after signal %s", p.pid, patience, s)
		_ = p.signal(syscall.SIGKILL)
		<-p.done
		return err
	}
}

// kill is kill -9.
func (p *process) kill() error { return p.end(syscall.SIGKILL, 30*time.Second) }

// said is what the process wrote from an offset on.
func (p *process) said(from int64) string {
	text, err := os.ReadFile(p.log)
	if err != nil || int64(len(text)) < from {
		return ""
	}
	return string(text[from:])
}

// spoken is how much there is in a log.
func spoken(log string) int64 {
	info, err := os.Stat(log)
	if err != nil {
		return 0
	}
	return info.Size()
}

// hear waits until the process has said what the pattern holds in parentheses.
func (p *process) hear(ctx context.Context, from int64, pattern *regexp.Regexp) (string, error) {
	for {
		if match := pattern.FindStringSubmatch(p.said(from)); match != nil {
			return match[1], nil
		}
		select {
		case <-p.done:
			return "", fmt.Errorf("ended (%v) before it said %s: %s", p.err, pattern, lastLines(p.said(from)))
		case <-ctx.Done():
			return "", fmt.Errorf("never said %s: %w: %s", pattern, ctx.Err(), lastLines(p.said(from)))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " / ")
}

// command runs a program to its end and answers with what it said; the error has its last words.
func command(ctx context.Context, attributes *syscall.SysProcAttr, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.SysProcAttr = attributes
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC", "LC_ALL=C"}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return said.String(), fmt.Errorf("%s: %w: %s", cmd, err, lastLines(said.String()))
	}
	return said.String(), nil
}

// await repeats a question until it is answered with nil. Otherwise it gives the last answer when the time is over.
func await(ctx context.Context, patience time.Duration, question func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := question()
		if err == nil || time.Now().After(deadline) || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		time.Sleep(20 * time.Millisecond)
	}
}
