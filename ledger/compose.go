package ledger

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"
)

// batch is jobs that are decided together, in one transaction.
type batch struct {
	jobs    []*job
	size    int       // proposals, as they board
	begun   time.Time // when the first of them was taken
	unknown bool      // an earlier attempt may have been written

	// Of the attempt under way, before it is composed:
	checkKeys bool             // a key may be taken: look all of them up before composing; linked jobs always are
	found     map[string]found // keys that are in the book
	ahead     []*batch         // are on their way to the database: this one is composed on what they will leave
	at        time.Time
	cells     int64 // the last cell before the batch

	// As it was composed:
	accepted  []*accepted
	byKey     map[string]*accepted
	refused   []refused
	takenBack bool   // a linked group was: its members may owe that to what another server has changed
	letter    letter // what it writes

	// As it was sent:
	after int64   // what the batch before it drew
	born  []*cell // by the batch
}

type found struct {
	number  int64
	kind    string
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

// open makes a batch ready to be composed on the state.
func (c *committer) open(b *batch) {
	b.accepted, b.refused, b.byKey, b.takenBack, b.letter = nil, nil, map[string]*accepted{}, false, letter{}
	b.at, b.cells = c.clock(), c.state.head.cells
	c.state.undo = c.state.undo[:0]
}

// compose decides every proposal in the order of arrival.
func (c *committer) compose(b *batch) {
	c.open(b)
	for _, j := range b.jobs {
		c.composeJob(b, j)
	}
}

func (c *committer) composeJob(b *batch, j *job) {
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
	b.accepted, b.takenBack = b.accepted[:count], true
	takeBack()
	for i, o := range j.outcomes {
		j.outcomes[i] = Outcome{Err: o.Err} // an entry that was taken back has no number
		var refusal *Refusal
		if errors.As(o.Err, &refusal) && refusal.past != nil && refusal.past.cell > c.state.head.cells {
			refusal.past = nil // its cell was taken back too
		}
	}
}

// twin is what the batch, or one before it that is on its way, posts under a key; nil when none does.
func (b *batch) twin(key string) *accepted {
	twin := b.byKey[key]
	for i := 0; twin == nil && i < len(b.ahead); i++ {
		twin = b.ahead[i].byKey[key]
	}
	return twin
}

func (c *committer) composeOne(b *batch, p *Proposal, content string, outcome *Outcome) {
	if before, ok := b.found[p.Key]; ok {
		*outcome = replay(before, p, content)
		return
	}
	if twin := b.twin(p.Key); twin != nil {
		*outcome = replay(found{twin.number, twin.proposal.Kind, twin.content}, p, content)
		if outcome.Err == nil {
			outcome.Entry = twin.outcome.Entry // a dry run could not read it back
		}
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
	if err := sameContent(p.Key, before, p.Kind, content); err != nil {
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
		refusal.Faults[0].Hint = "date it after the close, or have the period reopened by two people"
		return refusal
	}
	if err := p.Compose(d); err != nil {
		return err
	}
	return d.checkTexts()
}

// checkTexts refuses what PostgreSQL cannot store: one such text would take the whole message of a batch with it.
func (d *Draft) checkTexts() error {
	for _, row := range d.rows {
		for _, v := range row.values {
			if s, isText := v.(string); isText && !storable(s) {
				return unstorable(s, row.table.name)
			}
		}
	}
	return nil
}

func storable(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }

func unstorable(s, where string) error {
	return Refuse(Invalid, "", fmt.Sprintf("%.90q in %s cannot be stored: texts are UTF-8 without NUL", s, where))
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
