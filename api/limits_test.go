package api

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

func TestPaceOfTokens(t *testing.T) {
	p, now := newPace(2, 3), time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC)
	for i := range 3 {
		if wait := p.take("a", now); wait != 0 {
			t.Errorf("request %d waits %d s", i, wait)
		}
	}
	if wait := p.take("a", now); wait != 1 {
		t.Errorf("the fourth waits %d s, 1 wanted", wait)
	}
	if wait := p.take("b", now); wait != 0 {
		t.Errorf("another token waits %d s", wait)
	}
	if wait := p.take("a", now.Add(500*time.Millisecond)); wait != 0 {
		t.Errorf("half a second later: %d s", wait)
	}
	for i := range 1000 {
		p.take(fmt.Sprint(i), now.Add(time.Second))
	}
	p.take("a", now.Add(2*time.Minute))
	if len(p.shares) != 1 {
		t.Errorf("%d shares are kept, 1 wanted", len(p.shares))
	}
}

func TestDepthOfJSON(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]bool{
		nested(32): false, nested(33): true, strings.Repeat("[]", 100): false, `"` + strings.Repeat("[", 100) + `"`: false,
		`"\"` + strings.Repeat("[", 100) + `"`: false, `"\\"` + nested(40): true, strings.Repeat(`{"a":`, 40): true, "": false, `"\`: false,
	} {
		if tooDeep([]byte(text)) != want {
			t.Errorf("%.50s: %v wanted", text, want)
		}
	}
}

// A heavy request waits for its turn, and is told when none comes; what is light goes by.
func TestHeavyRequestsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Door{gates: gates{"bulk": make(chan struct{}, 1)}}
		op := &huma.Operation{Metadata: map[string]any{}}
		heavy(op, "bulk")
		send := func(op *huma.Operation, serve func(huma.Context)) int {
			w := httptest.NewRecorder()
			d.queue(humago.NewContext(op, httptest.NewRequestWithContext(t.Context(), "POST", "/", nil), w), serve)
			return w.Code
		}
		done := make(chan struct{})
		go send(op, func(huma.Context) { <-done })
		synctest.Wait()
		nobody := func(huma.Context) { t.Error("two heavy requests at once") }
		if code := send(op, nobody); code != 503 {
			t.Errorf("a second one was told %d", code)
		}
		passed := false
		send(&huma.Operation{}, func(huma.Context) { passed = true })
		close(done)
		synctest.Wait()
		served := false
		send(op, func(huma.Context) { served = true })
		if !passed || !served {
			t.Errorf("light passed %v, the next heavy one was served %v", passed, served)
		}
	})
}
