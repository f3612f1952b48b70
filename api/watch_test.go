package api

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"reliefledger/ledger"
)

func TestWatchLooksOnlyWhileSomebodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var head, looks atomic.Int64
		w := newWatch(func(context.Context) (int64, error) { looks.Add(1); return head.Load(), nil })
		<-time.After(time.Minute)
		if looks.Load() != 0 {
			t.Errorf("%d looks for nobody", looks.Load())
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if err := w.await(t.Context(), 4); err != nil {
					t.Error(err)
				}
			})
		}
		<-time.After(time.Second)
		head.Store(5)
		wg.Wait()
		if n := looks.Load(); n > 7 {
			t.Errorf("%d looks in a second for 100 who wait", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := w.await(ctx, 5); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nothing came: %v", err)
		}
		if err := w.await(ctx, 4); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nobody may ask for ever, even where the book has grown: %v", err)
		}
		seen := looks.Load()
		<-time.After(time.Minute)
		if looks.Load() > seen+1 {
			t.Error("it looks on for nobody")
		}
		w.close()
		w.close()
		if err := w.await(t.Context(), 5); !errors.Is(err, ledger.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}
