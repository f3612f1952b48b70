package main

import (
	"context"
	"io"
	"net/http"

	"reliefledger/openapi/client"
)

var items = noun{
	name: "item", plural: "items",
	example: `  relief item add QUILT --name 棉被 --name-en Quilt --unit 床 --category quilt --packs 大包=10
  relief item add RICE --name 大米 --unit kg --decimals 3 --category food --expires --shelf-life-days 180`,
	columns: []string{"code", "name", "unit", "category", "packs", "retired"},
	fields: []field{
		{flag: "name", member: "name", usage: "name in the language of the operation"},
		{flag: "name-en", member: "name_en", usage: "name in English"},
		{flag: "unit", member: "unit", usage: "base unit that quantities are counted in; it never changes"},
		{flag: "category", member: "category", usage: "clothing, quilt, hygiene, food, leaflet, equipment or other; it never changes", words: []string{"clothing", "quilt", "hygiene", "food", "leaflet", "equipment", "other"}},
		{flag: "decimals", member: "decimals", usage: "decimals of a quantity in the base unit, 0 for pieces; it never changes", parse: whole},
		{flag: "packs", member: "packs", usage: "packs as exact multiples of the base unit: NAME=QUANTITY,…", parse: pairs("name", "quantity")},
		{flag: "expires", member: "expires", usage: "every lot carries an expiry date; it never changes", parse: yesOrNo, yes: true},
		{flag: "shelf-life-days", member: "shelf_life_days", usage: "days from production to expiry", parse: whole},
		{flag: "classification", member: "classification", usage: "seven digits of GB/T 38565"},
		{flag: "retired", member: "retired", usage: "no more of it is taken in; what is there may still leave", parse: yesOrNo, yes: true},
	},
	list: func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error) {
		return api.ListItems(ctx, &client.ListItemsParams{After: after, Limit: limit})
	},
	read: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadItem(ctx, code)
	},
	history: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadItemHistory(ctx, code)
	},
	create: func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error) {
		return api.CreateItemWithBody(ctx, jsonType, body)
	},
	change: func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error) {
		return api.ChangeItemWithBody(ctx, code, &client.ChangeItemParams{IfMatch: etag}, jsonType, body)
	},
}
