package pg

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// Pipe is a connection whose user sends a transaction before the last one is answered. The server takes them in the order in which
// they were sent and finds the next one at its door when it has done with one. lib/pq waits for each answer before it sends again, and
// for an answer to each statement that has parameters.
//
// One goroutine uses a pipe. What is sent is only for statements that prove by compare-and-set that they took effect once, also
// behind a transaction that failed; they must hold no BEGIN and no COMMIT. Nothing repeats them silently.
type Pipe struct {
	conn    net.Conn
	front   *pgproto3.Frontend
	out     chan *parcel // to be sent
	sent    chan *parcel // to be answered
	aloft   atomic.Int32
	running sync.WaitGroup
}

// Statement is a part of a transaction.
type Statement struct {
	Name  string   // by which the connection keeps its plan; one transaction runs it once
	Text  string   // to plan it, or to plan it anew; empty when the connection has the plan
	Types []uint32 // of its parameters, by their numbers in PostgreSQL
	// Texts are its first parameters, written as text; nil is NULL. Binaries are those behind them, in PostgreSQL's binary form.
	Texts, Binaries [][]byte
}

// parcel is one transaction and what comes of it.
type parcel struct {
	statements []Statement
	landed     chan error
}

// room is how many transactions a pipe takes before Send waits.
const room = 8

// OpenPipe opens a pipe to the server that a connection of Open leads to, with the same settings and some of its own. It does not count
// among the connections of the pool.
func OpenPipe(ctx context.Context, beside *sql.Conn, settings map[string]string) (*Pipe, error) {
	var lay *pipeline
	err := beside.Raw(func(driverConn any) error {
		c, ok := driverConn.(*conn)
		if !ok {
			return fmt.Errorf("pg: %T is not a connection of pg.Open", driverConn)
		}
		lay = c.pipeline
		return nil
	})
	if err != nil {
		return nil, err
	}
	hijacked, err := lay.dial(ctx, settings)
	if err != nil {
		return nil, err
	}
	p := &Pipe{conn: hijacked.Conn, front: hijacked.Frontend, out: make(chan *parcel, room), sent: make(chan *parcel, room)}
	p.running.Go(p.write)
	p.running.Go(p.read)
	return p, nil
}

// Send sends statements that the server runs as one transaction, all or nothing. What comes of it is told once, in the order of sending.
// A *pq.Error says that nothing was done, but for plans that may have been made. ErrOutcomeUnknown, after a lost connection or a warning, says that nobody
// knows; the same is then said of everything that was sent after it, and the pipe is of no more use. Once sent, a transaction runs to its end,
// and its answer is waited for at most as long as Options.Deadline.
func (p *Pipe) Send(statements []Statement) <-chan error {
	m := &parcel{statements, make(chan error, 1)}
	p.aloft.Add(1)
	p.out <- m
	return m.landed
}

// Close ends the connection. What is still on its way comes to ErrOutcomeUnknown.
func (p *Pipe) Close() {
	if p.aloft.Load() == 0 { // else there is nobody at the other end who would listen
		terminate, _ := (&pgproto3.Terminate{}).Encode(nil)
		_, _ = p.conn.Write(terminate)
	}
	_ = p.conn.Close()
	close(p.out)
	p.running.Wait()
}

// write is a goroutine of its own, because what is larger than the network holds waits until the server has done with the transactions before.
func (p *Pipe) write() {
	defer close(p.sent)
	for m := range p.out {
		p.sent <- m
		values, run, err := m.encode()
		if err == nil {
			_, err = p.conn.Write(values)
		}
		if err == nil {
			_, err = p.conn.Write(run)
		}
		if err != nil {
			_ = p.conn.Close() // whoever waits for an answer finds out
		}
	}
}

// encode gives all plans and values in one piece and what runs them in another, which is small and sent at last: the server then locks no row while it
// waits for the rest of a transaction from a program that has stopped, or through a network that has died.
func (m *parcel) encode() (values, run []byte, err error) {
	size := 0
	for _, s := range m.statements {
		size += 300 + len(s.Text)
		for _, v := range s.Binaries {
			size += 4 + len(v)
		}
	}
	values = make([]byte, 0, size)
	add := func(to *[]byte, message pgproto3.FrontendMessage) {
		if err == nil {
			*to, err = message.Encode(*to)
		}
	}
	for _, s := range m.statements {
		if s.Text != "" {
			add(&values, &pgproto3.Close{ObjectType: 'S', Name: s.Name}) // a plan may be left of a transaction that failed
			add(&values, &pgproto3.Parse{Name: s.Name, Query: s.Text, ParameterOIDs: s.Types})
		}
	}
	for _, s := range m.statements {
		formats := make([]int16, len(s.Texts)+len(s.Binaries))
		for i := range s.Binaries {
			formats[len(s.Texts)+i] = pgproto3.BinaryFormat
		}
		add(&values, &pgproto3.Bind{
			DestinationPortal: s.Name, PreparedStatement: s.Name,
			ParameterFormatCodes: formats, Parameters: append(s.Texts, s.Binaries...),
		})
		add(&run, &pgproto3.Execute{Portal: s.Name})
	}
	add(&run, &pgproto3.Sync{})
	return values, run, err
}

func (p *Pipe) read() {
	broken := false
	for m := range p.sent {
		err := unknown("a transaction before it was not answered")
		if !broken {
			lost, warning, failed := p.answer()
			err, broken = settle(failed, warning)
			broken = broken || lost
		}
		if broken {
			_ = p.conn.Close()
		}
		p.aloft.Add(-1)
		m.landed <- err
	}
}

// answer reads what the server says of one transaction: whether the connection was lost meanwhile, the last warning, and the first error.
func (p *Pipe) answer() (lost bool, warning string, failed error) {
	for {
		message, err := p.front.Receive()
		if err != nil {
			return true, warning, cmp.Or(failed, err)
		}
		switch m := message.(type) {
		case *pgproto3.ErrorResponse:
			if failed == nil {
				failed = asError(m)
			}
		case *pgproto3.NoticeResponse:
			if m.Severity == pqerror.SeverityWarning {
				warning = m.Message
			}
		case *pgproto3.ReadyForQuery:
			return false, warning, failed
		}
	}
}

// asError is the server's error as lib/pq would tell it, so that there is one kind of it.
func asError(m *pgproto3.ErrorResponse) error {
	return &pq.Error{
		Severity: m.Severity, Code: pqerror.Code(m.Code), Message: m.Message, Detail: m.Detail, Hint: m.Hint, Where: m.Where,
		Schema: m.SchemaName, Table: m.TableName, Column: m.ColumnName, DataTypeName: m.DataTypeName, Constraint: m.ConstraintName,
	}
}
