package pg

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"
)

var (
	// ErrOutcomeUnknown means that a COMMIT, or a guarded message, was sent and nobody knows whether it took effect:
	// it may still take effect later. Only repeating the same work under the same key resolves it; looking the key up does not.
	ErrOutcomeUnknown = errors.New("outcome unknown, repeat the request with the same key")

	// ErrOutsideTransaction refuses a write outside an explicit transaction. When the connection closes after the server
	// carried it out, database/sql runs such a statement a second time and reports success.
	ErrOutsideTransaction = errors.New("a write outside a transaction could run twice, wrap it in pg.Transact")
)

// unknown hides its cause from errors.Is: an unknown outcome that wraps driver.ErrBadConn would look safe to repeat.
func unknown(cause any) error { return fmt.Errorf("%w (%v)", ErrOutcomeUnknown, cause) }

// Code is the SQLSTATE of a server's error, or nothing for any other error.
func Code(err error) string {
	if e := pq.As(err); e != nil {
		return string(e.Code)
	}
	return ""
}

// Violated is the name of the constraint that err violates, or nothing. A unique index counts as a constraint.
func Violated(err error) string {
	if e := pq.As(err); e != nil {
		return e.Constraint
	}
	return ""
}

// IsTransient reports whether the same work may succeed when it is tried again: a lost race, a restart or a failover of the
// server, a refused or broken connection. An unknown outcome is not transient: see ErrOutcomeUnknown.
func IsTransient(err error) bool {
	if err == nil || errors.Is(err, ErrOutcomeUnknown) {
		return false
	}
	if code := Code(err); code != "" {
		switch code {
		case "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05", "53300", "25006":
			return true
		}
		return strings.HasPrefix(code, "08")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var network *net.OpError // refused, reset, broken pipe, past its deadline
	return errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// definite reports whether the server itself said that the transaction came to nothing.
func definite(err error) bool {
	if errors.Is(err, pq.ErrInFailedTransaction) {
		return true
	}
	code := Code(err)
	switch {
	case code == "", code == "40003", code == "08007":
		return false
	default:
		// An internal error while committing can be reported after the commit record was written.
		return !strings.HasPrefix(code, "XX")
	}
}
