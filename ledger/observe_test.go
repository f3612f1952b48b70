package ledger

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// Whoever watches is told of every proposal once, whatever became of it, and of every batch.
func TestObserve(t *testing.T) {
	var mu sync.Mutex
	var told []string
	batches := 0
	d := newDesk(t, Options{Observe: Observe{
		Batch: func(proposals int, took time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			batches++
			if proposals != 1 || took <= 0 {
				t.Errorf("a batch of %d took %s", proposals, took)
			}
		},
		Answer: func(kind, result string) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, kind+" "+result)
		},
	}})
	for i, p := range []*Proposal{
		d.give("a", d.today, 5), d.give("a", d.today, 5), d.give("a", d.today, 6), d.give("b", d.today, 7),
	} {
		if i == 3 {
			d.mu.Lock()
			d.fault = at("write", d.calls["write"]+1, fault{err: &errFull})
			d.mu.Unlock()
		}
		<-d.enqueue(false, p).answered
	}
	d.stop()
	want := []string{"receipt posted", "receipt replayed", "receipt " + KeyReused, "receipt failed"}
	if !slices.Equal(told, want) || batches != 4 {
		t.Errorf("told %q in %d batches, %q in 4 wanted", told, batches, want)
	}
}

func TestResults(t *testing.T) {
	for result, err := range map[string]error{
		resultUnknown: fmt.Errorf("at the write: %w", (&batch{unknown: true}).doubt(errors.New("lost"))),
		resultFailed:  errors.New("disk full"),
		Insufficient:  Refuse(Insufficient, "", "none there"),
	} {
		if got := (&Outcome{Err: err}).result(); got != result {
			t.Errorf("%v is counted as %s, %s wanted", err, got, result)
		}
	}
}
