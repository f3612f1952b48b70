package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// newKey is a time-ordered key (UUIDv7), which the documentation asks senders for.
func newKey() string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(time.Now().UnixMilli())<<16)
	_, _ = rand.Read(id[6:]) // it never fails
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// choice says at which point the next handout happens.
type choice func() int

// halfHot sends half of all handouts to one point and spreads the others.
func halfHot() int {
	if n := mathrand.IntN(2 * points); n < points {
		return n
	}
	return 0
}

func uniform() int { return mathrand.IntN(points) }

func oneHot() int { return 0 }

// work is done again and again by a caller, which has a number. It says how many operations it did.
type work func(ctx context.Context, caller int) (int64, error)

// callers lets n callers work side by side for a while. The time is that until the last of them is done.
func callers(ctx context.Context, n int, span time.Duration, w work) (int64, time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for caller := range n {
		all.Go(func() {
			for time.Since(begun) < span && ctx.Err() == nil {
				ops, err := w(ctx, caller)
				if err != nil {
					cancel(err)
				}
				done.Add(ops)
			}
		})
	}
	all.Wait()
	return done.Load(), time.Since(begun), context.Cause(ctx)
}

// each makes work of something that is one operation.
func each(do func(context.Context) error) work {
	return func(ctx context.Context, _ int) (int64, error) { return 1, do(ctx) }
}
