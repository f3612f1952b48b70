// Package ledger is the book: accounts, funds, commodities, cells, entries and moves. It knows no quilts and no donors.
//
// Its one idea: a move takes a quantity of one commodity, and the cost it carries, from one account to another inside one fund.
// What leaves one account reaches another, so double entry cannot be broken. A wing makes a Proposal, Book.Post records it.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// Info describes a book: one legal entity's ledger.
type Info struct {
	ID       int
	Code     string
	Name     string
	Zone     *time.Location
	Currency string
	Decimals int32 // of the currency
}

// Money is the book's currency as a commodity.
func (i Info) Money() Commodity { return Commodity{Item: i.Currency} }

// Options tune a Book; the zero value works.
type Options struct {
	Now      func() time.Time // clock; time.Now by default
	Queue    int              // proposals that may wait; 4096 by default
	Batch    int              // proposals written together; 1000 by default
	MaxCells int              // cells kept in memory; 200,000 by default
	Patience time.Duration    // how long an unknown outcome is resolved before callers are told; 10 s by default
	Observe  Observe          // is told what the committer does; nobody by default
	Hold     func() error     // why nothing may be written now, nil while all is well; asked before every posting
}

// Book is the only writer of entries, moves and cells. It is safe for any number of callers.
type Book struct {
	Info
	db    *bun.DB
	now   func() time.Time
	queue chan *job
	quit  chan struct{}
	done  chan struct{}
	o     Options
	reach Reach
}

// Outcome is what became of one proposal of several.
type Outcome struct {
	Posted
	Err error
}

// Today is the present day in the book's own zone.
func (b *Book) Today() Date { return DateOf(b.now(), b.Zone) }

// DB is the pool the book works on, for reads.
func (b *Book) DB() *bun.DB { return b.db }

// Create adds an empty book. The first book of a database has number 1.
func Create(ctx context.Context, db *bun.DB, info Info) (int, error) {
	if err := CheckCode("book", info.Code); err != nil {
		return 0, err
	}
	id := 0
	err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := tx.NewRaw("INSERT INTO books SELECT coalesce(max(book_id), 0) + 1, ?, ?, ?, ?, ? FROM books RETURNING book_id",
			info.Code, info.Name, info.Zone.String(), info.Currency, info.Decimals).Scan(ctx, &id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO heads (book_id) VALUES (?)", id)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("book %s: %w", info.Code, err)
	}
	return id, nil
}

// Find reads the description of the book with that code, or of the only book when code is empty.
func Find(ctx context.Context, db *bun.DB, code string) (Info, error) {
	var books []struct {
		BookID                         int
		Code, Name, TimeZone, Currency string
		Decimals                       int32
	}
	err := db.NewRaw("SELECT book_id, code, name, time_zone, currency, decimals FROM books WHERE ? IN ('', code)", code).Scan(ctx, &books)
	if err != nil {
		return Info{}, err
	}
	if len(books) != 1 {
		return Info{}, fmt.Errorf("%d books answer to %q, one wanted", len(books), code)
	}
	found := books[0]
	zone, err := time.LoadLocation(found.TimeZone)
	if err != nil {
		return Info{}, fmt.Errorf("book %s: %w", found.Code, err)
	}
	return Info{found.BookID, found.Code, found.Name, zone, found.Currency, found.Decimals}, nil
}

