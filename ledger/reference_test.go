package ledger_test

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"reliefledger/ledger"
)

// reference is the book once more, as plainly as it can be said: a list of entries. It stores no balance, no tally and no state;
// whatever it needs to know it adds up from the first entry on. It shares nothing with the engine but the names of its types.
type reference struct {
	code    string
	entries []fact
	now     time.Time
	zone    *time.Location
}

// fact is an entry of the reference. The last one may still be in the making.
type fact struct {
	number   int64
	kind     string
	on       ledger.Date
	at       time.Time
	actor    string
	key      string
	content  map[string]string
	document string
	reverses int64
	moves    []shift
	counts   map[string]count
	lots     []ledger.Lot
	closes   *ledger.Date
}

// shift is a move in exact numbers.
type shift struct {
	from, to ledger.Account
	fund     string
	of       ledger.Commodity
	quantity nano
	value    nano
}

type count struct{ quantity, value nano }

// nano is a number in billionths, exact and without any limit.
type nano struct{ n *big.Int }

func nanos(n int64) nano { return nano{big.NewInt(n)} }

// fen is the smallest unit of the currency, in billionths.
const fen = 10_000_000

func parseNano(s string) nano {
	whole, part, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	n, ok := new(big.Int).SetString(whole+(part + "000000000")[:9], 10)
	if !ok {
		panic("not a number: " + s)
	}
	if strings.HasPrefix(s, "-") {
		n.Neg(n)
	}
	return nano{n}
}

// String writes the number without needless zeros.
func (n nano) String() string {
	digits := fmt.Sprintf("%010s", new(big.Int).Abs(n.n).String())
	text := strings.TrimRight(digits[:len(digits)-9]+"."+digits[len(digits)-9:], "0")
	text = strings.TrimSuffix(text, ".")
	if n.sign() < 0 {
		return "-" + text
	}
	return text
}

func (n nano) sign() int               { return n.n.Sign() }
func (n nano) plus(o nano) nano        { return nano{new(big.Int).Add(n.n, o.n)} }
func (n nano) minus(o nano) nano       { return nano{new(big.Int).Sub(n.n, o.n)} }
func (n nano) less(o nano) bool        { return n.n.Cmp(o.n) < 0 }
func (n nano) is(o nano) bool          { return n.n.Cmp(o.n) == 0 }
func (n nano) finer(decimals int) bool { return new(big.Int).Rem(n.n, power(9-decimals)).Sign() != 0 }

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func least(a, b nano) nano {
	if a.less(b) {
		return a
	}
	return b
}

// portion is value·q/quantity, rounded half up to the fen; all of the value for all of the quantity.
func portion(quantity, value, q nano) nano {
	if q.is(quantity) {
		return value
	}
	twice := new(big.Int).Mul(new(big.Int).Mul(value.n, q.n), big.NewInt(2))
	unit := new(big.Int).Mul(quantity.n, big.NewInt(fen))
	rounded := new(big.Int).Div(new(big.Int).Add(twice, unit), new(big.Int).Mul(unit, big.NewInt(2)))
	return nano{rounded.Mul(rounded, big.NewInt(fen))}
}

// shares splits an amount by weights: whole fen down, what is left to the largest remainders, the earlier first.
func shares(amount nano, weights []nano) []nano {
	total := nanos(0)
	for _, w := range weights {
		total = total.plus(w)
	}
	unit := new(big.Int).Mul(total.n, big.NewInt(fen))
	parts, rests, order, left := make([]nano, len(weights)), make([]nano, len(weights)), make([]int, len(weights)), amount
	for i, w := range weights {
		whole, rest := new(big.Int).DivMod(new(big.Int).Mul(amount.n, w.n), unit, new(big.Int))
		parts[i], rests[i], order[i] = nano{whole.Mul(whole, big.NewInt(fen))}, nano{rest}, i
		left = left.minus(parts[i])
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].n.Cmp(rests[a].n) })
	for _, i := range order {
		if left.sign() > 0 {
			parts[i], left = parts[i].plus(nanos(fen)), left.minus(nanos(fen))
		}
	}
	return parts
}

// held is what a cell holds by the moves of all entries that count.
func (r *reference) held(key ledger.CellKey, counts func(fact) bool) (sum count) {
	sum = count{nanos(0), nanos(0)}
	for _, e := range r.entries {
		if !counts(e) {
			continue
		}
		for _, m := range e.moves {
			if m.fund != key.Fund || m.of != key.Commodity {
				continue
			}
			if m.to == key.Account {
				sum.quantity, sum.value = sum.quantity.plus(m.quantity), sum.value.plus(m.value)
			}
			if m.from == key.Account {
				sum.quantity, sum.value = sum.quantity.minus(m.quantity), sum.value.minus(m.value)
			}
		}
	}
	return sum
}

func always(fact) bool { return true }

// cells is every cell that a move ever touched.
func (r *reference) cells(wanted func(ledger.CellKey) bool) []ledger.CellKey {
	seen := map[ledger.CellKey]bool{}
	var keys []ledger.CellKey
	for _, e := range r.entries {
		for _, m := range e.moves {
			for _, account := range []ledger.Account{m.from, m.to} {
				key := ledger.CellKey{Account: account, Fund: m.fund, Commodity: m.of}
				if !seen[key] && wanted(key) {
					seen[key] = true
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

func (r *reference) exists(key ledger.CellKey) bool {
	return len(r.cells(func(k ledger.CellKey) bool { return k == key })) > 0
}

// lot is what the entries say of a lot.
func (r *reference) lot(of ledger.Commodity) (lot ledger.Lot) {
	for _, e := range r.entries {
		for _, l := range e.lots {
			if l.Commodity == of {
				lot = l
			}
		}
	}
	return lot
}

// firstExpired orders cells as the rule says it.
func (r *reference) firstExpired(keys []ledger.CellKey) []ledger.CellKey {
	never := ledger.Date(1 << 30)
	expires := func(k ledger.CellKey) ledger.Date { return cmp.Or(r.lot(k.Commodity).Expires, never) }
	slices.SortFunc(keys, func(a, b ledger.CellKey) int {
		return cmp.Or(
			cmp.Compare(expires(a), expires(b)), cmp.Compare(r.lot(a.Commodity).Received, r.lot(b.Commodity).Received),
			cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Fund, b.Fund), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Account, b.Account),
		)
	})
	return keys
}

func (r *reference) tally(name string) count {
	sum := count{nanos(0), nanos(0)}
	for _, e := range r.entries {
		if c, counted := e.counts[name]; counted {
			sum.quantity, sum.value = sum.quantity.plus(c.quantity), sum.value.plus(c.value)
		}
	}
	return sum
}

func (r *reference) documents(series string) (n int) {
	for _, e := range r.entries {
		if strings.HasPrefix(e.document, series+"-") {
			n++
		}
	}
	return n
}

// closed is the last day of the closed period, or zero.
func (r *reference) closed() (until ledger.Date) {
	for _, e := range r.entries {
		if e.closes != nil {
			until = *e.closes
		}
	}
	return until
}

func (r *reference) today() ledger.Date { return ledger.DateOf(r.now, r.zone) }

// floored are the classes of real places and real money.
func floored(a ledger.Account) bool {
	class, _, _ := strings.Cut(string(a), ":")
	return slices.Contains([]string{"stock", "transit", "reserved", "quarantine", "bank", "cash"}, class)
}
