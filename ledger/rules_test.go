package ledger_test

import (
	"fmt"
	"slices"
	"strings"

	"reliefledger/ledger"
)

// draft makes the fact that a request asks for, or says why not.
func (d drafting) draft(q request) *refusal {
	zero, one := nanos(0), parseNano("1")
	switch q.do {
	case "receipt", "stubborn":
		d.fact().lots = []ledger.Lot{{Commodity: q.of, Decimals: q.decimals, Expires: q.expires, Received: q.on}}
		if q.do == "stubborn" {
			_ = d.move(shift{"stock:nowhere", q.to, q.fund, q.of, parseNano(q.quantity), parseNano(q.value)})
		}
		return d.move(shift{q.place, q.to, q.fund, q.of, parseNano(q.quantity), parseNano(q.value)})
	case "move":
		return d.move(shift{q.place, q.to, q.fund, q.of, parseNano(q.quantity), parseNano(q.value)})
	case "pick":
		d.numbered("HO-" + q.place.Name())
		return d.take(q.cell(), q.to, parseNano(q.quantity))
	case "dispatch":
		d.numbered("WB-" + q.place.Name())
		return d.take(q.cell(), ledger.Account("transit:"+d.fact().document), parseNano(q.quantity))
	case "handout":
		return d.handOut(q)
	case "revaluation":
		return d.revalue(q)
	case "clearing":
		return d.clear(q)
	case "handout-return":
		return d.giveBack(q)
	case "approval":
		if d.tally("approved:"+q.fund).quantity.sign() > 0 {
			return refuse(ledger.AlreadyDone, "", "approved before")
		}
		d.count("approved:"+q.fund, one, parseNano("7.5"))
	case "reversal":
		return d.reverse(q)
	case "close":
		if closed := d.closed(); !closed.IsZero() && q.until <= closed {
			return refuse(ledger.AlreadyDone, "/until", "the book is closed until %s already", closed)
		}
		d.fact().closes = &q.until
	case "reopen-proposal":
		if closed := d.closed(); closed.IsZero() || closed <= q.until {
			return refuse(ledger.Invalid, "/until", "nothing to open")
		}
	case "reopen":
		name := fmt.Sprint("approved:", q.entry)
		if d.tally(name).quantity.sign() > 0 {
			return refuse(ledger.AlreadyDone, "/proposal", "the reopening proposed by entry %d was agreed to already", q.entry)
		}
		until := d.entries[q.entry-1].until()
		if closed := d.closed(); closed.IsZero() || closed <= until {
			return refuse(ledger.Invalid, "/until", "nothing to open")
		}
		d.count(name, one, zero)
		d.fact().closes = &until
	}
	return nil
}

// until is the date that a proposal to reopen named, or zero for all.
func (f fact) until() (until ledger.Date) {
	if text := f.content["until"]; text != "" {
		until = day(text)
	}
	return until
}

// holding are the cells of a place, or of a lot, that hold goods, first expired first.
func (d drafting) holding(wanted func(ledger.CellKey) bool) []ledger.CellKey {
	return d.firstExpired(d.cells(func(k ledger.CellKey) bool { return wanted(k) && d.held(k, always).quantity.sign() > 0 }))
}

func (d drafting) handOut(q request) *refusal {
	d.numbered("HO-" + q.place.Name())
	left := parseNano(q.quantity)
	for _, key := range d.holding(func(k ledger.CellKey) bool { return k.Account == q.place && k.Item == q.of.Item }) {
		n := least(left, d.held(key, always).quantity)
		if n.sign() == 0 {
			break
		}
		if err := d.take(key, q.to, n); err != nil {
			return err
		}
		left = left.minus(n)
	}
	if left.sign() > 0 {
		return refuse(ledger.Insufficient, "/quantity", "%s lacks %s of %s", q.place, left, q.of.Item)
	}
	return nil
}

func (d drafting) revalue(q request) *refusal {
	keys := d.holding(func(k ledger.CellKey) bool { return k.Commodity == q.of && floored(k.Account) })
	if len(keys) == 0 {
		return refuse(ledger.NotFound, "", "nothing is left of %s", q.of)
	}
	weights := make([]nano, len(keys))
	for i, key := range keys {
		weights[i] = d.held(key, always).quantity
	}
	for i, part := range shares(parseNano(q.value), weights) {
		m := shift{q.to, keys[i].Account, keys[i].Fund, q.of, nanos(0), part}
		if q.place != "" {
			m.from, m.to = m.to, m.from
		}
		if part.sign() == 0 {
			continue
		}
		if err := d.move(m); err != nil {
			return err
		}
	}
	return nil
}

func (d drafting) clear(q request) *refusal {
	for _, key := range d.holding(func(k ledger.CellKey) bool { return k.Account == q.place }) {
		if err := d.take(key, q.to, d.held(key, always).quantity); err != nil {
			return err
		}
	}
	return nil
}

