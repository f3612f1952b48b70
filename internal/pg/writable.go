package pg

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// ErrReadOnly says that the database answers and takes no writes: a standby, or one that was set so.
var ErrReadOnly = errors.New("the database is read-only")

// Writable is nil when a transaction on the pool may write, ErrReadOnly when it may not, and another error when it does not answer.
func Writable(ctx context.Context, db *bun.DB) error {
	writable := false
	err := db.NewRaw("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'").Scan(ctx, &writable)
	if err == nil && !writable {
		return ErrReadOnly
	}
	return err
}

// Risks are settings of the server under which a commit that was acknowledged may be lost, each as "name = value".
func Risks(ctx context.Context, db *bun.DB) ([]string, error) {
	var risks []string
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := db.NewRaw("SELECT current_setting(?)", name).Scan(ctx, &value); err != nil {
			return nil, fmt.Errorf("setting %s: %w", name, err)
		}
		if strings.EqualFold(value, "off") {
			risks = append(risks, name+" = "+value)
		}
	}
	return risks, nil
}
