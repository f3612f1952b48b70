package ledger

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Draft is an entry in the making. It shows every cell as it is after all entries before this one
// and after the draft's own moves so far.
type Draft struct {
	state    *state
	proposal *Proposal
	number   int64
	document string
	moves    []move
	counts   []count
	rows     []row
	lots     []Lot
	closes   *Date
}

// move is a Move with its two cells and their balances after it.
type move struct {
	Move
	from, to           *cell
	fromAfter, toAfter balance
}

type balance struct{ quantity, value decimal.Decimal }

type count struct {
	name     string
	quantity decimal.Decimal
	value    decimal.Decimal
}

type row struct {
	table  *Table
	values []any
}

// Number is the number the entry will have.
func (d *Draft) Number() int64 { return d.number }

// On is the entry's business date.
func (d *Draft) On() Date { return d.proposal.On }

// Cells are the cells of a needed group that hold something, first expired first.
func (d *Draft) Cells(account Account, item string) []Cell {
	cells, whole := d.state.groups[Group{account, item}]
	if !whole {
		panic(fmt.Sprintf("ledger: %s proposal looks at %s %s without needing it", d.proposal.Kind, account, item))
	}
	held := make([]Cell, 0, len(cells))
	for _, c := range cells {
		if (!c.Quantity.IsZero() || !c.Value.IsZero()) && !d.hides(c.CellKey) {
			held = append(held, c.Cell)
		}
	}
	return sortCells(held)
}

// Cell is one cell of a needed group; a cell that does not exist yet is empty.
func (d *Draft) Cell(key CellKey) Cell {
	if c := d.find(key); c != nil && !d.hides(key) {
		return c.Cell
	}
	return Cell{CellKey: key}
}

// At is one cell of a needed group as it was at the end of a day that is not before what the proposal needs Since.
func (d *Draft) At(key CellKey, on Date) Cell {
	if c := d.find(key); c != nil && !d.hides(key) {
		return c.then(on)
	}
	return Cell{CellKey: key}
}

// LastOn is the last day on which a needed account was changed, by whomever, or none.
func (d *Draft) LastOn(account Account) (last Date) {
	for _, c := range d.state.cells {
		if c.Account == account {
			last = max(last, c.lastOn)
		}
	}
	return last
}

// Peak is the most that a needed cell holds at the end of the draft's own date or of a later one, and the first such day. A debt stands
// below zero, so it is the least of that.
func (d *Draft) Peak(key CellKey) (decimal.Decimal, Date) {
	c := d.find(key)
	if c == nil || d.hides(key) {
		return decimal.Zero, d.On()
	}
	peak, first := closing{}, true
	for at := range c.closings(d.On()) {
		if first || !at.quantity.less(peak.quantity) {
			peak, first = at, false
		}
	}
	return peak.quantity.decimal(), peak.on
}

// Then are the cells of a needed account that held something at the end of the draft's own date, as they were then.
func (d *Draft) Then(account Account) []Cell {
	var cells []Cell
	for _, c := range d.state.cells {
		if c.Account != account || d.hides(c.CellKey) {
			continue
		}
		if then := c.then(d.On()); !then.Quantity.IsZero() || !then.Value.IsZero() {
			cells = append(cells, then)
		}
	}
	return sortCells(cells)
}

// Lot is every cell of a needed lot, wherever it is.
func (d *Draft) Lot(lot Commodity) []Cell {
	return d.where(func(c *cell) bool { return c.Commodity == lot })
}

// Everything is every cell of a needed account.
func (d *Draft) Everything(account Account) []Cell {
	return d.where(func(c *cell) bool { return c.Account == account })
}

// where scans all known cells: lots and whole accounts are asked for rarely (an invoice, the closing of a point).
func (d *Draft) where(matches func(*cell) bool) []Cell {
	var cells []Cell
	for _, c := range d.state.cells {
		if matches(c) && !d.hides(c.CellKey) {
			cells = append(cells, c.Cell)
		}
	}
	return sortCells(cells)
}

