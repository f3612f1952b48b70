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

// committer is the one goroutine that writes a book: it takes everything queued, composes it on cells in memory, and sends it as
// one message guarded by the head. There is no timer: it writes at once when idle, and composes the next batch while one is on its way.
type committer struct {
	*Book
	store store
	state *state
	aloft []*flight // the earliest first
}

// store is where a committer reads and writes. PostgreSQL is the only one in the program; tests of the committer's
// own reasoning use one that fails on purpose.
type store interface {
	// load reads what is wanted into the state, in one round trip, and answers which of the wanted keys are in the book.
	load(context.Context, *state, *wants) (map[string]found, error)
	// send has a batch written that was composed on the state, all or nothing, and tells what came of it; the state may go on meanwhile. What
	// is sent first is written first. A batch whose head is not where the state knew it, or behind one that came to nothing, comes to nothing too.
	send(*state, *batch) <-chan error
	// lookUp answers the number and the batch of the head, and which of the keys are in the book. Proving, it first waits for a write that the database
	// is still at, though its sender may have lost the connection or died, and answers only when all that it has seen is saved like a commit.
	lookUp(ctx context.Context, keys []string, prove bool) (head, map[string]found, error)
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
			c.serve(j)
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
			c.serve(j)
		default:
			return
		}
	}
}

// collect takes what else is queued, up to a full batch. A job that must be alone ends it, and is next.
func (c *committer) collect(first *job) (jobs []*job, next *job) {
	jobs, size := []*job{first}, len(first.proposals)
	for size < c.o.Batch && !first.alone() {
		select {
		case next = <-c.queue:
		default:
			return jobs, nil
		}
		if next.alone() {
			return jobs, next
		}
		jobs, size = append(jobs, next), size+len(next.proposals)
	}
	return jobs, nil
}

// commit decides every job of a batch and answers it, within the patience of the book and what one attempt takes.
func (c *committer) commit(jobs []*job) {
	if c.state.size() > c.o.MaxCells {
		c.forget()
	}
	begun := time.Now()
	proposals := take(jobs, begun)
	_ = c.decide(&batch{jobs: jobs}, begun.Add(c.o.Patience)) // everybody has been told
	c.observe(proposals, begun)
}

// decide attempts a batch until it is decided; the error is the one with which it gave up. When the outcome of a write is unknown the batch is
// composed again under the same keys: the head lets only one of the two writes through, and what the first one wrote is found by its keys.
func (c *committer) decide(b *batch, deadline time.Time) error {
	return c.pursue(b, c.attempt(b), deadline)
}

// pursue is decide after a first attempt that ended with err.
func (c *committer) pursue(b *batch, err error, deadline time.Time) error {
	for attempt := 0; ; attempt++ {
		b.checkKeys = true
		switch {
		case err == nil:
			for _, j := range b.jobs {
				c.answer(j)
			}
			return nil
		case errors.Is(err, errMoved), pg.Code(err) == divisionByZero, isKeyTaken(err):
			c.forget()
		case errors.Is(err, pg.ErrOutcomeUnknown), pg.IsTransient(err), pg.Code(err) == noSuchPlan:
			c.disconnect()
			b.unknown = b.unknown || errors.Is(err, pg.ErrOutcomeUnknown)
		case isHopeless(err):
			return c.giveUp(b, err)
		default:
			c.forget()
			return c.isolate(b, err, deadline)
		}
		if time.Now().After(deadline) {
			return c.giveUp(b, err)
		}
		c.pause(attempt)
		err = c.attempt(b)
	}
}

// isHopeless reports that trying at once again would not help: a full disk or memory (class 53), or a statement that took too long.
func isHopeless(err error) bool {
	code := pg.Code(err)
	return strings.HasPrefix(code, "53") || code == "57014"
}

// pause lets a rival server or a restarting database go first; the first repetition is immediate.
func (c *committer) pause(attempt int) {
	if attempt == 0 {
		return
	}
	longest := min(20*time.Millisecond<<min(attempt, 5), 500*time.Millisecond)
	time.Sleep(rand.N(longest))
}

