package register

import (
	"context"
	"sync"
	"time"
)

const (
	// maxAge is how long another server's change may stay unseen here. A handout costs no register query in between.
	maxAge = time.Second
	// maxRows bounds the memory of a cache; a register of more records than this is read through.
	maxRows = 20_000
)

// cache holds records as of an edition of their register. Once a second it asks for the edition alone,
// whatever its size, and forgets everything when that has moved on.
type cache[T any] struct {
	mu      sync.Mutex
	edition int64
	asked   time.Time
	records map[string]T
}

// Find is the record of that code, at most a second behind a change by another server and never behind one of our own,
// or a NotFound refusal. It is meant for rules that look at the same records again and again; Read is exact.
func (r *Register[T]) Find(ctx context.Context, code string) (T, error) {
	now := r.now()
	record, edition, there, fresh := r.cache.look(now, code)
	if there && fresh {
		return record, nil
	}
	if !fresh {
		// No lock is held while asking: callers that arrive meanwhile ask too, which is cheaper than queueing behind a slow answer.
		latest, err := r.edition(ctx)
		if err != nil {
			return record, err
		}
		edition = latest
		if there = r.cache.confirm(now, edition, &record, code); there {
			return record, nil
		}
	}
	row, err := r.Read(ctx, code)
	if err != nil {
		return record, err
	}
	r.cache.keep(edition, code, row.Record)
	return row.Record, nil
}

func (r *Register[T]) edition(ctx context.Context) (edition int64, err error) {
	err = r.book.DB().NewRaw("SELECT coalesce(max(edition), 0) FROM registers WHERE book_id = ? AND noun = ?", r.book.ID, r.Noun).Scan(ctx, &edition)
	return edition, err
}

func (c *cache[T]) look(now time.Time, code string) (record T, edition int64, there, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	record, there = c.records[code]
	return record, c.edition, there, !c.asked.IsZero() && now.Sub(c.asked) < maxAge
}

// confirm notes that edition was the latest when asked at now, and looks again.
func (c *cache[T]) confirm(now time.Time, edition int64, record *T, code string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance(edition)
	if edition == c.edition && now.After(c.asked) {
		c.asked = now
	}
	found, there := c.records[code]
	if there {
		*record = found
	}
	return there
}

// keep takes a record that was read after edition was known to be the latest. Should a change have come between,
// the cache is at a later edition by now or will be within its age, and then forgets the record.
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
