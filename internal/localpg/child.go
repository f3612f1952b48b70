package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// patience is how long a server may take to shut down by itself before it is made to.
const patience = 20 * time.Second

func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// command runs a program of PostgreSQL as the account, with none of our own environment: PGDATA, PGPORT or a locale in it
// would change what the program does.
func command(program, dir string, as *account, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + dir, "TZ=UTC", "LC_ALL=C"}
	cmd.SysProcAttr = attributes(as)
	return cmd
}

// child is a running program of ours.
type child struct {
	pid  int
	done chan struct{} // closed when it has ended
	err  error         // how it ended, once done is closed
}

// launch starts cmd from a thread of its own and keeps that thread for as long as the child lives: the kernel's
// notice of our death is tied to the thread, and Go ends threads as it likes.
func launch(cmd *exec.Cmd) (*child, error) {
	c := &child{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.pid = cmd.Process.Pid
	return c, nil
}

// finish waits for the child to end by itself, or ends it when ctx ends first.
func (c *child) finish(ctx context.Context) error {
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return errors.Join(ctx.Err(), c.stop(ctx))
	}
}

// stop shuts the server down: at once but cleanly, then, when that takes too long, the hard way, which costs a recovery.
func (c *child) stop(ctx context.Context) error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := syscall.Kill(c.pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
		select {
		case <-c.done:
			return nil
		case <-time.After(patience):
		case <-ctx.Done():
		}
	}
	<-c.done
	return nil
}

// vacate waits until no server works in the data directory, and stops one that a dead process left behind. We hold
// the lock, so it is nobody's. After that a postmaster.pid is stale; PostgreSQL itself would take it for alive whenever
// its number belongs to any other process of the same user.
func vacate(ctx context.Context, data string) error {
	begun := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for signalled := false; ; {
		left := workers(data)
		if len(left) == 0 {
			break
		}
		if server, ok := readPostmaster(data); ok && !signalled && slices.Contains(left, server.pid) {
			signalled = true
			if err := syscall.Kill(server.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		}
		if time.Since(begun) > patience {
			return fmt.Errorf("processes %v of an earlier server still work in %s after %s: stop them first", left, data, patience)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := os.Remove(filepath.Join(data, "postmaster.pid"))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
