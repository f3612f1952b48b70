package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	points = 8
	// crowded is how many clients post at the same time. Every fourth has little patience and repeats while its first
	// request is still under way; every eighth withdraws what it is told was not written.
	crowded  = 16
	hurried  = 2 * time.Second
	patient  = 90 * time.Second
	unsettle = 60 * time.Second // how long after healing the service may need
)

// crowd are clients that hand out goods, each under keys of its own, until they are told to end.
type crowd struct {
	urls  []string // of all servers; a client that is not answered by one asks the next
	shown []string // their tokens
	over  atomic.Bool
	hopes context.CancelFunc
	all   sync.WaitGroup

	acknowledged atomic.Int64
	last         atomic.Int64 // when the last acknowledgement came, in nanoseconds
	pause        atomic.Int64 // the longest time without one, likewise

	mu       sync.Mutex
	postings []*posting
	oddReads []string
}

func gather(ctx context.Context, tokens, urls []string) *crowd {
	c := &crowd{urls: urls, shown: tokens}
	c.last.Store(time.Now().UnixNano())
	ctx, c.hopes = context.WithCancel(ctx)
	for i := range crowded {
		c.all.Go(func() { c.post(ctx, i) })
	}
	c.all.Go(func() { c.read(ctx) })
	return c
}

// post is the life of one client.
func (c *crowd) post(ctx context.Context, i int) {
	s := newSender(c.shown[i], patient)
	if i%4 == 0 {
		s.wait = hurried
	}
	defer s.close()
	at := i // which server it asks
	for n := 0; !c.over.Load() && ctx.Err() == nil; n++ {
		p := c.note(fmt.Sprintf("c%02d-%06d", i, n))
		c.deliver(ctx, s, p, &at, i%8 == 1)
	}
}

// note begins a posting. Everything that is ever sent is on the list.
func (c *crowd) note(key string) *posting {
	p := &posting{key: key}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.postings = append(c.postings, p)
	return p
}

// deliver sends a posting, under its one key, until it is settled.
func (c *crowd) deliver(ctx context.Context, s *sender, p *posting, at *int, fickle bool) {
	for ctx.Err() == nil {
		s.send(ctx, c.urls[*at%len(c.urls)], p)
		p.withdrawn = fickle && p.refusals == 1 && p.doubts == 0
		if p.settled() {
			break
		}
		*at++
		select {
		case <-time.After(50*time.Millisecond + rand.N(100*time.Millisecond)):
		case <-ctx.Done():
		}
	}
	if p.entry > 0 {
		c.acknowledged.Add(1)
		now := time.Now().UnixNano()
		c.pause.Store(max(c.pause.Load(), now-c.last.Swap(now)))
	}
}

// read is a client that only looks. It must be answered properly or told to come back.
func (c *crowd) read(ctx context.Context) {
	s := newSender(c.shown[0], patient)
	defer s.close()
	for i := 0; !c.over.Load() && ctx.Err() == nil; i++ {
		var took time.Duration
		answer, body, err := s.call(ctx, http.MethodGet, c.urls[i%len(c.urls)]+"/v1/stock?by=lot", "", "", &took)
		if err == nil && !slices.Contains([]int{http.StatusOK, http.StatusServiceUnavailable, http.StatusTooManyRequests}, answer.StatusCode) {
			c.mu.Lock()
			c.oddReads = append(c.oddReads, fmt.Sprintf("stock: %d %s", answer.StatusCode, body))
			c.mu.Unlock()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// more waits until so many more postings are acknowledged.
func (c *crowd) more(ctx context.Context, n int64) error {
	wanted := c.acknowledged.Load() + n
	return await(ctx, unsettle, func() error {
		if have := c.acknowledged.Load(); have < wanted {
			return fmt.Errorf("%d of %d postings acknowledged after %s", have, wanted, unsettle)
		}
		return nil
	})
}

// end lets every client settle what it has begun. Those that cannot are given up, and their postings stay unsettled.
func (c *crowd) end() {
	c.over.Store(true)
	ended := make(chan struct{})
	go func() {
		c.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(unsettle):
	}
	c.hopes()
	<-ended
}
