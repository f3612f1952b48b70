package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// pressed is how many postings are sent at once: the queue of a book takes 4096, and a batch under way 1000 more.
const pressed = 6000

// fillQueue holds the head of the book, so that the committer waits and its queue fills, with more clients than the queue has places.
func fillQueue(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	tx, err := s.node.admin.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "SELECT FROM heads FOR UPDATE"); err != nil {
		return err
	}
	full, err := s.press(ctx, func() error { return tx.Rollback() })
	if err != nil {
		return err
	}
	s.remark("%d more clients at once", pressed)
	if full == 0 {
		return errors.Join(errors.New("the queue was never full"), s.prove(ctx))
	}
	return s.prove(ctx)
}

// press lets a multitude post, lets the head go when the first of them were turned away, and counts those.
func (s *stage) press(ctx context.Context, release func() error) (full int64, err error) {
	var turnedAway atomic.Int64
	var all sync.WaitGroup
	for i := range pressed {
		all.Go(func() {
			one := newSender(s.tokens[i%crowded], patient)
			defer one.close()
			p, at := s.note(fmt.Sprintf("press-%06d", i)), 0
			one.send(ctx, s.servers[0].url, p)
			turnedAway.Add(int64(p.refusals))
			if !p.settled() {
				s.deliver(ctx, one, p, &at, false)
			}
		})
	}
	_ = await(ctx, 8*time.Second, func() error { // less than the patience of the book
		if turnedAway.Load() == 0 {
			return errors.New("nobody was turned away yet")
		}
		return nil
	})
	full = turnedAway.Load()
	err = release()
	all.Wait()
	return full, err
}

// readSlowly asks for long lists and takes the answers a byte at a time, or not at all, while others work.
func readSlowly(ctx context.Context, s *stage) error {
	if err := s.open(ctx, 1); err != nil {
		return err
	}
	if err := s.more(ctx, 2000); err != nil {
		return err
	}
	var held []net.Conn
	for range 50 {
		conn, err := s.ask("/v1/entries?limit=500")
		if err != nil {
			return err
		}
		held = append(held, conn)
	}
	before, begun := s.acknowledged.Load(), time.Now()
	for time.Since(begun) < 5*time.Second {
		for _, conn := range held[:25] {
			_, _ = conn.Read(make([]byte, 1))
		}
		wait(ctx, 20*time.Millisecond)
	}
	s.remark("%d booked in 5 s beside 50 slow readers", s.acknowledged.Load()-before)
	if s.acknowledged.Load()-before < 500 {
		return errors.New("the clients stood still beside slow readers")
	}
	err := s.rests(ctx)
	for _, conn := range held {
		err = errors.Join(err, conn.Close())
	}
	return errors.Join(err, s.prove(ctx))
}

// ask sends a request twenty times on a connection that takes little at a time, and reads nothing of the answers: one alone would
// disappear in the buffers of the system.
func (s *stage) ask(path string) (net.Conn, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.servers[0].url, "http://"))
	if err != nil {
		return nil, err
	}
	if err := conn.(*net.TCPConn).SetReadBuffer(1024); err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodGet, s.servers[0].url+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	var requests bytes.Buffer
	for range 20 {
		if err := r.Write(&requests); err != nil {
			return nil, err
		}
	}
	_, err = conn.Write(requests.Bytes())
	return conn, err
}
