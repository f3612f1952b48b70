package ledger_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// Sixty books take a few seconds; -rapid.checks says otherwise.
func init() {
	if err := flag.Set("rapid.checks", "60"); err != nil {
		panic(err)
	}
}

// TestModel drives a book and the reference with the same random requests, singly, in batches, in linked groups and as dry runs, by two
// servers whose memory is small, and compares every answer and every balance. rapid prints the seed of what fails, to be given to
// -rapid.seed; make soak runs many more.
func TestModel(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	var books atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		play := newPlay(t, db, zone, int(books.Add(1)))
		defer play.end()
		t.Repeat(map[string]func(*rapid.T){
			"post": play.post, "each": play.each, "group": play.group, "try": play.try, "recall": play.recall,
			"clock": play.turnClock, "look": play.look, "": play.compare,
		})
		play.verify(t)
	})
	for _, what := range []string{
		"receipt", "handout", "pick", "dispatch", "move", "handout-return", "reversal", "revaluation", "clearing", "close", "reopen", "approval",
		"receipt replayed", "receipt key-reused", "handout insufficient", "pick insufficient", "handout invalid", "move not-found",
		"reversal moved-on", "revaluation moved-on", "pick period-closed", "close already-done", "approval already-done",
	} {
		if _, happened := seen.Load(what); !happened && books.Load() >= 60 && !t.Failed() {
			t.Errorf("in %d books it never happened: %s", books.Load(), what)
		}
	}
}

// play is one book and its reference.
type play struct {
	*reference
	info    ledger.Info
	db      *bun.DB
	servers []*ledger.Book
	clock   atomic.Pointer[time.Time] // the committers read it
	sent    []request
	lots    []ledger.Commodity
}

func newPlay(t *rapid.T, db *bun.DB, zone *time.Location, n int) *play {
	p := &play{reference: &reference{code: fmt.Sprint("MODEL-", n), now: pgtest.Now(), zone: zone}, db: db}
	p.info = ledger.Info{Code: p.code, Name: "Model", Zone: zone, Currency: "CNY", Decimals: 2}
	p.clock.Store(&p.now)
	var err error
	if p.info.ID, err = ledger.Create(context.Background(), db, p.info); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p.servers = append(p.servers, ledger.Open(db, p.info, ledger.Options{
			Now:      func() time.Time { return *p.clock.Load() },
			Batch:    rapid.SampledFrom([]int{1, 3, 1000}).Draw(t, "batch"),
			MaxCells: rapid.SampledFrom([]int{1, 20, 200_000}).Draw(t, "memory"),
		}))
	}
	return p
}

func (p *play) end() {
	for _, b := range p.servers {
		b.Close()
	}
}

func (p *play) server(t *rapid.T) *ledger.Book {
	return p.servers[rapid.IntRange(0, 1).Draw(t, "server")]
}

// seen counts what happened, so that a run in which something never did is no proof of it.
var seen sync.Map

func see(what string) {
	n, _ := seen.LoadOrStore(what, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

func same(t *rapid.T, what string, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("%s\n is answered %s\n the reference %s", what, got, want)
	}
}

// asked is what both sides are asked at once: requests that could be built, with their proposals.
type asked struct {
	requests  []request
	proposals []*ledger.Proposal
}

// ask builds requests on both sides and compares what is refused already.
func (p *play) ask(t *rapid.T, b *ledger.Book, least, most int) (a asked) {
	for range rapid.IntRange(least, most).Draw(t, "number") {
		q := p.draw(t)
		q.seen = int64(len(p.entries))
		p.sent = append(p.sent, q)
		proposal, err := q.proposal(b, p.reference)
		if refused := p.build(q); refused != nil || err != nil {
			same(t, fmt.Sprintf("building %+v", q), said(ledger.Posted{}, err), reply{refusal: refused}.String())
			continue
		}
		a.requests, a.proposals = append(a.requests, q), append(a.proposals, proposal)
	}
	return a
}

func (p *play) post(t *rapid.T) {
	b := p.server(t)
	for i, proposal := range p.ask(t, b, 1, 1).proposals {
		posted, err := b.Post(context.Background(), proposal)
		q := p.sent[len(p.sent)-1-i]
		same(t, fmt.Sprintf("%+v", q), said(posted, err), p.answer(q).String())
	}
}

func (p *play) each(t *rapid.T) {
	b := p.server(t)
	a := p.ask(t, b, 2, 6)
	outcomes, err := b.PostEach(context.Background(), a.proposals)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		same(t, fmt.Sprintf("number %d of %+v", i, a.requests), said(o.Posted, o.Err), p.answer(a.requests[i]).String())
	}
}

