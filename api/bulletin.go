package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/report"
)

// WordedBulletinQuery says which bulletin is wanted, and in which language.
type WordedBulletinQuery struct {
	report.BulletinQuery
	Language string `query:"lang" enum:"zh,en" doc:"Language of the text; Chinese when left out." example:"en"`
}

func (d *Door) bulletin(a huma.API) {
	questionOf(d, a, "/v1/campaigns/{code}/bulletin", "read-bulletin", "Read the bulletin of a campaign",
		"Counts a campaign out of the book: by province, prefecture, station or point, for any days, as known at any entry. Returns and reversals are taken off, drills never count. "+
			"Every figure is exact, worded as official reports print it, and carries the query that opens it.",
		d.room().Bulletin)
	op := asking[WordedBulletinQuery](a, "/v1/campaigns/{code}/bulletin/text", "read-bulletin-text", "Read the bulletin of a campaign as a text",
		"The same bulletin as a plain text to publish, in Chinese or English.")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The text.", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	huma.Register(a, op, d.bulletinText)
}

// plainText is a text to read.
type plainText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (d *Door) bulletinText(ctx context.Context, in *Coded) (*plainText, error) {
	q, err := bind[WordedBulletinQuery](d.schemas, visitOf(ctx).query)
	if err != nil {
		return nil, err
	}
	b, err := d.room().Bulletin(ctx, in.Code, q.BulletinQuery)
	if err != nil {
		return nil, err
	}
	text := b.Chinese()
	if q.Language == "en" {
		text = b.English()
	}
	return &plainText{"text/plain; charset=utf-8", []byte(text)}, nil
}
