package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// review looks a request over before it is proposed and collects every fault, so that the sender sees all of them at once.
type review struct {
	keeper *Keeper
	on     ledger.Date
	faults ledger.Faults
	broken error // the request could not be looked over: not the sender's fault
}

// review starts on a request of that business date, today when it has none.
func (k *Keeper) review(on ledger.Date) *review {
	if on.IsZero() {
		on = k.Book.Today()
	}
	return &review{keeper: k, on: on}
}

// err is every fault found, or what kept the review from being made.
func (r *review) err() error {
	if r.broken != nil {
		return r.broken
	}
	return r.faults.Err()
}

// add collects a refusal under pointer and reports whether there was none.
func (r *review) add(pointer string, err error) bool {
	if broken := r.faults.Add(pointer, err); broken != nil && r.broken == nil {
		r.broken = broken
	}
	return err == nil
}

func (r *review) unless(holds bool, pointer, format string, args ...any) bool {
	if holds {
		return true
	}
	return r.add("", ledger.Refuse(ledger.Invalid, pointer, fmt.Sprintf(format, args...)))
}

// text is s in its one spelling, or a fault.
func (r *review) text(pointer, what, s string, most int, required bool) string {
	clean, err := ledger.Text(what, s, most, required)
	if err != nil {
		r.unless(false, pointer, "%s", err)
	}
	return clean
}

func (r *review) oneOf(pointer, what, s string, allowed ...string) {
	named := slices.DeleteFunc(slices.Clone(allowed), func(a string) bool { return a == "" })
	r.unless(slices.Contains(allowed, s), pointer, "%s %.40q is none of %s", what, s, strings.Join(named, ", "))
}

// find is a record of a register, and whether it is there.
func find[T any](ctx context.Context, r *review, from *register.Register[T], pointer, code string) (record T, found bool) {
	if err := ledger.CheckCode(from.Noun, code); err != nil {
		return record, r.unless(false, pointer, "%s", err)
	}
	record, err := from.Find(ctx, code)
	return record, r.add(pointer, err)
}

// location is a location that holds goods and is open on the date of the request.
func (r *review) location(ctx context.Context, pointer, code string) Location {
	l, found := find(ctx, r, r.keeper.Locations, pointer, code)
	if found && r.unless(l.HoldsGoods(), pointer, "location %s is a %s, goods stand only below it", code, l.Kind) {
		r.add(pointer, l.Open(r.on))
	}
	return l
}

// reached refuses a location that whoever asks does not reach, in the words of one that is not there. A document that is about goods
// elsewhere is nobody's business there.
func (r *review) reached(ctx context.Context, pointer, code string) {
	find(ctx, r, r.keeper.Locations, pointer, code)
}

// party is a party of one of the kinds.
func (r *review) party(ctx context.Context, pointer, code string, kinds ...string) Party {
	p, found := find(ctx, r, r.keeper.Parties, pointer, code)
	if found {
		r.unless(slices.Contains(kinds, p.Kind), pointer, "party %s is a %s, one of %q wanted", code, p.Kind, kinds)
	}
	return p
}

// fund refuses a fund that may not bear anything on the date of the request. It says whether the fund holds goods for their owner, where
// it is known.
func (r *review) fund(ctx context.Context, pointer, code string) (custody, known bool) {
	if err := ledger.CheckCode("fund", code); err != nil {
		return false, r.unless(false, pointer, "%s", err)
	}
	if r.keeper.Charge == nil {
		return false, false
	}
	custody, err := r.keeper.Charge(ctx, code, r.on)
	return custody, r.add(pointer, err)
}

// lines bounds a request: everything it proposes is one entry, composed while others wait.
func (r *review) lines(n, most int) {
	r.unless(n >= 1 && n <= most, "/lines", "%d lines, 1 to %d wanted", n, most)
}

// Bounds of the lines of one document.
const (
	mostLines        = 500
	mostHandoutLines = 200
)

