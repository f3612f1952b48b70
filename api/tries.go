package api

import (
	"cmp"
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/time/rate"
)

const (
	usualTries = 60              // wrong tokens that one address may show at once: a site whose token has expired behind one address
	triesEvery = 2 * time.Second // and then one in this time
	maxTriers  = 10_000          // addresses that are remembered; those beyond share one count
)

// tries count the wrong tokens of each address, so that whoever guesses soon waits and costs no look-up in the database meanwhile.
// The address is that of the connection: a header that names another could be written by whoever guesses.
type tries struct {
	burst int

	mu    sync.Mutex
	from  map[netip.Prefix]*rate.Limiter
	rest  *rate.Limiter
	swept time.Time
}

func newTries(burst int) *tries {
	t := &tries{burst: cmp.Or(burst, usualTries), from: map[netip.Prefix]*rate.Limiter{}}
	t.rest = t.trier()
	return t
}

func (t *tries) trier() *rate.Limiter { return rate.NewLimiter(rate.Every(triesEvery), t.burst) }

// guess answers 429 to an address that has shown too many wrong tokens, before anything is looked up. A token that has opened the door
// lately is let through all the same: behind one proxy everybody has one address, and one guesser must not shut out a whole site.
func (d *Door) guess(ctx huma.Context, next func(huma.Context)) {
	token, remote := bearer(ctx), ctx.RemoteAddr()
	if token == "" || len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	v := visitOf(ctx.Context())
	if wait := d.tries.wait(remote, time.Now()); wait > 0 && !d.pace.knows(token) {
		p := newProblem(tooMany, "Too many wrong tokens came from this address.")
		p.after, v.denial = wait, errTries
		writeHuma(ctx, v, p)
		return
	}
	next(ctx)
	if v.code == "/problems/"+unauthorized {
		d.tries.failed(remote, time.Now())
	}
}

var errTries = errors.New("too many wrong tokens came from this address")

// wait answers after how many seconds an address may try again; 0 for at once.
func (t *tries) wait(remote string, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := t.of(remote).TokensAt(now)
	if left >= 1 {
		return 0
	}
	return int((1-left)*triesEvery.Seconds()) + 1
}

// failed counts a wrong token of an address.
func (t *tries) failed(remote string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.swept) > sweepAfter {
		for place, trier := range t.from {
			if int(trier.TokensAt(now)) >= t.burst {
				delete(t.from, place)
			}
		}
		t.swept = now
	}
	place := placeOf(remote)
	if t.from[place] == nil && len(t.from) < maxTriers {
		t.from[place] = t.trier()
	}
	t.of(remote).AllowN(now, 1)
}

// of is the count of an address: a full one for who has not failed lately, that of the rest where the memory is full.
func (t *tries) of(remote string) *rate.Limiter {
	if trier := t.from[placeOf(remote)]; trier != nil {
		return trier
	}
	if len(t.from) >= maxTriers {
		return t.rest
	}
	return t.trier()
}

// placeOf is an IPv4 address, or the network of an IPv6 address that one site has for itself.
func placeOf(remote string) netip.Prefix {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{} // no TCP: all such share one count
	}
	addr := from.Addr().Unmap().WithZone("")
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	place, _ := addr.Prefix(bits) // the bits fit
	return place
}