func (p *play) group(t *rapid.T) {
	b := p.server(t)
	a := p.ask(t, b, 2, 4)
	posted, err := b.PostAll(context.Background(), a.proposals)
	replies := p.reference.group(a.requests)
	if err != nil || len(replies) == 1 && replies[0].refused() {
		same(t, fmt.Sprintf("group %+v", a.requests), said(ledger.Posted{}, err), replies[0].String())
		return
	}
	for i, one := range posted {
		same(t, fmt.Sprintf("number %d of group %+v", i, a.requests), said(one, nil), replies[i].String())
	}
}

func (p *play) try(t *rapid.T) {
	b := p.server(t)
	a := p.ask(t, b, 1, 4)
	tried, errs, err := b.Try(context.Background(), a.proposals...)
	if err != nil {
		t.Fatal(err)
	}
	before := p.entries
	var replies []reply
	for _, q := range a.requests {
		replies = append(replies, p.answer(q))
	}
	for i, one := range tried {
		same(t, fmt.Sprintf("number %d of trying %+v", i, a.requests), said(one.Posted, errs[i]), replies[i].String())
		for _, c := range one.Cells {
			now := p.held(c.CellKey, always)
			same(t, fmt.Sprintf("cell %v after trying", c.CellKey), fmt.Sprint(c.Quantity, c.Value), fmt.Sprint(now.quantity, now.value))
		}
	}
	p.entries = before
}

func (p *play) recall(t *rapid.T) {
	if len(p.sent) == 0 {
		return
	}
	q := rapid.SampledFrom(p.sent).Draw(t, "sent")
	posted, known, err := p.server(t).Recall(context.Background(), q.key, q.do, q.content())
	before := p.under(q.key)
	if before == nil || q.ofPeriods() || q.do == "reversal" { // whose contents have types of their own
		if known != (before != nil) {
			t.Fatalf("key %s is known %t", q.key, known)
		}
		return
	}
	same(t, fmt.Sprintf("recalling %+v", q), said(posted, err), again(before, q).String())
}

// turnClock goes on by minutes or days, and sometimes back.
func (p *play) turnClock(t *rapid.T) {
	minutes := rapid.SampledFrom([]int{1, 7, 60, 600, 1440, 3 * 1440, -5, -1440}).Draw(t, "minutes")
	now := p.now.Add(time.Duration(minutes)*time.Minute + 1234567*time.Nanosecond)
	p.now = now
	p.clock.Store(&now)
}

// compare compares every cell as it stands.
func (p *play) compare(t *rapid.T) { p.compareAt(t, ledger.Moment{}) }

// look compares every cell at a random moment.
func (p *play) look(t *rapid.T) {
	var m ledger.Moment
	if rapid.Bool().Draw(t, "as of a date") {
		m.AsOf = p.date(t)
	}
	if len(p.entries) > 0 && rapid.Bool().Draw(t, "as known at an entry") {
		m.KnownAt = rapid.Int64Range(1, int64(len(p.entries))).Draw(t, "entry")
	}
	p.compareAt(t, m)
}

func (p *play) compareAt(t *rapid.T, m ledger.Moment) {
	cells, err := ledger.Balances(context.Background(), p.db, p.info, ledger.Selection{}, m)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, c := range cells {
		got = append(got, fmt.Sprintf("%s %s %s: %s worth %s", c.Account, c.Commodity, c.Fund, c.Quantity, c.Value))
	}
	for _, key := range p.cells(func(ledger.CellKey) bool { return true }) {
		sum := p.held(key, func(e fact) bool {
			return (m.AsOf.IsZero() || e.on <= m.AsOf) && (m.KnownAt == 0 || e.number <= m.KnownAt)
		})
		if sum.quantity.sign() != 0 || sum.value.sign() != 0 {
			want = append(want, fmt.Sprintf("%s %s %s: %s worth %s", key.Account, key.Commodity, key.Fund, sum.quantity, sum.value))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	same(t, fmt.Sprintf("the balances at %+v", m), strings.Join(got, "\n"), strings.Join(want, "\n"))
}

func (p *play) verify(t *rapid.T) {
	found, err := ledger.Verify(context.Background(), p.db, p.info, ledger.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", f.Rule, f.Text)
	}
}
