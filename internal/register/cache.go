package register

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// maxAge is how long another server's change may stay unseen here. A handout costs no register query in between.
	maxAge = time.Second
	// maxRows bounds the memory of a cache: a full one starts anew.
	maxRows = 20_000
)

// cache holds records as of an edition of their register. Once a second it asks for the edition alone,
// whatever its size, and forgets everything when that has moved on.
type cache[T any] struct {
	mu      sync.Mutex
	edition int64
	asked   time.Time
	ahead   bool // somebody asks while the last answer still holds
	records map[string]T
}

// Find is the record of that code, at most a second behind a change by another server and never behind one of our own,
// or a NotFound refusal. It is for rules that look at the same records again and again; Read is exact.
// The record is shared with other callers: what it points to must not be written.
func (r *Register[T]) Find(ctx context.Context, code string) (T, error) {
	if now := r.now(); r.cache.asks(now) {
		// No lock is held while asking: callers that arrive when nothing holds any more ask too, which is cheaper than queueing behind
		// a slow answer.
		edition, err := r.edition(ctx)
		r.cache.answered()
		if err != nil {
			var none T
			return none, fmt.Errorf("%s: %w", r.Table, err)
		}
		r.cache.confirm(now, edition)
	}
	record, edition, there := r.cache.look(code)
	if there && !r.reached(ctx, record) {
		return *new(T), r.missing(code)
	}
	if there {
		return record, nil
	}
	row, err := r.Read(ctx, code)
	if err == nil {
		r.cache.keep(edition, code, row.Record)
	}
	return row.Record, err
}

func (r *Register[T]) edition(ctx context.Context) (edition int64, err error) {
	err = r.book.DB().NewRaw("SELECT coalesce(max(edition), 0) FROM registers WHERE book_id = ? AND noun = ?", r.book.ID, r.Noun).Scan(ctx, &edition)
	return edition, err
}

// asks reports whether the caller is to ask for the edition: everybody when the last answer is too old, and one of all callers from
// half that age on, so that under load nobody waits and hundreds do not ask in the same moment.
func (c *cache[T]) asks(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := now.Sub(c.asked)
	if c.asked.IsZero() || age >= maxAge {
		return true
	}
	if age < maxAge/2 || c.ahead {
		return false
	}
	c.ahead = true
	return true
}

// answered lets the next caller ask ahead.
func (c *cache[T]) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = false
}

// confirm notes that edition was the latest when asked at now.
func (c *cache[T]) confirm(now time.Time, edition int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance(edition)
	if edition == c.edition && now.After(c.asked) {
		c.asked = now
	}
}

// look answers with the edition too: what is read after it was known is at least as new.
func (c *cache[T]) look(code string) (record T, edition int64, there bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	record, there = c.records[code]
	return record, c.edition, there
}

// keep takes a record that was read after edition was known. Should a change have come between, the cache is at a later
// edition by now and refuses the record, or will be within its age and then forgets it.
func (c *cache[T]) keep(edition int64, code string, record T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if edition != c.edition {
		return
	}
	if c.records == nil || len(c.records) >= maxRows {
		c.records = make(map[string]T)
	}
	c.records[code] = record
}

// renew makes our own write visible at once.
func (c *cache[T]) renew(edition int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance(edition)
}

// expire makes the next look ask again: our own write may have taken effect, or may do so later.
func (c *cache[T]) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = time.Time{}
}

func (c *cache[T]) advance(edition int64) {
	if edition > c.edition {
		c.edition = edition
		clear(c.records)
	}
}
