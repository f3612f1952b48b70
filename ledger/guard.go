package ledger

import (
	"context"
	"errors"
	"fmt"

	"reliefledger/internal/pg"
)

// Reach says what whoever asks may see of the book and move in it; who that is, the context knows.
type Reach struct {
	// Entries tells which of the numbers the asker sees.
	Entries func(ctx context.Context, numbers ...int64) (map[int64]bool, error)
	// Bind binds proposals to what their sender reaches.
	Bind func(ctx context.Context, proposals ...*Proposal) error
}

// Confine narrows the book for everybody who uses it from now on: an entry that the asker does not see looks as if it were not
// there, and no proposal is composed that is not bound. It is called once, before the book is shared.
func (b *Book) Confine(reach Reach) { b.reach = reach }

// Sees reports whether whoever asks may see an entry that is there. Whoever finds a document by its number asks before it is shown or built upon.
func (b *Book) Sees(ctx context.Context, number int64) (bool, error) {
	if b.reach.Entries == nil {
		return true, nil
	}
	seen, err := b.reach.Entries(ctx, number)
	return seen[number], err
}

func (b *Book) bind(ctx context.Context, proposals []*Proposal) error {
	if b.reach.Bind == nil {
		return nil
	}
	return b.reach.Bind(ctx, proposals...)
}

// Bind makes the proposal refused when check refuses one of the moves that it composes, and shows it only the cells that sees holds: the
// others look empty to it, so that it neither takes from them nor tells of them. What a request does not name, as the fund of
// the lot that is taken, is known only then. Like Compose, both are pure and may run again.
func (p *Proposal) Bind(sees func(CellKey) bool, check func(Move) error) {
	p.sees, p.check = sees, check
}

// hides reports whether a cell looks empty to the proposal.
func (p *Proposal) hides(key CellKey) bool { return p.sees != nil && !p.sees(key) }

// hides is the same for what the draft may look at; what is named after its own document it wrote itself.
func (d *Draft) hides(key CellKey) bool {
	return d.proposal.hides(key) && (d.document == "" || key.Account.Name() != d.document)
}

func (p *Proposal) allows(m Move) error {
	if p.check == nil {
		return nil
	}
	return p.check(m)
}

// blind takes foreign entries out of the outcomes of a job: a key that belongs to an entry which its sender does not see is taken, and that is all
// there is to say.
func (b *Book) blind(ctx context.Context, j *job) error {
	if b.reach.Entries == nil {
		return nil
	}
	var numbers []int64
	for _, o := range j.outcomes {
		if n := o.before(); n > 0 {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	seen, err := b.reach.Entries(ctx, numbers...)
	if err != nil {
		return fmt.Errorf("%w (%v)", pg.ErrOutcomeUnknown, err) // others of the job may have been written
	}
	for i := range j.outcomes {
		if n := j.outcomes[i].before(); n > 0 && !seen[n] {
			j.outcomes[i] = Outcome{Err: Refuse(KeyReused, "", fmt.Sprintf("key %s is taken, another one wanted", j.proposals[i].Key))}
		}
	}
	return nil
}

// before is the number of the entry that had the key of an outcome before, 0 when there was none.
func (o Outcome) before() int64 {
	if o.Replayed {
		return o.Number
	}
	var refusal *Refusal
	if errors.As(o.Err, &refusal) {
		return refusal.holder
	}
	return 0
}

// Touched are the accounts that the needs name. A proposal moves things between these, and into what is named after its own document.
func (n Needs) Touched() []Account {
	seen := map[Account]bool{}
	var named []Account
	add := func(a Account) {
		if !seen[a] {
			seen[a] = true
			named = append(named, a)
		}
	}
	for _, g := range n.Groups {
		add(g.Account)
	}
	for _, a := range n.Accounts {
		add(a)
	}
	return named
}
