package ledger

import (
	"context"
	"time"
)

// flight is a batch on its way to the database. While it is there the next one is composed on what it will leave, and sent as soon as
// it is as large: PostgreSQL then finds it at its door, and works on one processor while this program works on another. Nobody is told anything before
// all flights up to their own have landed, in order. When one fails, those behind it fail too, and all that was composed behind it is composed anew,
// one batch after the other.
type flight struct {
	*batch
	sent   time.Time
	landed <-chan error
}

// mostAloft is how many batches are on their way at once: one that PostgreSQL is at, and one that waits at its door. More would only wait, and
// smaller batches cost more.
const mostAloft = 2

// serve decides jobs until there are none. Those that memory is enough for fly; what must ask the database first, or be proven afterwards,
// waits for all flights to land.
func (c *committer) serve(next *job) {
	for next != nil || len(c.aloft) > 0 {
		b := &batch{}
		left, came, err := c.board(b, next)
		next = left
		if err == nil && !b.flies() && (len(b.jobs) > 0 || next != nil) {
			err = c.land()
		}
		if err == nil && b.flies() {
			c.launch(b)
		}
		if came != nil { // they are answered when there is no more to do for PostgreSQL
			c.arrive(came)
		}
		switch {
		case err != nil: // a flight failed, and what was composed on it is worth nothing
			c.mend(err)
			if len(b.jobs) > 0 {
				c.commit(b.jobs)
			}
		case b.flies(): // it is on its way
		case len(b.jobs) > 0: // some were refused, which must be proven
			c.walk(b)
		case next != nil: // memory does not hold what it needs
			var jobs []*job
			jobs, next = c.collect(next)
			c.commit(jobs)
		}
	}
}

// board composes jobs into a batch until it is time to send it. It answers with a job that the batch cannot take, with the last
// flight when it has landed, whose passengers are still to be told, and with why a flight failed.
func (c *committer) board(b *batch, next *job) (left *job, came *flight, err error) {
	for _, f := range c.aloft {
		b.ahead = append(b.ahead, f.batch)
	}
	defer func() { b.ahead = nil }()
	c.open(b)
	for {
		if next == nil {
			if next, came, err = c.await(b, came); next == nil {
				return nil, came, err
			}
		}
		if full := b.size > 0 && b.size+len(next.proposals) > c.o.Batch; full || c.state.size() > c.o.MaxCells || !c.state.knows(next) {
			if len(c.aloft) == mostAloft {
				err = c.touchDown()
			}
			return next, came, err
		}
		next.taken = time.Now() // others may have boarded while a flight was on its way, long before this one was queued
		if len(b.jobs) == 0 {   // for which it may have waited
			b.begun, b.at = next.taken, c.clock()
		}
		c.composeJob(b, next)
		b.letter.add(c.Code, b)
		b.jobs = append(b.jobs, next)
		b.size += len(next.proposals)
		next = nil
	}
}

// await is the next job that waits, and none when it is time to send the batch: when nothing is on its way and nobody waits, or when the batch is as
// large as the only one that is. came is the last flight, once it has landed.
func (c *committer) await(b *batch, came *flight) (next *job, _ *flight, err error) {
	for len(c.aloft) > 0 {
		if len(c.aloft) < mostAloft && b.size >= c.aloft[0].size {
			return nil, came, nil
		}
		select {
		case next = <-c.queue:
			return next, came, nil
		case err = <-c.aloft[0].landed:
		}
		if err != nil {
			return nil, came, err
		}
		if len(c.aloft) == 1 {
			came, c.aloft = c.aloft[0], nil
			break
		}
		c.arriveFirst()
	}
	select {
	case next = <-c.queue:
	default:
	}
	return next, came, nil
}

// flies reports whether nothing about a batch must be proven but that it is written. What was refused, and what repeats entries that are
// in the book, is looked up again after the write.
func (b *batch) flies() bool { return len(b.accepted) > 0 && len(b.refused) == 0 }

func (c *committer) launch(b *batch) {
	sent := time.Now()
	c.aloft = append(c.aloft, &flight{batch: b, sent: sent, landed: c.send(b)})
}

// land waits for all flights.
func (c *committer) land() error {
	for len(c.aloft) > 0 {
		if err := c.touchDown(); err != nil {
			return err
		}
	}
	return nil
}

// touchDown waits for the earliest flight.
func (c *committer) touchDown() error {
	if err := <-c.aloft[0].landed; err != nil {
		return err
	}
	c.arriveFirst()
	return nil
}

func (c *committer) arriveFirst() {
	f := c.aloft[0]
	c.aloft = c.aloft[1:]
	c.arrive(f)
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

// mend decides what was aloft when the earliest flight failed, one after the other, as if each had been a first attempt. Each is only decided anew when
// it has come to its own end: until then it may still be written.
func (c *committer) mend(err error) {
	failed, gaveUp := c.aloft, true
	c.aloft = nil
	for i, f := range failed {
		if i > 0 {
			err = <-f.landed
		}
		deadline := f.sent.Add(c.o.Patience)
		if !gaveUp { // the database works again: whoever stood behind has not had a try of their own
			deadline = time.Now().Add(c.o.Patience)
		}
		proposals := take(f.jobs, f.begun)
		gaveUp = c.pursue(f.batch, err, deadline) != nil // everybody has been told
		c.observe(proposals, f.begun)
	}
}

// walk completes a batch that was composed and does not fly.
func (c *committer) walk(b *batch) {
	proposals := take(b.jobs, b.begun)
	_ = c.pursue(b, c.complete(context.Background(), b), time.Now().Add(c.o.Patience)) // everybody has been told
	c.observe(proposals, b.begun)
}
