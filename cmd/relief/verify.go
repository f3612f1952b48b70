package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"reliefledger/ledger"
)

func (s *settings) verify() *cobra.Command {
	var checkpoints string
	c := &cobra.Command{
		Use: "verify", Short: "Prove that nothing in the book was changed", Args: cobra.NoArgs,
		Long: `Reads the whole book and computes anew all that is stored twice: numbers, balances, floors at every date, reversals, document numbers,
leaf hashes, the tree, and every checkpoint kept in the database and in the checkpoint file. It names the exact row that is wrong.

The checkpoint file and the public keys are those of the data directory. Only a file kept elsewhere can show that somebody who may rewrite
the database and this machine did so: name it with --checkpoints.`,
		Example: `  relief verify
  relief verify --checkpoints /mnt/partner/checkpoints`,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.look(c.Context(), true, func(r *reading) error { return s.verifyBook(c, r, checkpoints) })
		},
	}
	c.Flags().StringVar(&checkpoints, "checkpoints", "", "file of checkpoints kept elsewhere (default checkpoints in the data directory)")
	return c
}

func (s *settings) verifyBook(c *cobra.Command, r *reading, file string) error {
	if file == "" {
		file = filepath.Join(r.dir, "checkpoints")
	} else if _, err := os.Stat(file); err != nil {
		return err
	}
	kept, err := ledger.ReadCheckpoints(file)
	if err != nil {
		return err
	}
	p := s.newProgress(s.say("verifying"))
	o := ledger.VerifyOptions{Checkpoints: kept, Progress: p.tell}
	if o.Verifiers, err = s.verifiers(r); err != nil {
		return err
	}
	findings, err := ledger.Verify(c.Context(), r.db, r.book, o)
	p.end()
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Fprintln(s.out, f)
	}
	if len(findings) > 0 {
		audit, err := s.auditor(io.Discard)
		if err != nil {
			return err
		}
		audit.Error("verify failed", "book", r.book.Code, "findings", len(findings), "first", findings[0].String(), "by", console())
		return hinted{errBroken, "each line names a row that is not what was recorded; a backup and the checkpoints tell what it was"}
	}
	number := 0
	if err := r.db.NewRaw("SELECT number FROM heads WHERE book_id = ?", r.book.ID).Scan(c.Context(), &number); err != nil {
		return err
	}
	return s.notice(s.out, "book %s is whole: %d entries, %d checkpoints in %s", r.book.Code, number, len(kept), file)
}
