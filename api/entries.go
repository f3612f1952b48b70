package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

type entryAnswer struct{ Body Entry }

func (d *Door) entries(a huma.API) {
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/entries/{number}", "read-entry", "Read one entry",
		"Reads an entry with all its moves."), func(ctx context.Context, in *Numbered) (*entryAnswer, error) {
		e, err := d.Book.Entry(ctx, in.Number)
		return &entryAnswer{d.entry(ledger.Posted{Entry: e})}, err
	})
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/documents/{document}", "read-document", "Read the entry of a document",
		"Reads the entry that a document number belongs to, with all its moves."), func(ctx context.Context, in *struct {
		Document string `path:"document" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" example:"HO-PT-0031-2023-00233" doc:"Document number."`
	},
	) (*entryAnswer, error) {
		e, err := d.Book.EntryOf(ctx, in.Document)
		return &entryAnswer{d.entry(ledger.Posted{Entry: e})}, err
	})
}
