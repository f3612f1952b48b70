package pg_test

import (
	"bytes"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"
)

// proxy stands between a pool and the server and breaks the network in the ways that matter.
type proxy struct {
	dsn              string
	network, address string

	mu    sync.Mutex
	cut   string // a message with this text reaches the server, its answer is swallowed and the connection closed
	hole  bool   // nothing passes any more, and nobody is told
	conns []net.Conn
}

func newProxy(t *testing.T, dsn string) *proxy {
	t.Helper()
	config, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{network: "tcp", address: net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))}
	if filepath.IsAbs(config.Host) {
		p.network, p.address = "unix", filepath.Join(config.Host, ".s.PGSQL."+strconv.Itoa(int(config.Port)))
	}
	dir, err := os.MkdirTemp("", "pgproxy") // short: a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		listener.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.conns {
			c.Close()
		}
		os.RemoveAll(dir)
	})
	p.dsn = (&url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Path: "/" + config.Database,
		RawQuery: url.Values{"host": {dir}, "port": {"5432"}}.Encode(),
	}).String()
	go p.accept(listener)
	return p
}

func (p *proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(p.network, p.address)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		link := &link{proxy: p, client: client, server: server}
		go link.forward()
		go link.backward()
	}
}

// cutAfter breaks the next message that holds text.
func (p *proxy) cutAfter(text string) { p.mu.Lock(); p.cut = text; p.mu.Unlock() }

// blackHole swallows everything from now on, or no longer.
func (p *proxy) blackHole(on bool) { p.mu.Lock(); p.hole = on; p.mu.Unlock() }

type link struct {
	*proxy
	client, server net.Conn
	swallow        bool
}

func (l *link) forward() {
	defer l.server.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := l.client.Read(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		hole := l.hole
		if l.cut != "" && strings.Contains(string(buf[:n]), l.cut) {
			l.cut, l.swallow = "", true
		}
		l.mu.Unlock()
		if hole {
			continue
		}
		if _, err := l.server.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (l *link) backward() {
	defer l.client.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := l.server.Read(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		hole, swallow := l.hole, l.swallow
		l.mu.Unlock()
		switch {
		case hole:
		case swallow:
			// ReadyForQuery ends the answer: by then the server is done.
			if i := n - 6; i >= 0 && bytes.HasPrefix(buf[i:n], []byte{'Z', 0, 0, 0, 5}) {
				return
			}
		default:
			if _, err := l.client.Write(buf[:n]); err != nil {
				return
			}
		}
	}
}
