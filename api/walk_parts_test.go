package api_test

import (
	"crypto/rand"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reliefledger/auth"
	"reliefledger/report"
)

// bounds are the three ways in which somebody is bound: to places alone, to a fund alone, to both.
var bounds = [][2]string{{"5101", ""}, {"", "WINTER-23"}, {"PT-0031", "WINTER-23"}}

// TestWalk goes once over everything that somebody can try who may not.
func TestWalk(t *testing.T) {
	w := newWalk(t)
	var bound []principal
	for _, role := range auth.Roles {
		for _, b := range bounds {
			bound = append(bound, w.somebody(role, b[0], b[1]))
		}
	}
	for _, part := range []struct {
		name string
		walk func(*walk, []principal)
	}{
		{"functions are forbidden", (*walk).functions},
		{"foreign is absent", (*walk).absent},
		{"foreign keys tell nothing", (*walk).keysOfOthers},
		{"proofs are public", (*walk).proofs},
		{"bulletins stay within bounds", (*walk).bulletins},
	} {
		t.Run(part.name, func(t *testing.T) {
			on := w.on(t)
			part.walk(on, bound)
			if n := on.number(); n != w.head {
				t.Errorf("%d entries were written by whoever may not", n-w.head)
				w.head = n
			}
		})
	}
	w.ownKey(bound)
}

