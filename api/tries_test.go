package api

import (
	"fmt"
	"testing"
	"time"
)

func TestTriesAreCountedByAddress(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	tr := newTries(usualTries)
	const guesser = "192.0.2.1:1000"
	for range usualTries {
		if wait := tr.wait(guesser, now); wait != 0 {
			t.Fatalf("waits %d s too early", wait)
		}
		tr.failed(guesser, now)
	}
	for remote, waits := range map[string]bool{
		guesser: true, "192.0.2.1:2000": true, "[::ffff:192.0.2.1]:3": true, "192.0.2.2:1000": false, "[2001:db8::1]:1": false, "@": false,
	} {
		if wait := tr.wait(remote, now); (wait > 0) != waits || wait > 3 {
			t.Errorf("%s waits %d s", remote, wait)
		}
	}
	for i := range usualTries {
		tr.failed(fmt.Sprintf("[2001:db8::%x]:1", i+1), now)
	}
	if tr.wait("[2001:db8::ffff]:1", now) == 0 || tr.wait("[2001:db8:0:1::1]:1", now) != 0 {
		t.Error("a network of IPv6 is not one address")
	}
	now = now.Add(triesEvery + time.Millisecond)
	if wait := tr.wait(guesser, now); wait != 0 {
		t.Errorf("after a while it waits %d s", wait)
	}
}

// Whoever has a million addresses fills no memory, and shares one count with everybody new.
func TestTriesTakeBoundedMemory(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	tr := newTries(usualTries)
	for i := range maxTriers + usualTries {
		tr.failed(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255), now)
	}
	if len(tr.from) != maxTriers || tr.wait("192.0.2.1:1", now) == 0 {
		t.Errorf("%d addresses are remembered", len(tr.from))
	}
	now = now.Add(time.Hour)
	tr.failed("192.0.2.1:1", now)
	if len(tr.from) != 1 {
		t.Errorf("after an hour %d addresses are remembered", len(tr.from))
	}
}
