package api_test

import (
	"net/http/httptest"
	"testing"
	"time"
)

// told is a connection that remembers until when it may be written to.
type told struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (c *told) SetWriteDeadline(until time.Time) error {
	c.until = append(c.until, until)
	return nil
}

// A client that does not read its answer must not hold it for ever, however the answer is written.
func TestAnswersMustBeRead(t *testing.T) {
	h := serve(t)
	for _, path := range []string{"/healthz", "/v1/items", "/log/checkpoint", "/nowhere"} {
		c := &told{ResponseRecorder: httptest.NewRecorder()}
		begun := time.Now()
		h.door.Handler().ServeHTTP(c, httptest.NewRequest("GET", path, nil))
		if len(c.until) != 2 || !c.until[0].IsZero() || c.until[1].Sub(begun) < 30*time.Second || c.until[1].Sub(begun) > 2*time.Minute {
			t.Errorf("%s: the answer may be written until %v", path, c.until)
		}
	}
}
