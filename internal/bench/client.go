package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// client is one connection that waits for each answer before it asks again. It is written by hand because the load shares its
// processors with the server: net/http's client would cost as much as what it measures.
type client struct {
	net.Conn
	in      *bufio.Reader
	request []byte
	answer  bytes.Buffer
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{Conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// ask sends a request and reads its answer, which is valid until the next one.
func (c *client) ask(method, path, token string, body []byte) (status int, answer []byte, err error) {
	c.request = fmt.Appendf(c.request[:0], "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nIdempotency-Key: %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", method, path, token, newKey(), len(body))
	c.request = append(c.request, body...)
	if _, err := c.Write(c.request); err != nil {
		return 0, nil, err
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	c.answer.Reset()
	_, err = io.Copy(&c.answer, r.Body)
	return r.StatusCode, c.answer.Bytes(), err
}

// crowd is clients that post side by side. Tokens are shown in turn, because a server lets none of them send more than its share.
type crowd struct {
	clients []*client
	tokens  []string
	turn    atomic.Uint64
}

func gather(address string, n int, tokens []string) (*crowd, error) {
	c := &crowd{tokens: tokens}
	for range n {
		one, err := dial(address)
		if err != nil {
			return c, err
		}
		c.clients = append(c.clients, one)
	}
	return c, nil
}

func (c *crowd) close() {
	for _, one := range c.clients {
		_ = one.Close() // nothing is sent any more
	}
}

func (c *crowd) token() string { return c.tokens[c.turn.Add(1)%uint64(len(c.tokens))] }

// post is work that sends one handout to a point.
func (c *crowd) post(where choice) work {
	return func(_ context.Context, caller int) (int64, error) {
		status, answer, err := c.clients[caller].ask(http.MethodPost, "/v1/handouts", c.token(), handoutJSON(nil, where()))
		if err == nil && status != http.StatusCreated {
			err = fmt.Errorf("a handout was answered with %d: %.300s", status, answer)
		}
		return 1, err
	}
}

// bulk is how many handouts one large request carries.
const bulk = 1000

// postBulk is work that sends a thousand handouts in one request.
func (c *crowd) postBulk(where choice) work {
	return func(_ context.Context, caller int) (int64, error) {
		body := []byte(`{"mode":"each","lines":[`)
		for n := range bulk {
			if n > 0 {
				body = append(body, ',')
			}
			body = handoutJSON(body, where())
		}
		status, answer, err := c.clients[caller].ask(http.MethodPost, "/v1/handouts/bulk", c.token(), append(body, "]}"...))
		if err == nil && (status != http.StatusOK || !bytes.Contains(answer, []byte(`"refused":0,`))) {
			err = fmt.Errorf("%d handouts were answered with %d: %.300s", bulk, status, answer)
		}
		return bulk, err
	}
}

// handoutJSON appends handout as a client writes it.
func handoutJSON(body []byte, point int) []byte {
	return fmt.Appendf(body, `{"location":"PT-%04d","campaign":%q,"action":%q,"people":1,"sex":"male","age":"60+","lines":[{"item":%q,"quantity":"1"}]}`,
		point, drive, action, item)
}
