package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"reliefledger/ledger"
)

func keyFile(dir string) string { return filepath.Join(dir, "log.key") }

// verifiers prove the checkpoints of a book. The public keys are enough; a data directory from before they had a file gets one.
func (s *settings) verifiers(r *reading) (note.Verifiers, error) {
	path := keyFile(r.dir)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ledger.ReadVerifiers(ledger.PublicKeys(path), r.book.Origin())
	}
	key, err := ledger.OpenKey(path, r.book.Origin())
	return key.Verifiers, err
}

func (s *settings) key() *cobra.Command {
	c := &cobra.Command{
		Use: "key", Short: "Show the public keys of the log, and change the one that signs", Args: cobra.NoArgs,
		Long: `Checkpoints of the log are signed with the private key in log.key of the data directory. Whoever has it can sign a history that was rewritten,
so it is changed when somebody leaves who could read it, or when it was lost: a start without log.key makes a new one by itself.
The public keys stay in log.pub, so that what earlier keys signed stays proven. Hand every line of it to whoever keeps your checkpoints.`,
		Example: `  relief key              the public keys, the one that signs last
  relief key rotate       make a new key; a running server signs with it after its next start`,
		RunE: func(c *cobra.Command, _ []string) error {
			text, err := os.ReadFile(ledger.PublicKeys(keyFile(s.data)))
			if errors.Is(err, fs.ErrNotExist) {
				err = hinted{fmt.Errorf("there is no log key in %s", s.data), "relief serve makes one at its first start; --data names another directory"}
			}
			if err == nil {
				_, err = s.out.Write(text)
			}
			return err
		},
	}
	c.AddCommand(&cobra.Command{
		Use: "rotate", Short: "Retire the log's key and make a new one", Args: cobra.NoArgs,
		Example: `  relief key rotate`,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.look(c.Context(), false, s.rotateKey)
		},
	})
	return c
}

// rotateKey puts the private key aside before it makes another: at no moment do two of them look like the one that signs.
func (s *settings) rotateKey(r *reading) error {
	audit, err := s.auditor(s.err)
	if err != nil {
		return err
	}
	path := keyFile(r.dir)
	// Publishes the public half of a key from before there was a file of them.
	if _, err := s.verifiers(r); err != nil {
		return err
	}
	aside, retired := path+".retired-"+time.Now().UTC().Format("20060102T150405Z"), true
	switch err := os.Rename(path, aside); {
	case errors.Is(err, fs.ErrNotExist):
		retired = false
	case err != nil:
		return err
	}
	key, err := ledger.OpenKey(path, r.book.Origin())
	if err != nil {
		return err
	}
	audit.Warn("log key rotated", "book", r.book.Code, "file", path, "public", key.Public, "by", console())
	if retired {
		return s.notice(s.out, "%s\nsigns after the next start of the server; the retired private key is %s, destroy it then", key.Public, aside)
	}
	return s.notice(s.out, "%s\nsigns after the next start of the server", key.Public)
}
