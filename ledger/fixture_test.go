package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// today is the day on which every test of this package happens.
var today = ledger.NewDate(2024, time.March, 15)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// world is a book with the few words that tests of the book need.
type world struct {
	*ledger.Book
	t *testing.T
	n int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{Book: pgtest.Book(t), t: t}
}

func (w *world) key() string {
	w.n++
	return fmt.Sprintf("key-%d", w.n)
}

var quilt = ledger.Commodity{Item: "QUILT", Lot: "L1"}

// receive proposes that a new lot of quilts comes in.
func receive(key string, on ledger.Date, lot ledger.Commodity, at ledger.Account, quantity, value string) *ledger.Proposal {
	return &ledger.Proposal{
		Header: ledger.Header{Kind: "receipt", On: on, Actor: "keeper", Key: key, Content: map[string]string{"lot": lot.String(), "quantity": quantity, "value": value}},
		Needs:  ledger.Needs{Groups: []ledger.Group{{Account: "supplier:S", Item: lot.Item}, {Account: at, Item: lot.Item}}},
		Compose: func(d *ledger.Draft) error {
			d.NewLot(ledger.Lot{Commodity: lot, Received: on})
			return d.Move(ledger.Move{From: "supplier:S", To: at, Fund: "F1", Commodity: lot, Quantity: dec(quantity), Value: dec(value)})
		},
	}
}

// take proposes that some of a lot leaves a place, with a document of its own.
func take(key string, on ledger.Date, lot ledger.Commodity, from, to ledger.Account, quantity string) *ledger.Proposal {
	series := "HO-" + from.Name()
	return &ledger.Proposal{
		Header: ledger.Header{Kind: "handout", On: on, Actor: "coordinator", Key: key, Content: map[string]string{"quantity": quantity, "from": string(from)}},
		Needs: ledger.Needs{
			Groups:  []ledger.Group{{Account: from, Item: lot.Item}, {Account: to, Item: lot.Item}},
			Tallies: []string{ledger.SeriesTally(series)},
		},
		Compose: func(d *ledger.Draft) error {
			d.Document(series)
			_, err := d.Take(ledger.CellKey{Account: from, Fund: "F1", Commodity: lot}, to, dec(quantity))
			return err
		},
	}
}

func (w *world) post(p *ledger.Proposal) ledger.Posted {
	w.t.Helper()
	posted, err := w.Post(context.Background(), p)
	if err != nil {
		w.t.Fatalf("%s %s: %v", p.Kind, p.Key, err)
	}
	return posted
}

// refused posts a proposal that must be refused with exactly these words.
func (w *world) refused(p *ledger.Proposal, code, words string) *ledger.Refusal {
	w.t.Helper()
	_, err := w.Post(context.Background(), p)
	refusal, ok := err.(*ledger.Refusal)
	if !ok {
		w.t.Fatalf("%s %s: got %v, want a refusal", p.Kind, p.Key, err)
	}
	if refusal.Code() != code || refusal.Error() != words {
		w.t.Fatalf("refused with %s %q\n want %s %q", refusal.Code(), refusal.Error(), code, words)
	}
	return refusal
}
