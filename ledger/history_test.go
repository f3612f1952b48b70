package ledger_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
	"reliefledger/ledger"
)

// asking is what one client asks of one cell or one key.
type asking struct {
	of      string // the cell or the key
	content string // of a key
	change  int64  // of a cell
}

// told is what it is told.
type told struct {
	number   int64
	replayed bool
	code     string
	there    int64 // what a refusal says the cell holds
}

// cellHistory is a cell that holds a number: a taking passes when it is there, and is refused with what is there.
var cellHistory = porcupine.Model{
	Partition: apart,
	Init:      func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		holds, in, out := state.(int64), input.(asking), output.(told)
		if out.code != "" {
			return out.there == holds && holds+in.change < 0, holds
		}
		return holds+in.change >= 0, holds + in.change
	},
}

// keyHistory is a key that is free until an entry is posted under it, and then answers the same for ever.
var keyHistory = porcupine.Model{
	Partition: apart,
	Init:      func() any { return posted{} },
	Step: func(state, input, output any) (bool, any) {
		holds, in, out := state.(posted), input.(asking), output.(told)
		switch {
		case holds == posted{}:
			if out.code == ledger.Insufficient {
				return true, holds
			}
			return out.code == "" && !out.replayed, posted{out.number, in.content}
		case holds.content != in.content:
			return out.code == ledger.KeyReused, holds
		}
		return out.code == "" && out.replayed && out.number == holds.number, holds
	},
}

type posted struct {
	number  int64
	content string
}

// apart cuts a history by cell, or by key.
func apart(history []porcupine.Operation) (parts [][]porcupine.Operation) {
	by := map[string][]porcupine.Operation{}
	for _, o := range history {
		of := o.Input.(asking).of
		by[of] = append(by[of], o)
	}
	for _, part := range by {
		parts = append(parts, part)
	}
	return parts
}

// history is what all clients asked and were told, and when.
type history struct {
	begun   time.Time
	ownKeys bool // no two clients share a key
	mu      sync.Mutex
	cells   []porcupine.Operation
	keys    []porcupine.Operation
	fresh   []porcupine.Operation // entries that were not there before
}

// carry moves goods from one place to another, and writes down what it was told. A sender who is told that nobody knows, or that the
// database cannot be reached, repeats its key; when nobody else has that key, a replay then is its own first answer.
func (h *history) carry(t *testing.T, client int, b *ledger.Book, key string, from, to ledger.Account, quantity int64) {
	p := take(key, today, quilt, from, to, strconv.FormatInt(quantity, 10))
	p.Content = fmt.Sprint(from, to, quantity)
	call := time.Since(h.begun)
	answer, err := b.Post(context.Background(), p)
	for attempt := 1; attempt < 20 && (errors.Is(err, pg.ErrOutcomeUnknown) || errors.Is(err, ledger.ErrUnavailable)); attempt++ {
		answer, err = b.Post(context.Background(), p)
	}
	end := time.Since(h.begun)
	out := told{number: answer.Number, replayed: answer.Replayed && !h.ownKeys}
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) {
		out.code = refusal.Code()
		if out.code == ledger.Insufficient {
			out.there, err = strconv.ParseInt(refusal.Faults[0].There, 10, 64)
		}
	}
	if err != nil && !errors.As(err, &refusal) {
		t.Errorf("%s: %v", key, err)
		return
	}
	op := func(in asking) porcupine.Operation {
		return porcupine.Operation{ClientId: client, Input: in, Call: call.Nanoseconds(), Output: out, Return: end.Nanoseconds()}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys = append(h.keys, op(asking{of: key, content: p.Content.(string)}))
	if out.code == ledger.Insufficient || out.code == "" && !out.replayed {
		h.cells = append(h.cells, op(asking{of: string(from), change: -quantity}))
	}
	if out.code == "" && !out.replayed {
		h.cells = append(h.cells, op(asking{of: string(to), change: quantity}))
		h.fresh = append(h.fresh, h.cells[len(h.cells)-1])
	}
}

// check wants an order in which everybody was told the truth, for each cell and for each key, and numbers in the order of time.
func (h *history) check(t *testing.T, first int64) {
	t.Helper()
	for name, c := range map[string]struct {
		model   porcupine.Model
		history []porcupine.Operation
	}{"cells": {cellHistory, h.cells}, "keys": {keyHistory, h.keys}} {
		if result := porcupine.CheckOperationsTimeout(c.model, c.history, time.Minute); result != porcupine.Ok {
			t.Errorf("the history of %d answers about %s is %s", len(c.history), name, result)
		}
	}
	slices.SortFunc(h.fresh, func(a, b porcupine.Operation) int { return cmp.Compare(a.Output.(told).number, b.Output.(told).number) })
	var latest int64 // call of any entry with a lower number
	for i, o := range h.fresh {
		if n := o.Output.(told).number; n != first+int64(i) {
			t.Fatalf("entry %d was told to nobody, or to two", first+int64(i))
		}
		if o.Return < latest {
			t.Errorf("entry %d was told before an entry with a lower number was asked for", o.Output.(told).number)
		}
		latest = max(latest, o.Call)
	}
}

// TestHistories: many clients on few cells and few keys, on one server and on two.
func TestHistories(t *testing.T) {
	t.Parallel()
	for _, servers := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d servers", servers), func(t *testing.T) {
			t.Parallel()
			rounds := 2
			if ledger.Soaking() {
				rounds = 200
			}
			for range rounds {
				seed := uint64(time.Now().UnixNano())
				// A round ends with its connections, of which PostgreSQL has a hundred.
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { clients(t, servers, seed) })
			}
		})
	}
}

