package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"reliefledger/internal/localpg"
)

// prove is the end of every fault, called as soon as it is healed: the service answers again, every client gets its answer, the
// book holds what they were told and nothing else, it verifies, and nothing is left behind.
func (s *stage) prove(ctx context.Context) error {
	return errors.Join(s.answers(ctx), s.settle(ctx), s.rests(ctx), s.compare(ctx), s.ends(ctx), s.verifies(ctx))
}

// answers measures how long after healing each server takes a new posting.
func (s *stage) answers(ctx context.Context) error {
	healed := time.Now()
	ctx, cancel := context.WithTimeout(ctx, unsettle)
	defer cancel()
	var all sync.WaitGroup
	failed := make([]error, len(s.servers))
	for i, served := range s.servers {
		all.Go(func() {
			probe := newSender(s.token, 5*time.Second)
			defer probe.close()
			p := s.note(fmt.Sprintf("probe%d-1", i))
			only := &crowd{urls: []string{served.url}}
			at := 0
			if only.deliver(ctx, probe, p, &at, false); p.entry == 0 {
				failed[i] = fmt.Errorf("server %d takes no posting %s after healing: %s", i+1, time.Since(healed).Round(time.Second), p.odd)
			}
		})
	}
	all.Wait()
	s.remark("back after %s", seconds(time.Since(healed)))
	return errors.Join(failed...)
}

// settle lets every client finish.
func (s *stage) settle(context.Context) error {
	s.end()
	slowest, putOff, doubts, replays, withdrawn := time.Duration(0), 0, 0, 0, 0
	for _, p := range s.postings {
		slowest = max(slowest, p.slowest)
		if p.refusals > 0 {
			putOff++
		}
		if p.doubts > 0 {
			doubts++
		}
		if p.replayed {
			replays++
		}
		if p.withdrawn {
			withdrawn++
		}
	}
	s.remark("%d booked", s.acknowledged.Load())
	s.remark("%d put off", putOff)
	s.remark("%d in doubt", doubts)
	s.remark("%d answered with what an earlier attempt had written", replays)
	if withdrawn > 0 {
		s.remark("%d withdrawn", withdrawn)
	}
	s.remark("longest pause %s", seconds(time.Duration(s.pause.Load())))
	s.remark("slowest answer %s", seconds(slowest))
	return nil
}

// rests waits until nothing happens in the database any more: no statement, no open transaction, no lock.
func (s *stage) rests(ctx context.Context) error {
	return await(ctx, 30*time.Second, func() error {
		var busy string
		err := s.node.admin.QueryRowContext(ctx, `SELECT coalesce(string_agg(left(what, 120), '; '), '') FROM (
			SELECT state || ' ' || query AS what FROM pg_stat_activity WHERE application_name LIKE 'relief%' AND state <> 'idle'
			UNION ALL
			SELECT mode || ' on ' || coalesce(relation::regclass::text, locktype) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'relief%'
		) AS left_over`).Scan(&busy)
		if err == nil && busy != "" {
			err = fmt.Errorf("at rest the database is still busy with %s", busy)
		}
		return err
	})
}

// ends counts the goroutines of servers that lived through the fault, and stops all of them in order, which seals the log.
func (s *stage) ends(ctx context.Context) error {
	var failed []error
	for i, served := range s.servers {
		if served.starts == 1 {
			failed = append(failed, s.countGoroutines(ctx, i, served), served.start(ctx))
		}
		failed = append(failed, served.stop())
	}
	if s.node.private {
		return errors.Join(failed...)
	}
	failed = append(failed, await(ctx, 10*time.Second, func() error {
		left := 0
		err := s.node.admin.QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'relief%'").Scan(&left)
		if err == nil && left > 0 {
			err = fmt.Errorf("%d connections are left of servers that have stopped", left)
		}
		return err
	}))
	return errors.Join(failed...)
}

// countGoroutines compares with a server that nothing had happened to. The first fault of all is none, and gives that number.
func (s *stage) countGoroutines(ctx context.Context, i int, served *server) error {
	if err := await(ctx, unsettle, served.deserted); err != nil {
		return err
	}
	all, by, err := served.goroutines()
	if err != nil {
		return err
	}
	if s.baseline == nil {
		s.baseline = by
	}
	s.remark("%d goroutines", all)
	for name, n := range by {
		if n > s.baseline[name] {
			err = errors.Join(err, fmt.Errorf("server %d has %d goroutines made by %s, %d wanted", i+1, n, name, s.baseline[name]))
		}
	}
	return err
}

// verifies proves the book with each server's own checkpoints, and with the one that was handed out before the fault.
func (s *stage) verifies(ctx context.Context) error {
	var failed []error
	dsn := s.node.dsn(localpg.Database)
	if s.node.private {
		dsn = ""
	}
	for _, served := range s.servers {
		failed = append(failed, served.verify(ctx, dsn, served.checkpoints()))
	}
	kept := filepath.Join(s.site, "checkpoints")
	return errors.Join(append(failed, s.servers[0].verify(ctx, dsn, kept))...)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// freeze stops a process in the middle of whatever it does, for a while.
func freeze(ctx context.Context, signal func(syscall.Signal) error, span time.Duration) error {
	if err := signal(syscall.SIGSTOP); err != nil {
		return err
	}
	wait(ctx, span)
	return signal(syscall.SIGCONT)
}

func wait(ctx context.Context, span time.Duration) {
	select {
	case <-time.After(span):
	case <-ctx.Done():
	}
}
