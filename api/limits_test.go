package api

import (
	"fmt"
	"strings"
	"testing"
	"time"
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
