package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

// builder is how every wing turns a request into a proposal.
type builder[B any] func(context.Context, ledger.By, B) (*ledger.Proposal, error)

// Sending is what every posting request carries beside its body.
type Sending struct {
	Key    string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[ -~]{1,128}$" example:"018c9a1e-6f0b-7c11-9d1e-3f5a7b9c0d21" doc:"Made by the sender, new for every new request and the same when a request is repeated. The same key with the same content is answered with the first answer; with other content it is refused."`
	DryRun bool   `query:"dry_run" doc:"Check everything and answer with the moves and the balances they would leave, and write nothing."`
}

type sent[B any] struct {
	Sending
	Body B
}

type sentTo[B any] struct {
	Sending
	Documented
	Body B
}

// Documented names a document in a path.
type Documented struct {
	Document string `path:"document" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" example:"WB-ST-5101-01-2023-00007" doc:"Document number."`
}

// document registers an operation that reads one document as it stands.
func document[N any](a huma.API, path, id, summary, description string, read func(context.Context, string) (N, error)) {
	huma.Register(a, operation(auth.Read, http.MethodGet, path+"/{document}", id, summary, description), func(ctx context.Context, in *Documented) (*told[N], error) {
		note, err := read(ctx, in.Document)
		return &told[N]{note}, err
	})
}

// posted is the answer to a posting request: 201 the first time, 200 for a replay or a dry run.
type posted struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the first answer again."`
	Location string `header:"Location" doc:"Where the entry can be read."`
	Body     Entry
}

// posting registers an operation that posts one document.
func posting[B any](d *Door, a huma.API, verb auth.Verb, path, id, summary, description string, build builder[B]) {
	huma.Register(a, d.postingOperation(verb, path, id, summary, description), func(ctx context.Context, in *sent[B]) (*posted, error) {
		proposal, err := build(ctx, in.by(ctx), in.Body)
		if err != nil {
			return d.recall(ctx, in.Key, in.Body, proposal, err)
		}
		return d.post(ctx, in.DryRun, proposal)
	})
}

// postingTo registers an operation that posts to a document that the path names. The body may name it too, in its member of
// that name, and then both must agree.
func postingTo[B any](d *Door, a huma.API, verb auth.Verb, path, id, summary, description, member string, named func(*B) *string, build builder[B]) {
	huma.Register(a, d.postingOperation(verb, path, id, summary, description), func(ctx context.Context, in *sentTo[B]) (*posted, error) {
		return d.postTo(ctx, in.Sending, in.Document, member, named(&in.Body), func() (any, *ledger.Proposal, error) {
			proposal, err := build(ctx, in.by(ctx), in.Body)
			return in.Body, proposal, err
		})
	})
}

// postTo posts what is about the named thing. What the path names and is not there is 404; what a body names is 422.
// build answers with the request, its name filled in, and what was made of it.
func (d *Door) postTo(ctx context.Context, in Sending, name, member string, inBody *string, build func() (any, *ledger.Proposal, error)) (*posted, error) {
	if *inBody != "" && *inBody != name {
		return nil, ledger.Refuse(ledger.Invalid, "/"+member, fmt.Sprintf("the path names %s, the body %s", name, *inBody))
	}
	*inBody = name
	body, proposal, err := build()
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) && refusal.Code() == ledger.NotFound && refusal.Faults[0].Pointer == "/"+member {
		return nil, notFound(refusal.Error())
	}
	if err != nil {
		return d.recall(ctx, in.Key, body, proposal, err)
	}
	return d.post(ctx, in.DryRun, proposal)
}

// recall is the answer to a request that was refused before it could be posted: the first answer again when its key was posted
// before, because what it names may have been closed or retired since, and otherwise the refusal.
func (d *Door) recall(ctx context.Context, key string, content any, proposal *ledger.Proposal, err error) (*posted, error) {
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	kind := ""
	if proposal != nil {
		kind = proposal.Kind
	}
	done, known, failed := d.Book.Recall(ctx, key, kind, content)
	if failed != nil || !known {
		return nil, cmp.Or(failed, err)
	}
	return d.answer(done), nil
}

func (d *Door) postingOperation(verb auth.Verb, path, id, summary, description string) huma.Operation {
	op := operation(verb, http.MethodPost, path, id, summary, description)
	op.DefaultStatus = http.StatusCreated
	op.MaxBodyBytes = 1 << 20
	op.Responses = map[string]*huma.Response{
		"200": answering[Entry](d, "The first answer again, for a key that was posted before; or what a dry run would do."),
		"201": {Description: "The entry that was made."},
	}
	return op
}

// answering describes an answer that huma does not see by itself, because an operation has one output type for several statuses.
func answering[B any](d *Door, description string) *huma.Response {
	schema := d.schemas.Schema(reflect.TypeFor[B](), true, "")
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
}

func (s Sending) by(ctx context.Context) ledger.By { return ledger.By{Actor: actorOf(ctx), Key: s.Key} }

func (d *Door) post(ctx context.Context, dry bool, p *ledger.Proposal) (*posted, error) {
	if dry {
		tried, errs, err := d.Book.Try(ctx, p)
		if err := cmp.Or(err, errors.Join(errs...)); err != nil {
			return nil, err
		}
		return &posted{Status: http.StatusOK, Body: d.trial(tried[0])}, nil
	}
	done, err := d.Book.Post(ctx, p)
	if err != nil {
		return nil, err
	}
	return d.answer(done), nil
}

func (d *Door) answer(done ledger.Posted) *posted {
	answer := &posted{Status: http.StatusCreated, Location: fmt.Sprintf("/v1/entries/%d", done.Number), Body: d.entry(done)}
	if done.Replayed {
		answer.Status, answer.Replayed = http.StatusOK, "true"
	}
	return answer
}