// asked is what a line of a request says of goods.
type asked struct {
	item, pack, lot, fund string
	quantity              decimal.Decimal
}

// line is a line that was looked over: its quantity is in the base unit of its item.
type line struct {
	at        string // where it stands in the request, as /lines/0
	item      Item
	lot, fund string
	quantity  decimal.Decimal
}

func (l line) pointer() string { return l.at }

// line looks the n-th line over.
func (r *review) line(ctx context.Context, n int, a asked) line {
	l := line{at: fmt.Sprintf("/lines/%d", n), lot: a.lot, fund: a.fund}
	var found bool
	if l.item, found = find(ctx, r, r.keeper.Items, l.at+"/item", a.item); found {
		var err error
		l.quantity, err = l.item.Quantity(a.pack, a.quantity)
		r.add(l.at, err)
	}
	for _, named := range []struct{ what, code string }{{"lot", a.lot}, {"fund", a.fund}} {
		if named.code != "" {
			err := ledger.CheckCode(named.what, named.code)
			r.unless(err == nil, l.at+"/"+named.what, "%s", err)
		}
	}
	return l
}

// amount refuses a value that is negative or finer than the currency.
func (r *review) amount(pointer, what string, v decimal.Decimal) bool {
	return r.number(pointer, what, v, r.keeper.Book.Decimals)
}

// number refuses what is negative, too long or too fine. The exponent comes first: a hostile one must not be multiplied out.
func (r *review) number(pointer, what string, v decimal.Decimal, decimals int32) bool {
	return r.unless(v.Exponent() <= ledger.MaxIntegerDigits && fits(v, decimals) && !v.IsNegative() && v.LessThan(maxQuantity), pointer,
		"%s is %s, 0 or more of at most 24 digits and %d decimals wanted", what, written(v), decimals)
}

// propose is the proposal of a request that was looked over, or its faults.
func (r *review) propose(ctx context.Context, by ledger.By, kind string, content any, needs ledger.Needs, compose func(*ledger.Draft) error) (*ledger.Proposal, error) {
	p := &ledger.Proposal{
		Header:  ledger.Header{Kind: kind, On: r.on, Actor: by.Actor, Key: by.Key, Content: content},
		Needs:   needs,
		Compose: compose,
	}
	if r.err() != nil {
		r.foresee(ctx, p)
	}
	return p, r.err()
}

// foresee adds what the book would refuse of the sound lines when others are flawed, so that the sender does not mend one line
// after the other. A request whose head is flawed says nothing about its lines.
func (r *review) foresee(ctx context.Context, p *ledger.Proposal) {
	var refusal *ledger.Refusal
	if r.broken != nil || !errors.As(r.faults.Err(), &refusal) || slices.ContainsFunc(refusal.Faults, func(f ledger.Fault) bool {
		return !strings.HasPrefix(f.Pointer, "/lines/")
	}) {
		return
	}
	_, errs, err := r.keeper.Book.Try(ctx, p)
	if err == nil && errors.As(errs[0], &refusal) {
		r.add("", refusal)
	}
}

// sound are the lines without a fault.
func sound[T interface{ pointer() string }](r *review, lines []T) []T {
	var refusal *ledger.Refusal
	if !errors.As(r.faults.Err(), &refusal) {
		return lines
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l T) bool {
		return slices.ContainsFunc(refusal.Faults, func(f ledger.Fault) bool {
			return f.Pointer == l.pointer() || strings.HasPrefix(f.Pointer, l.pointer()+"/")
		})
	})
}

// series is a series of document numbers: HO-PT-0031-2023.
func (r *review) series(prefix, location string) string {
	return fmt.Sprintf("%s-%s-%d", prefix, location, r.on.Year())
}

// between are the groups that moves of the lines from one account to another touch.
func between(lines []line, accounts ...ledger.Account) []ledger.Group {
	var groups []ledger.Group
	for _, l := range lines {
		for _, a := range accounts {
			if g := (ledger.Group{Account: a, Item: l.item.Code}); !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	return groups
}
