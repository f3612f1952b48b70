package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Bounds of one attempt: a slow telephone line still gets through, a dead one is noticed.
const (
	dialTime     = 10 * time.Second
	answerTime   = 90 * time.Second
	firstPause   = 250 * time.Millisecond
	longestPause = 5 * time.Second
)

// patient sends a request again while the server does not answer or asks to wait. That is safe for everything but a change of a
// record: postings carry a key, and a record that is created twice is the same record.
type patient struct {
	http  *http.Client
	limit time.Duration
	said  func(format string, args ...any)
	pause func(context.Context, time.Duration) error
}

func newPatient(limit time.Duration, said func(format string, args ...any)) *patient {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: dialTime}).DialContext
	transport.ResponseHeaderTimeout = answerTime
	return &patient{limit: limit, said: said, pause: pause, http: &http.Client{
		Transport: transport,
		// A redirect would carry the token, or turn a posting into a question.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// pause waits, or ends early with the context.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Do sends the request until there is an answer or the patience ends.
func (p *patient) Do(r *http.Request) (*http.Response, error) {
	var waited time.Duration
	next := firstPause
	for {
		if err := rewind(r); err != nil {
			return nil, err
		}
		answer, err := p.http.Do(r)
		wait := max(next, retryAfter(answer))
		switch {
		case r.Context().Err() != nil:
			return answer, unansweredIf(errors.Join(err, context.Cause(r.Context())))
		case r.Method == http.MethodPut || waited+wait > p.limit || !worthWaiting(answer, err):
			return answer, unansweredIf(err)
		}
		again := wait.Round(time.Millisecond)
		if err == nil {
			_ = answer.Body.Close()
			p.said("the server says %s; asking again in %s", answer.Status, again)
		} else {
			p.said("the server cannot be reached; asking again in %s", again)
		}
		if err := p.pause(r.Context(), wait); err != nil {
			return nil, unanswered{err}
		}
		waited += wait
		next = min(2*next, longestPause)
	}
}

// rewind makes the body of a request readable again.
func rewind(r *http.Request) (err error) {
	if r.GetBody != nil {
		r.Body, err = r.GetBody()
	}
	return err
}

func worthWaiting(answer *http.Response, err error) bool {
	return err != nil || slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, answer.StatusCode)
}

// retryAfter is how long the server asks to wait.
func retryAfter(answer *http.Response) time.Duration {
	if answer == nil {
		return 0
	}
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// unanswered says that a request may have arrived, and that nobody knows what became of it.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

func unansweredIf(err error) error {
	if err == nil {
		return nil
	}
	return unanswered{err}
}
