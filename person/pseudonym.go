package person

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// A pseudonym is P- and 26 letters and digits, whichever way it was made: it does not tell whether a number is behind it.
var pseudonymSyntax = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)

func checkPseudonym(s string) error {
	if !pseudonymSyntax.MatchString(s) {
		return refuse("pseudonym", "a pseudonym is 1 to 80 letters, digits, '.', '_' and '-'")
	}
	return nil
}

// Random is a new pseudonym that says nothing of anybody. Without a register, nobody can find out whose it is.
func Random() string { return "P-" + rand.Text() }

// Secret makes pseudonyms out of resident numbers, always the same one in one book for one number, so that a person who is
// helped twice is counted once. Whoever has it and a list of numbers can tell who is behind every such pseudonym, even of
// people who were erased: an organisation that must forget altogether uses Random.
type Secret struct{ key []byte }

// OpenSecret reads the secret of a book from its file, or makes both when there is no file. The file is refused when others may
// read it. It belongs into the backup of keys and not into that of the database.
func OpenSecret(path string) (Secret, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = newSecret(path); err == nil {
			info, err = os.Stat(path)
		}
	}
	if err != nil {
		return Secret{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Secret{}, fmt.Errorf("secret file %s has mode %04o, 0600 wanted", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Secret{}, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != sha256.Size {
		return Secret{}, fmt.Errorf("secret file %s does not hold the %d bytes of a secret in hexadecimal", path, sha256.Size)
	}
	return Secret{key}, nil
}

// newSecret never replaces one that is there: every pseudonym made with it would lose its person.
func newSecret(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	return errors.Join(err, f.Sync(), f.Close())
}

// Pseudonym is that of a resident number in a book, given by its code. Different books know the same person by different ones.
func (s Secret) Pseudonym(book string, n Number) string {
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "relief pseudonym\n%s\n%s", book, string(n))
	return "P-" + base32.StdEncoding.EncodeToString(mac.Sum(nil))[:26]
}
