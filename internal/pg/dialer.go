package pg

import (
	"context"
	"net"
	"sync"
	"time"
)

// dialer bounds every wait on the network. A context does not: when packets vanish, lib/pq sends its cancel request
// into the same hole and goes on reading for ever.
type dialer struct {
	net.Dialer
	deadline time.Duration
}

func newDialer(deadline time.Duration) *dialer {
	d := &dialer{deadline: deadline}
	d.KeepAliveConfig = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3}
	d.Control = userTimeout
	return d
}

func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil || d.deadline <= 0 {
		return conn, err
	}
	return &boundConn{Conn: conn, deadline: d.deadline}, nil
}

// boundConn gives each Read and each Write its own deadline.
type boundConn struct {
	net.Conn
	deadline time.Duration

	mu    sync.Mutex
	limit time.Time // an absolute deadline set from outside; lib/pq sets one for the whole handshake
}

func (c *boundConn) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(c.next()); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *boundConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(c.next()); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// SetDeadline keeps t as a limit that the deadlines of single reads and writes never pass.
func (c *boundConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	c.limit = t
	c.mu.Unlock()
	return c.Conn.SetDeadline(t)
}

func (c *boundConn) next() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := time.Now().Add(c.deadline)
	if !c.limit.IsZero() && c.limit.Before(next) {
		return c.limit
	}
	return next
}
