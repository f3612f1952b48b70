package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// wire is a book whose messages to PostgreSQL are counted.
type wire struct {
	*world
	proxy *faultpg.Proxy
}

func newWire(t *testing.T) *wire {
	t.Helper()
	l := newLine(t)
	db, err := pg.Open(l.proxy.DSN, pg.Options{Role: pgtest.Application, Application: "wire"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w := &wire{&world{Book: ledger.Open(db, l.Info, ledger.Options{Now: pgtest.Now}), t: t}, l.proxy}
	t.Cleanup(func() {
		w.Close()
		if found, err := ledger.Verify(context.Background(), db, l.Info, ledger.VerifyOptions{}); err != nil || len(found) > 0 {
			t.Errorf("%v %v", found, err)
		}
	})
	return w
}

// cost is what some work sent: how often it waited for an answer, and how many statements each message held.
type cost struct {
	trips      int
	statements string
}

func (w *wire) cost(work func()) cost {
	w.t.Helper()
	end := w.proxy.Record()
	work()
	messages := end()
	var statements []string
	add := func(n int) {
		if n > 0 {
			statements = append(statements, fmt.Sprint(n))
		}
	}
	run := 0
	for _, m := range messages {
		switch m[0] {
		case 'E': // a statement of a transaction is run
			run++
		case 'S': // and here it ends
			add(run)
			run = 0
		case 'Q':
			add(strings.Count(string(m), ";\n")) // what message.add ends a statement with; no text of these tests holds it
		}
	}
	return cost{faultpg.RoundTrips(messages), strings.Join(statements, "+")}
}

// give posts n handouts of one coat at the points in turn, in one batch. Every one must be taken.
func (w *wire) give(prefix string, n int) {
	w.t.Helper()
	w.giveOn(today, prefix, n)
}

func (w *wire) giveOn(on ledger.Date, prefix string, n int) {
	w.t.Helper()
	var all []*ledger.Proposal
	for i := range n {
		at := fmt.Sprint(i % points)
		all = append(all, take(fmt.Sprint(prefix, i), on, coat, ledger.Account("stock:P"+at), ledger.Account("handed-out:P"+at), "1"))
	}
	w.each(all)
}

const points = 10

var coat = ledger.Commodity{Item: "COAT", Lot: "L1"}

func (w *wire) each(all []*ledger.Proposal) (outcomes []ledger.Outcome) {
	w.t.Helper()
	outcomes, err := w.PostEach(context.Background(), all)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Err != nil {
			w.t.Fatalf("%s: %v", all[i].Key, o.Err)
		}
	}
	return outcomes
}

// furnish puts coats into every point, the day before yesterday.
func (w *wire) furnish() {
	w.t.Helper()
	w.post(receive("all", today-2, coat, "stock:P0", "100000", "5000000.00"))
	for i := 1; i < points; i++ {
		w.post(take(fmt.Sprint("to", i), today-2, coat, "stock:P0", ledger.Account(fmt.Sprint("stock:P", i)), "10000"))
	}
}

// The reason why a hot point makes batches cheaper: what a batch costs is the same for one handout and for a thousand.
func TestBudgetOfABatch(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.furnish()
	w.give("warm", 2*points)
	one, thousand := w.cost(func() { w.give("one", 1) }), w.cost(func() { w.give("thousand", 1000) })
	// head, entries, moves, cells, counters
	want := cost{1, "5"}
	if one != want || thousand != want {
		t.Errorf("one handout costs %v, a thousand %v, %v wanted", one, thousand, want)
	}

	// A server that begins knows nothing: it asks for all of it at once, and its connection plans the statements on the way.
	for i, n := range []int{1, 1000} {
		other := w.anew()
		// head, cells, days behind the head that it does not know, counters; then as above
		if got, want := other.cost(func() { other.give(fmt.Sprint("cold", i, "-"), n) }), (cost{2, "4+5"}); got != want {
			t.Errorf("%d handouts by a server that begins cost %v, %v wanted", n, got, want)
		}
		if n == 1 { // it has seen one point of ten
			if got, want := other.cost(func() { other.give("unknown-", 1000) }), (cost{2, "2+5"}); got != want {
				t.Errorf("handouts at points that are not in memory cost %v, %v wanted", got, want)
			}
		}
	}
}

// A day costs one statement more in the batch that begins it, and so do late handouts, whose days must be known first.
func TestBudgetOfDays(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.furnish()
	w.giveOn(today-2, "warm", points)
	for _, c := range []struct {
		what string
		on   ledger.Date
		want cost
	}{
		{"the first of a day", today - 1, cost{1, "6"}},
		{"others of that day", today - 1, cost{1, "5"}},
		{"late ones", today - 2, cost{2, "1+6"}}, // days
		{"more late ones", today - 2, cost{1, "6"}},
		{"the first of a third day", today, cost{1, "6"}},
	} {
		if got := w.cost(func() { w.giveOn(c.on, c.what, points) }); got != c.want {
			t.Errorf("%s cost %v, %v wanted", c.what, got, c.want)
		}
	}
}

// anew is another server on the book, behind the same wire, which has read nothing yet but holds its connection.
func (w *wire) anew() *wire {
	w.t.Helper()
	other := ledger.Open(w.DB(), w.Info, ledger.Options{Now: pgtest.Now})
	w.t.Cleanup(other.Close)
	return &wire{&world{Book: other, t: w.t}, w.proxy}
}

// Moves, documents and lots add rows, never statements: one for each table that gets any.
func TestBudgetOfWhatAnEntryHolds(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	wide := func(key string, size int) *ledger.Proposal {
		return &ledger.Proposal{
			Header: ledger.Header{Kind: "receipt", On: today, Actor: "keeper", Key: key},
			Needs: ledger.Needs{
				Groups:  []ledger.Group{{Account: "supplier:S", Item: "TENT"}, {Account: "stock:P1", Item: "TENT"}},
				Tallies: []string{"tents"},
			},
			Compose: func(d *ledger.Draft) error {
				for i := range size {
					lot := ledger.Commodity{Item: "TENT", Lot: fmt.Sprint(key, "-", i)}
					d.NewLot(ledger.Lot{Commodity: lot, Received: today})
					d.Count("tents", dec("1"), dec("1"))
					if err := d.Move(ledger.Move{From: "supplier:S", To: "stock:P1", Fund: "F1", Commodity: lot, Quantity: dec("1"), Value: dec("1")}); err != nil {
						return err
					}
				}
				return nil
			},
		}
	}
	w.post(wide("warm", 1))
	one, many := w.cost(func() { w.post(wide("one", 1)) }), w.cost(func() { w.post(wide("many", 300)) })
	// head, entries, moves, new cells, new lots, cells, counters, one table of documents
	if want := (cost{1, "8"}); one != want || many != want {
		t.Errorf("one move costs %v, three hundred %v, %v wanted", one, many, want)
	}
}

// A refusal is proven against the head before it is given, and a replay is found only when its key meets the first one: both
// are rare, and their price does not grow with the batch.
func TestBudgetOfRefusalsAndReplays(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.furnish()
	w.give("warm", 2*points)
	refuse := func(prefix string, accepted, refused int) {
		var all []*ledger.Proposal
		for i := range accepted {
			all = append(all, take(fmt.Sprint(prefix, "+", i), today, coat, "stock:P1", "handed-out:P1", "1"))
		}
		for i := range refused {
			all = append(all, take(fmt.Sprint(prefix, "-", i), today, coat, "stock:P1", "handed-out:P1", "900000"))
		}
		outcomes, err := w.PostEach(context.Background(), all)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range outcomes {
			if refusal := new(ledger.Refusal); errors.As(o.Err, &refusal) != (i >= accepted) {
				t.Errorf("%s: %v", all[i].Key, o.Err)
			}
		}
	}
	for i, c := range []struct {
		what string
		work func()
		want cost
	}{
		{"a refusal", func() { refuse("a", 0, 1) }, cost{1, "2"}}, // head under a lock, keys
		{"many refusals", func() { refuse("b", 0, 300) }, cost{1, "2"}},
		{"refusals beside handouts", func() { refuse("c", 300, 300) }, cost{2, "5+2"}},
		// the write that meets the key, all that was in memory with the keys, the proof, and the entry that is answered again
		{"a replay", func() { w.give("warm", 1) }, cost{5, "5+5+2"}},
		{"many replays", func() { w.give("warm", points) }, cost{3 + 2*points, "5+5+2"}},
	} {
		w.give(fmt.Sprint("warmer", i, "-"), points) // a replay makes the committer forget what it knew
		if got := w.cost(c.work); got != c.want {
			t.Errorf("%s costs %v, %v wanted", c.what, got, c.want)
		}
	}
}

// TestBudgetOfAYoungBook: as long as PostgreSQL has not counted the tables of a book, each cell is found by its number all the same.
func TestBudgetOfAYoungBook(t *testing.T) {
	w := newWire(t)
	w.furnish()
	w.give("first", 1) // its plans are made for a handful of cells
	var all []*ledger.Proposal
	for i := range 2000 {
		lot := ledger.Commodity{Item: "TENT", Lot: fmt.Sprint("T", i)}
		all = append(all, receive(fmt.Sprint("tents", i), today, lot, ledger.Account(fmt.Sprint("stock:P", i%points)), "1000", "1000.00"))
	}
	w.each(all)
	w.give("warm", points)
	w.settleStatistics()
	before := w.rowsOfCells()
	for i := range 50 {
		w.give(fmt.Sprint("young", i, "-"), points)
	}
	w.settleStatistics()
	// Of a batch, each of ten points changes two cells; a server that begins reads the cells of its points once.
	if read := w.rowsOfCells() - before; read > 10_000 {
		t.Errorf("fifty batches that change twenty cells each have read %d rows of cells", read)
	}
}

// rowsOfCells is how many rows of cells were read through its indexes.
func (w *wire) rowsOfCells() (rows int64) {
	w.t.Helper()
	if err := w.DB().NewRaw("SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'cells'").Scan(w.t.Context(), &rows); err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// TestBudgetOfUpdates: what every handout changes is changed in place, so that no index grows by it and no table needs cleaning.
//
// It runs alone: a transaction that somebody has open in another database of the server keeps old versions from being cleaned away.
func TestBudgetOfUpdates(t *testing.T) {
	w := newWire(t)
	w.furnish()
	w.give("warm", 2*points)
	w.settleStatistics()
	before := w.updates()
	for i := range 200 {
		w.give(fmt.Sprint("hot", i, "-"), 2*points)
	}
	for i := range 100 {
		w.giveOn(today-1, fmt.Sprint("late", i, "-"), 2*points)
	}
	w.settleStatistics()
	for table, now := range w.updates() {
		all, inPlace := now.All-before[table].All, now.InPlace-before[table].InPlace
		if all < 200 {
			t.Errorf("%s was updated %d times: the test does not try it", table, all)
		}
		if inPlace*100 < all*leastInPlace {
			t.Errorf("%d of %d updates of %s were in place, %d of 100 wanted", inPlace, all, table, leastInPlace)
		}
	}
}

// leastInPlace is near all: a page that a cell shares with many must now and then be cleaned before it has room again.
const leastInPlace = 95

type updated struct {
	Name         string
	All, InPlace int64
}

func (w *wire) updates() map[string]updated {
	w.t.Helper()
	var rows []updated
	err := w.DB().NewRaw(`SELECT relname AS name, n_tup_upd AS "all", n_tup_hot_upd AS in_place FROM pg_stat_user_tables
		WHERE relname IN ('heads', 'cells', 'past_days', 'tallies')`).Scan(w.t.Context(), &rows)
	if err != nil || len(rows) != 4 {
		w.t.Fatalf("statistics of %d tables, 4 wanted: %v", len(rows), err)
	}
	byName := map[string]updated{}
	for _, r := range rows {
		byName[r.Name] = r
	}
	return byName
}

// settleStatistics makes the committer's connection tell what it did: each keeps its counts to itself for up to a second, and hands
// them in before it ends.
func (w *wire) settleStatistics() {
	w.t.Helper()
	w.Close()
	w.DB().SetMaxIdleConns(0) // ends those that are idle
	w.await("the connections to end", func() bool {
		var left int
		if err := w.DB().NewRaw("SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'wire' AND datname = current_database()").Scan(w.t.Context(), &left); err != nil {
			w.t.Fatal(err)
		}
		return left == 0
	})
	w.Book = ledger.Open(w.DB(), w.Info, ledger.Options{Now: pgtest.Now})
}

// mostAllocations is what one handout of one move may ask of the heap on its way from Post to its answer, in a batch of 500: 20 % above what was
// measured. What is alive at once decides how often the collector runs, and the collector runs on the core of the committer.
const mostAllocations = 97

func TestBudgetOfAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates on its own")
	}
	const size, runs = 500, 10
	w := &wire{world: newWorld(t)}
	w.furnish()
	w.give("warm", 2*points)
	batches := make([][]*ledger.Proposal, runs+1) // AllocsPerRun runs once more, to warm up
	for b := range batches {
		for i := range size {
			at := fmt.Sprint(i % points)
			batches[b] = append(batches[b], take(fmt.Sprint("a", b, "-", i), today, coat, ledger.Account("stock:P"+at), ledger.Account("handed-out:P"+at), "1"))
		}
	}
	each := testing.AllocsPerRun(runs, func() {
		w.each(batches[0])
		batches = batches[1:]
	}) / size
	t.Logf("%.1f allocations per handout", each)
	if each > mostAllocations {
		t.Errorf("%.1f allocations per handout, at most %d wanted", each, mostAllocations)
	}
}
