package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// fillDisk gives PostgreSQL a small file system and fills it under load, then frees it. PostgreSQL may end when its log of changes
// cannot grow; a supervisor starts it again.
func fillDisk(ctx context.Context, s *stage) error {
	if err := s.mount(ctx); err != nil {
		return err
	}
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	ballast := filepath.Join(s.dir, "pg", "ballast")
	if err := fill(ballast); err != nil {
		return err
	}
	stuck := s.stuck(ctx, 30*time.Second)
	wait(ctx, 2*time.Second)
	if err := os.Remove(ballast); err != nil {
		return err
	}
	if !s.node.lives() {
		s.remark("PostgreSQL ended and was started again")
		if err := errors.Join(s.node.crash(ctx), s.node.start(ctx)); err != nil {
			return err
		}
	}
	return errors.Join(stuck, s.prove(ctx))
}

// mount puts a small file system where the node will be.
func (s *stage) mount(ctx context.Context) error {
	home := filepath.Join(s.dir, "pg")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	if _, err := command(ctx, nil, "mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "faults", home); err != nil {
		return err
	}
	s.clear = append(s.clear, func() error {
		_, err := command(context.WithoutCancel(ctx), nil, "umount", "-l", home)
		return err
	})
	return nil
}

func needsRoot(*laboratory) string {
	if _, err := exec.LookPath("mount"); os.Geteuid() != 0 || err != nil {
		return "needs root to mount a small file system"
	}
	return ""
}

// fill writes a file until the file system is full.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, 64<<10)
	for {
		if _, err := f.Write(block); err != nil {
			return nil // full, which is what was wanted
		}
	}
}

// stuck waits until nothing is acknowledged for two seconds.
func (s *stage) stuck(ctx context.Context, patience time.Duration) error {
	return await(ctx, patience, func() error {
		if idle := time.Since(time.Unix(0, s.last.Load())); idle < 2*time.Second {
			return fmt.Errorf("postings were still acknowledged %s ago", seconds(idle))
		}
		return nil
	})
}