// isolate repeats the jobs of a batch one by one when the database refused it for a reason that Compose did not foresee:
// a bad one must not hurt its neighbours. When one of them must be given up, so must the rest: they would only wait for the same.
func (c *committer) isolate(b *batch, err error, deadline time.Time) error {
	if len(b.jobs) == 1 {
		slog.Error("entry refused by the database", "book", c.Code, "kind", b.jobs[0].proposals[0].Kind, "error", err)
		c.fail(b.jobs[0], b.doubt(err))
		return nil
	}
	for i, j := range b.jobs {
		if err := c.decide(&batch{jobs: []*job{j}, checkKeys: true, unknown: b.unknown}, deadline); err != nil {
			return c.giveUp(&batch{jobs: b.jobs[i+1:], unknown: b.unknown}, err)
		}
	}
	return nil
}

// giveUp answers all jobs of a batch with what stopped it.
func (c *committer) giveUp(b *batch, err error) error {
	c.disconnect()
	answer := b.doubt(fmt.Errorf("%w: %w", ErrUnavailable, err))
	for _, j := range b.jobs {
		c.fail(j, answer)
	}
	return err
}

// doubt is err, unless the batch may have been written: then nobody may be told that it was not.
func (b *batch) doubt(err error) error {
	if !b.unknown {
		return err
	}
	return fmt.Errorf("%w (%v)", pg.ErrOutcomeUnknown, err)
}

func (c *committer) forget() { c.state = newState(c.Info) }

// disconnect drops the connection and all that was known through it.
func (c *committer) disconnect() {
	c.forget()
	c.store.disconnect()
}

// attempt composes and writes a batch once. After an error the state is no longer valid, and what was written is found by its keys.
func (c *committer) attempt(b *batch) error {
	ctx := context.Background()
	if err := c.load(ctx, b); err != nil {
		return err
	}
	c.compose(b)
	return c.complete(ctx, b)
}

// complete writes what was composed, and proves the rest.
func (c *committer) complete(ctx context.Context, b *batch) error {
	if len(b.accepted) > 0 {
		if err := <-c.send(b); err != nil {
			return err
		}
		// It is written: whatever fails from here on, nobody may be told that it was not.
		b.unknown = true
		b.settle()
	}
	return c.settle(ctx, b)
}

// send sends what was composed. From then on the head is known as the one that this batch leaves.
func (c *committer) send(b *batch) <-chan error {
	b.born, b.after = c.state.born(), c.state.head.batch
	c.state.head.batch = rand.Int64()
	return c.store.send(c.state, b)
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

// settle proves refusals and replays before they are given. A refusal was decided on the state in memory: it stands only if the head is still
// there, and only if the key was not posted before, when the answer is the first one again and not what stock says today.
// A replay was found, which is less than saved: a primary that died before its standby had a commit shows it when it comes back.
func (c *committer) settle(ctx context.Context, b *batch) error {
	// A write has proven the head for its whole batch, and is saved wherever what came before it is.
	prove := len(b.accepted) == 0
	decided, replayed := len(b.refused) > 0 || b.takenBack, prove && len(b.found) > 0
	if !decided && !replayed {
		return nil
	}
	// Nobody may be told that what was found is not written.
	b.unknown = b.unknown || replayed
	keys := make([]string, len(b.refused))
	for i, r := range b.refused {
		keys[i] = r.proposal.Key
	}
	// Without a write, the head must still be where the refusals were decided, and no write may be under way that would move it.
	now, taken, err := c.store.lookUp(ctx, keys, prove)
	if err != nil {
		return err
	}
	if prove && decided && (now.number != c.state.head.number || now.batch != c.state.head.batch) {
		return errMoved
	}
	// What this very batch wrote came after the refusal: a key that was refused first and accepted later in it keeps both answers.
	known := c.state.head.number - int64(len(b.accepted))
	for _, r := range b.refused {
		if before, ok := taken[r.proposal.Key]; ok && before.number <= known {
			*r.outcome = replay(before, r.proposal, r.content)
		}
	}
	return nil
}
