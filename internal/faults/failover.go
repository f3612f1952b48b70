package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"reliefledger/internal/localpg"
)

// pair starts a primary that acknowledges nothing before its standby has it, and two servers that know both by their addresses, each
// with another one first.
func (s *stage) pair(ctx context.Context) (primary, standby *node, err error) {
	if err := s.boot(ctx, "first"); err != nil {
		return nil, nil, err
	}
	primary = s.node
	if standby, err = s.addNode("second"); err != nil {
		return nil, nil, err
	}
	if err := s.makeHome(standby.data); err != nil {
		return nil, nil, err
	}
	_, err = command(ctx, mortal(s.as, syscall.SIGKILL), s.Path("pg_basebackup"), "-D", standby.data, "-h", primary.socket, "-p", "5432", "-U", superuser,
		"--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast")
	if err != nil {
		return nil, nil, err
	}
	// PostgreSQL looks for its dead primary for another 5 s before it lets itself be promoted.
	if err := errors.Join(standby.set("wal_retrieve_retry_interval = 200ms"), standby.start(ctx), primary.set("synchronous_standby_names = '*'"), primary.awaitStandby(ctx)); err != nil {
		return nil, nil, err
	}
	for _, sockets := range []string{primary.socket + "," + standby.socket, standby.socket + "," + primary.socket} {
		if err := s.serve(ctx, "host="+sockets+" port=5432,5432 user="+superuser+" dbname="+localpg.Database+" sslmode=disable target_session_attrs=read-write"); err != nil {
			return nil, nil, err
		}
	}
	return primary, standby, s.admit(ctx)
}

func needsBaseBackup(l *laboratory) string {
	if !l.has("pg_basebackup") {
		return "needs pg_basebackup, which " + filepath.Dir(l.Path("postgres")) + " lacks"
	}
	return ""
}

func (n *node) awaitStandby(ctx context.Context) error {
	return await(ctx, 30*time.Second, func() error {
		var state string
		if err := n.admin.QueryRowContext(ctx, "SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication").Scan(&state); err != nil {
			return err
		}
		if state != "sync" {
			return fmt.Errorf("the standby is %s, sync wanted", state)
		}
		return nil
	})
}

// stopSending freezes what feeds the standby, and leaves the clients a second to commit what does not reach it.
func (n *node) stopSending(ctx context.Context) error {
	pid := 0
	if err := n.admin.QueryRowContext(ctx, "SELECT pid FROM pg_stat_replication").Scan(&pid); err != nil {
		return err
	}
	err := syscall.Kill(pid, syscall.SIGSTOP)
	wait(ctx, time.Second)
	return err
}

// promote makes a standby the primary, which from then on is alone.
func (n *node) promote(ctx context.Context) error {
	if err := n.set("synchronous_standby_names = ''"); err != nil {
		return err
	}
	_, err := n.admin.ExecContext(ctx, "SELECT pg_promote()")
	return err
}

// failOver is a power cut of the primary; the standby is promoted half a second later.
func failOver(ctx context.Context, s *stage) error {
	primary, standby, err := s.pair(ctx)
	if err != nil {
		return err
	}
	if err := primary.destroy(ctx); err != nil {
		return err
	}
	wait(ctx, 500*time.Millisecond)
	if err := standby.promote(ctx); err != nil {
		return err
	}
	s.node = standby
	return s.prove(ctx)
}

// restartAhead lets the primary restart while its standby lags: what it had not been allowed to acknowledge is visible now.
// Then it dies for good, and the standby, which never had that, is promoted.
func restartAhead(ctx context.Context, s *stage) error {
	primary, standby, err := s.pair(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(primary.stopSending(ctx), standby.signalAll(syscall.SIGSTOP), primary.destroy(ctx), primary.start(ctx)); err != nil {
		return err
	}
	wait(ctx, 10*time.Second)
	if err := errors.Join(primary.destroy(ctx), standby.signalAll(syscall.SIGCONT), standby.promote(ctx)); err != nil {
		return err
	}
	s.node = standby
	return s.prove(ctx)
}

// returnPrimary lets the primary die while its standby lags. The standby is promoted, and the dead one comes back as it was: a second
// primary that takes writes. Then all connections break, and one of the servers tries the old primary first.
func returnPrimary(ctx context.Context, s *stage) error {
	primary, standby, err := s.pair(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(primary.stopSending(ctx), primary.destroy(ctx), standby.promote(ctx), primary.start(ctx)); err != nil {
		return err
	}
	s.node = standby
	before := s.acknowledged.Load()
	for range 3 {
		wait(ctx, time.Second)
		if _, err := standby.admin.ExecContext(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relief serve'"); err != nil {
			return err
		}
	}
	wait(ctx, 17*time.Second)
	s.remark("%d booked beside the old primary", s.acknowledged.Load()-before)
	return errors.Join(primary.destroy(ctx), s.prove(ctx))
}