// Open starts the committer of a book. Several servers may open the same book: the head arbitrates between them.
func Open(db *bun.DB, info Info, o Options) *Book {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Queue = orElse(o.Queue, 4096)
	o.Batch = orElse(o.Batch, 1000)
	o.MaxCells = orElse(o.MaxCells, 200_000)
	o.Patience = orElse(o.Patience, 10*time.Second)
	b := &Book{
		Info: info, db: db, now: o.Now, o: o,
		queue: make(chan *job, o.Queue),
		quit:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	go b.run()
	return b
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// Close stops taking proposals, finishes what is queued, and returns when the last answer is given.
func (b *Book) Close() {
	close(b.quit)
	<-b.done
}

// Post records a proposal as one entry. It returns once the entry is durable, or with a *Refusal, ErrBusy, ErrClosed or
// pg.ErrOutcomeUnknown; the last means: repeat with the same key. The caller's context only bounds the waiting:
// a proposal that was taken is decided even when nobody waits any more.
func (b *Book) Post(ctx context.Context, p *Proposal) (Posted, error) {
	outcomes, err := b.submit(ctx, &job{proposals: []*Proposal{p}})
	if err != nil {
		return Posted{}, err
	}
	return outcomes[0].Posted, outcomes[0].Err
}

// PostEach records each proposal by itself, in order: a refused one does not touch the others. Many are taken in batches, so that
// other callers get their turn in between; an error says that the outcomes answered before it stand and the rest is unknown.
func (b *Book) PostEach(ctx context.Context, proposals []*Proposal) ([]Outcome, error) {
	all := make([]Outcome, 0, len(proposals))
	for len(proposals) > 0 {
		n := b.share(proposals)
		outcomes, err := b.submit(ctx, &job{proposals: proposals[:n]})
		if err != nil {
			return all, err
		}
		all, proposals = append(all, outcomes...), proposals[n:]
	}
	return all, nil
}

// share is how many of the first proposals may travel together.
func (b *Book) share(proposals []*Proposal) int {
	n := slices.IndexFunc(proposals, func(p *Proposal) bool { return p.alone })
	switch n {
	case 0:
		return 1
	case -1:
		n = len(proposals)
	}
	return min(n, b.o.Batch)
}

// PostAll records all proposals or none, in order: a spreadsheet, a bulk request. Its Refusal carries the faults of
// every failing line under /0, /1 …
func (b *Book) PostAll(ctx context.Context, proposals []*Proposal) ([]Posted, error) {
	outcomes, err := b.submit(ctx, &job{proposals: proposals, linked: true})
	if err != nil {
		return nil, err
	}
	posted := make([]Posted, len(outcomes))
	var faults Faults
	for i, o := range outcomes {
		if err := faults.Add(fmt.Sprintf("/%d", i), o.Err); err != nil {
			return nil, err
		}
		posted[i] = o.Posted
	}
	return posted, faults.Err()
}

func (b *Book) submit(ctx context.Context, j *job) ([]Outcome, error) {
	if len(j.proposals) == 0 {
		return nil, nil
	}
	if err := b.bind(ctx, j.proposals); err != nil {
		return nil, err
	}
	if err := j.prepare(b.Info); err != nil {
		return nil, err
	}
	select {
	case <-b.quit:
		return nil, ErrClosed
	default:
	}
	if b.o.Hold != nil {
		if err := b.o.Hold(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	queued := time.Now()
	select {
	case b.queue <- j:
	default:
		return nil, ErrBusy
	}
	select {
	case <-j.answered:
	case <-b.done:
		// The committer may have answered in the same moment as it stopped.
		select {
		case <-j.answered:
		default:
			return nil, ErrClosed
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	b.took(ctx, j, queued)
	return j.outcomes, b.finish(ctx, j)
}

// finish completes answers outside the committer's turn: replays are read back, past failures get the name of the document.
func (b *Book) finish(ctx context.Context, j *job) error {
	if err := b.blind(ctx, j); err != nil {
		return err
	}
	for i := range j.outcomes {
		o := &j.outcomes[i]
		if o.Replayed && o.Kind == "" {
			entry, err := b.readBack(ctx, o.Number, j.proposals[i].Key)
			if err != nil {
				return err
			}
			o.Entry = entry
		}
		var refusal *Refusal
		if errors.As(o.Err, &refusal) && refusal.past != nil {
			o.Err = b.nameFailing(ctx, refusal)
		}
	}
	return nil
}

// readBack reads an entry that was found under a key. When it cannot be read, nobody may be told that nothing was written;
// and while two databases answer to one name, another one may hold another entry of that number.
func (b *Book) readBack(ctx context.Context, number int64, key string) (Entry, error) {
	entry, err := b.entryWhere(ctx, fmt.Sprintf("entry %d", number), "e.number = ?", number)
	if err == nil && entry.Key != key {
		err = fmt.Errorf("entry %d has another key than %s", number, key)
	}
	if err != nil {
		return entry, fmt.Errorf("%w (%v)", pg.ErrOutcomeUnknown, err)
	}
	return entry, nil
}
