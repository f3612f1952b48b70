package main

import (
	"context"
	"io"
	"net/http"

	"reliefledger/openapi/client"
)

var campaigns = noun{
	name: "campaign", plural: "campaigns",
	example: `  relief campaign add WINTER-23 --name 寒冬送温暖 --starts-on 2023-11-01 --ends-on 2024-03-31 --actions street=街面巡查`,
	columns: []string{"code", "name", "starts on", "ends on", "drill"},
	fields: []field{
		{flag: "name", member: "name", usage: "name in the language of the operation"},
		{flag: "name-en", member: "name_en", usage: "name in English"},
		{flag: "starts-on", member: "starts_on", usage: "first day"},
		{flag: "ends-on", member: "ends_on", usage: "last day; without end when left out"},
		{flag: "actions", member: "actions", usage: "lines of work, all of them: CODE=NAME,… They may be added and renamed, never removed", parse: pairs("code", "name")},
		{flag: "drill", member: "drill", usage: "an exercise: its documents never count; it never changes", parse: yesOrNo, yes: true},
	},
	list: func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error) {
		return api.ListCampaigns(ctx, &client.ListCampaignsParams{After: after, Limit: limit})
	},
	read: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadCampaign(ctx, code)
	},
	history: func(ctx context.Context, api *client.Client, code string) (*http.Response, error) {
		return api.ReadCampaignHistory(ctx, code)
	},
	create: func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error) {
		return api.CreateCampaignWithBody(ctx, jsonType, body)
	},
	change: func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error) {
		return api.ChangeCampaignWithBody(ctx, code, &client.ChangeCampaignParams{IfMatch: etag}, jsonType, body)
	},
}
