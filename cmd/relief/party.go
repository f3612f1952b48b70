package main

import (
	"context"
	"io"
	"net/http"

	"reliefledger/openapi/client"
)

var parties = noun{
	name: "party", plural: "parties",
	example: `  relief party add SUP-1 --name 成都棉纺厂 --kind supplier --credit-code 91510100MA0000000X`,
	columns: []string{"code", "name", "kind", "credit code"},
	fields: []field{
		{flag: "name", member: "name", usage: "name in the language of the operation"},
		{flag: "name-en", member: "name_en", usage: "name in English"},
		{flag: "kind", member: "kind", usage: "supplier, donor, carrier or organisation", words: []string{"supplier", "donor", "carrier", "organisation"}},
		{flag: "credit-code", member: "credit_code", usage: "unified social credit code of GB 32100"},
	},
	list: func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error) {
		return api.ListParties(ctx, &client.ListPartiesParams{After: after, Limit: limit})
	},
	read: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadParty(ctx, code)
	},
	history: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadPartyHistory(ctx, code)
	},
	create: func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error) {
		return api.CreatePartyWithBody(ctx, jsonType, body)
	},
	change: func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error) {
		return api.ChangePartyWithBody(ctx, code, &client.ChangePartyParams{IfMatch: etag}, jsonType, body)
	},
}
