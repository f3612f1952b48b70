package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
)

// AcceptLoss begins the checkpoint file anew for a database that lost entries for good, after an old backup was restored. The caller
// says how many entries are left, so that nobody accepts more than they looked at. What the file vouched for up to there must still
// hold, and goes on in the new file. The old one stays beside it under the name that is answered: with it everybody can see
// which entries there were once, and a checkpoint of them that a partner keeps will never agree with this database again.
//
// A database that lost nothing, or that is different from what was signed and not only shorter, is refused.
func (s *Sealer) AcceptLoss(ctx context.Context, left int64) (aside string, err error) {
	_, err = s.Seal(ctx)
	shorter := new(Shorter)
	switch {
	case err == nil:
		return "", fmt.Errorf("book %s lost nothing that checkpoint file %s vouches for", s.Book.Code, s.File)
	case !errors.As(err, &shorter):
		return "", err
	case left != shorter.Holds:
		return "", fmt.Errorf("book %s holds %d entries, the loss of all after %d was accepted", s.Book.Code, shorter.Holds, left)
	}
	known, err := s.upTo(left)
	if err != nil {
		return "", err
	}
	// Before the file is touched: this fails where the database is not only shorter.
	if _, err := Seal(ctx, s.DB, s.Book, s.Key, s.clock(), known...); err != nil {
		return "", err
	}
	aside = fmt.Sprintf("%s.lost-%d-%s", s.File, shorter.Signed, s.clock().UTC().Format("20060102T150405Z"))
	if err := replace(s.File, aside, known); err != nil {
		return "", err
	}
	_, err = s.Seal(ctx)
	return aside, err
}

// upTo are the checkpoints of the file that cover no more than left entries.
func (s *Sealer) upTo(left int64) ([]Checkpoint, error) {
	notes, err := ReadCheckpoints(s.File)
	if err != nil {
		return nil, err
	}
	var known []Checkpoint
	for _, signed := range notes {
		c, err := OpenCheckpoint(signed, s.Key.Verifiers)
		if err != nil {
			return nil, fmt.Errorf("checkpoint file %s: %w", s.File, err)
		}
		if c.Size <= left {
			known = append(known, c)
		}
	}
	return known, nil
}

// replace puts checkpoints in the place of a file that stays aside. At no moment is there no file: a server that started then would
// know of no loss.
func replace(file, aside string, known []Checkpoint) error {
	var text bytes.Buffer
	for _, c := range known {
		text.WriteString("\n" + c.Note + "\n")
	}
	fresh := file + ".new"
	if err := os.WriteFile(fresh, text.Bytes(), 0o644); err != nil {
		return err
	}
	if err := os.Link(file, aside); err != nil {
		return err
	}
	return os.Rename(fresh, file)
}
