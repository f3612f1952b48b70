package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// Guarded sends sql, which may hold many statements and takes no arguments, as one message outside an explicit transaction.
// The server runs it as one transaction of its own, all or nothing, in a single round trip.
//
// It is only for statements that prove by compare-and-set that they took effect once; they must hold no BEGIN and no COMMIT.
// Nothing repeats them silently. ctx is only looked at before sending: once sent, the message runs to its end, at most as
// long as Options.Deadline. A *pq.Error says that nothing was done. ErrOutcomeUnknown, after a lost connection or a warning,
// says that nobody knows; conn is closed then, and so are its later uses.
func Guarded(ctx context.Context, conn *sql.Conn, sql string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var outcome error
	err := conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(interface{ guardedExec(string) error })
		if !ok {
			return fmt.Errorf("pg: %T is not a connection of pg.Open", driverConn)
		}
		outcome = c.guardedExec(sql)
		if errors.Is(outcome, ErrOutcomeUnknown) {
			return driver.ErrBadConn
		}
		return nil
	})
	if outcome != nil {
		return outcome
	}
	return err
}

// Discard closes the connection to the server, so that no later user of the pool meets what this session has set and prepared.
func Discard(conn *sql.Conn) { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }

func (c *conn) guardedExec(sql string) error {
	if c.open {
		return errors.New("pg: a guarded message inside an explicit transaction")
	}
	c.warning = ""
	_, err := c.pqConn.ExecContext(context.Background(), sql, nil)
	return c.settle(err)
}
