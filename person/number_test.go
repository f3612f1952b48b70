package person_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reliefledger/person"
)

func TestResidentNumbers(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"11010519491231002X":     "", // the example of GB 11643
		"440524188001010014":     "", // and the other one
		"11010519491231002x":     "",
		"110105 19491231 002X":   "",
		"":                       "resident number has 0 characters, 18 wanted",
		"110105491231002":        "resident number has 15 characters, 18 wanted",
		"110105194912310021":     "resident number has a wrong check digit, a slip of the keyboard",
		"11010519491231020X":     "resident number has a wrong check digit, a slip of the keyboard",
		"11010519490231002X":     "resident number holds no day of birth",
		"110105194A1231002X":     "resident number has a character that is no digit at 10",
		"X1010519491231002X":     "resident number has a character that is no digit at 1",
		"01010519491231002X":     "resident number begins with 0, a division of GB/T 2260 wanted",
		"１１010519491231":         "resident number has a character that is no digit at 1",
		strings.Repeat("1", 999): "resident number has 999 characters, 18 wanted",
	} {
		n, err := person.ParseNumber(given)
		if want == "" {
			if err != nil || string(n) != strings.ToUpper(strings.ReplaceAll(given, " ", "")) {
				t.Errorf("%q: %q, %v", given, string(n), err)
			}
			continue
		}
		if want = "the register of persons refuses it: " + want; err == nil || err.Error() != want || !errors.Is(err, person.ErrInvalid) {
			t.Errorf("%q: %v, wanted %s", given, err, want)
		}
	}
	if n, _ := person.ParseNumber("11010519491231002X"); fmt.Sprint(n, " ", n) != "a resident number a resident number" {
		t.Errorf("printed as %v", n)
	}
}

// One wrong digit, and two neighbours exchanged, are always found.
func TestSlipsAreFound(t *testing.T) {
	t.Parallel()
	const good = "11010519491231002X"
	rapid.Check(t, func(rt *rapid.T) {
		b := []byte(good)
		i := rapid.IntRange(0, 16).Draw(rt, "at")
		if rapid.Bool().Draw(rt, "exchanged") {
			b[i], b[i+1] = b[i+1], b[i]
		} else {
			b[i] = byte(rapid.IntRange('0', '9').Draw(rt, "digit"))
		}
		if _, err := person.ParseNumber(string(b)); string(b) != good && err == nil {
			rt.Fatalf("%s passes", b)
		}
	})
}

func TestPseudonyms(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "persons.key")
	s, err := person.OpenSecret(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := person.OpenSecret(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := person.OpenSecret(path + "2")
	if err != nil {
		t.Fatal(err)
	}
	n, _ := person.ParseNumber("11010519491231002X")
	m, _ := person.ParseNumber("440524188001010014")
	p := s.Pseudonym("main", n)
	if p != again.Pseudonym("main", n) {
		t.Error("the same number has two pseudonyms")
	}
	seen := map[string]string{p: "first"}
	for name, q := range map[string]string{
		"another book": s.Pseudonym("other", n), "another number": s.Pseudonym("main", m), "another secret": other.Pseudonym("main", n), "random": person.Random(), "random again": person.Random(),
	} {
		if seen[q] != "" || len(q) != len(p) || q[:2] != "P-" || strings.Contains(q, "1949") {
			t.Errorf("%s: %s, like %s", name, q, seen[q])
		}
		seen[q] = name
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := person.OpenSecret(path); err == nil || err.Error() != "secret file "+path+" has mode 0640, 0600 wanted" {
		t.Errorf("readable by others: %v", err)
	}
	if err := os.WriteFile(path+"3", []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := person.OpenSecret(path + "3"); err == nil || err.Error() != "secret file "+path+"3 does not hold the 32 bytes of a secret in hexadecimal" {
		t.Errorf("not a secret: %v", err)
	}
}
