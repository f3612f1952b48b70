package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"reliefledger/internal/pg"
)

// committer is the one goroutine that writes a book: it takes everything queued, composes it on cells in memory, and writes it in
// one message guarded by the head. There is no timer: it commits at once when idle, and the queue fills while a commit is in flight.
type committer struct {
	*Book
	conn  *sql.Conn
	state *state
}

// errMoved says that the head was not where the state knew it: another server wrote, nothing of ours was.
var errMoved = errors.New("the head has moved")

func (b *Book) run() {
	defer close(b.done)
	c := &committer{Book: b, state: newState(b.Info)}
	defer c.disconnect()
	for {
		select {
		case j := <-b.queue:
			c.commit(c.collect(j))
		case <-b.quit:
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
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// attempt composes and writes a batch once. On an error nothing is known to be written, and the state is no longer valid.
func (c *committer) attempt(b *batch) error {
	ctx := context.Background()
	if c.conn == nil {
		conn, err := c.db.DB.Conn(ctx)
		if err != nil {
			return err
		}
		c.conn = conn
	}
	if err := c.load(ctx, b); err != nil {
		return err
	}
	c.compose(b)
	if len(b.accepted) > 0 {
		if err := c.write(ctx, b); err != nil {
			return err
		}
	}
	return c.settle(ctx, b)
}

// isKeyTaken reports that another server used one of the batch's keys, or reversed the same entry, since the state was read.
func isKeyTaken(err error) bool {
	switch pg.Violated(err) {
	case "entries_key", "entries_reverses", "entries_pkey":
		return true
	}
	return false
}

// batch is the work of one attempt.
type batch struct {
	jobs      []*job
	checkKeys bool             // a key may be taken: look all of them up before composing; linked jobs always are
	unknown   bool             // an earlier attempt may have been written
	found     map[string]found // keys that are in the book
	accepted  []*accepted
	byKey     map[string]*accepted
	refused   []refused
	at        time.Time
}

type found struct {
	number  int64
	content string
}

type accepted struct {
	*Draft
	content string
	outcome *Outcome
}

type refused struct {
	proposal *Proposal
	content  string
	outcome  *Outcome
}

// compose decides every proposal in the order of arrival.
func (c *committer) compose(b *batch) {
	b.accepted, b.refused, b.byKey = nil, nil, map[string]*accepted{}
	b.at = c.clock()
	c.state.undo = c.state.undo[:0]
	for _, j := range b.jobs {
		before, mark, count, failed := c.state.head, c.state.mark(), len(b.accepted), false
		for i, p := range j.proposals {
			j.outcomes[i] = Outcome{}
			c.composeOne(b, p, j.contents[i], &j.outcomes[i])
			failed = failed || j.outcomes[i].Err != nil
		}
		if j.linked {
			c.composeLinked(b, j, failed, count, func() {
				c.state.rollback(mark)
				c.state.head = before
			})
		}
	}
}

// composeLinked takes a linked group back when any of it was refused, or when only a part of it is a replay:
// the sender then means another group under the same key.
func (c *committer) composeLinked(b *batch, j *job, failed bool, count int, takeBack func()) {
	fresh := len(b.accepted) - count
	if !failed && (fresh == 0 || fresh == len(j.proposals)) {
		return
	}
	for _, a := range b.accepted[count:] {
		delete(b.byKey, a.proposal.Key)
		if !failed {
			a.outcome.Err = Refuse(KeyReused, "", fmt.Sprintf("key %s is new, but others of its group were posted before", a.proposal.Key))
		}
	}
	b.accepted = b.accepted[:count]
	takeBack()
}

func (c *committer) composeOne(b *batch, p *Proposal, content string, outcome *Outcome) {
	if before, ok := b.found[p.Key]; ok {
		*outcome = replay(before, p, content)
		return
	}
	if twin, ok := b.byKey[p.Key]; ok {
		*outcome = replay(found{twin.number, twin.content}, p, content)
		return
	}
	before, mark := c.state.head, c.state.mark()
	d := &Draft{state: c.state, proposal: p, number: c.state.head.number + 1}
	if err := c.try(d); err != nil {
		c.state.rollback(mark)
		c.state.head = before
		outcome.Err = err
		b.refused = append(b.refused, refused{p, content, outcome})
		return
	}
	c.state.head.number++
	c.state.head.latestOn = max(c.state.head.latestOn, p.On)
	c.state.head.recordedAt = b.at
	if d.closes != nil {
		c.state.head.closedUntil = *d.closes
	}
	a := &accepted{Draft: d, content: content, outcome: outcome}
	b.accepted = append(b.accepted, a)
	b.byKey[p.Key] = a
	outcome.Entry = d.entry(b.at)
}

func replay(before found, p *Proposal, content string) Outcome {
	if err := sameContent(p.Key, before.number, before.content, content); err != nil {
		return Outcome{Err: err}
	}
	return Outcome{Posted: Posted{Entry: Entry{Number: before.number}, Replayed: true}}
}

// try runs Compose behind the rules that hold for every entry. A panic in one proposal is its own failure, not the server's.
func (c *committer) try(d *Draft) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("compose panicked", "kind", d.proposal.Kind, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("composing %s: %v", d.proposal.Kind, r)
		}
	}()
	p := d.proposal
	if today := c.Today(); p.On > today {
		return Refuse(Invalid, "/on", fmt.Sprintf("%s lies after today, %s", p.On, today))
	}
	if closed := c.state.head.closedUntil; p.On <= closed && !closed.IsZero() {
		refusal := Refuse(PeriodClosed, "/on", fmt.Sprintf("%s lies in a closed period, closed until %s", p.On, closed))
		refusal.Faults[0].Hint = "date it after the close and say in its note when it happened, or have the period reopened by two people"
		return refusal
	}
	return p.Compose(d)
}

// clock is the moment recorded for a batch. It never runs back, so that numbers and times agree even when the clock is set back.
func (c *committer) clock() time.Time {
	now := c.now().UTC().Truncate(time.Microsecond)
	if now.Before(c.state.head.recordedAt) {
		return c.state.head.recordedAt
	}
	return now
}

func (d *Draft) entry(at time.Time) Entry {
	e := Entry{
		Number: d.number, Kind: d.proposal.Kind, On: d.proposal.On, RecordedAt: at, Actor: d.proposal.Actor,
		Key: d.proposal.Key, Document: d.document, Reverses: d.proposal.Reverses, Moves: make([]Move, len(d.moves)),
	}
	for i, m := range d.moves {
		e.Moves[i] = m.Move
	}
	return e
}

// settle proves refusals before they are given. A refusal was decided on the state in memory: it stands only if the head is still
// there, and only if the key was not posted before, when the answer is the first one again and not what stock says today.
func (c *committer) settle(ctx context.Context, b *batch) error {
	if len(b.refused) == 0 {
		return nil
	}
	keys := &column{kind: "text"}
	for _, r := range b.refused {
		keys.text(r.proposal.Key)
	}
	number, taken, err := c.lookUp(ctx, keys)
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
