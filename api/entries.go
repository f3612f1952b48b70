package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/report"
)

type entryAnswer struct{ Body Entry }

// Journal is a page of entries.
type Journal struct {
	Entries []CountedEntry `json:"entries" doc:"The entries in the order of their numbers."`
	KnownAt int64          `json:"known_at" doc:"Number of the last entry that the answer knows of: send it as since for what comes later, when next is absent." example:"60210"`
	Next    int64          `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page." example:"5120"`
}

// CountedEntry is an entry and what it adds to the figure or the account that was asked about.
type CountedEntry struct {
	Entry
	Quantity report.Number `json:"quantity" doc:"What it adds to the figure: below zero where it undoes something or takes something out of the account." example:"3"`
	Value    report.Number `json:"value" doc:"The same in the book's currency." example:"289.50"`
}

func (d *Door) entries(a huma.API) {
	question(d, a, "/v1/entries", "list-entries", "List entries",
		"Lists the entries that a figure of a report is made of, or all of a kind, of an account, of a fund, in the order of their numbers, a page at a time. "+
			"With since and wait it is a change feed: it answers with what came after an entry, and waits for it up to a minute.",
		d.journal)
	d.feed(a)
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/entries/{number}", "read-entry", "Read one entry",
		"Reads an entry with all its moves."), func(ctx context.Context, in *Numbered) (*entryAnswer, error) {
		e, err := d.Book.Entry(ctx, in.Number)
		return &entryAnswer{d.entry(ledger.Posted{Entry: e})}, err
	})
	document(a, "/v1/documents", "read-document", "Read the entry of a document",
		"Reads the entry that a document number belongs to, with all its moves.",
		func(ctx context.Context, document string) (Entry, error) {
			e, err := d.Book.EntryOf(ctx, document)
			return d.entry(ledger.Posted{Entry: e}), err
		})
}
