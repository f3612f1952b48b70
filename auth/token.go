package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// MaxLife is the longest a token may live, so that forgotten ones die.
const MaxLife = 365 * 24 * time.Hour

const (
	prefix    = "rl_"
	idLength  = 12
	nameLimit = 120
)

// Token describes a token without its secret.
type Token struct {
	ID        string
	Name      string
	Actor     string
	Role      Role
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time
	RevokedAt time.Time // zero while it is good
	// LastUsedAt is when it was last shown, to the minute; zero when never.
	LastUsedAt time.Time
}

// Order is a wish for a token.
type Order struct {
	Actor string        // code of the actor; made when it is new
	Role  Role          // of the actor
	Name  string        // what the token is for, as "tablet of PT-0031"
	Life  time.Duration // at most MaxLife
	By    string        // who orders it

	// Location and Fund bound the role of an actor that is made, "" for everywhere and for every fund. One that exists must hold
	// the role within these bounds when they are given, and within any otherwise.
	Location, Fund string
}

var codeSyntax = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)

func (o Order) check() error {
	if err := checkActor(o.Actor, o.Role); err != nil {
		return err
	}
	switch {
	case o.Name == "" || len(o.Name) > nameLimit:
		return fmt.Errorf("token name has %d bytes, 1 to %d wanted", len(o.Name), nameLimit)
	case o.Life <= 0 || o.Life > MaxLife:
		return fmt.Errorf("token life is %s, at most %s wanted", o.Life, MaxLife)
	}
	return nil
}

func checkActor(code string, role Role) error {
	if !codeSyntax.MatchString(code) {
		return fmt.Errorf("actor %.90q is not a code of 1 to 80 letters, digits, '.', '_' and '-'", code)
	}
	_, err := ParseRole(string(role))
	return err
}

// mint makes a new id and secret. The secret has 130 random bits, so that a plain SHA-256 of it is safe to store:
// there is nothing to guess, and a slow hash would only help somebody who floods the door.
func mint() (id, secret string) { return rand.Text()[:idLength], rand.Text() }

func write(id, secret string) string { return prefix + id + "_" + secret }

// read splits a token as it is shown. It looks at the form only.
func read(shown string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(shown, prefix)
	if !ok || len(rest) > 80 {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && len(id) == idLength && secret != ""
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// same compares in constant time, so that the time taken tells nothing about the stored hash.
func same(stored []byte, secret string) bool {
	return subtle.ConstantTimeCompare(stored, hash(secret)) == 1
}
