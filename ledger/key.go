package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs the checkpoints of one book.
type Key struct {
	note.Signer
	// Public is the verifier key to hand out, as "reliefledger/main+c74f20a3+Aa…".
	Public string
	// Verifiers prove what this key signed, and what the keys before it signed.
	Verifiers note.Verifiers
}

// OpenKey reads the key of a log from its file, or makes both when there is no file. The file holds the private key in its first
// line and the public one in its second, and is refused when others may read it: whoever has it can rewrite history.
//
// The public key is also added to the file of all public keys beside it, log.pub for log.key: a key that is lost or retired
// signs nothing more, and what it signed stays proven.
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
	verifier, err := note.NewVerifier(key.Public)
	if err != nil {
		return Key{}, fmt.Errorf("key file %s: %w", path, err)
	}
	if key.Signer.Name() != origin || verifier.Name() != origin || key.Signer.KeyHash() != verifier.KeyHash() {
		return Key{}, fmt.Errorf("key file %s is of log %s, %s wanted", path, key.Signer.Name(), origin)
	}
	if err := publish(PublicKeys(path), key.Public); err != nil {
		return Key{}, err
	}
	key.Verifiers, err = ReadVerifiers(PublicKeys(path), origin)
	return key, err
}

// PublicKeys is the file of the public keys that goes with a key file.
func PublicKeys(path string) string { return strings.TrimSuffix(path, ".key") + ".pub" }

// publish adds a public key to the file of public keys, unless it stands there. It is on the disk before the key signs anything.
func publish(path, public string) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if slices.Contains(strings.Fields(string(text)), public) {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, public)
	return errors.Join(err, f.Sync(), f.Close())
}

// ReadVerifiers reads a file of public keys of a log, one in a line. They are all that is needed to check checkpoints: an auditor has no
// private key. A file that does not exist gives nil.
func ReadVerifiers(path, origin string) (note.Verifiers, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var verifiers []note.Verifier
	for _, public := range strings.Fields(string(text)) {
		v, err := note.NewVerifier(public)
		if err != nil {
			return nil, fmt.Errorf("public keys %s: %.80q: %w", path, public, err)
		}
		if v.Name() != origin {
			return nil, fmt.Errorf("public keys %s: %.80q is of log %s, %s wanted", path, public, v.Name(), origin)
		}
		verifiers = append(verifiers, v)
	}
	return note.VerifierList(verifiers...), nil
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
