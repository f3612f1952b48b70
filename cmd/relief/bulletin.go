package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/internal/demo"
	"reliefledger/openapi/client"
	"reliefledger/report"
)

func (s *settings) bulletin() *cobra.Command {
	r := s.report("bulletin [CAMPAIGN]", "Print the bulletin of a campaign out of the book", cobra.MaximumNArgs(1), `  relief bulletin                                 the winter campaign of the demo
  relief bulletin WINTER-23 --lang en --under 5101
  relief bulletin WINTER-23 --from 2023-12-01 --to 2023-12-31 --json`)
	var q report.BulletinQuery
	language := "zh"
	r.Flags().StringVar(&q.Under, "under", "", "province, prefecture, station or point whose subtree counts")
	r.Flags().StringVar(&language, "lang", "zh", "zh or en")
	r.days(&q.From, &q.To)
	r.knownAt(&q.KnownAt)
	return answers(r, func(ctx context.Context, room report.Room, args []string) (report.Bulletin, error) {
		return room.Bulletin(ctx, append(args, demo.Campaign)[0], q)
	}, func(ctx context.Context, api *client.Client, args []string) (report.Bulletin, error) {
		return read[report.Bulletin](api.ReadBulletin(ctx, append(args, demo.Campaign)[0], &client.ReadBulletinParams{
			Under: given(q.Under), From: given(q.From.String()), To: given(q.To.String()), KnownAt: given(q.KnownAt),
		}))
	}, func(w io.Writer, b report.Bulletin) error {
		text := b.Chinese()
		if language == "en" {
			text = b.English()
		}
		_, err := io.WriteString(w, text)
		return err
	})
}
