// Package faultpg is a network between a pool and PostgreSQL that breaks on order. It reads the protocol, so that it can break
// at a message that is named by its number or its text, before, within or behind its bytes.
package faultpg

import (
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/lib/pq"
)

// Proxy stands between a pool and a server.
type Proxy struct {
	// DSN leads through the proxy to the database that Open was given.
	DSN string

	network, address string
	listener         net.Listener
	running          sync.WaitGroup

	mu    sync.Mutex
	plan  *Break
	seen  int // messages that the plan counts
	hole  bool
	ended bool
	links map[*link]bool

	recording bool
	record    [][]byte
}

// New is Open for a test; the proxy is gone when the test ends.
func New(t testing.TB, dsn string) *Proxy {
	t.Helper()
	p, err := Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Open opens a proxy to the database of dsn. Nothing breaks before Plan or BlackHole.
func Open(dsn string) (*Proxy, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, err
	}
	p := &Proxy{network: "tcp", address: net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), links: map[*link]bool{}}
	if filepath.IsAbs(config.Host) {
		p.network, p.address = "unix", filepath.Join(config.Host, ".s.PGSQL."+strconv.Itoa(int(config.Port)))
	}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil { // TCP, because only TCP can be reset
		return nil, err
	}
	p.DSN = (&url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: p.listener.Addr().String(),
		Path: "/" + config.Database, RawQuery: "sslmode=disable",
	}).String()
	p.running.Go(p.accept)
	return p, nil
}

// Plan makes one thing happen, once, to the messages from now on. The zero Break takes a plan back.
func (p *Proxy) Plan(b Break) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan, p.seen = &b, 0
	if b == (Break{}) {
		p.plan = nil
	}
}

// Pending reports that what was planned has not happened yet: the messages passed untouched.
func (p *Proxy) Pending() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.plan != nil
}

// BlackHole makes every connection swallow what it is given, without a word, or ends that. What was swallowed is lost.
func (p *Proxy) BlackHole(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hole = on
}

// Links is the number of connections that are open through the proxy.
func (p *Proxy) Links() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(p.network, p.address)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &link{Proxy: p, client: client, server: server}
		p.mu.Lock()
		p.links[l] = true
		if p.ended {
			l.hangUp()
		}
		p.mu.Unlock()
		p.running.Go(func() { l.carry(Frontend, client, server) })
		p.running.Go(func() { l.carry(Backend, server, client) })
	}
}

// Close ends every connection and returns when nothing of the proxy runs any more, so that goroutines can be counted.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.mu.Lock()
	p.ended = true
	for l := range p.links {
		l.hangUp()
	}
	p.mu.Unlock()
	p.running.Wait()
}