func clients(t *testing.T, servers int, seed uint64) {
	w := newWorld(t)
	books := []*ledger.Book{w.Book}
	for len(books) < servers {
		books = append(books, w.beside(ledger.Options{Batch: 7}).Book)
	}
	places := []ledger.Account{"stock:A", "stock:B", "stock:C"}
	h := &history{begun: time.Now()}
	for i, place := range places {
		w.post(receive(fmt.Sprint("r", i), today, ledger.Commodity{Item: "QUILT", Lot: fmt.Sprint("S", i)}, place, "1", "1.00"))
	}
	w.post(receive("r", today, quilt, "stock:A", "40", "200.00"))
	h.cells = append(h.cells, porcupine.Operation{Input: asking{of: "stock:A", change: 40}, Output: told{}, Call: -2, Return: -1})
	var all sync.WaitGroup
	for client := range 12 {
		r := rand.New(rand.NewPCG(seed, uint64(client)))
		all.Go(func() {
			for range 20 {
				key := r.IntN(160)
				content := rand.New(rand.NewPCG(seed, 100+uint64(key))) // mostly the same for the same key
				if r.IntN(5) == 0 {
					content = r
				}
				from := content.IntN(3)
				to := places[(from+1+content.IntN(2))%3]
				h.carry(t, client, books[r.IntN(servers)], fmt.Sprint("k", key), places[from], to, 1+content.Int64N(9))
			}
		})
	}
	all.Wait()
	h.check(t, int64(len(places)+2))
	if found := w.verify(ledger.VerifyOptions{}); len(found) > 0 {
		t.Error(found)
	}
}

// TestHistoriesOnABadLine: the same, with keys of their own and two servers, while the network breaks all the time.
func TestHistoriesOnABadLine(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	books := []*line{l, {world: &world{t: t}, proxy: l.proxy, direct: l.direct}}
	books[1].Book = l.Book
	for _, b := range books {
		b.connect()
	}
	h := &history{begun: time.Now(), ownKeys: true}
	h.cells = append(h.cells, porcupine.Operation{Input: asking{of: "stock:A", change: 1000}, Output: told{}, Call: -2, Return: -1})
	done, breaker := make(chan struct{}), sync.WaitGroup{}
	broken := 0
	breaker.Go(func() { broken = l.keepBreaking(done) })
	var all sync.WaitGroup
	for client := range 8 {
		r := rand.New(rand.NewPCG(h.seed(), uint64(client)))
		all.Go(func() {
			places := []ledger.Account{"stock:A", "stock:A", "stock:B", "stock:C"}
			for i := range 15 {
				from, to := places[r.IntN(4)], places[1+r.IntN(3)]
				if from == to {
					to = "handed-out:A"
				}
				h.carry(t, client, books[r.IntN(2)].Book, fmt.Sprint("c", client, "-", i), from, to, 1+r.Int64N(9))
			}
		})
	}
	all.Wait()
	close(done)
	breaker.Wait()
	if h.check(t, 2); broken < 10 {
		t.Errorf("the line broke only %d times", broken)
	}
	for _, b := range books {
		b.Close()
		_ = b.DB().Close()
	}
	l.whole()
}

// seed makes another run another one.
func (h *history) seed() uint64 { return uint64(h.begun.UnixNano()) }

// keepBreaking plans one break after the other, and answers how many happened.
func (l *line) keepBreaking(done chan struct{}) int {
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	hows := []faultpg.How{faultpg.Before, faultpg.Half, faultpg.Behind, faultpg.Answer, faultpg.Reset}
	for n := 0; ; n++ {
		l.proxy.Plan(faultpg.Break{Side: faultpg.Side(n % 2), How: hows[n%len(hows)], Nth: 1 + n%13})
		for l.proxy.Pending() {
			select {
			case <-done:
				l.proxy.Plan(faultpg.Break{})
				return n
			case <-ticks.C:
			}
		}
	}
}

// TestLiesAreFound: the histories themselves would notice a book that hands out the last quilt twice or takes one key for two entries.
func TestLiesAreFound(t *testing.T) {
	t.Parallel()
	op := func(of string, change int64, content string, out told) porcupine.Operation {
		return porcupine.Operation{Input: asking{of, content, change}, Output: out, Call: 2, Return: 9}
	}
	first := op("stock:A", 1, "", told{})
	first.Call, first.Return = 0, 1
	short := told{code: ledger.Insufficient}
	for _, c := range []struct {
		name    string
		model   porcupine.Model
		history []porcupine.Operation
		want    bool
	}{
		{"one of two gets the last", cellHistory, []porcupine.Operation{first, op("stock:A", -1, "", told{}), op("stock:A", -1, "", short)}, true},
		{"both get the last", cellHistory, []porcupine.Operation{first, op("stock:A", -1, "", told{}), op("stock:A", -1, "", told{})}, false},
		{"nobody gets the last", cellHistory, []porcupine.Operation{first, op("stock:A", -1, "", short)}, false},
		{"posted and replayed", keyHistory, []porcupine.Operation{op("k", 0, "c", told{number: 4, replayed: true}), op("k", 0, "c", told{number: 4})}, true},
		{"posted twice", keyHistory, []porcupine.Operation{op("k", 0, "c", told{number: 4}), op("k", 0, "c", told{number: 5})}, false},
		{"taken for other content", keyHistory, []porcupine.Operation{op("k", 0, "c", told{number: 4}), op("k", 0, "d", told{number: 4, replayed: true})}, false},
	} {
		if got := porcupine.CheckOperations(c.model, c.history); got != c.want {
			t.Errorf("%s: believed %t", c.name, got)
		}
	}
}
