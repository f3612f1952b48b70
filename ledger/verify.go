package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/note"
)

// Finding is one thing that is wrong with a book.
type Finding struct {
	Rule  string // the rule that is broken: numbers, leaves, balances, floors …, or the name of a Check
	Entry int64  // the entry it was found at, 0 when it is not about one
	Text  string // one sentence that names the row
}

func (f Finding) String() string { return f.Text }

// VerifyOptions say how a book is verified; the zero value works.
type VerifyOptions struct {
	// Progress is told now and then how many entries of how many are done.
	Progress func(done, total int64)
	// Checkpoints are signed notes kept outside the database. Only they can show that somebody who may rewrite
	// the whole database, leaves and tree included, did so.
	Checkpoints []string
	// Verifiers check the signatures of all checkpoints; without them only their roots are checked.
	Verifiers note.Verifiers
}

// maxFindings bounds what is reported: whoever renumbers a book breaks every row of it.
const maxFindings = 1000

// Verify reads a whole book and recomputes everything that is stored twice. It answers what is wrong, the exact row by name,
// and an error only when it could not read. Its memory is bounded by the number of cells and checkpoints, not of entries,
// and it sees one moment of a book that is being written. It reads on up to three connections at once. A long book takes longer than a pool usually allows:
// open db without a deadline, as pg.Unhurried does.
func Verify(ctx context.Context, db *bun.DB, book Info, o VerifyOptions) ([]Finding, error) {
	v := &verification{book: book, o: o, lots: map[Commodity]bool{}, series: map[string]int64{}, days: days{weights: map[Date]uint64{}}}
	err := snapshot(ctx, db, 3, func(ctx context.Context, lanes []*lane) error {
		walking, asking := lanes[:max(1, len(lanes)-1)], lanes[len(lanes)-1]
		if err := v.start(ctx, walking); err != nil {
			return err
		}
		broken := make(chan answer, 1)
		go func() { broken <- askRules(ctx, asking, book) }()
		if err := v.pass(ctx); err != nil {
			return err
		}
		if err := v.finish(ctx, walking[0]); err != nil {
			return err
		}
		if err := v.nameDays(ctx, walking[0]); err != nil {
			return err
		}
		return v.rules(<-broken)
	})
	if err != nil {
		return v.findings, fmt.Errorf("book %s: %w", book.Code, err)
	}
	return v.findings, nil
}

// VerifyAll verifies every book of a database. Its error lists all findings, one a line.
func VerifyAll(ctx context.Context, db *bun.DB) error {
	var codes []string
	if err := db.NewRaw("SELECT code FROM books ORDER BY book_id").Scan(ctx, &codes); err != nil {
		return err
	}
	var wrong []error
	for _, code := range codes {
		book, err := Find(ctx, db, code)
		if err != nil {
			return err
		}
		findings, err := Verify(ctx, db, book, VerifyOptions{})
		if err != nil {
			return err
		}
		for _, f := range findings {
			wrong = append(wrong, fmt.Errorf("book %s: %s", code, f))
		}
	}
	return errors.Join(wrong...)
}

// verification is one run of Verify: what has been added up so far, and what was found.
type verification struct {
	book     Info
	o        VerifyOptions
	walk     *walk
	head     head
	last     Entry // the entry before
	latestOn Date
	closed   Date // end of the closed period as of the entry before
	closedBy int64
	lots     map[Commodity]bool // lots that an entry has brought in
	series   map[string]int64   // last number of each series of documents
	days     days
	log      keptLog
	unsealed span // entries in a row that do not hash to their leaves
	findings []Finding
	// canonical is the buffer of the bytes that are hashed.
	canonical []byte
}

// span is a range of entry numbers; an empty one has to before from.
type span struct{ from, to int64 }

func (v *verification) report(rule string, entry int64, format string, args ...any) {
	switch len(v.findings) {
	case maxFindings:
	case maxFindings - 1:
		v.findings = append(v.findings, Finding{rule, entry, fmt.Sprintf("there is more: only the first %d findings are listed", maxFindings-1)})
	default:
		v.findings = append(v.findings, Finding{rule, entry, fmt.Sprintf(format, args...)})
	}
}

// start reads what the entries will be measured against.
func (v *verification) start(ctx context.Context, lanes []*lane) error {
	tx := lanes[0].tx
	var recordedAt *time.Time
	err := tx.NewRaw("SELECT number, cells, latest_on, closed_until, recorded_at FROM heads WHERE book_id = ?", v.book.ID).
		Scan(ctx, &v.head.number, &v.head.cells, &v.head.latestOn, &v.head.closedUntil, &recordedAt)
	if err != nil {
		return fmt.Errorf("reading the head: %w", err)
	}
	if recordedAt != nil {
		v.head.recordedAt = recordedAt.UTC()
	}
	if v.walk, err = startWalk(ctx, lanes, v.book); err != nil {
		return err
	}
	v.walk.stray = func(table string, number int64, row any) {
		v.report("rows", number, "%s: %v of entry %d belongs to no entry", table, row, number)
	}
	return v.startLog(ctx, tx)
}

// pass takes the entries one by one.
func (v *verification) pass(ctx context.Context) error {
	for done := int64(0); ; done++ {
		if v.o.Progress != nil && done%fetch == 0 {
			v.o.Progress(done, v.head.number)
		}
		e, err := v.walk.next(ctx)
		if err != nil || e == nil {
			return err
		}
		v.entry(e)
	}
}

// finish compares the end of the pass with what the database holds about the end.
func (v *verification) finish(ctx context.Context, on *lane) error {
	v.flushUnsealed()
	if v.o.Progress != nil {
		v.o.Progress(v.head.number, v.head.number)
	}
	v.checkHead()
	v.checkCells()
	v.finishLog()
	return v.checkSeries(ctx, on)
}

func (v *verification) checkHead() {
	found := head{number: v.last.Number, cells: int64(len(v.walk.cells)), latestOn: v.latestOn, closedUntil: v.closed, recordedAt: v.last.RecordedAt}
	for _, c := range []struct {
		what          string
		stored, found any
	}{
		{"last entry", v.head.number, found.number},
		{"number of cells", v.head.cells, found.cells},
		{"latest date", v.head.latestOn, found.latestOn},
		{"end of the closed period", v.head.closedUntil, found.closedUntil},
		{"time of recording", v.head.recordedAt, found.recordedAt},
	} {
		if c.stored != c.found {
			v.report("head", 0, "head: %s %v is stored, the entries say %v", c.what, c.stored, c.found)
		}
	}
}

// checkSeries compares the counters of document numbers with the documents. All other counters are added up by a rule.
func (v *verification) checkSeries(ctx context.Context, on *lane) error {
	on.mu.Lock()
	defer on.mu.Unlock()
	var tallies []struct {
		Series string
		Last   string
	}
	err := on.tx.NewRaw("SELECT substr(name, 8) AS series, quantity::text AS last FROM tallies WHERE book_id = ? AND name LIKE 'series:%' ORDER BY name",
		v.book.ID).Scan(ctx, &tallies)
	if err != nil {
		return fmt.Errorf("reading tallies: %w", err)
	}
	for _, t := range tallies {
		if t.Last != fmt.Sprint(v.series[t.Series]) {
			v.report("documents", 0, "tally series:%s: %s is stored, its last document is number %d", t.Series, t.Last, v.series[t.Series])
		}
		delete(v.series, t.Series)
	}
	for _, series := range slices.Sorted(maps.Keys(v.series)) {
		v.report("documents", 0, "tally series:%s is missing, its last document is number %d", series, v.series[series])
	}
	return nil
}
