package api_test

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
)

func TestChangeFeed(t *testing.T) {
	h := serve(t)
	h.furnish()
	first := read[api.Journal](t, h.must(auth.Auditor, "GET", "/v1/entries?since=0", ""))
	if len(first.Entries) != 1 || first.KnownAt != 1 || first.Next != 0 {
		t.Fatalf("%+v", first)
	}
	if got := read[api.Journal](t, h.must(auth.Auditor, "GET", "/v1/entries?since=1&wait=0", "")); len(got.Entries) != 0 || got.KnownAt != 1 {
		t.Errorf("nothing new: %+v", got)
	}
	// Whoever waits for handouts is not woken by a receipt, and gets the handout at once.
	answered := make(chan api.Journal, 1)
	go func() {
		answered <- read[api.Journal](t, h.call(auth.Auditor, "GET", "/v1/entries?since=1&wait=60&kind=handout", ""))
	}()
	h.post("/v1/receipts", "another", tenQuilts)
	h.post("/v1/handouts", "awaited", handout("1"))
	select {
	case got := <-answered:
		if len(got.Entries) != 1 || got.Entries[0].Kind != "handout" {
			t.Errorf("awaited: %+v", got)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nobody was told of the handout")
	}
}

// As known at an entry that is there, nothing is ever new: whoever waits for it is answered at once, and nobody can follow it.
func TestNothingNewIsKnownAtAnOldEntry(t *testing.T) {
	h := serve(t)
	h.furnish()
	h.post("/v1/handouts", "second", handout("1"))
	answered := make(chan api.Journal, 2)
	ask := func(query string) {
		answered <- read[api.Journal](t, h.call(auth.Auditor, "GET", "/v1/entries?"+query, ""))
	}
	go ask("since=1&known_at=1&wait=60")
	go ask("since=2&known_at=3&wait=60") // the third is still to come
	h.post("/v1/handouts", "third", handout("1"))
	known := map[int64]int{}
	for range 2 {
		select {
		case got := <-answered:
			known[got.KnownAt] = len(got.Entries)
		case <-time.After(30 * time.Second):
			t.Fatal("still looping")
		}
	}
	if !maps.Equal(known, map[int64]int{1: 0, 3: 1}) {
		t.Errorf("entries by known_at: %v", known)
	}
	p := h.call(auth.Auditor, "GET", "/v1/entries/feed?since=1&known_at=1", "").problem(t)
	if p.Status != 422 || p.Faults[0].Parameter != "known_at" || p.Faults[0].Message != "a feed goes on with the book, as known at entry 1 wanted" ||
		p.Faults[0].Hint != "leave known_at out, or list the entries instead of following them" {
		t.Errorf("%+v", p)
	}
}

func TestHostileCursors(t *testing.T) {
	h := serve(t)
	h.furnish()
	for query, status := range map[string]int{
		"since=-1": 422, "since=x": 422, "since=1.5": 422, "since=9223372036854775808": 422, "since=1&after=2": 422, "wait=61": 422, "wait=-1": 422,
		"since=9223372036854775807": 404, "since=2": 404, "since=1&after=1": 200, "after=9223372036854775807": 200,
	} {
		for _, path := range []string{"/v1/entries?", "/v1/entries/feed?"} {
			if path == "/v1/entries/feed?" && status == 200 {
				continue // it would go on
			}
			if a := h.call(auth.Auditor, "GET", path+query, ""); a.status != status {
				t.Errorf("%s%s: %d, %d wanted: %s", path, query, a.status, status, a.body)
			}
		}
	}
}

// What is followed is narrowed by what it has only, as what is listed.
func TestNobodyFollowsWhatAKindHasNot(t *testing.T) {
	h := serve(t)
	for _, path := range []string{"/v1/entries?", "/v1/entries/feed?"} {
		p := h.call(auth.Auditor, "GET", path+"kind=request&campaign=COLD", "").problem(t)
		if p.Status != 422 || p.Faults[0].Parameter != "campaign" || p.Faults[0].Message != `kind is "request", one of activity, handout, payment wanted with campaign` {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

// follow reads events until as many as wanted have come, and answers with their ids.
func (h *house) follow(wanted int, lastID string, while func()) []string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", h.url+"/v1/entries/feed?since=0", nil)
	r.Header.Set("Authorization", "Bearer "+h.tokens[auth.Auditor])
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer got.Body.Close()
	if kind := got.Header.Get("Content-Type"); got.StatusCode != 200 || kind != "text/event-stream; charset=utf-8" {
		h.t.Fatalf("%d %s", got.StatusCode, kind)
	}
	var ids []string
	id := ""
	for lines := bufio.NewScanner(got.Body); len(ids) < wanted && lines.Scan(); {
		line := lines.Text()
		if given, is := strings.CutPrefix(line, "id: "); is {
			id = given
		}
		if strings.HasPrefix(line, "data: {") {
			ids = append(ids, id)
		}
		if line == ": up to date" && while != nil {
			while()
			while = nil
		}
	}
	return ids
}

func TestEventsAreFollowedAndResumed(t *testing.T) {
	h := serve(t)
	h.furnish()
	ids := h.follow(3, "", func() {
		h.post("/v1/handouts", "s-1", handout("1"))
		h.post("/v1/handouts", "s-2", handout("1"))
	})
	if got := strings.Join(ids, " "); got != "1 2 3" {
		t.Errorf("followed: %s", got)
	}
	if got := strings.Join(h.follow(1, "2", nil), " "); got != "3" {
		t.Errorf("resumed: %s", got)
	}
}
