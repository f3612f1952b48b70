package ledger_test

import (
	"fmt"
	"regexp"
	"slices"

	"reliefledger/ledger"
)

// drafting is the last fact of a reference while it is made, with the needs it was announced with.
type drafting struct {
	*reference
	needs ledger.Needs
}

func (d drafting) fact() *fact { return &d.entries[len(d.entries)-1] }

type refusal = ledger.Refusal

func refuse(code, pointer, format string, args ...any) *refusal {
	return ledger.Refuse(code, pointer, fmt.Sprintf(format, args...))
}

// daily is what a cell holds at the end of a day.
type daily struct {
	on ledger.Date
	count
}

// closings are the ends of the entry's day and of every later day on which the cell changed.
func (d drafting) closings(key ledger.CellKey) []daily {
	on := d.fact().on
	days := []ledger.Date{on}
	for _, e := range d.entries {
		for _, m := range e.moves {
			if e.on > on && m.fund == key.Fund && m.of == key.Commodity && (m.from == key.Account || m.to == key.Account) {
				days = append(days, e.on)
			}
		}
	}
	slices.Sort(days)
	var ends []daily
	for _, day := range slices.Compact(days) {
		ends = append(ends, daily{day, d.held(key, func(e fact) bool { return e.on <= day })})
	}
	return ends
}

func short(key ledger.CellKey, there, wanted nano, when string) *refusal {
	return refuse(ledger.Insufficient, "", "%s holds %s of %s for fund %s, %s wanted%s", key.Account, there, key.Commodity, key.Fund, wanted, when)
}

// when says the day of a closing, where there is more than one.
func when(end daily, ends []daily) string {
	if len(ends) == 1 {
		return ""
	}
	return " on " + end.on.String()
}

// take moves out of a real place at cost.
func (d drafting) take(from ledger.CellKey, to ledger.Account, quantity nano) *refusal {
	now := d.held(from, always)
	if !floored(from.Account) || !d.exists(from) {
		return short(from, now.quantity, quantity, "")
	}
	ends := d.closings(from)
	for _, end := range ends {
		if end.quantity.less(quantity) {
			return short(from, end.quantity, quantity, when(end, ends))
		}
	}
	value := portion(now.quantity, now.value, quantity)
	for _, end := range slices.Backward(ends) {
		value = least(value, end.value)
	}
	for _, end := range slices.Backward(ends) {
		if end.quantity.is(quantity) {
			value = end.value // the first such day has the last word
		}
	}
	return d.move(shift{from.Account, to, from.Fund, from.Commodity, quantity, value})
}

var (
	name    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
	account = regexp.MustCompile(`^(bank|cash|stock|reserved|quarantine|transit|claims|supplier|payable|interfund|custody|opening|income|donor|found|` +
		`handed-out|expense|lost|written-off|returned|landed|assembly|exchange|budget|committed):[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
)

// wellFormed refuses what no entry may hold.
func wellFormed(m shift) bool {
	switch {
	case !account.MatchString(string(m.from)), !account.MatchString(string(m.to)), !name.MatchString(m.fund), !name.MatchString(m.of.Item),
		m.of.Lot != "" && !name.MatchString(m.of.Lot), m.from == m.to,
		m.quantity.sign() < 0, m.value.sign() < 0, m.quantity.sign() == 0 && m.value.sign() == 0, m.value.finer(2),
		m.of == ledger.Commodity{Item: "CNY"} && !m.quantity.is(m.value):
		return false
	}
	return true
}

func (d drafting) move(m shift) *refusal {
	if !wellFormed(m) {
		return refuse(ledger.Invalid, "", "not well formed")
	}
	decimals := 2
	if m.of != (ledger.Commodity{Item: "CNY"}) {
		if !d.knows(m) {
			return refuse(ledger.NotFound, "", "%s holds no %s for fund %s", m.from, m.of, m.fund)
		}
		decimals = int(d.lot(m.of).Decimals)
	}
	if m.quantity.finer(decimals) {
		return refuse(ledger.Invalid, "", "too many decimals")
	}
	from, to := ledger.CellKey{Account: m.from, Fund: m.fund, Commodity: m.of}, ledger.CellKey{Account: m.to, Fund: m.fund, Commodity: m.of}
	zero := nanos(0)
	if err := d.fits(from, zero.minus(m.quantity), zero.minus(m.value)); err != nil {
		return err
	}
	if err := d.fits(to, m.quantity, m.value); err != nil {
		return err
	}
	d.fact().moves = append(d.fact().moves, m)
	return nil
}

// knows reports whether the entry brings the lot in, or needs a cell that holds or held it.
func (d drafting) knows(m shift) bool {
	if slices.ContainsFunc(d.fact().lots, func(l ledger.Lot) bool { return l.Commodity == m.of }) {
		return true
	}
	return len(d.cells(func(k ledger.CellKey) bool {
		return k.Commodity == m.of && (slices.Contains(d.needs.Groups, ledger.Group{Account: k.Account, Item: k.Item}) ||
			slices.Contains(d.needs.Lots, k.Commodity) || slices.Contains(d.needs.Accounts, k.Account))
	})) > 0
}

// fits keeps the floors at the end of every day that the change reaches.
func (d drafting) fits(key ledger.CellKey, quantity, value nano) *refusal {
	if !floored(key.Account) {
		return nil
	}
	ends := d.closings(key)
	for _, end := range ends {
		q, v := end.quantity.plus(quantity), end.value.plus(value)
		movedOn := func(holds string) *refusal {
			return refuse(ledger.MovedOn, "", "%s holds %s of %s for fund %s%s", key.Account, holds, key.Commodity, key.Fund, when(end, ends))
		}
		switch {
		case q.sign() < 0:
			return short(key, end.quantity, nanos(0).minus(quantity), when(end, ends))
		case v.sign() < 0:
			return movedOn(fmt.Sprintf("%s in value, %s wanted", end.value, nanos(0).minus(value)))
		case q.sign() == 0 && v.sign() != 0:
			return movedOn(fmt.Sprintf("%s worth %s, and %s would stay without goods", end.quantity, end.value, v))
		}
	}
	return nil
}

func (d drafting) count(name string, quantity, value nano) {
	counts := d.fact().counts
	sum, counted := counts[name]
	if !counted {
		sum = count{nanos(0), nanos(0)}
	}
	counts[name] = count{sum.quantity.plus(quantity), sum.value.plus(value)}
}

func (d drafting) numbered(series string) {
	d.fact().document = fmt.Sprintf("%s-%05d", series, d.documents(series)+1)
}
