package exchange

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"reliefledger/fund"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Local posts to a book in this process, as the actor.
func Local(book *ledger.Book, keeper *warehouse.Keeper, officer *fund.Officer, actor string) Posters {
	return Posters{
		Items:     kept(keeper.Items, actor, nil),
		Locations: kept(keeper.Locations, actor, Above),
		Parties:   kept(keeper.Parties, actor, nil),
		Receipts:  posted(book, actor, keeper.Receive),
		Handouts:  posted(book, actor, keeper.HandOut),
		Payments:  posted(book, actor, officer.Pay),
		Statement: posted(book, actor, officer.State),
	}
}

// posted sends documents to the book by what a wing makes of them.
func posted[B any](book *ledger.Book, actor string, build func(context.Context, ledger.By, B) (*ledger.Proposal, error)) Poster[B] {
	return func(ctx context.Context, dry bool, keys []string, requests []B) ([]Outcome, error) {
		outcomes := make([]Outcome, len(requests))
		var proposals []*ledger.Proposal
		var places []int
		for i, request := range requests {
			proposal, err := build(ctx, ledger.By{Actor: actor, Key: keys[i]}, request)
			if outcomes[i].Faults, err = faultsOf(err); err != nil {
				return nil, err
			}
			if outcomes[i].Faults == nil {
				proposals, places = append(proposals, proposal), append(places, i)
				continue
			}
			if outcomes[i], err = recalled(ctx, book, keys[i], request, outcomes[i].Faults); err != nil {
				return nil, err
			}
		}
		results, err := decide(ctx, book, dry, proposals)
		if err != nil {
			return nil, err
		}
		for n, i := range places {
			if outcomes[i].Faults, err = faultsOf(results[n].Err); err != nil {
				return nil, err
			}
			if results[n].Err == nil {
				outcomes[i] = Outcome{Document: results[n].Document, Entry: results[n].Number, Repeated: results[n].Replayed}
			}
		}
		return outcomes, nil
	}
}

// recalled is what became of a request that was refused before it could be posted: its first answer where its key was posted before, because what
// it names may have gone on since, as a bank's statements have. Nobody calls it refused when the book cannot tell: it may stand.
func recalled(ctx context.Context, book *ledger.Book, key string, request any, refused []ledger.Fault) (Outcome, error) {
	done, known, err := book.Recall(ctx, key, "", request)
	reused, err := faultsOf(err)
	switch {
	case err != nil || reused != nil:
		return Outcome{Faults: reused}, err
	case !known:
		return Outcome{Faults: refused}, nil
	}
	return Outcome{Document: done.Document, Entry: done.Number, Repeated: true}, nil
}

func decide(ctx context.Context, book *ledger.Book, dry bool, proposals []*ledger.Proposal) ([]ledger.Outcome, error) {
	if !dry || len(proposals) == 0 {
		return book.PostEach(ctx, proposals)
	}
	tried, errs, err := book.Try(ctx, proposals...)
	outcomes := make([]ledger.Outcome, len(tried))
	for i := range tried {
		outcomes[i] = ledger.Outcome{Posted: tried[i].Posted, Err: errs[i]}
	}
	return outcomes, err
}

// faultsOf are the faults of a refusal; any other error is handed back.
func faultsOf(err error) ([]ledger.Fault, error) {
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) {
		return refusal.Faults, nil
	}
	return nil, err
}

// kept sends records to a register of the book.
func kept[T any](in *register.Register[T], actor string, parent func(T) string) Poster[T] {
	return Records[T]{
		Code: in.Code, Check: in.Check, Parent: parent,
		Find: func(ctx context.Context, code string) (T, error) {
			row, err := in.Read(ctx, code)
			return row.Record, err
		},
		Create: func(ctx context.Context, records []T) ([]Outcome, error) {
			rows, err := in.CreateMany(ctx, actor, records)
			return created(in, records, rows, err)
		},
	}.Poster()
}

// created is what became of records that come in together or not at all: a refused one keeps the others back, so that none comes in
// without the one it refers to.
func created[T any](in *register.Register[T], records []T, rows []register.Row[T], err error) ([]Outcome, error) {
	outcomes := make([]Outcome, len(records))
	faults, err := faultsOf(err)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		outcomes[i] = Outcome{Document: in.Code(row.Record), Repeated: row.Repeated}
	}
	for _, f := range faults {
		n, rest, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || i >= len(records) {
			i = 0
		}
		f.Pointer = "/" + rest
		outcomes[i].Faults = append(outcomes[i].Faults, f)
	}
	return outcomes, nil
}
