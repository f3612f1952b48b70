package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/note"
)

// Sealer keeps the log of a book sealed: it stores a signed checkpoint in the database and in a file outside it.
// The file is what a restored or rewritten database is measured against, so it belongs on another disk or with somebody else.
type Sealer struct {
	DB   *bun.DB
	Book Info
	Key  Key
	File string
	Now  func() time.Time // clock; time.Now by default

	mu      sync.Mutex
	sealed  Checkpoint // the last one
	triedAt time.Time
	err     error // of the last try
}

// Seal seals once. A server calls it before it takes any request: an error means that the database is shorter than, or different from,
// what the file vouches for, and must not be written to.
func (s *Sealer) Seal(ctx context.Context) (Checkpoint, error) {
	sealed, err := s.seal(ctx, s.clock())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.triedAt, s.err = s.clock(), err
	if err == nil {
		s.sealed = sealed
	}
	return sealed, err
}

func (s *Sealer) clock() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Standing is the last checkpoint of this sealer, when it last tried to sign one, and why that failed, nil when it did not.
func (s *Sealer) Standing() (sealed Checkpoint, triedAt time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sealed, s.triedAt, s.err
}

// Held is a *Shorter while the database, when it was last looked at, held less than was signed: a book that is asked to Hold by it
// writes nothing on top of a loss. It ends by itself when the newer database is back. A seal that failed otherwise holds nobody up.
func (s *Sealer) Held() error {
	_, _, err := s.Standing()
	if shorter := new(Shorter); errors.As(err, &shorter) {
		return shorter
	}
	return nil
}

func (s *Sealer) seal(ctx context.Context, now time.Time) (Checkpoint, error) {
	known, err := s.kept()
	if err != nil {
		return Checkpoint{}, err
	}
	sealed, err := Seal(ctx, s.DB, s.Book, s.Key, now, known)
	if err != nil {
		return sealed, fmt.Errorf("checkpoint file %s: %w", s.File, err)
	}
	// Also when nothing was new: a crash may have come between the database and the file.
	if sealed.Size > known.Size {
		err = appendCheckpoint(s.File, sealed.Note)
	}
	return sealed, err
}

// kept is the last checkpoint in the file, or the zero Checkpoint. Only the end of the file is read: it grows by a note a minute.
func (s *Sealer) kept() (Checkpoint, error) {
	text, err := readEnd(s.File, 16<<10)
	notes := signedNotes(text)
	if err != nil || len(notes) == 0 {
		return Checkpoint{}, err
	}
	last, err := OpenCheckpoint(notes[len(notes)-1], s.Key.Verifiers)
	if other := new(note.UnverifiedNoteError); errors.As(err, &other) {
		err = fmt.Errorf("checkpoint of size %d was signed with none of the keys of this log: bring log.key or log.pub back, or move the file away to begin a new one",
			last.Size)
	}
	if err != nil {
		return last, fmt.Errorf("checkpoint file %s: %w", s.File, err)
	}
	return last, nil
}

// readEnd is the last part of a file, at most size bytes; a file that does not exist is empty.
func readEnd(path string, size int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-size), size))
}

// Run seals on every tick until ctx is done, and then once more, so that the last entries of a server that stops in order are
// sealed: stop the book first, then ctx. A failed seal is logged and tried again on the next tick, posting goes on.
func (s *Sealer) Run(ctx context.Context, ticks <-chan time.Time) error {
	for {
		select {
		case <-ticks:
			if _, err := s.Seal(ctx); err != nil && ctx.Err() == nil {
				slog.Error("log not sealed", "book", s.Book.Code, "error", err)
			}
		case <-ctx.Done():
			_, err := s.Seal(context.WithoutCancel(ctx))
			return err
		}
	}
}

// signedNote is a whole checkpoint in a file of checkpoints: three lines, an empty one, its signatures, and an empty line.
var signedNote = regexp.MustCompile(`(?m)^[^\n]+\n[0-9]+\n[^\n]+\n\n(?:— [^\n]+\n)+\n`)

// ReadCheckpoints are the signed notes in a file, oldest first, without looking at the signatures. A note that a crash left
// half written is passed over; a file that does not exist has none.
func ReadCheckpoints(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return signedNotes(text), err
}

func signedNotes(text []byte) []string {
	notes := signedNote.FindAllString(string(text), -1)
	for i, found := range notes {
		notes[i] = strings.TrimSuffix(found, "\n")
	}
	return notes
}

// appendCheckpoint adds a note and returns when it is on the disk. An empty line goes before it too: it ends what a crash
// may have left half written.
func appendCheckpoint(path, signed string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n" + signed + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}
