package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/time/rate"
)

const (
	usualRate  = 100      // requests a second that one token may send for long
	usualBurst = 2000     // requests at once: a gateway in the field sends its queue when the line is back
	maxHead    = 16 << 10 // bytes of an address and its headers
	maxDepth   = 32       // of lists and objects inside each other
	sweepAfter = time.Minute
	maxQueued  = 5 * time.Second // how long a heavy request waits for its turn
)

// pace gives every token its share of requests.
type pace struct {
	limit rate.Limit
	burst int

	mu     sync.Mutex
	shares map[[sha256.Size]byte]*rate.Limiter // by hash, so that memory holds no tokens
	swept  time.Time
}

func newPace(limit rate.Limit, burst int) *pace {
	return &pace{
		limit: cmp.Or(limit, usualRate), burst: cmp.Or(burst, usualBurst),
		shares: map[[sha256.Size]byte]*rate.Limiter{},
	}
}

// take takes one request out of a token's share, or answers how many seconds later there is one.
func (p *pace) take(token string, now time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.swept) > sweepAfter {
		p.sweep(now)
	}
	name := sha256.Sum256([]byte(token))
	share := p.shares[name]
	if share == nil {
		share = rate.NewLimiter(p.limit, p.burst)
		p.shares[name] = share
	}
	r := share.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return 0
	}
	r.CancelAt(now)
	return int((wait + time.Second - 1) / time.Second)
}

// knows reports whether a token has opened the door lately.
func (p *pace) knows(token string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shares[sha256.Sum256([]byte(token))] != nil
}

// sweep forgets tokens whose share is whole again: a new share would be the same.
func (p *pace) sweep(now time.Time) {
	for name, share := range p.shares {
		if int(share.TokensAt(now)) >= p.burst {
			delete(p.shares, name)
		}
	}
	p.swept = now
}

// slow answers 429 to a token that has used up its share. It stands behind check, so that nobody uses up a share that is not theirs.
func (d *Door) slow(ctx huma.Context, next func(huma.Context)) {
	token := bearer(ctx)
	if token == "" || len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	wait := d.pace.take(token, time.Now())
	if wait == 0 {
		next(ctx)
		return
	}
	p := newProblem(tooMany, "The token has used up its share of requests.")
	p.after = wait
	writeHuma(ctx, visitOf(ctx.Context()), p)
}

// gates bound how many heavy requests run at once, so that nobody's thousand lines or reports starve everybody's single handout.
type gates map[string]chan struct{}

func newGates() gates {
	return gates{"bulk": make(chan struct{}, 4), "report": make(chan struct{}, 4)}
}

// heavy marks an operation that waits at a gate.
func heavy(op *huma.Operation, gate string) {
	op.Metadata["gate"] = gate
}

var errNoTurn = errors.New("the gate stayed full")

// queue lets heavy requests through a few at a time.
func (d *Door) queue(ctx huma.Context, next func(huma.Context)) {
	name, _ := ctx.Operation().Metadata["gate"].(string)
	gate := d.gates[name]
	if gate == nil {
		next(ctx)
		return
	}
	turn, cancel := context.WithTimeoutCause(ctx.Context(), maxQueued, errNoTurn)
	defer cancel()
	select {
	case gate <- struct{}{}:
		defer func() { <-gate }()
		next(ctx)
	case <-turn.Done():
		p := newProblem(busy, "Too many large requests are under way.")
		p.after = int(maxQueued.Seconds())
		writeHuma(ctx, visitOf(ctx.Context()), p)
	}
}

// headSize is how many bytes an address and its headers have.
func headSize(r *http.Request) int {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + 4
		}
	}
	return size
}

// tooDeep reports whether lists and objects stand inside each other more than maxDepth deep. It is asked before anything is read,
// because a reader of such a text needs memory and stack for every level.
func tooDeep(data []byte) bool {
	depth, inText := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
