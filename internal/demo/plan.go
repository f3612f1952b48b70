package demo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// The campaign's first day, the day of the published report, and the days that goods need from a station to its points.
var (
	firstDay = ledger.NewDate(2023, time.November, 1)
	lastDay  = ledger.NewDate(2024, time.January, 2)
)

// Waves put the events of one day into the order in which they can happen.
const (
	waveIncome   = iota // money and goods come in
	waveBills           // invoices and freight on them
	wavePayments        // of suppliers
	waveDispatch        // from the province
	waveForward         // from the stations
	waveArrival
	waveField   // handouts, relief cash, charity, activities
	waveMending // returns, reversals
	waveApproval
)

// plan is everything that the demo will ask for, drawn from one seed before the first request is sent.
type plan struct {
	Options
	*rand.Rand
	stations []station
	points   []*point
	events   []*event
}

// event is one request of the demo. What became of it is kept for the requests that refer to it.
type event struct {
	on     ledger.Date
	wave   int
	n      int
	actor  string
	build  func(context.Context, ledger.By) (*ledger.Proposal, error)
	booked *booked
}

type booked struct {
	number   int64
	document string
}

func newPlan(o Options) *plan {
	p := &plan{Options: o, Rand: rand.New(rand.NewPCG(o.Seed, 2023))}
	p.stations, p.points = places()
	p.open()
	p.income()
	p.activities()
	p.handOutGoods()
	p.supply()
	p.purchase()
	p.countyGoods()
	p.payReliefCash()
	p.payCharity()
	p.payRenovation()
	p.exercises()
	return p
}

// ask plans one request. Its number in the plan is its key, so that a second run asks the same under the same key.
func ask[B any](p *plan, on ledger.Date, wave int, actor string, build func(context.Context, ledger.By, B) (*ledger.Proposal, error), request B) *booked {
	return askLater(p, on, wave, actor, build, func() B { return request })
}

// askLater plans a request that refers to what became of an earlier one.
func askLater[B any](p *plan, on ledger.Date, wave int, actor string, build func(context.Context, ledger.By, B) (*ledger.Proposal, error), request func() B) *booked {
	e := &event{on: on, wave: wave, n: len(p.events) + 1, actor: actor, booked: &booked{}}
	e.build = func(ctx context.Context, by ledger.By) (*ledger.Proposal, error) { return build(ctx, by, request()) }
	p.events = append(p.events, e)
	return e.booked
}

// ordered are the events that are not in the book yet, in the order of their dates.
func (p *plan) ordered() []*event {
	rest := slices.DeleteFunc(slices.Clone(p.events), func(e *event) bool { return e.booked.number != 0 })
	slices.SortFunc(rest, func(a, b *event) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.wave, b.wave), cmp.Compare(a.n, b.n))
	})
	return rest
}

const keyPrefix = "demo/"

func (p *plan) prefix() string { return fmt.Sprintf("%s%d/", keyPrefix, p.Seed) }

func (p *plan) key(e *event) string { return fmt.Sprintf("%s%06d", p.prefix(), e.n) }

// day is a random day from first to last.
func (p *plan) day(first, last ledger.Date) ledger.Date {
	return first + ledger.Date(p.IntN(int(last-first)+1))
}

// shares splits a total into random parts that add up to it exactly; no part is more than about four times another.
func (p *plan) shares(total string, n int, decimals int32) []decimal.Decimal {
	weights := make([]decimal.Decimal, n)
	for i := range weights {
		weights[i] = decimal.NewFromInt(int64(30 + p.IntN(90)))
	}
	return ledger.Shares(decimal.RequireFromString(total), weights, decimals)
}

func whole(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }
