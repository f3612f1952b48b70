package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"reliefledger/internal/pg"
)

// committer is the one goroutine that writes a book: it takes everything queued, composes it on cells in memory, and writes it in
// one message guarded by the head. There is no timer: it commits at once when idle, and the queue fills while a commit is in flight.
type committer struct {
	*Book
	store store
	state *state
}

// store is where a committer reads and writes. PostgreSQL is the only one in the program; tests of the committer's
// own reasoning use one that fails on purpose.
type store interface {
	// load reads what is wanted into the state, in one round trip, and answers which of the wanted keys are in the book.
	load(context.Context, *state, *wants) (map[string]found, error)
	// write writes a batch composed on the state, all or nothing; errMoved when the head was not where the state knew it.
	write(context.Context, *state, *batch) error
	// lookUp answers the head's number and which of the keys are in the book.
	lookUp(context.Context, []string) (int64, map[string]found, error)
	// disconnect gives up the connection; the next call makes another.
	disconnect()
}

// errMoved says that the head was not where the state knew it: another server wrote, nothing of ours was.
var errMoved = errors.New("the head has moved")

func (b *Book) run() {
	defer close(b.done)
	c := &committer{Book: b, store: &database{Book: b}, state: newState(b.Info)}
	c.work()
}

// work serves the queue until the book is closed.
func (c *committer) work() {
	defer c.disconnect()
	for {
		select {
		case j := <-c.queue:
			c.commit(c.collect(j))
		case <-c.quit:
			c.drain()
			return
		}
	}
}

// drain finishes what was queued before the book was closed.
func (c *committer) drain() {
	for {
		select {
		case j := <-c.queue:
			c.commit(c.collect(j))
		default:
			return
		}
	}
}

// collect takes what else is queued, up to a full batch. A job that must be alone ends the batch before it.
func (c *committer) collect(first *job) []*job {
	batch, size := []*job{first}, len(first.proposals)
	for size < c.o.Batch && !first.alone() {
		select {
		case j := <-c.queue:
			if j.alone() {
				c.commit(batch)
				return []*job{j}
			}
			batch = append(batch, j)
			size += len(j.proposals)
		default:
			return batch
		}
	}
	return batch
}

// commit decides every job of a batch and answers it. When the outcome of a write is unknown the batch is composed again under the
// same keys: the head lets only one of the two writes through, and what the first one wrote is found by its keys.
func (c *committer) commit(jobs []*job) {
	if c.state.size() > c.o.MaxCells {
		c.forget()
	}
	deadline := time.Now().Add(c.o.Patience)
	b := &batch{jobs: jobs}
	for attempt := 0; ; attempt++ {
		err := c.attempt(b)
		switch {
		case err == nil:
			for _, j := range jobs {
				j.answer()
			}
			return
		case errors.Is(err, errMoved), isKeyTaken(err):
			c.forget()
			b.checkKeys = true
		case errors.Is(err, pg.ErrOutcomeUnknown), pg.IsTransient(err):
			c.disconnect()
			b.checkKeys = true
			b.unknown = b.unknown || errors.Is(err, pg.ErrOutcomeUnknown)
		case strings.HasPrefix(pg.Code(err), outOfResources):
			c.giveUp(b, err)
			return
		default:
			c.forget()
			c.isolate(jobs, err)
			return
		}
		if time.Now().After(deadline) {
			c.giveUp(b, err)
			return
		}
		c.pause(attempt)
	}
}

// outOfResources is the class of SQLSTATEs for a full disk or memory: trying at once again would not help.
const outOfResources = "53"

// pause lets a rival server or a restarting database go first; the first repetition is immediate.
func (c *committer) pause(attempt int) {
	if attempt == 0 {
		return
	}
	longest := min(20*time.Millisecond<<min(attempt, 5), 500*time.Millisecond)
	time.Sleep(rand.N(longest))
}

// isolate repeats the jobs of a batch one by one when the database refused it for a reason that Compose did not foresee:
// a bad one must not hurt its neighbours.
func (c *committer) isolate(jobs []*job, err error) {
	if len(jobs) == 1 {
		slog.Error("entry refused by the database", "book", c.Code, "kind", jobs[0].proposals[0].Kind, "error", err)
		jobs[0].fail(err)
		return
	}
	for _, j := range jobs {
		c.commit([]*job{j})
	}
}

func (c *committer) giveUp(b *batch, err error) {
	c.disconnect()
	answer := fmt.Errorf("%w: %w", ErrUnavailable, err)
	if b.unknown {
		answer = fmt.Errorf("%w: %w", pg.ErrOutcomeUnknown, err)
	}
	for _, j := range b.jobs {
		j.fail(answer)
	}
}

func (c *committer) forget() { c.state = newState(c.Info) }

// disconnect drops the connection and all that was known through it.
func (c *committer) disconnect() {
	c.forget()
	c.store.disconnect()
}

// attempt composes and writes a batch once. On an error nothing is known to be written, and the state is no longer valid.
func (c *committer) attempt(b *batch) error {
	ctx := context.Background()
	if err := c.load(ctx, b); err != nil {
		return err
	}
	c.compose(b)
	if len(b.accepted) > 0 {
		if err := c.store.write(ctx, c.state, b); err != nil {
			return err
		}
		c.state.settle()
	}
	return c.settle(ctx, b)
}

// load reads what the batch needs and the state does not know.
func (c *committer) load(ctx context.Context, b *batch) (err error) {
	w := b.wants(c.state)
	b.found = nil
	if !w.empty() {
		b.found, err = c.store.load(ctx, c.state, w)
	}
	return err
}

// isKeyTaken reports that another server used one of the batch's keys, or reversed the same entry, since the state was read.
func isKeyTaken(err error) bool {
	switch pg.Violated(err) {
	case "entries_key", "entries_reverses", "entries_pkey":
		return true
	}
	return false
}

// settle proves refusals before they are given. A refusal was decided on the state in memory: it stands only if the head is still
// there, and only if the key was not posted before, when the answer is the first one again and not what stock says today.
func (c *committer) settle(ctx context.Context, b *batch) error {
	if len(b.refused) == 0 {
		return nil
	}
	keys := make([]string, len(b.refused))
	for i, r := range b.refused {
		keys[i] = r.proposal.Key
	}
	number, taken, err := c.store.lookUp(ctx, keys)
	if err != nil {
		return err
	}
	// A write has proven the head for its whole batch; without one, the head must still be where the refusals were decided.
	if len(b.accepted) == 0 && number != c.state.head.number {
		return errMoved
	}
	for _, r := range b.refused {
		if before, ok := taken[r.proposal.Key]; ok {
			*r.outcome = replay(before, r.proposal, r.content)
		}
	}
	return nil
}
