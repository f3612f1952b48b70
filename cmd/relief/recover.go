package main

import (
	"errors"
	"fmt"
	"os/user"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
)

func (s *settings) recovery() *cobra.Command {
	left := int64(-1)
	c := &cobra.Command{
		Use: "recover", Short: "Tell what a restored database lost, and accept it", Args: cobra.NoArgs,
		Long: `A server refuses a database that holds less than the last checkpoint it has seen: an old backup was restored, or a standby was promoted that
lagged behind. Bring the newer database back if there is any. If not, look at what is left, then accept the loss by naming the last entry that
is left: the checkpoint file goes on from there, the old one stays beside it, and the audit log tells who did so.

Clients then send again what they still hold, under the same keys: what is left is answered, what was lost is booked anew. The numbers of lost
entries are given again, so a checkpoint of them that a partner keeps will never agree with this book: show the old file to whoever asks.`,
		Example: `  relief recover                               tell what is lost, change nothing
  relief recover --accept-loss-after 60210     go on after entry 60210`,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.look(c.Context(), true, func(r *reading) error { return s.acceptLoss(c, r, left) })
		},
	}
	c.Flags().Int64Var(&left, "accept-loss-after", -1, "number of the last entry that is left")
	return c
}

func (s *settings) acceptLoss(c *cobra.Command, r *reading, left int64) error {
	audit, err := s.auditor(s.err)
	if err != nil {
		return err
	}
	sealer, err := r.sealerOf(r.db, r.book, audit)
	if err != nil {
		return err
	}
	if left >= 0 {
		aside, err := sealer.AcceptLoss(c.Context(), left)
		if err != nil {
			return err
		}
		audit.Warn("loss accepted", "book", r.book.Code, "left", left, "aside", aside, "by", console())
		return s.notice(s.out, "book %s goes on after entry %d; the old checkpoints stay in %s", r.book.Code, left, aside)
	}
	sealed, err := sealer.Seal(c.Context())
	shorter := new(ledger.Shorter)
	switch {
	case err == nil:
		return s.notice(s.out, "book %s lost nothing: it holds %d entries, and the checkpoint file vouches for no more", r.book.Code, sealed.Size)
	case !errors.As(err, &shorter):
		return err
	}
	return hinted{
		fmt.Errorf("book %s lost entries %d to %d", shorter.Book, shorter.Holds+1, shorter.Signed),
		fmt.Sprintf("bring the newer database back; if there is none, relief recover --accept-loss-after %d goes on without them", shorter.Holds),
	}
}

// console is who works at this machine, for the audit log.
func console() string {
	if u, err := user.Current(); err == nil {
		return "console:" + u.Username
	}
	return "console"
}
