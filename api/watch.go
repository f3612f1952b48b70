package api

import (
	"context"
	"sync"
	"time"

	"reliefledger/ledger"
)

const (
	glance      = 200 * time.Millisecond // how often the head is looked at while somebody waits
	maxWatchers = 1000                   // how many may wait at once: each of them holds a connection
)

// watch tells those who wait that the book has grown. However many wait, one goroutine looks at the head, and none while nobody
// waits. It looks instead of listening, because entries come from other servers too and a lost notification would be a lost entry.
type watch struct {
	head func(context.Context) (int64, error)

	mu      sync.Mutex
	last    int64
	moved   chan struct{} // closed when last grows
	waiting int
	stop    context.CancelFunc
	closed  chan struct{}
}

func newWatch(head func(context.Context) (int64, error)) *watch {
	return &watch{head: head, moved: make(chan struct{}), closed: make(chan struct{})}
}

// await returns when the book has an entry after known, when the server stops, or with the context's error.
func (w *watch) await(ctx context.Context, known int64) error {
	if err := ctx.Err(); err != nil {
		return err // also where the book has grown: the time of whoever asks again and again must end
	}
	if err := w.enter(); err != nil {
		return err
	}
	defer w.leave()
	for {
		w.mu.Lock()
		last, moved := w.last, w.moved
		w.mu.Unlock()
		if last > known {
			return nil
		}
		select {
		case <-moved:
		case <-w.closed:
			return ledger.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *watch) enter() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == maxWatchers {
		return ledger.ErrBusy
	}
	if w.waiting++; w.waiting == 1 {
		var ctx context.Context
		ctx, w.stop = context.WithCancel(context.Background())
		go w.look(ctx)
	}
	return nil
}

func (w *watch) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting--; w.waiting == 0 {
		w.stop()
	}
}

// look looks at the head until nobody waits. A database that does not answer is asked again: those who wait have their own patience.
func (w *watch) look(ctx context.Context) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		if head, err := w.head(ctx); err == nil {
			w.tell(head)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *watch) tell(head int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if head > w.last {
		w.last = head
		close(w.moved)
		w.moved = make(chan struct{})
	}
}

// close sends everybody home who waits: a server that stops does not wait for them.
func (w *watch) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.closed:
	default:
		close(w.closed)
	}
}
