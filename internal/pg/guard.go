package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// guarded is lib/pq's connector with connections that refuse a write outside an explicit transaction.
// A writing function inside a SELECT cannot be seen from here: such a function must itself bear to run twice.
type guarded struct {
	*pq.Connector
	pipeline *pipeline
}

func (g guarded) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := g.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{pqConn: inner.(pqConn), pipeline: g.pipeline}
	pq.SetNoticeHandler(inner, func(notice *pq.Error) {
		if notice.Severity == pqerror.SeverityWarning {
			c.warning = notice.Message
		}
	})
	return c, nil
}

// pqConn is what database/sql uses of a connection of lib/pq.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is one guarded connection. database/sql uses it from one goroutine at a time.
type conn struct {
	pqConn
	pipeline *pipeline
	open     bool   // inside an explicit transaction
	broken   bool   // an outcome was unknown: the pool must throw the connection away
	warning  string // the last WARNING of the server
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.permit(query); err != nil {
		return nil, err
	}
	return c.pqConn.ExecContext(ctx, query, args)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.permit(query); err != nil {
		return nil, err
	}
	return c.pqConn.QueryContext(ctx, query, args)
}

// PrepareContext lets any statement through, because preparing changes nothing; its runs are guarded one by one.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	inner, err := c.pqConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &stmt{Stmt: inner, conn: c, query: query}, nil
}

// BeginTx starts the transaction without the caller's deadline: lib/pq would cancel a COMMIT that waits for a standby,
// the server would commit locally, and the answer would be success for work that a failover loses.
// database/sql still rolls back when the caller's context ends before COMMIT.
func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	inner, err := c.pqConn.BeginTx(context.WithoutCancel(ctx), o)
	if err != nil {
		return nil, err
	}
	c.open = true
	return &tx{Tx: inner, conn: c}, nil
}

func (c *conn) ResetSession(ctx context.Context) error {
	if c.broken {
		return driver.ErrBadConn
	}
	return c.pqConn.ResetSession(ctx)
}

func (c *conn) IsValid() bool { return !c.broken && c.pqConn.IsValid() }

func (c *conn) permit(query string) error {
	if c.open {
		return nil
	}
	if word := writingWord(query); word != "" {
		return fmt.Errorf("%s: %w", word, ErrOutsideTransaction)
	}
	return nil
}

// settle is what the caller may believe of the end of a transaction.
func (c *conn) settle(err error) error {
	err, broken := settle(err, c.warning)
	c.broken = c.broken || broken
	return err
}

// settle turns the answer of the server to the end of a transaction into what the caller may believe, and says whether the connection
// must be thrown away.
func settle(err error, warning string) (_ error, broken bool) {
	switch {
	case err == nil && warning == "":
		return nil, false
	case err == nil:
		// Such as "canceling wait for synchronous replication": committed here, perhaps not there.
		return unknown("the server warned: " + warning), true
	case definite(err):
		return err, false
	}
	return unknown(err), true
}

// Proven runs a query that waits at its end for what a COMMIT waits for, such as one that locks rows, and says ErrOutcomeUnknown when the server
// warned meanwhile: what was read is then saved less than a commit promises.
func Proven(on *sql.Conn, ask func() error) error {
	own := func(do func(*conn) error) error {
		return on.Raw(func(driverConn any) error {
			c, ok := driverConn.(*conn)
			if !ok {
				return fmt.Errorf("pg: %T is not a connection of pg.Open", driverConn)
			}
			return do(c)
		})
	}
	err := own(func(c *conn) error { c.warning = ""; return nil })
	if err == nil {
		err = ask()
	}
	if err != nil {
		return err
	}
	return own(func(c *conn) error { return c.settle(nil) })
}

type tx struct {
	driver.Tx
	conn *conn
}

var errLostBefore = errors.New("connection lost before COMMIT, nothing was written")

func (t *tx) Commit() error {
	t.conn.open = false
	if !t.conn.pqConn.IsValid() {
		// lib/pq sends nothing on a connection that it knows to be bad, so this outcome is known.
		return errors.Join(errLostBefore, t.Tx.Commit())
	}
	t.conn.warning = ""
	return t.conn.settle(t.Tx.Commit())
}

func (t *tx) Rollback() error {
	t.conn.open = false
	return t.Tx.Rollback()
}

type stmt struct {
	driver.Stmt
	conn  *conn
	query string
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.permit(s.query); err != nil {
		return nil, err
	}
	if inner, ok := s.Stmt.(driver.StmtExecContext); ok {
		return inner.ExecContext(ctx, args)
	}
	// COPY's statement only knows the older form: each run adds a row to the buffer.
	values := make([]driver.Value, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	//lint:ignore SA1019 it is the only form that lib/pq's COPY has
	return s.Stmt.Exec(values)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.permit(s.query); err != nil {
		return nil, err
	}
	inner, ok := s.Stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, pq.ErrNotSupported
	}
	return inner.QueryContext(ctx, args)
}
