package ledger

import (
	"context"
	"errors"
	"time"

	"reliefledger/internal/pg"
)

// Observe are told what the committer of a book does, for metrics; nil ones are not called. They run in the committer's goroutine,
// between two batches, so they must be quick and must not call the book.
type Observe struct {
	// Batch is told how many proposals were decided together, and how long that took from taking the first of them to the last answer.
	Batch func(proposals int, took time.Duration)
	// Answer is told the kind of a proposal and what became of it: posted, replayed, the code of its refusal, unknown when its outcome is,
	// or failed.
	Answer func(kind, result string)
	// Turn is told, in the goroutine of the caller, what became of its time: the context of the posting says whose it was.
	Turn func(context.Context, Turn)
}

// Turn is the way of one posting through the committer.
type Turn struct {
	Queued, Taken, Decided time.Time
	Proposals              int // of the whole batch that it was decided in
}

// took tells of a posting that was decided.
func (b *Book) took(ctx context.Context, j *job, queued time.Time) {
	if b.o.Observe.Turn != nil {
		b.o.Observe.Turn(ctx, Turn{Queued: queued, Taken: j.taken, Decided: time.Now(), Proposals: j.among})
	}
}

// What became of a proposal that was not refused.
const (
	resultPosted   = "posted"
	resultReplayed = "replayed"
	resultUnknown  = "unknown"
	resultFailed   = "failed"
)

func (o *Outcome) result() string {
	var refusal *Refusal
	switch {
	case o.Err == nil && o.Replayed:
		return resultReplayed
	case o.Err == nil:
		return resultPosted
	case errors.As(o.Err, &refusal):
		return refusal.Code()
	case errors.Is(o.Err, pg.ErrOutcomeUnknown):
		return resultUnknown
	}
	return resultFailed
}

// answer gives a job its answer. It tells the observer first: afterwards the outcomes belong to the caller.
func (c *committer) answer(j *job) {
	if c.o.Observe.Answer != nil {
		for i, p := range j.proposals {
			c.o.Observe.Answer(p.Kind, j.outcomes[i].result())
		}
	}
	j.answer()
}

// fail answers every proposal of a job with an error.
func (c *committer) fail(j *job, err error) {
	for i := range j.outcomes {
		j.outcomes[i] = Outcome{Err: err}
	}
	c.answer(j)
}

// take notes on every job of a batch among how many proposals it is decided, and when it was taken unless it was noted as it boarded, before anybody is answered.
func take(jobs []*job, begun time.Time) (proposals int) {
	for _, j := range jobs {
		proposals += len(j.proposals)
	}
	for _, j := range jobs {
		if j.among = proposals; j.taken.IsZero() {
			j.taken = begun
		}
	}
	return proposals
}

// observe tells of a batch that was decided.
func (c *committer) observe(proposals int, begun time.Time) {
	if c.o.Observe.Batch != nil {
		c.o.Observe.Batch(proposals, time.Since(begun))
	}
}

// Waiting is how many callers wait for the committer to take their proposals.
func (b *Book) Waiting() int { return len(b.queue) }
