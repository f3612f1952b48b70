package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"reliefledger/internal/demo"
)

func (s *settings) demo() *cobra.Command {
	var f founding
	var seed uint64
	c := &cobra.Command{
		Use: "demo", Short: "Book Sichuan's winter campaign of 2023-24, about 60,000 entries", Args: cobra.NoArgs,
		Long: `Books Sichuan's winter campaign of 2023-24 through the same operations as the API: 21 prefectures, 94 stations, 750 points, purchases, transfers,
handouts, relief cash, activities. The same seed books the same; what is there already is not booked again, so an interrupted demo goes on where it stopped.`,
		Example: "  relief demo && relief bulletin",
		RunE: func(c *cobra.Command, _ []string) error {
			audit, err := s.auditor(io.Discard)
			if err != nil {
				return err
			}
			r, err := s.run(c.Context(), f, audit)
			if err != nil {
				return err
			}
			return errors.Join(s.bookDemo(c.Context(), r, seed), r.close())
		},
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "what differs between one demo and another")
	f.foundingFlags(c)
	return c
}

// wantsDemo reports whether the demo belongs into the book: it is empty, or the demo was begun in it. Nobody wants it among real work.
func (s *settings) wantsDemo(ctx context.Context, r *running) (wanted bool, err error) {
	err = r.db.NewRaw("SELECT number = 0 OR EXISTS (SELECT FROM entries e WHERE e.book_id = h.book_id AND starts_with(e.key, 'demo/')) FROM heads h WHERE h.book_id = ?",
		r.book.ID).Scan(ctx, &wanted)
	if err == nil && !wanted {
		s.noticed("book %s holds work of its own: the demo is left out, --data names a directory for it", r.book.Code)
	}
	return wanted, err
}

// bookDemo books the demo, or what is missing of it.
func (s *settings) bookDemo(ctx context.Context, r *running, seed uint64) error {
	p := s.newProgress(s.say("booking the winter campaign"))
	total := 0
	err := demo.Run(ctx, demo.Options{
		Book: r.book, Keeper: r.keeper, Officer: r.officer, Desk: r.desk, Seed: seed,
		Progress: func(done, of int) {
			total = of
			p.tell(int64(done), int64(of))
		},
	})
	p.end()
	if err == nil && total > 0 {
		s.noticed("booked the winter campaign: %d entries", total)
	}
	return err
}
