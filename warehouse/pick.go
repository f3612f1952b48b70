package warehouse

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// wish is what one line wants of the goods in one place.
type wish struct {
	line
	on      ledger.Date
	expired bool // expired goods may go
	kept    bool // goods kept for their owner may go
	partial bool // less than all of it will do
}

// portion is a quantity out of one cell.
type portion struct {
	ledger.Cell
	quantity decimal.Decimal
}

// named is the wish of goods that go into use: expired goods stay, and what is kept for its owner goes
// only where its lot or fund is named, because nobody else's need is its owner's order.
func named(l line, on ledger.Date) wish {
	return wish{line: l, on: on, kept: l.lot != "" || l.fund != ""}
}

// whatever is the wish of goods that are taken as they are: out of a waybill, or out of use.
func whatever(l line, on ledger.Date) wish {
	return wish{line: l, on: on, expired: true, kept: true}
}

func (w wish) ofLot(c ledger.Cell) bool  { return w.lot == "" || w.lot == c.Commodity.Lot }
func (w wish) ofFund(c ledger.Cell) bool { return w.fund == "" || w.fund == c.Fund }

// tooOld reports that the printed day has passed: goods are usable through it.
func (w wish) tooOld(c ledger.Cell) bool {
	return !w.expired && !c.Expires.IsZero() && c.Expires < w.on
}

func (w wish) allows(c ledger.Cell) bool {
	return w.ofLot(c) && w.ofFund(c) && !w.tooOld(c) && (w.kept || !isKept(c.Commodity))
}

// pick chooses goods out of cells that are sorted first expired first, and says how much is missing.
func pick(cells []ledger.Cell, w wish) (picked []portion, missing decimal.Decimal) {
	missing = w.quantity
	for _, c := range cells {
		if !missing.IsPositive() {
			break
		}
		if !w.allows(c) || !c.Quantity.IsPositive() {
			continue
		}
		q := decimal.Min(c.Quantity, missing)
		picked = append(picked, portion{c, q})
		missing = missing.Sub(q)
	}
	return picked, missing
}

// draw takes what a wish picks from an account, cell by cell. A backdated draft may find less in a cell on its own date than the cell holds
// today: then that cell gives what it can and the next one follows, as it would have on that day.
func draw(d *ledger.Draft, from, to ledger.Account, w wish) ([]ledger.Move, error) {
	var moves []ledger.Move
	var past *ledger.Refusal
	whole, limits := w, map[ledger.CellKey]decimal.Decimal{}
	for w.quantity.IsPositive() {
		cells := d.Cells(from, w.item.Code)
		for i := range cells {
			if limit, ok := limits[cells[i].CellKey]; ok {
				cells[i].Quantity = limit
			}
		}
		picked, missing := pick(cells, w)
		if missing.IsPositive() && !w.partial {
			return nil, tooFewThen(past, tooFew(from, cells, whole, missing))
		}
		if len(picked) == 0 {
			break
		}
		w.quantity = w.quantity.Sub(missing)
		m, err := d.Take(picked[0].CellKey, to, picked[0].quantity)
		if limit, refusal := heldThen(err); refusal != nil {
			limits[picked[0].CellKey], past = limit, refusal
			continue
		}
		if err != nil {
			return nil, err
		}
		moves = append(moves, m)
		w.quantity = w.quantity.Sub(m.Quantity)
		if limit, ok := limits[picked[0].CellKey]; ok {
			limits[picked[0].CellKey] = limit.Sub(m.Quantity)
		}
	}
	return moves, nil
}

// drawLines takes every line with its wish and collects the refusals of all of them.
func drawLines(d *ledger.Draft, from, to ledger.Account, lines []line, wish func(line) wish) error {
	var faults ledger.Faults
	for _, l := range lines {
		_, err := draw(d, from, to, wish(l))
		if err := faults.Add(l.at, err); err != nil {
			return err
		}
	}
	return faults.Err()
}

// hold picks goods that stay where they are; what it holds for one line it does not hold for the next.
func hold(cells []ledger.Cell, held map[ledger.CellKey]decimal.Decimal, in ledger.Account, w wish) ([]portion, error) {
	for i := range cells {
		cells[i].Quantity = cells[i].Quantity.Sub(held[cells[i].CellKey])
	}
	picked, missing := pick(cells, w)
	if missing.IsPositive() {
		return nil, tooFew(in, cells, w, missing)
	}
	for _, p := range picked {
		held[p.CellKey] = held[p.CellKey].Add(p.quantity)
	}
	return picked, nil
}

// heldThen is what a cell held on the date that a refused taking would break.
func heldThen(err error) (decimal.Decimal, *ledger.Refusal) {
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Code() != ledger.Insufficient {
		return decimal.Zero, nil
	}
	there, err := decimal.NewFromString(refusal.Faults[0].There)
	if err != nil {
		return decimal.Zero, nil
	}
	return there, refusal
}

// tooFewThen is the refusal of a wish on a past day, where one failed: the book's own, which can name the document
// that would fail, with the sum that the sender asked about.
func tooFewThen(past, now *ledger.Refusal) *ledger.Refusal {
	if past == nil {
		return now
	}
	fault := now.Faults[0]
	fault.Message += ": " + past.Faults[0].Message
	past.Faults[0] = fault
	return past
}

// tooFew is the refusal of a wish. It says what is usable, and where the rest of the item stands.
func tooFew(from ledger.Account, cells []ledger.Cell, w wish, missing decimal.Decimal) *ledger.Refusal {
	there, old := w.quantity.Sub(missing), decimal.Zero
	for _, c := range cells {
		if w.ofLot(c) && w.ofFund(c) && w.tooOld(c) {
			old = old.Add(c.Quantity)
		}
	}
	fault := ledger.Fault{
		Code: ledger.Insufficient, Pointer: "/quantity", Hint: elsewhere(cells, w),
		Location: from.Name(), Item: w.item.Code, Lot: w.lot, Fund: w.fund,
		There: there.String(), Asked: w.quantity.String(),
	}
	usable := ""
	if old.IsPositive() && old.GreaterThanOrEqual(missing) {
		fault.Code, usable = ledger.Expired, " usable"
	}
	fault.Message = fmt.Sprintf("%s holds %s%s of %s%s, %s wanted", from, there, usable,
		ledger.Commodity{Item: w.item.Code, Lot: w.lot}, ofFund(w.fund), w.quantity)
	return &ledger.Refusal{Faults: []ledger.Fault{fault}}
}

func ofFund(fund string) string {
	if fund == "" {
		return ""
	}
	return " for fund " + fund
}

// elsewhere says which goods of the item are there and were not taken, so that the sender can ask for them or dispose of them.
func elsewhere(cells []ledger.Cell, w wish) string {
	const most = 4 // more would not be read at night on a phone
	var there []string
	for _, c := range cells {
		if w.allows(c) || !c.Quantity.IsPositive() {
			continue
		}
		what := fmt.Sprintf("%s of lot %s for fund %s", c.Quantity, c.Commodity.Lot, c.Fund)
		switch {
		case w.tooOld(c):
			what += " expired on " + c.Expires.String()
		case w.ofLot(c) && w.ofFund(c):
			what += " are kept for their owner"
		}
		there = append(there, what)
	}
	if len(there) == 0 {
		return ""
	}
	if len(there) > most {
		there = append(there[:most], "and others")
	}
	return "also there: " + strings.Join(there, "; ")
}
