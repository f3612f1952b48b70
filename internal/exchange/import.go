package exchange

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"reliefledger/internal/sheet"
)

// Bounds of what travels in one request. A document's key is made of its own first row, so that it is known again whatever travels beside it.
const (
	batchDocuments = 200
	batchRows      = 2000
)

// Import reads a sheet of this kind and books what it says: all of it, or nothing when a row is wrong in itself or is refused when it is tried.
// Trying goes in batches that do not see each other's takings, so a document may still be refused when its turn has come: because the file asks for more
// than there is, or because somebody else was faster. It does not touch the others. An error says that the file could not
// be read or the book not be asked, and importing the same file again then goes on; or it refuses a corrected file that an earlier version began.
func (k Kind) Import(ctx context.Context, file *sheet.File, posters Posters, o Options) (Summary, error) {
	return k.importer.run(ctx, file, posters, o)
}

// importer is a kind without the type of its requests.
type importer interface {
	run(ctx context.Context, file *sheet.File, posters Posters, o Options) (Summary, error)
	describe(l Language) []Column
}

func (k *kind[B]) run(ctx context.Context, file *sheet.File, posters Posters, o Options) (Summary, error) {
	own := fmt.Sprintf("import/%s/%s", k.name, file.Hash)
	run := &passes[B]{kind: k, file: file, post: k.poster(posters), options: o, summary: Summary{Key: cmp.Or(o.Key, own)}, booked: map[int]bool{}}
	run.corrected = run.summary.Key != own
	s := &run.summary
	if o.Language == "" {
		run.options.Language = English
	}
	for _, pass := range []func(context.Context) error{run.check, run.recognise, run.try, run.book} {
		if err := pass(ctx); err != nil || s.Refused() {
			return *s, err
		}
	}
	return *s, nil
}

// passes are the readings of one file.
type passes[B any] struct {
	*kind[B]
	file      *sheet.File
	post      Poster[B]
	options   Options
	summary   Summary
	corrected bool // the keys begin with that of another file
	older     bool // the keys are those of an earlier version
	// booked are the batches, by their first row, that trying has found in the book whole. They are not sent again: after an interruption
	// most of a long file is there already.
	booked map[int]bool
}

func (p *passes[B]) table(complain func(Fault)) *table[B] {
	return &table[B]{kind: *p.kind, language: p.options.Language, complain: complain}
}

// check reads every row without asking anybody, so that what is plainly wrong is told at once.
func (p *passes[B]) check(ctx context.Context) error {
	t := p.table(p.summary.add)
	for _, err := range t.documents(p.file.Rows()) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		p.summary.Documents++
		p.progress(Checking, t.rows, 0)
	}
	p.summary.Rows = t.rows
	return nil
}

// try asks the book about every document. What it would book counts only in a dry run.
func (p *passes[B]) try(ctx context.Context) error {
	err := p.send(ctx, Trying)
	if !p.options.DryRun {
		p.summary.New = 0
	}
	return err
}

// book sends what was tried, unless trying was all that was asked for.
func (p *passes[B]) book(ctx context.Context) error {
	if p.options.DryRun {
		return nil
	}
	p.summary.Repeated = 0
	return p.send(ctx, Booking)
}

func (p *passes[B]) send(ctx context.Context, step Step) error {
	t := p.table(func(Fault) {}) // checked before
	done := 0
	for batch, err := range batches(t.documents(p.file.Rows())) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if step == Booking && p.booked[batch[0].rows[0]] {
			p.summary.Repeated += len(batch)
		} else if err := p.sendBatch(ctx, t, step, batch); err != nil {
			return fmt.Errorf("%s from row %d on: %w", step, batch[0].rows[0], err)
		}
		for _, d := range batch {
			done += len(d.rows)
		}
		p.progress(step, done, p.summary.Rows)
	}
	return nil
}

func (p *passes[B]) sendBatch(ctx context.Context, t *table[B], step Step, batch []document[B]) error {
	outcomes, err := p.ask(ctx, step == Trying, p.keys(batch), batch)
	if err != nil {
		return err
	}
	first := batch[0].rows[0]
	p.booked[first] = !slices.ContainsFunc(outcomes, func(o Outcome) bool { return !o.Repeated })
	for i, d := range batch {
		p.tell(t, d, outcomes[i], step == Booking || p.options.DryRun || p.booked[first])
	}
	return nil
}

func (p *passes[B]) ask(ctx context.Context, dry bool, keys []string, batch []document[B]) ([]Outcome, error) {
	requests := make([]B, len(batch))
	for i, d := range batch {
		requests[i] = d.request
	}
	outcomes, err := p.post(ctx, dry, keys, requests)
	if err == nil && len(outcomes) != len(batch) {
		err = fmt.Errorf("%d answers to %d requests", len(outcomes), len(batch))
	}
	return outcomes, err
}

func (p *passes[B]) tell(t *table[B], d document[B], o Outcome, aloud bool) {
	switch {
	case len(o.Faults) > 0:
		t.refused(&p.summary, d, o.Faults)
		return
	case o.Document == "" && o.Entry == 0:
		return // left out because a neighbour was refused
	case o.Repeated:
		p.summary.Repeated++
	default:
		p.summary.New++
	}
	if aloud && p.options.Told != nil {
		p.options.Told(Line{First: d.rows[0], Last: d.rows[len(d.rows)-1], Outcome: o})
	}
}

func (p *passes[B]) progress(step Step, done, total int) {
	if p.options.Progress != nil {
		p.options.Progress(step, done, total)
	}
}

// batches divides documents into what travels together.
func batches[B any](documents iter.Seq2[document[B], error]) iter.Seq2[[]document[B], error] {
	return func(yield func([]document[B], error) bool) {
		var batch []document[B]
		rows := 0
		for d, err := range documents {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(batch) == batchDocuments || (len(batch) > 0 && rows+len(d.rows) > batchRows) {
				if !yield(batch, nil) {
					return
				}
				batch, rows = nil, 0
			}
			batch, rows = append(batch, d), rows+len(d.rows)
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}
