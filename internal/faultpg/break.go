package faultpg

import (
	"bytes"
	"time"
)

// Side says who sends a message.
type Side int

// The sides: the program and the server.
const (
	Frontend Side = iota
	Backend
)

// How says what happens at a message.
type How int

// The ways to break. All but Late end the connection, in order; Reset ends it as a crash or a firewall does.
const (
	_      How = iota
	Before     // none of the message's bytes pass
	Half       // half of them pass
	Behind     // all of them pass, then the connection ends at once: the server may still be at work
	Answer     // all of them pass, the server finishes its answer, and none of the answer passes; of a Backend message as Behind
	Reset      // as Before, but the program meets a reset instead of an end
	Hole       // from here on this connection swallows everything without a word
	Late       // the message, and all behind it, passes after Delay
)

var hows = [...]string{"nothing", "before", "half", "behind", "answer", "reset", "hole", "late"}

func (h How) String() string { return hows[h] }

func (s Side) String() string { return [...]string{"frontend", "backend"}[s] }

// Break is one thing that happens to one message: the Nth of a side that holds Text, the first when Nth is 0.
// A connection's first messages, with which it signs in, count like all others.
type Break struct {
	Side  Side
	Nth   int
	Text  string
	How   How
	Delay time.Duration
}

// due counts a message and answers how it breaks; most do not.
func (p *Proxy) due(side Side, message []byte) (How, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plan == nil || p.plan.Side != side || !bytes.Contains(message, []byte(p.plan.Text)) {
		return 0, 0
	}
	p.seen++
	if p.seen < p.plan.Nth {
		return 0, 0
	}
	due := p.plan
	p.plan = nil
	return due.How, due.Delay
}

func (p *Proxy) swallows() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hole
}
