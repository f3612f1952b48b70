package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

// linked is the mode of a bulk request in which all lines are posted or none.
const linked = "linked"

// Bulk is many documents of one kind in one request.
type Bulk[B any] struct {
	Mode  string   `json:"mode" enum:"linked,each" example:"each" doc:"linked: all lines are posted or none. each: every line stands by itself, a refused one does not touch the others."`
	Lines []B      `json:"lines" minItems:"1" maxItems:"5000" doc:"The documents, in the order in which they are posted."`
	Keys  []string `json:"keys,omitempty" maxItems:"5000" minLength:"1" maxLength:"128" pattern:"^[ -~]{1,128}$" uniqueItems:"true" doc:"A key for each line, made by the sender, by which the line is known again whatever stands beside it. When absent, a line's key is the request's key, a slash and the place of the line, from 0."`
}

// key is what a line is posted under.
func (b Bulk[B]) key(request string, line int) string {
	if len(b.Keys) > 0 {
		return b.Keys[line]
	}
	return fmt.Sprintf("%s/%d", request, line)
}

// BulkAnswer is the answer to a bulk request: one result for each line, in order.
type BulkAnswer struct {
	Posted  int          `json:"posted" doc:"How many lines made a new entry." example:"2"`
	Same    int          `json:"replayed" doc:"How many lines had been posted before." example:"0"`
	Refused int          `json:"refused" doc:"How many lines were refused." example:"0"`
	Results []BulkResult `json:"results" doc:"One result for each line."`
}

// BulkResult is what became of one line: an entry or a problem.
type BulkResult struct {
	Line    int      `json:"line" doc:"Place of the line in the request, from 0." example:"0"`
	Entry   *Entry   `json:"entry,omitempty" doc:"The entry, when the line was posted, now or before."`
	Problem *Problem `json:"problem,omitempty" doc:"The problem, when the line was refused."`
}

type bulkAnswer struct {
	Status int
	Body   BulkAnswer
}

// bulkPosting registers an operation that posts many documents. A line's key is its own or the request's key and the line's number,
// so that a request that is sent again adds nothing, and one that was cut off goes on where it stopped.
func bulkPosting[B any](d *Door, a huma.API, verb auth.Verb, path, id, summary, description string, build builder[B]) {
	op := d.postingOperation(verb, path, id, summary, description)
	op.DefaultStatus = http.StatusOK
	op.Responses = map[string]*huma.Response{"200": {Description: "What became of every line."}}
	op.MaxBodyBytes = 4 << 20
	heavy(&op, "bulk")
	huma.Register(a, op, func(ctx context.Context, in *sent[Bulk[B]]) (*bulkAnswer, error) {
		if keys, lines := len(in.Body.Keys), len(in.Body.Lines); keys > 0 && keys != lines {
			return nil, ledger.Refuse(ledger.Invalid, "/keys", fmt.Sprintf("keys: %d, lines: %d; one key for each line wanted, or none", keys, lines))
		}
		by := in.by(ctx)
		proposals, errs := make([]*ledger.Proposal, len(in.Body.Lines)), make([]error, len(in.Body.Lines))
		recalled := make([]*Entry, len(in.Body.Lines))
		for i, line := range in.Body.Lines {
			key := in.Body.key(by.Key, i)
			proposals[i], errs[i] = build(ctx, ledger.By{Actor: by.Actor, Key: key}, line)
			if errs[i] != nil {
				answer, err := d.recall(ctx, key, line, proposals[i], errs[i])
				if proposals[i], errs[i] = nil, err; err == nil {
					recalled[i] = &answer.Body
				}
			}
		}
		if in.Body.Mode == linked && slices.ContainsFunc(recalled, func(e *Entry) bool { return e != nil }) {
			d.recallRest(ctx, proposals, recalled, errs)
		}
		outcomes, err := d.postMany(ctx, in.Body.Mode == linked, in.DryRun, proposals, recalled, errs)
		if err != nil {
			return nil, err
		}
		return &bulkAnswer{Status: http.StatusOK, Body: outcomes}, nil
	})
}

