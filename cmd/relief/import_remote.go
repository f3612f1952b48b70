package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"reliefledger/fund"
	"reliefledger/internal/exchange"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/openapi/client"
	"reliefledger/warehouse"
)

// postersOf sends the requests of an import to a server: documents in bulk, records one by one.
func postersOf(api *client.Client) exchange.Posters {
	rules := warehouse.NewKeeper(nil, nil) // only its rules are asked: the records are at the server
	return exchange.Posters{
		Items:     recordsAt(api, items, rules.Items, nil),
		Locations: recordsAt(api, locations, rules.Locations, exchange.Above),
		Parties:   recordsAt(api, parties, rules.Parties, nil),
		Receipts: inBulk[warehouse.Receipt](func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error) {
			return api.ReceiveGoodsInBulkWithBody(ctx, &client.ReceiveGoodsInBulkParams{IdempotencyKey: key, DryRun: dry}, jsonType, body)
		}),
		Handouts: inBulk[warehouse.Handout](func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error) {
			return api.HandOutGoodsInBulkWithBody(ctx, &client.HandOutGoodsInBulkParams{IdempotencyKey: key, DryRun: dry}, jsonType, body)
		}),
		Payments: inBulk[fund.Payment](func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error) {
			return api.PayInBulkWithBody(ctx, &client.PayInBulkParams{IdempotencyKey: key, DryRun: dry}, jsonType, body)
		}),
		Statement: oneByOne[fund.BankStatement](func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error) {
			return api.RecordBankStatementWithBody(ctx, &client.RecordBankStatementParams{IdempotencyKey: key, DryRun: dry}, jsonType, body)
		}),
	}
}

// oneByOne sends documents that go on from each other, which bulk could not.
func oneByOne[B any](send func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error)) exchange.Poster[B] {
	return func(ctx context.Context, dry bool, keys []string, requests []B) ([]exchange.Outcome, error) {
		outcomes := make([]exchange.Outcome, len(requests))
		for i, request := range requests {
			sent, err := json.Marshal(request)
			if err != nil {
				return nil, err
			}
			entry, err := read[client.Entry](send(ctx, keys[i], given(dry), bytes.NewReader(sent)))
			var problem answered
			switch {
			case errors.As(err, &problem):
				if outcomes[i].Faults, err = faultsIn(problem); err != nil {
					return nil, err
				}
			case err != nil:
				return nil, err
			default:
				outcomes[i] = exchange.Outcome{Document: orNothing(entry.Document), Entry: entry.Entry, Repeated: entry.Replayed}
			}
		}
		return outcomes, nil
	}
}

// inBulk sends documents together, each standing by itself. The wings' requests are the bodies of the API.
func inBulk[B any](send func(ctx context.Context, key string, dry *bool, body io.Reader) (*http.Response, error)) exchange.Poster[B] {
	return func(ctx context.Context, dry bool, keys []string, requests []B) ([]exchange.Outcome, error) {
		sent, err := json.Marshal(map[string]any{"mode": "each", "lines": requests, "keys": keys})
		if err != nil {
			return nil, err
		}
		answer, err := read[client.BulkAnswer](send(ctx, keys[0], given(dry), bytes.NewReader(sent)))
		outcomes := make([]exchange.Outcome, len(requests))
		if err != nil {
			return outcomes, misfits(err, outcomes)
		}
		for _, result := range answer.Results {
			if result.Line < 0 || result.Line >= int64(len(outcomes)) {
				return nil, fmt.Errorf("the server answers to line %d of %d", result.Line, len(requests))
			}
			o := &outcomes[result.Line]
			switch {
			case result.Problem != nil:
				if o.Faults, err = faultsIn(answered{Problem: *result.Problem}); err != nil {
					return nil, err
				}
			case result.Entry != nil:
				*o = exchange.Outcome{Document: orNothing(result.Entry.Document), Entry: result.Entry.Entry, Repeated: result.Entry.Replayed}
			}
		}
		return outcomes, nil
	}
}

// misfits gives the documents of a bulk request that do not fit the contract their faults. Any other error stays one.
func misfits(err error, outcomes []exchange.Outcome) error {
	var problem answered
	if !errors.As(err, &problem) {
		return err
	}
	faults, failed := faultsIn(problem)
	if failed != nil {
		return failed
	}
	for _, f := range faults {
		n, rest, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/lines/"), "/")
		line, notLine := strconv.Atoi(n)
		if notLine != nil || line >= len(outcomes) {
			return err
		}
		f.Pointer = "/" + rest
		outcomes[line].Faults = append(outcomes[line].Faults, f)
	}
	return nil
}

// faultsIn are the faults of a request that was refused. A server that is busy or does not know the token refuses nothing.
func faultsIn(problem answered) ([]ledger.Fault, error) {
	if exit := problem.exit(); exit == unavailable || exit == failed || exit == forbidden && problem.code() != ledger.SamePerson && problem.Faults == nil {
		return nil, problem
	}
	if problem.Faults == nil || len(*problem.Faults) == 0 {
		return []ledger.Fault{{Code: problem.code(), Message: strings.TrimSuffix(problem.Title+": "+orNothing(problem.Detail), ": "), Hint: orNothing(problem.Hint)}}, nil
	}
	var faults []ledger.Fault
	for _, f := range *problem.Faults {
		faults = append(faults, ledger.Fault{Pointer: orNothing(f.Pointer), Code: f.Code, Message: cmp.Or(orNothing(f.Translation), f.Message), Hint: orNothing(f.Hint)})
	}
	return faults, nil
}

// recordsAt sends records to a register of the server.
func recordsAt[T any](api *client.Client, n noun, rules *register.Register[T], parent func(T) string) exchange.Poster[T] {
	return exchange.Records[T]{
		Code: rules.Code, Check: rules.Check, Parent: parent,
		Find: func(ctx context.Context, code string) (T, error) {
			record, err := read[T](n.read(ctx, api, code))
			var problem answered
			if errors.As(err, &problem) && problem.exit() == absent {
				err = ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("%s %s is not in the register", n.name, code))
			}
			return record, err
		},
		Create: func(ctx context.Context, records []T) ([]exchange.Outcome, error) {
			outcomes := make([]exchange.Outcome, len(records))
			for i, record := range records {
				var err error
				if outcomes[i], err = createAt(ctx, api, n, rules.Code(record), record); err != nil {
					return nil, err
				}
			}
			return outcomes, nil
		},
	}.Poster()
}

func createAt(ctx context.Context, api *client.Client, n noun, code string, record any) (exchange.Outcome, error) {
	sent, err := json.Marshal(record)
	if err != nil {
		return exchange.Outcome{}, err
	}
	answer, err := n.create(ctx, api, bytes.NewReader(sent))
	_, err = body(answer, err)
	var problem answered
	switch {
	case errors.As(err, &problem):
		faults, err := faultsIn(problem)
		return exchange.Outcome{Faults: faults}, err
	case err != nil:
		return exchange.Outcome{}, err
	}
	return exchange.Outcome{Document: code, Repeated: answer.StatusCode == http.StatusOK}, nil
}
