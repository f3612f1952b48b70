package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs the checkpoints of one book and proves them.
type Key struct {
	note.Signer
	// Public is the verifier key to hand out, as "reliefledger/main+c74f20a3+Aa…".
	Public   string
	Verifier note.Verifier
}

// OpenKey reads the key of a log from its file, or makes both when there is no file. The file holds the private key in its first
// line and the public one in its second, and is refused when others may read it: whoever has it can rewrite history.
func OpenKey(path, origin string) (Key, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = newKey(path, origin)
		if err == nil {
			info, err = os.Stat(path)
		}
	}
	if err != nil {
		return Key{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("key file %s has mode %04o, 0600 wanted", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Key{}, err
	}
	private, public, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	key := Key{Public: strings.TrimSpace(public)}
	if key.Signer, err = note.NewSigner(strings.TrimSpace(private)); err != nil {
		return Key{}, fmt.Errorf("key file %s: %w", path, err)
	}
	if key.Verifier, err = note.NewVerifier(key.Public); err != nil {
		return Key{}, fmt.Errorf("key file %s: %w", path, err)
	}
	if key.Signer.Name() != origin || key.Verifier.Name() != origin || key.Signer.KeyHash() != key.Verifier.KeyHash() {
		return Key{}, fmt.Errorf("key file %s is of log %s, %s wanted", path, key.Signer.Name(), origin)
	}
	return key, nil
}

// newKey writes a fresh key. O_EXCL: a key that is already there must never be replaced.
func newKey(path, origin string) error {
	private, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s\n%s\n", private, public)
	return errors.Join(err, f.Sync(), f.Close())
}