func (d *Draft) find(key CellKey) *cell {
	if c, ok := d.state.cells[key]; ok {
		return c
	}
	group := Group{key.Account, key.Item}
	if _, whole := d.state.groups[group]; whole {
		return nil
	}
	// An account named after the entry's own document, a waybill's transit for one, was born with that number:
	// there is nothing of it to read.
	if d.document == "" || key.Account.Name() != d.document {
		panic(fmt.Sprintf("ledger: %s proposal touches %s %s without needing it", d.proposal.Kind, key.Account, key.Item))
	}
	d.state.groups[group] = nil
	return nil
}

// NewLot declares a lot that this entry brings in. Its code must be new for the item.
func (d *Draft) NewLot(lot Lot) {
	d.lots = append(d.lots, lot)
}

// Take moves quantity out of a cell of a real place, together with the cost it carries: the value is
// Portion of what the cell holds. It refuses with Insufficient where the cell holds less, now or at any later date.
func (d *Draft) Take(from CellKey, to Account, quantity decimal.Decimal) (Move, error) {
	m := Move{From: from.Account, To: to, Fund: from.Fund, Commodity: from.Commodity, Quantity: quantity}
	c := d.find(from)
	if c == nil || !from.Account.Floored() || d.hides(from) {
		return m, short(d.Cell(from), quantity)
	}
	value, err := d.cost(c, quantity)
	if err != nil {
		return m, err
	}
	m.Value = value
	return m, d.Move(m)
}

// cost is the value that quantity carries out of c. A backdated taking may not carry more value than the cell held at
// any later date, and must carry all of it where it takes all that was there then: goods never outlive their value.
func (d *Draft) cost(c *cell, quantity decimal.Decimal) (decimal.Decimal, error) {
	var first, all, least closing // the first day that holds less, the first that holds just as much, and the one of the least value
	wanted := toFixed(quantity)
	for at := range c.closings(d.On()) {
		switch {
		case at.quantity.less(wanted):
			first = at
		case at.quantity == wanted:
			all = at
		case least.on == 0 || at.value.less(least.value):
			least = at
		}
	}
	switch {
	case first.on != 0:
		return decimal.Zero, d.shortAt(c, first, quantity)
	case all.on != 0:
		return all.value.decimal(), nil
	}
	portion := Portion(c.Quantity, c.Value, quantity, d.state.book.Decimals)
	if least.value.less(toFixed(portion)) {
		return least.value.decimal(), nil
	}
	return portion, nil
}

// Worth is the value of that much more of a needed cell's goods, at the cell's own cost: nothing where it holds none.
func (d *Draft) Worth(of CellKey, quantity decimal.Decimal) decimal.Decimal {
	c := d.Cell(of)
	if c.Quantity.IsZero() {
		return decimal.Zero
	}
	return Portion(c.Quantity, c.Value, quantity, d.state.book.Decimals)
}

// Move records a move whose value is known: a source names its price, a return and a reversal carry the very value that went out,
// a revaluation has quantity zero. The floors of both ends are kept.
func (d *Draft) Move(m Move) error {
	if err := d.state.book.checkMove(m, d.proposal.Reverses != 0); err != nil {
		return Refuse(Invalid, "", err.Error())
	}
	if err := d.proposal.allows(m); err != nil {
		return err
	}
	lot, err := d.lot(m)
	if err != nil {
		return err
	}
	if -m.Quantity.Exponent() > lot.Decimals && !m.Quantity.Equal(m.Quantity.Truncate(lot.Decimals)) {
		return Refuse(Invalid, "", fmt.Sprintf("%s of %s has more than %d decimals", m.Quantity, m.Commodity, lot.Decimals))
	}
	mark := d.state.mark()
	from := d.open(CellKey{m.From, m.Fund, m.Commodity}, lot)
	to := d.open(CellKey{m.To, m.Fund, m.Commodity}, lot)
	err = d.fits(from, m.Quantity.Neg(), m.Value.Neg())
	if err == nil {
		err = d.fits(to, m.Quantity, m.Value)
	}
	if err != nil {
		d.state.rollback(mark) // a cell that no move reaches would be counted and never stored
		return err
	}
	d.state.change(from, d.On(), m.Quantity.Neg(), m.Value.Neg())
	d.state.change(to, d.On(), m.Quantity, m.Value)
	d.moves = append(d.moves, move{
		Move: m, from: from, to: to,
		fromAfter: balance{from.Quantity, from.Value},
		toAfter:   balance{to.Quantity, to.Value},
	})
	return nil
}