func (d drafting) giveBack(q request) *refusal {
	if d.tally(ledger.ReversedTally(q.entry)).quantity.sign() > 0 {
		return refuse(ledger.AlreadyDone, "", "reversed before")
	}
	was, back, quantity := d.entries[q.entry-1].moves[q.line-1], d.tally(ledger.ReturnedTally(q.entry, q.line)), parseNano(q.quantity)
	left := was.quantity.minus(back.quantity)
	if left.less(quantity) {
		return refuse(ledger.Insufficient, "/quantity", "%s may come back", left)
	}
	value := portion(left, was.value.minus(back.value), quantity)
	d.count(ledger.ReturnedTally(q.entry, q.line), quantity, value)
	return d.move(shift{was.to, was.from, was.fund, was.of, quantity, value})
}

func (d drafting) reverse(q request) *refusal {
	original := d.entries[q.entry-1]
	if d.tally(ledger.ReversedTally(q.entry)).quantity.sign() > 0 {
		return refuse(ledger.AlreadyDone, "/entry", "entry %d was reversed already", q.entry)
	}
	if d.fact().on < original.on {
		return refuse(ledger.Invalid, "/on", "before the original")
	}
	if rested := d.rested(q.entry); d.fact().on < rested {
		return refuse(ledger.Invalid, "/on", "something rested on it until %s", rested)
	}
	for i := range original.moves {
		if back := d.tally(ledger.ReturnedTally(q.entry, i+1)).quantity; back.sign() > 0 {
			return refuse(ledger.MovedOn, "/entry", "%s of move %d of entry %d was returned already: reverse the return first", back, i+1, q.entry)
		}
	}
	if err := d.stillThere(q, original); err != nil {
		return err
	}
	d.numbered(fmt.Sprintf("RV-%d", d.fact().on.Year()))
	d.fact().reverses = q.entry
	gone := &refusal{}
	for _, m := range slices.Backward(original.moves) {
		m.from, m.to = m.to, m.from
		if err := d.move(m); err != nil {
			gone.Faults = append(gone.Faults, refuse(ledger.MovedOn, "/entry",
				"entry %d cannot be undone, what it brought has moved on: %s", q.entry, err.Error()).Faults...)
		}
	}
	if len(gone.Faults) > 0 {
		return gone
	}
	zero := nanos(0)
	d.count(ledger.ReversedTally(q.entry), parseNano("1"), zero)
	for name, c := range original.counts {
		d.count(name, zero.minus(c.quantity), zero.minus(c.value))
	}
	return nil
}

// rested is the last day on which something that had come back of an entry was still counted as back, though that was undone since.
func (d drafting) rested(entry int64) (last ledger.Date) {
	for _, undo := range d.entries {
		if undo.reverses == 0 || d.entries[undo.reverses-1].on == undo.on {
			continue
		}
		for name := range d.entries[undo.reverses-1].counts {
			if strings.HasPrefix(name, fmt.Sprintf("returned:%d:", entry)) {
				last = max(last, undo.on)
			}
		}
	}
	return last
}

// stillThere refuses to take back a revaluation from goods of which some have left since. What is looked at outside the book's turn is
// what stood when the reversal was asked for.
func (d drafting) stillThere(q request, original fact) *refusal {
	for _, m := range original.moves {
		for _, end := range []ledger.Account{m.from, m.to} {
			if m.quantity.sign() != 0 || !floored(end) {
				continue
			}
			key := ledger.CellKey{Account: end, Fund: m.fund, Commodity: m.of}
			then, now := d.held(key, func(e fact) bool { return e.number <= q.seen }), d.held(key, always)
			if !now.quantity.is(then.quantity) || !now.value.is(then.value) {
				return refuse(ledger.MovedOn, "/entry", "%s holds %s worth %s of %s, %s worth %s a moment ago: send this one again",
					end, now.quantity, now.value, m.of, then.quantity, then.value)
			}
			if gone := d.gone(key, original.number, q.seen); gone.sign() > 0 {
				return refuse(ledger.MovedOn, "/entry",
					"entry %d cannot be undone, goods it revalued have moved on: %s of %s left %s since and did not come back with the value they took",
					original.number, gone, m.of, end)
			}
		}
	}
	return nil
}

// gone is what left a cell after an entry, up to another, for somewhere, and is not back from there in the same quantity and value.
func (d drafting) gone(key ledger.CellKey, after, last int64) nano {
	zero := nanos(0)
	out, net := map[ledger.Account]nano{}, map[ledger.Account]count{}
	undone := func(number int64) bool {
		return slices.ContainsFunc(d.entries[after:last], func(e fact) bool { return e.reverses == number })
	}
	for _, e := range d.entries[after:last] {
		if undone(e.number) || e.reverses > after {
			continue
		}
		for _, m := range e.moves {
			if m.fund != key.Fund || m.of != key.Commodity || m.quantity.sign() == 0 || m.from != key.Account && m.to != key.Account {
				continue
			}
			other, left := m.to, m.quantity
			if m.to == key.Account {
				other, left, m.quantity, m.value = m.from, zero, zero.minus(m.quantity), zero.minus(m.value)
			}
			if floored(other) {
				other = "somewhere real"
			}
			if _, known := out[other]; !known {
				out[other], net[other] = zero, count{zero, zero}
			}
			out[other], net[other] = out[other].plus(left), count{net[other].quantity.plus(m.quantity), net[other].value.plus(m.value)}
		}
	}
	gone := zero
	for other, left := range out {
		if net[other].quantity.sign() != 0 || net[other].value.sign() != 0 {
			gone = gone.plus(left)
		}
	}
	return gone
}
