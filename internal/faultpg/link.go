package faultpg

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// link is one connection through the proxy.
type link struct {
	*Proxy
	client, server net.Conn
	hole           atomic.Bool

	// Answers come in the order of what asks for them. The first one ends the signing in.
	asked, answered atomic.Int64
	mute            atomic.Int64 // which answer is swallowed; none when 0
}

// ends reports whether a message asks for an answer of its own, or is the end of one.
func ends(side Side, message []byte) bool {
	if side == Backend {
		return message[0] == 'Z' // ReadyForQuery: by then the server is done
	}
	return message[0] == 'Q' || message[0] == 'S' // Query, Sync
}

// hangUp ends both halves. Whoever reads one finds out and ends too.
func (l *link) hangUp() {
	_ = l.client.Close()
	_ = l.server.Close()
}

// carry passes the messages of one side until a connection ends.
func (l *link) carry(side Side, from, to net.Conn) {
	defer func() {
		l.hangUp()
		l.Proxy.mu.Lock()
		delete(l.links, l)
		l.Proxy.mu.Unlock()
	}()
	r := bufio.NewReader(from)
	for first := side == Frontend; ; first = false {
		message, err := read(r, first)
		if err != nil {
			return
		}
		l.heard(side, message)
		how, delay := l.due(side, message)
		if !l.pass(side, how, delay, message, to) {
			return
		}
	}
}

// pass does to a message what was planned; false ends the connection.
func (l *link) pass(side Side, how How, delay time.Duration, message []byte, to net.Conn) bool {
	ending := ends(side, message)
	if side == Frontend && ending {
		l.asked.Add(1)
	}
	switch how {
	case Before:
		return false
	case Half:
		_, _ = to.Write(message[:len(message)/2])
		return false
	case Behind:
		_, _ = to.Write(message)
		return false
	case Answer:
		if side == Backend {
			_, _ = to.Write(message)
			return false
		}
		belongs := l.asked.Load()
		if !ending { // to what comes behind it
			belongs++
		}
		l.mute.Store(1 + belongs)
	case Reset:
		if tcp, ok := l.client.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return false
	case Hole:
		l.hole.Store(true)
	case Late:
		<-time.After(delay)
	}
	if l.hole.Load() || l.swallows() {
		return true
	}
	if side == Backend {
		number := l.answered.Load() + 1
		if ending {
			l.answered.Add(1)
		}
		if number == l.mute.Load() {
			return !ending
		}
	}
	_, err := to.Write(message)
	return err == nil
}

// read reads one message: a type, a length that counts itself, and the rest. The first message of a program has no type.
func read(r *bufio.Reader, first bool) ([]byte, error) {
	head := 5
	if first {
		head = 4
	}
	message := make([]byte, head)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint32(message[head-4:]))
	message = append(message, make([]byte, max(length-4, 0))...)
	_, err := io.ReadFull(r, message[head:])
	return message, err
}