func (d *Draft) open(key CellKey, lot Lot) *cell {
	if c := d.find(key); c != nil {
		return c
	}
	return d.state.create(key, lot, d.On())
}

// lot finds what the book knows of a commodity: the book's currency, a lot this entry brings in, or one that is in a needed cell.
// What happens to be in memory besides does not count: another server would not know it.
func (d *Draft) lot(m Move) (Lot, error) {
	if m.Commodity == d.state.book.Money() {
		return Lot{Commodity: m.Commodity, Decimals: d.state.book.Decimals}, nil
	}
	for _, lot := range d.lots {
		if lot.Commodity == m.Commodity {
			return lot, nil
		}
	}
	for _, account := range []Account{m.From, m.To} {
		if known, ok := d.state.cells[CellKey{account, m.Fund, m.Commodity}]; ok {
			return known.lot(), nil
		}
	}
	if known := d.needed(m.Commodity); known != nil {
		return known.lot(), nil
	}
	return Lot{}, Refuse(NotFound, "", fmt.Sprintf("%s holds no %s for fund %s", m.From, m.Commodity, m.Fund))
}

// needed is any needed cell of a commodity that its sender sees, or nil.
func (d *Draft) needed(commodity Commodity) *cell {
	needs := &d.proposal.Needs
	for _, g := range needs.Groups {
		if g.Item != commodity.Item {
			continue
		}
		for _, known := range d.state.groups[g] {
			if known.Commodity == commodity && !d.hides(known.CellKey) {
				return known
			}
		}
	}
	if len(needs.Lots)+len(needs.Accounts) == 0 {
		return nil
	}
	for _, known := range d.state.cells {
		if known.Commodity == commodity && !d.hides(known.CellKey) && (slices.Contains(needs.Lots, commodity) || slices.Contains(needs.Accounts, known.Account)) {
			return known
		}
	}
	return nil
}

// Tally is a needed counter as it stands.
func (d *Draft) Tally(name string) Tally {
	t, known := d.state.tallies[name]
	if !known {
		panic(fmt.Sprintf("ledger: %s proposal looks at tally %s without needing it", d.proposal.Kind, name))
	}
	return *t
}

// Count adds to a needed counter.
func (d *Draft) Count(name string, quantity, value decimal.Decimal) {
	d.Tally(name)
	d.state.count(d.state.tallies[name], quantity, value)
	d.counts = append(d.counts, count{name, quantity, value})
}

// SeriesTally is the tally behind a series of document numbers.
func SeriesTally(series string) string { return "series:" + series }

// Document gives the entry the next number of a needed series, as HO-0031-2023-00233. Numbers have no gaps:
// a refused proposal takes none.
func (d *Draft) Document(series string) string {
	name := SeriesTally(series)
	d.Count(name, decimal.NewFromInt(1), decimal.Zero)
	d.document = fmt.Sprintf("%s-%05d", series, d.Tally(name).Quantity.IntPart())
	return d.document
}

// Row stores a document row with the entry, with one value for each of the table's columns:
// string, int, int64, bool, Date, decimal.Decimal, or nil.
func (d *Draft) Row(table *Table, values ...any) {
	if len(values) != len(table.columns) {
		panic(fmt.Sprintf("ledger: %s takes %d values, not %d", table.name, len(table.columns), len(values)))
	}
	d.rows = append(d.rows, row{table, values})
}
