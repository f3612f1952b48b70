package api

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
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
		d.count)
	op := asking[WordedBulletinQuery](a, "/v1/campaigns/{code}/bulletin/text", "read-bulletin-text", "Read the bulletin of a campaign as a text",
		"The same bulletin as a plain text to publish, in Chinese or English.")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The text.", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	huma.Register(a, op, d.bulletinText)
}

// count is the bulletin as far as whoever asks may see. Nothing in it may be a part that looks like the whole: who is bound to places gets one of
// a place of theirs, without the figures of money, which stands nowhere.
func (d *Door) count(ctx context.Context, campaign string, q report.BulletinQuery) (report.Bulletin, error) {
	s := scopeOf(ctx)
	if s.Whole(auth.Read) {
		return d.room().Bulletin(ctx, campaign, q)
	}
	if q.Under == "" {
		p := newProblem(forbidden, fmt.Sprintf("%s may %s within bounds only; this concerns the whole book.", s.Actor, auth.Read))
		p.Hint = "Name one of your own places with under."
		return report.Bulletin{}, p
	}
	b, err := d.room().Bulletin(ctx, campaign, q)
	if err != nil {
		return b, err
	}
	place, err := d.Keeper.Locations.Find(ctx, q.Under)
	if err == nil && !s.Covers(auth.Read, place.Path, "") {
		err = tooNarrow(newProblem(forbidden, fmt.Sprintf("%s reads the book within bounds only; a bulletin of all goods there takes a grant that no fund bounds.", s.Actor)))
	}
	return b.WithoutMoney(), err
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
	b, err := d.count(ctx, in.Code, q.BulletinQuery)
	if err != nil {
		return nil, err
	}
	text := b.Chinese()
	if q.Language == "en" {
		text = b.English()
	}
	return &plainText{"text/plain; charset=utf-8", []byte(text)}, nil
}