// recallRest answers the other lines of a linked request of which some were recalled. They were posted together with those, so one whose key
// is free belongs to another request under the same key. The book could not say so: it would not see the lines that became no proposal.
func (d *Door) recallRest(ctx context.Context, proposals []*ledger.Proposal, recalled []*Entry, errs []error) {
	for i, p := range proposals {
		if p == nil {
			continue
		}
		reused := ledger.Refuse(ledger.KeyReused, "", fmt.Sprintf("key %s is new, but others of its group were posted before", p.Key))
		answer, err := d.recall(ctx, p.Key, p.Content, p, reused)
		if proposals[i], errs[i] = nil, err; err == nil {
			recalled[i] = &answer.Body
		}
	}
}

// postMany posts the lines that became proposals, beside those that were recalled and those that were refused.
func (d *Door) postMany(ctx context.Context, together, dry bool, proposals []*ledger.Proposal, recalled []*Entry, errs []error) (BulkAnswer, error) {
	err := failure(errs)
	if together && err == nil {
		err = under("/lines", errs)
	}
	if err != nil {
		return BulkAnswer{}, err
	}
	var built []*ledger.Proposal
	var lines []int
	for i, p := range proposals {
		if p != nil {
			built, lines = append(built, p), append(lines, i)
		}
	}
	answers, failed, err := d.postBuilt(ctx, together, dry, built)
	if err := cmp.Or(err, failure(failed)); err != nil {
		return BulkAnswer{}, err
	}
	results := make([]BulkResult, len(proposals))
	for i := range results {
		results[i].Entry = recalled[i]
	}
	for n, line := range lines {
		results[line].Entry, errs[line] = &answers[n], failed[n]
	}
	return summary(results, errs), nil
}

// postBuilt posts proposals, together or each by itself, and answers with an entry or an error for each.
func (d *Door) postBuilt(ctx context.Context, together, dry bool, proposals []*ledger.Proposal) ([]Entry, []error, error) {
	entries, errs := make([]Entry, len(proposals)), make([]error, len(proposals))
	switch {
	case dry:
		tried, failed, err := d.Book.Try(ctx, proposals...)
		if err == nil && together {
			err = under("/lines", failed)
		}
		if err != nil {
			return nil, nil, err
		}
		for i, t := range tried {
			entries[i] = d.trial(t)
		}
		return entries, failed, nil
	case together:
		done, err := d.Book.PostAll(ctx, proposals)
		if err != nil {
			return nil, nil, ledger.At("/lines", err) // the faults of linked proposals stand under /0, /1 …
		}
		for i, p := range done {
			entries[i] = d.entry(p)
		}
	default:
		outcomes, err := d.Book.PostEach(ctx, proposals)
		if err != nil {
			return nil, nil, err
		}
		for i, o := range outcomes {
			entries[i], errs[i] = d.entry(o.Posted), o.Err
		}
	}
	return entries, errs, nil
}

// under collects the refusals of lines as one, or answers with the first error that is none.
func under(pointer string, errs []error) error {
	var faults ledger.Faults
	for i, err := range errs {
		if err := faults.Add(fmt.Sprintf("%s/%d", pointer, i), err); err != nil {
			return err
		}
	}
	return faults.Err()
}

// failure is the first error that is no refusal. Then nothing is known of the rest either, and the whole request is to be repeated.
func failure(errs []error) error {
	var refusal *ledger.Refusal
	for _, err := range errs {
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
	}
	return nil
}

func summary(results []BulkResult, errs []error) BulkAnswer {
	answer := BulkAnswer{Results: results}
	for i := range results {
		r := &results[i]
		r.Line = i
		switch {
		case errs[i] != nil:
			r.Entry, r.Problem = nil, problemOf(errs[i])
			answer.Refused++
		case r.Entry.Replayed:
			answer.Same++
		default:
			answer.Posted++
		}
	}
	return answer
}