func (w *walk) functions([]principal) {
	t := w.t.(*testing.T)
	var roles, nobody []principal
	for _, role := range auth.Roles {
		roles = append(roles, principal{name: string(role), role: role, token: w.tokens[role]})
	}
	lost := w.somebody(auth.Administrator, "5101", "")
	if err := w.door.Keyring.Revoke(t.Context(), w.door.Keyring.Console(), strings.Split(lost.token, "_")[1]); err != nil {
		t.Fatal(err)
	}
	short, err := w.door.Keyring.Issue(t.Context(), auth.Order{Actor: "the-administrator", Role: auth.Administrator, Name: "short", Life: time.Microsecond, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	nobody = append(nobody, principal{name: "nobody"}, lost, principal{name: "expired", token: short}, principal{name: "forged", token: lost.token + "A"})
	for _, id := range slices.Sorted(maps.Keys(w.operations)) {
		op := w.operations[id]
		if len(op.Security) == 0 {
			if op.path != "/healthz" && op.path != "/readyz" {
				t.Errorf("%s asks for no token", id)
			}
			continue
		}
		path, body := fill(op, slot{}, "")
		for i, p := range nobody {
			if i > 0 && op.ID != "hand-out-goods" && op.ID != "read-stock" {
				continue // the check is one for all, and whoever shows many wrong tokens is made to wait
			}
			if a := w.send(p, op.method, path, body, "n-"+id); a.status != 401 {
				t.Errorf("%s as %s: %d %s", id, p.name, a.status, a.body)
			}
		}
		for _, p := range roles {
			if op.allowed(p.role) {
				continue
			}
			if a := w.send(p, op.method, path, body, "f-"+id); a.status != 403 || !strings.Contains(a.body, "/problems/forbidden") {
				t.Errorf("%s as %s: %d %s", id, p.name, a.status, a.body)
			}
		}
	}
}

// absent: wherever something foreign is named, the answer is that for a name that is nowhere. An administrator asks everything within all bounds; every role
// reads the same, so each read is asked of the others within one of the three, in turn.
func (w *walk) absent(bound []principal) {
	var asked atomic.Int64
	var walkers sync.WaitGroup
	abreast := make(chan bool, 4)
	for i, p := range bound {
		walkers.Go(func() {
			abreast <- true
			defer func() { <-abreast }()
			for n, id := range slices.Sorted(maps.Keys(w.operations)) {
				op := w.operations[id]
				if turn := (n+i/len(bounds))%len(bounds) == i%len(bounds); p.role != auth.Administrator && op.method == http.MethodGet && !turn {
					continue
				}
				if len(op.Security) > 0 && op.allowed(p.role) {
					asked.Add(w.probe(p, op))
				}
			}
		})
	}
	if walkers.Wait(); asked.Load() < 1000 {
		w.t.Errorf("the walk asked %d times only", asked.Load())
	}
}

// probe asks one operation about something foreign in every place where it names something, and for everything at once.
func (w *walk) probe(p principal, op located) (asked int64) {
	noun := w.noun(op)
	for _, s := range w.slots(op) {
		if s.where == "path" && s.kind == "document" && w.foreign[noun] == "" && noun != "documents" {
			w.t.Errorf("%s: the far station has no document of %s", op.ID, noun)
		}
		of := noun
		switch {
		case op.ID == "agree-to-reopening":
			of = "reopenings"
		case w.foreign[noun] == "":
			of = "receipts"
		}
		if provable[op.ID] != "" || p.reaches(s.kind, of) {
			continue
		}
		foreign, nowhere := w.pair(s.kind, of)
		path, body := fill(op, s, foreign)
		pathOfNone, bodyOfNone := fill(op, s, nowhere)
		none := op.modes(bodyOfNone)
		for i, body := range op.modes(body) {
			key := "w-" + rand.Text()
			got, want := w.send(p, op.method, path, body, key), w.send(p, op.method, pathOfNone, none[i], key)
			asked++
			if alike(got, foreign) != alike(want, nowhere) {
				w.t.Errorf("%s of %s in %s %s as %s:\n%d %s\nbut of %s\n%d %s", op.ID, foreign, s.where, s.name, p.name, got.status, got.body, nowhere, want.status, want.body)
			}
			w.posted(op, got)
		}
	}
	if op.method == http.MethodGet && provable[op.ID] == "" {
		path, _ := fill(op, slot{}, "")
		w.clean(p, op.ID, w.send(p, "GET", path, "", ""))
	}
	return asked
}

func (w *walk) posted(op located, a answer) {
	if op.method != http.MethodGet && a.status < 300 && !strings.Contains(a.body, `"posted":0`) {
		w.t.Errorf("%s wrote something foreign: %s", op.ID, a.body)
	}
}

// clean wants nothing foreign in an answer.
func (w *walk) clean(p principal, id string, a answer) {
	for noun, name := range w.foreign {
		if name != "" && !p.reaches(noun, noun) && strings.Contains(a.body, name) && !(p.location == "" && noun == "account") {
			w.t.Errorf("%s shows %s to %s: %s", id, name, p.name, a.body)
		}
	}
}

// keysOfOthers: a key that somebody else has used tells nothing of what it was used for, whatever is sent with it and to which operation.
func (w *walk) keysOfOthers(bound []principal) {
	taken := 0
	for _, p := range bound {
		if p.location == "" || p.fund == "" {
			continue // what was booked far away would be theirs in part
		}
		for _, post := range w.posts { // their content, under their key
			for _, dry := range []string{"", "?dry_run=true"} {
				got, want := w.send(p, "POST", post.path+dry, post.body, post.key), w.send(p, "POST", post.path+dry, post.body, "free-"+post.key)
				if alike(got, post.key) != alike(want, "free-"+post.key) || got.status < 400 {
					w.t.Errorf("%s%s with its own content as %s: %d %s\nbut under a free key %d %s", post.path, dry, p.name, got.status, got.body, want.status, want.body)
				}
			}
		}
		for i, id := range slices.Sorted(maps.Keys(w.operations)) {
			if op := w.operations[id]; op.allowed(p.role) && op.keyed() {
				taken += w.takenKey(p, op, w.posts[i%len(w.posts)].key)
			}
		}
	}
	if taken < 5 {
		w.t.Errorf("%d requests met a key that was taken: the others were refused before", taken)
	}
}

func (op located) keyed() bool {
	return slices.ContainsFunc(op.Parameters, func(p struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Description string `json:"description"`
	},
	) bool {
		return p.Name == "Idempotency-Key"
	})
}

// takenKey sends the near example under a key of somebody else: it is refused for what it is as it would be without, or because the key is taken.
func (w *walk) takenKey(p principal, op located, key string) (taken int) {
	path, body := fill(op, slot{}, "")
	body = near.Replace(body)
	for _, body := range op.modes(body) {
		sent := key
		if op.bulk() {
			sent = strings.TrimSuffix(key, "/0")
		}
		would := w.send(p, "POST", path+"?dry_run=true", body, "free-"+sent)
		for _, dry := range []string{"", "?dry_run=true"} {
			got := w.send(p, "POST", path+dry, body, sent)
			refused := strings.Contains(got.body, "key "+key+" is taken, another one wanted") && !strings.Contains(got.body, `"entry":`)
			if refused {
				taken++
			}
			if !refused && (strings.Contains(got.body, `"entry":`) || alike(got, key) != alike(would, "free-"+key)) {
				w.t.Errorf("%s%s under key %s as %s: %d %s\nbut under a free key %d %s", op.ID, dry, key, p.name, got.status, got.body, would.status, would.body)
			}
		}
	}
	return taken
}

// near makes of the examples what somebody bound to the point and the fund may ask for; documents keep their names.
var near = strings.NewReplacer("GR-ST-5101-01", "GR-ST-5101-01", "WB-ST-5101-01", "WB-ST-5101-01", "ST-5101-01", "PT-0031", "CITY-GIFT", "WINTER-23")

// ownKey: with a key of one's own the same request is answered again.
func (w *walk) ownKey(bound []principal) {
	good := `{"location":"PT-0031","on":"2024-01-06","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}`
	for _, p := range bound {
		if p.location != "PT-0031" || !w.operations["hand-out-goods"].allowed(p.role) {
			continue
		}
		if a := w.send(p, "POST", "/v1/handouts", good, "mine-"+p.name); a.status != 201 {
			w.t.Errorf("a handout as %s: %d %s", p.name, a.status, a.body)
		}
		if a := w.send(p, "POST", "/v1/handouts", good, "mine-"+p.name); a.status != 200 || a.header.Get("Idempotency-Replayed") != "true" {
			w.t.Errorf("a handout again as %s: %d %s", p.name, a.status, a.body)
		}
	}
}

// proofs: what the log proves is the same for whoever asks, also of an entry that is foreign to them, and holds hashes alone.
func (w *walk) proofs(bound []principal) {
	everybody := principal{name: "auditor", role: auth.Auditor, token: w.tokens[auth.Auditor]}
	for id := range provable {
		op := w.operations[id]
		path, _ := fill(op, slot{where: "path", name: "number"}, strconv.FormatInt(w.entries["handouts"], 10))
		want := w.send(everybody, "GET", path, "", "")
		if want.status != 200 {
			w.t.Errorf("%s: %d %s", id, want.status, want.body)
		}
		for _, p := range bound {
			if got := w.send(p, "GET", path, "", ""); got.status != want.status || got.body != want.body {
				w.t.Errorf("%s as %s: %d %s\nbut to everybody %s", id, p.name, got.status, got.body, want.body)
			}
		}
		w.clean(bound[0], id, want)
	}
}

// bulletins: who is bound to places gets one of a place of theirs and without money, who is bound to a fund none: no part is shown as if it were the whole.
func (w *walk) bulletins(bound []principal) {
	everybody := principal{name: "auditor", role: auth.Auditor, token: w.tokens[auth.Auditor]}
	const path = "/v1/campaigns/COLD-23/bulletin"
	full := read[report.Bulletin](w.t, w.send(everybody, "GET", path+"?under=5101", "", "")).WithoutMoney()
	if len(full.Figures) < 5 || !slices.ContainsFunc(full.Figures, func(f report.BulletinFigure) bool { return f.Quantity != "0" }) {
		w.t.Errorf("the bulletin of the near prefecture counts nothing: %+v", full)
	}
	for _, p := range bound {
		for _, text := range []string{"", "/text"} {
			for _, under := range []string{"", "?under=51", "?under=5132", "?under=PT-0032"} { // all, above and beside
				got := w.send(p, "GET", path+text+under, "", "")
				if got.status != 403 && got.status != 404 || strings.Contains(got.body, "甘孜") {
					w.t.Errorf("bulletin%s%s as %s: %d %s", text, under, p.name, got.status, got.body)
				}
			}
			got := w.send(p, "GET", path+text+"?under=5101", "", "")
			switch {
			case p.fund != "" && got.status != 403 && got.status != 404:
				w.t.Errorf("bulletin%s of all goods as %s: %d %s", text, p.name, got.status, got.body)
			case p.fund == "" && text == "" && !reflect.DeepEqual(read[report.Bulletin](w.t, got), full):
				w.t.Errorf("bulletin as %s: %d %s\nbut %+v", p.name, got.status, got.body, full)
			case p.fund == "" && text != "" && (got.status != 200 || strings.Contains(got.body, "元") || got.body != full.Chinese()):
				w.t.Errorf("bulletin as a text as %s: %d %s", p.name, got.status, got.body)
			}
		}
	}
}
