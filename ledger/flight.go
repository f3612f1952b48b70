package ledger

import (
	"context"
	"runtime"
	"time"
)

// flight is a batch on its way to the database. While it is there the next one is composed on what it will leave, and its entries are
// written down, so that PostgreSQL works on one processor and this program on another. Nobody is told anything before both have landed
// in order. When a flight fails, all that was composed behind it is composed anew, one batch after the other.
type flight struct {
	*batch
	begun  time.Time
	landed chan error
}

// serve decides jobs until there are none. Those that memory is enough for fly; what must ask the database first, or be proven afterwards,
// waits for the flight to land.
func (c *committer) serve(next *job) {
	var aloft *flight
	for next != nil || aloft != nil {
		b, left, err := c.board(next, aloft)
		next, b.prior = left, nil
		if err != nil {
			c.mend(aloft, err)
			aloft = nil
			if len(b.jobs) > 0 {
				c.commit(b.jobs)
			}
			continue
		}
		before := aloft
		aloft = nil
		if alone := before == nil && len(b.jobs) == 1; !alone && b.flies() { // for one caller a flight is only a detour
			aloft = c.launch(b)
		}
		if before != nil {
			c.arrive(before)
		}
		if aloft == nil && len(b.jobs) > 0 {
			c.walk(b)
		}
		if aloft == nil && next != nil {
			c.commit(c.collect(next))
			next = nil
		}
	}
}

// board composes jobs into a batch until the flight before it has landed and nobody waits any more. It answers with a job
// that cannot fly, and with why the flight failed.
func (c *committer) board(next *job, aloft *flight) (b *batch, left *job, err error) {
	b = &batch{}
	landed := chan error(nil)
	if aloft != nil {
		b.prior, landed = aloft.batch, aloft.landed
	}
	c.open(b)
	size := 0
	for {
		if next == nil {
			next, landed, err = c.await(landed)
		}
		if next == nil {
			return b, nil, err
		}
		if size+len(next.proposals) > c.o.Batch && size > 0 || c.state.size() > c.o.MaxCells || !c.state.knows(next) {
			if landed != nil {
				err = <-landed
			}
			return b, next, err
		}
		c.composeJob(b, next)
		b.letter.add(c.Code, b)
		b.jobs = append(b.jobs, next)
		size += len(next.proposals)
		next = nil
	}
}

// await is the next job that waits. While a flight is under way it waits for one too; there is none when the flight failed, or when
// it has landed and the queue is empty.
func (c *committer) await(landed chan error) (next *job, still chan error, err error) {
	if landed != nil {
		select {
		case next = <-c.queue:
			return next, landed, nil
		case err = <-landed:
			if err != nil {
				return nil, nil, err
			}
		}
	}
	select {
	case next = <-c.queue:
	default:
	}
	return next, nil, nil
}

// flies reports whether nothing about a batch must be proven but that it is written. What was refused, and what repeats entries that are
// in the book, is looked up again after the write.
func (b *batch) flies() bool { return len(b.accepted) > 0 && len(b.refused) == 0 }

func (c *committer) launch(b *batch) *flight {
	f := &flight{batch: b, begun: time.Now(), landed: make(chan error, 1)}
	b.born = c.state.born()
	send := c.store.pack(c.state, b)
	go func() { f.landed <- send(context.Background()) }()
	runtime.Gosched() // it is on its way before others are answered
	return f
}

// arrive answers everybody on a flight that has landed.
func (c *committer) arrive(f *flight) {
	f.settle()
	proposals := take(f.jobs, f.begun)
	for _, j := range f.jobs {
		c.answer(j)
	}
	c.observe(proposals, f.begun)
}

// mend decides what was on a flight that failed, as if it had been a first attempt.
func (c *committer) mend(f *flight, err error) {
	proposals := take(f.jobs, f.begun)
	_ = c.pursue(f.batch, err, f.begun.Add(c.o.Patience)) // everybody has been told
	c.observe(proposals, f.begun)
}

// walk completes a batch that was composed and does not fly.
func (c *committer) walk(b *batch) {
	begun := time.Now()
	proposals := take(b.jobs, begun)
	_ = c.pursue(b, c.complete(context.Background(), b), begun.Add(c.o.Patience)) // everybody has been told
	c.observe(proposals, begun)
}
