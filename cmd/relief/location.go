package main

import (
	"context"
	"io"
	"net/http"

	"reliefledger/openapi/client"
)

var locations = noun{
	name: "location", plural: "locations",
	example: `  relief location add PT-0031 --name 天府广场避寒点 --kind point --parent ST-5101-01 --opens-on 2023-12-01`,
	columns: []string{"code", "name", "kind", "parent", "opens on", "closes on"},
	fields: []field{
		{flag: "name", member: "name", usage: "name in the language of the operation"},
		{flag: "name-en", member: "name_en", usage: "name in English"},
		{flag: "kind", member: "kind", usage: "province, prefecture, warehouse, station, point or vehicle; it never changes", words: []string{"province", "prefecture", "warehouse", "station", "point", "vehicle"}},
		{flag: "parent", member: "parent", usage: "code of the location above; it never changes"},
		{flag: "division", member: "division", usage: "six digits of GB/T 2260"},
		{flag: "opens-on", member: "opens_on", usage: "first day on which goods may move here"},
		{flag: "closes-on", member: "closes_on", usage: "last day on which goods may move here"},
	},
	list: func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error) {
		return api.ListLocations(ctx, &client.ListLocationsParams{After: after, Limit: limit})
	},
	read: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadLocation(ctx, code)
	},
	history: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadLocationHistory(ctx, code)
	},
	create: func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error) {
		return api.CreateLocationWithBody(ctx, jsonType, body)
	},
	change: func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error) {
		return api.ChangeLocationWithBody(ctx, code, &client.ChangeLocationParams{IfMatch: etag}, jsonType, body)
	},
}
