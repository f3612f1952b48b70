package demo

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func TestEverySeedGivesTheReportsTotals(t *testing.T) {
	t.Parallel()
	want := goods{}
	for _, h := range handedOut {
		want[h.item] = h.total
	}
	for seed := range uint64(5) {
		p := newPlan(Options{Seed: seed})
		dealt, most := goods{}, 0
		for _, hand := range p.deal() {
			dealt.add(hand)
			pieces := 0
			for item, n := range hand {
				if item != leaflet {
					pieces += n
				}
			}
			most = max(most, pieces)
		}
		if !maps.Equal(dealt, want) || most > 8 {
			t.Errorf("seed %d deals %v, at most %d to one hand", seed, dealt, most)
		}
		for _, total := range []string{reliefCash, "76"} {
			if sum := decimal.Sum(decimal.Zero, p.shares(total, 846, 2)...); !sum.Equal(decimal.RequireFromString(total)) {
				t.Errorf("seed %d shares %s as %s", seed, total, sum)
			}
		}
		if n := len(p.events); n < 60_000 || n > 63_000 {
			t.Errorf("seed %d plans %d entries, about 60,000 wanted", seed, n)
		}
	}
}

func TestPlacesAreThoseOfTheReport(t *testing.T) {
	t.Parallel()
	stations, points := places()
	warehouses, served := map[string]bool{}, map[string]int{}
	for _, s := range stations {
		warehouses[s.warehouse] = true
		served[s.division]++
		if len(s.points) < 7 || len(s.points) > 8 {
			t.Errorf("station %s has %d points", s.code, len(s.points))
		}
	}
	if len(stations) != 94 || len(warehouses) != 94 || len(points) != 750 || len(served) != 21 {
		t.Errorf("%d stations with %d warehouses in %d prefectures, %d points", len(stations), len(warehouses), len(served), len(points))
	}
}

// Two runs of one seed must ask the same under the same keys, or an interrupted demo would be refused where it goes on.
func TestTheSameSeedAsksTheSame(t *testing.T) {
	t.Parallel()
	book := pgtest.Book(t)
	o := Options{
		Book: book, Seed: 7,
		Keeper: warehouse.NewKeeper(book, pgtest.Now), Officer: fund.NewOfficer(book, pgtest.Now), Desk: campaign.NewDesk(book, pgtest.Now),
	}
	first, second := newPlan(o), newPlan(o)
	if err := first.register(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := second.register(t.Context()); err != nil {
		t.Fatalf("registering the same again: %v", err)
	}
	if len(first.events) != len(second.events) {
		t.Fatalf("%d events, then %d", len(first.events), len(second.events))
	}
	for i := 0; i < len(first.events); i += 11 {
		a, b := asked(t, first, first.events[i]), asked(t, second, second.events[i])
		if a != b {
			t.Errorf("event %d asks\n%s, then\n%s", i, a, b)
		}
	}
}

// asked is what an event asks, or why it cannot be asked yet.
func asked(t *testing.T, p *plan, e *event) string {
	t.Helper()
	proposal, err := e.build(t.Context(), ledger.By{Actor: e.actor, Key: p.key(e)})
	if err != nil {
		return p.key(e) + " " + err.Error()
	}
	content, err := json.Marshal(proposal.Content)
	if err != nil {
		t.Fatal(err)
	}
	return proposal.Key + " " + proposal.On.String() + " " + proposal.Actor + " " + string(content)
}
