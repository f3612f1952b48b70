package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// job is what one caller waits for: one proposal, or several that stand alone or together.
type job struct {
	proposals []*Proposal
	contents  []string // canonical JSON of each proposal's Content
	linked    bool
	outcomes  []Outcome
	answered  chan struct{}

	taken time.Time // by the committer
	among int       // proposals of the batch it was taken in
}

// prepare does what needs no lock: it checks the headers and writes the contents down, in the caller's goroutine.
func (j *job) prepare(book Info) error {
	j.answered = make(chan struct{})
	j.outcomes = make([]Outcome, len(j.proposals))
	j.contents = make([]string, len(j.proposals))
	keys := map[string]bool{} // stays empty, and costs nothing, unless the job is linked
	for i, p := range j.proposals {
		if err := checkHeader(p); err != nil {
			return fmt.Errorf("book %s: %w", book.Code, err)
		}
		if err := cmp.Or(j.checkMember(i, keys), p.Needs.check()); err != nil {
			return err
		}
		content, err := json.Marshal(p.Content)
		if err != nil {
			return fmt.Errorf("content of %s %s: %w", p.Kind, p.Key, err)
		}
		if p.Content == nil {
			content = []byte("{}")
		}
		j.contents[i] = string(content)
	}
	return nil
}

// checkMember refuses what cannot be a part of a linked group; keys are those of the members before.
func (j *job) checkMember(i int, keys map[string]bool) error {
	p := j.proposals[i]
	switch {
	case !j.linked || len(j.proposals) == 1:
		return nil
	case p.alone:
		return Refuse(Invalid, fmt.Sprintf("/%d", i), fmt.Sprintf("a %s is posted by itself, not in a group", p.Kind))
	case keys[p.Key]:
		return Refuse(Invalid, fmt.Sprintf("/%d", i), fmt.Sprintf("key %s stands twice in one group", p.Key))
	}
	keys[p.Key] = true
	return nil
}

// checkHeader finds mistakes of the program, not of its users: the door checks keys and actors.
func checkHeader(p *Proposal) error {
	if err := cmp.Or(CheckCode("kind", p.Kind), CheckCode("actor", p.Actor)); err != nil {
		return err
	}
	if p.Key == "" || len(p.Key) > 300 || !utf8.ValidString(p.Key) || strings.ContainsFunc(p.Key, func(r rune) bool { return r < ' ' }) {
		return fmt.Errorf("key %.40q of %s is not 1 to 300 printable characters", p.Key, p.Kind)
	}
	if p.On.IsZero() || p.Compose == nil {
		return fmt.Errorf("%s %s has no date or no Compose", p.Kind, p.Key)
	}
	return nil
}

// check refuses names that PostgreSQL cannot be asked for.
func (n Needs) check() error {
	check := func(where string, texts ...string) error {
		for _, s := range texts {
			if !storable(s) {
				return unstorable(s, where)
			}
		}
		return nil
	}
	err := check("tallies", n.Tallies...)
	for _, g := range n.Groups {
		err = cmp.Or(err, check("groups", string(g.Account), g.Item))
	}
	for _, a := range n.Accounts {
		err = cmp.Or(err, check("accounts", string(a)))
	}
	for _, lot := range n.Lots {
		err = cmp.Or(err, check("lots", lot.Item, lot.Lot))
	}
	return err
}

// alone reports whether the job must not share a batch: a close changes which dates its neighbours may have.
func (j *job) alone() bool {
	return slices.ContainsFunc(j.proposals, func(p *Proposal) bool { return p.alone })
}

func (j *job) answer() { close(j.answered) }

// sameContent answers nil when the key was used for the same kind of entry with the same content, and otherwise a refusal that names the fields that differ.
func sameContent(key string, before found, kind, content string) error {
	if before.kind != kind {
		refusal := Refuse(KeyReused, "", fmt.Sprintf("key %s was used for entry %d, a %s", key, before.number, before.kind))
		refusal.holder = before.number
		return refusal
	}
	if before.content == content {
		return nil
	}
	fields := differing("", exact(before.content), exact(content))
	if len(fields) == 0 {
		return nil // only written otherwise, by another version of the program
	}
	refusal := &Refusal{holder: before.number}
	for _, field := range fields {
		refusal.Faults = append(refusal.Faults, Fault{
			Pointer: field, Code: KeyReused,
			Message: fmt.Sprintf("key %s was used for entry %d with another %s", key, before.number, strings.TrimPrefix(cmp.Or(field, "/content"), "/")),
			Hint:    "repeat the first request unchanged, or send this one under a new key",
		})
	}
	return refusal
}

// exact is a JSON document with its numbers as they are written: as binary floating point, different ones could look alike.
// A text that is no document is itself.
func exact(text string) (document any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&document) != nil {
		return text
	}
	return document
}

// differing lists the JSON pointers at which two documents differ.
func differing(at string, a, b any) []string {
	if reflect.DeepEqual(a, b) {
		return nil
	}
	x, xMap := a.(map[string]any)
	y, yMap := b.(map[string]any)
	if xMap && yMap {
		names := maps.Clone(x)
		maps.Copy(names, y)
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(names)) {
			fields = append(fields, differing(at+"/"+name, x[name], y[name])...)
		}
		return fields
	}
	p, pList := a.([]any)
	q, qList := b.([]any)
	if pList && qList && len(p) == len(q) {
		var fields []string
		for i := range p {
			fields = append(fields, differing(fmt.Sprintf("%s/%d", at, i), p[i], q[i])...)
		}
		return fields
	}
	return []string{at}
}
