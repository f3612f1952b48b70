package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// posting is one handout under one key, and what its sender was told about it.
type posting struct {
	key       string
	entry     int64         // its number in the book; 0 until it was acknowledged
	doubts    int           // sendings that may have been carried out without a word: the connection broke, or outcome-unknown
	refusals  int           // answers that nothing was written: busy, stopping
	replayed  bool          // acknowledged as booked by an earlier sending
	withdrawn bool          // given up after the very first answer said that nothing was written
	odd       string        // an answer that no fault excuses
	slowest   time.Duration // the longest wait for one answer of the server, whatever it was
}

// settled reports that the sender has no more to ask.
func (p *posting) settled() bool { return p.entry > 0 || p.withdrawn || p.odd != "" }

func (p *posting) body() string {
	return fmt.Sprintf(`{"location":"%s","people":1,"pseudonym":"%s","lines":[{"item":"QUILT","quantity":"1"}]}`, pointOf(p.key), p.key)
}

// sender is one client with a connection of its own.
type sender struct {
	http  *http.Client
	token string
	wait  time.Duration // for one answer
}

func newSender(token string, wait time.Duration) *sender {
	return &sender{&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2}}, token, wait}
}

func (s *sender) close() { s.http.CloseIdleConnections() }

// send sends the posting once and notes what comes of it.
func (s *sender) send(ctx context.Context, url string, p *posting) {
	answer, body, err := s.call(ctx, http.MethodPost, url+"/v1/handouts", p.key, p.body(), &p.slowest)
	var dialing *net.OpError
	switch {
	case errors.As(err, &dialing) && dialing.Op == "dial": // nothing was sent
	case err != nil:
		p.doubts++
	case answer.StatusCode == http.StatusCreated || answer.StatusCode == http.StatusOK:
		p.acknowledge(answer.StatusCode, body)
	case answer.StatusCode == http.StatusServiceUnavailable || answer.StatusCode == http.StatusTooManyRequests:
		p.putOff(answer, body)
	default:
		p.odd = fmt.Sprintf("answered %d %s", answer.StatusCode, body)
	}
}

// call sends one request and reads the whole answer.
func (s *sender) call(ctx context.Context, method, url, key, body string, slowest *time.Duration) (*http.Response, string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	r.GetBody = nil // or Go repeats a request that has a key by itself, and a replay could not be told from a mistake
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	begun := time.Now()
	answer, err := s.http.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	*slowest = max(*slowest, time.Since(begun))
	return answer, string(text), err
}

func (p *posting) acknowledge(status int, body string) {
	var told struct {
		Entry    int64
		Key      string
		Replayed bool
	}
	if err := json.Unmarshal([]byte(body), &told); err != nil || told.Entry == 0 || told.Key != p.key {
		p.odd = fmt.Sprintf("acknowledged %d with %s", status, body)
		return
	}
	p.entry, p.replayed = told.Entry, told.Replayed
	if told.Replayed != (status == http.StatusOK) {
		p.odd = fmt.Sprintf("answered %d, replayed %t", status, told.Replayed)
	}
}

// putOff reads a 503 or 429: whether it says that nothing was written, and when to come back.
func (p *posting) putOff(answer *http.Response, body string) {
	var problem struct{ Type string }
	_ = json.Unmarshal([]byte(body), &problem) // a body that is no problem has no type
	switch {
	case answer.Header.Get("Content-Type") != "application/problem+json" || answer.Header.Get("Retry-After") == "":
		p.odd = fmt.Sprintf("put off without Retry-After or not a problem: %s", body)
	case problem.Type == "/problems/outcome-unknown":
		p.doubts++
	case answer.StatusCode == http.StatusTooManyRequests || problem.Type == "/problems/busy" || problem.Type == "/problems/closing":
		p.refusals++
	default:
		p.odd = "503 " + body
	}
}
