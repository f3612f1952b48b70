package main

import (
	"context"
	"io"
	"net/http"

	"reliefledger/openapi/client"
)

var funds = noun{
	name: "fund", plural: "funds",
	example: `  relief fund add WINTER-23 --name 冬季救助资金 --restricted --purpose "winter relief" --valid-from 2023-11-01 --valid-until 2024-03-31`,
	columns: []string{"code", "name", "restricted", "purpose", "valid from", "valid until"},
	fields: []field{
		{flag: "name", member: "name", usage: "name in the language of the operation"},
		{flag: "name-en", member: "name_en", usage: "name in English"},
		{flag: "restricted", member: "restricted", usage: "it may be used for its purpose only", parse: yesOrNo, yes: true},
		{flag: "purpose", member: "purpose", usage: "what the money is for"},
		{flag: "valid-from", member: "valid_from", usage: "first day on which it may be used"},
		{flag: "valid-until", member: "valid_until", usage: "last day on which it may be used"},
		{flag: "custody", member: "custody", usage: "goods held for their owner, outside the own funds; it never changes", parse: yesOrNo, yes: true},
	},
	list: func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error) {
		return api.ListFunds(ctx, &client.ListFundsParams{After: after, Limit: limit})
	},
	read: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadFund(ctx, code)
	},
	history: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadFundHistory(ctx, code)
	},
	create: func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error) {
		return api.CreateFundWithBody(ctx, jsonType, body)
	},
	change: func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error) {
		return api.ChangeFundWithBody(ctx, code, &client.ChangeFundParams{IfMatch: etag}, jsonType, body)
	},
}
