package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"reliefledger/ledger"
)

// reply is what the reference answers to one request.
type reply struct {
	fact     *fact
	replayed bool
	refusal  *refusal
	broken   string // an error that is no refusal
}

func (a reply) refused() bool { return a.fact == nil }

// String says everything that an answer holds, so that two answers are alike when their texts are.
func (a reply) String() string {
	switch {
	case a.broken != "":
		return a.broken
	case a.refusal != nil:
		return refusalText(a.refusal)
	}
	f := a.fact
	moves := make([]string, len(f.moves))
	for i, m := range f.moves {
		moves[i] = moveText(m.from, m.to, m.fund, m.of, m.quantity.String(), m.value.String())
	}
	return entryText(f.number, a.replayed, f.kind, f.on, f.at, f.actor, f.key, f.document, f.reverses, moves)
}

// said is what the engine answered, in the same words.
func said(posted ledger.Posted, err error) string {
	var refusal *ledger.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusalText(refusal)
	case err != nil:
		return err.Error()
	}
	moves := make([]string, len(posted.Moves))
	for i, m := range posted.Moves {
		moves[i] = moveText(m.From, m.To, m.Fund, m.Commodity, m.Quantity.String(), m.Value.String())
	}
	return entryText(posted.Number, posted.Replayed, posted.Kind, posted.On, posted.RecordedAt, posted.Actor, posted.Key, posted.Document, posted.Reverses, moves)
}

func entryText(number int64, replayed bool, kind string, on ledger.Date, at time.Time, actor, key, document string, reverses int64, moves []string) string {
	return fmt.Sprintf("entry %d (replayed %t) %s on %s at %s by %s key %s document %q reverses %d: %s", number, replayed, kind, on,
		at.UTC().Format(time.RFC3339Nano), actor, key, document, reverses, strings.Join(moves, "; "))
}

func moveText(from, to ledger.Account, fund string, of ledger.Commodity, quantity, value string) string {
	return fmt.Sprintf("%s>%s %s %s %s worth %s", from, to, fund, of, quantity, value)
}

// refusalText leaves out the words of a malformed request: which of several mistakes is named first is not the reference's business.
func refusalText(r *ledger.Refusal) string {
	faults := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		faults[i] = f.Pointer + " " + f.Code
		if f.Code != ledger.Invalid {
			faults[i] += ": " + f.Message
		}
	}
	return "refused " + strings.Join(faults, "; ")
}

// build is what is refused before there is a proposal.
func (r *reference) build(q request) *refusal {
	switch q.do {
	case "reversal":
		if q.entry > int64(len(r.entries)) {
			return refuse(ledger.NotFound, "/entry", "there is no entry %d in book %s", q.entry, r.code)
		}
		if slices.Contains([]string{"reversal", "close", "reopen", "reopen-proposal"}, r.entries[q.entry-1].kind) {
			return refuse(ledger.Invalid, "/entry", "not to be reversed")
		}
	case "close":
		if q.until.IsZero() || q.until >= r.today() {
			return refuse(ledger.Invalid, "/until", "too late")
		}
	case "reopen":
		if q.entry > int64(len(r.entries)) || r.entries[q.entry-1].kind != "reopen-proposal" {
			return refuse(ledger.NotFound, "/proposal", "entry %d proposes no reopening", q.entry)
		}
		if r.entries[q.entry-1].actor == q.actor {
			return refuse(ledger.SamePerson, "/proposal", "%s proposed this reopening, another person must agree to it", q.actor)
		}
	}
	return nil
}

// answer records a request as one fact, or refuses it and leaves no trace.
func (r *reference) answer(q request) reply {
	a := r.decide(q)
	switch {
	case a.refusal != nil:
		see(q.do + " " + a.refusal.Code())
	case a.replayed:
		see(q.do + " replayed")
	case a.fact != nil:
		see(q.do)
	}
	return a
}

func (r *reference) decide(q request) reply {
	if before := r.under(q.key); before != nil {
		return again(before, q)
	}
	on := q.on
	if q.ofPeriods() || on.IsZero() {
		on = r.today()
	}
	switch closed := r.closed(); {
	case on > r.today():
		return reply{refusal: refuse(ledger.Invalid, "/on", "after today")}
	case !closed.IsZero() && on <= closed:
		return reply{refusal: refuse(ledger.PeriodClosed, "/on", "%s lies in a closed period, closed until %s", on, closed)}
	}
	at := r.now.UTC().Truncate(time.Microsecond)
	if n := len(r.entries); n > 0 && r.entries[n-1].at.After(at) {
		at = r.entries[n-1].at
	}
	before := len(r.entries)
	r.entries = append(slices.Clip(r.entries), fact{
		number: int64(before + 1), kind: q.do, on: on, at: at, actor: q.actor, key: q.key, content: q.content(), counts: map[string]count{},
	})
	d := drafting{r, q.needs(r)}
	if q.do == "panic" {
		r.entries = r.entries[:before]
		return reply{broken: "composing panic: no such panic"}
	}
	if refused := d.draft(q); refused != nil {
		r.entries = r.entries[:before]
		return reply{refusal: refused}
	}
	return reply{fact: d.fact()}
}

// under is the fact that a key made, or nil.
func (r *reference) under(key string) *fact {
	for i := range r.entries {
		if r.entries[i].key == key {
			return &r.entries[i]
		}
	}
	return nil
}

// again answers a key that was used before.
func again(before *fact, q request) reply {
	if before.kind != q.do {
		return reply{refusal: refuse(ledger.KeyReused, "", "key %s was used for entry %d, a %s", q.key, before.number, before.kind)}
	}
	now := q.content()
	all := maps.Clone(before.content)
	maps.Copy(all, now)
	refused := &refusal{}
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if before.content[field] != now[field] {
			refused.Faults = append(refused.Faults, refuse(ledger.KeyReused, "/"+field, "key %s was used for entry %d with another %s", q.key, before.number, field).Faults...)
		}
	}
	if len(refused.Faults) > 0 {
		return reply{refusal: refused}
	}
	return reply{fact: before, replayed: true}
}

// group answers requests that are linked: all or none.
func (r *reference) group(qs []request) []reply {
	for i, q := range qs {
		twin := slices.ContainsFunc(qs[:i], func(o request) bool { return o.key == q.key })
		if q.ofPeriods() && len(qs) > 1 || twin {
			return []reply{{refusal: refuse(ledger.Invalid, fmt.Sprintf("/%d", i), "no member")}}
		}
	}
	before := len(r.entries)
	refused, fresh := &refusal{}, 0
	replies := make([]reply, len(qs))
	for i, q := range qs {
		replies[i] = r.answer(q)
		if replies[i].broken != "" {
			r.entries = r.entries[:before]
			return replies[i : i+1]
		}
		if replies[i].refused() {
			refused.Faults = append(refused.Faults, replies[i].refusal.At(fmt.Sprintf("/%d", i)).Faults...)
		} else if !replies[i].replayed {
			fresh++
		}
	}
	if len(refused.Faults) == 0 && fresh != 0 && fresh != len(qs) {
		for i, a := range replies {
			if !a.replayed {
				refused.Faults = append(refused.Faults,
					refuse(ledger.KeyReused, fmt.Sprintf("/%d", i), "key %s is new, but others of its group were posted before", qs[i].key).Faults...)
			}
		}
	}
	if len(refused.Faults) > 0 {
		r.entries = r.entries[:before]
		return []reply{{refusal: refused}}
	}
	return replies
}
