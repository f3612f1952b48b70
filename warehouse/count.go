package warehouse

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Count reports what was found in stock at a location. It is held against what the book holds there at the end of its date; nothing
// moves before another person agrees to the differences, and a count without any is done.
type Count struct {
	Location string      `json:"location" maxLength:"80" example:"ST-5101-01"`
	On       ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-05" doc:"Business date, at the end of which the goods were so; today when absent."`
	Remark   string      `json:"remark,omitempty" maxLength:"300" example:"yearly count, two counters" doc:"Who counted and how."`
	Blind    bool        `json:"blind,omitempty" doc:"Those who counted did not see what the book holds."`
	Whole    bool        `json:"whole,omitempty" doc:"Everything in stock there was counted: what no line names was not found. What is reserved, in quarantine or on its way is not part of a count."`
	Complete []string    `json:"complete,omitempty" maxItems:"500" doc:"Items that were counted completely: lots of them that no line names were not found."`
	Lines    []CountLine `json:"lines,omitempty" maxItems:"500"`
}

// CountLine is what was found. Goods are named as closely as is needed to tell them apart: by the item alone where it stands there in one
// lot of one fund, or where all of them together agree with the book. Lines that name the same are added.
type CountLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1"`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23"`
	Quantity decimal.Decimal `json:"quantity" example:"38" doc:"What was found, 0 or more, in the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
}

var (
	counts = ledger.Documents("counts", "location text", "remark text", "blind boolean", "whole boolean", "differences integer", "proposal bigint")
	// countLines are what was held and what was found, of every cell that a count looked at.
	countLines = ledger.Documents("count_lines", "item text", "lot text", "fund text", "held numeric", "found numeric")
)

// tallied is a cell as the book held it and as it was found.
type tallied struct {
	ledger.Cell
	found decimal.Decimal
}

// counting is a count that was looked over.
type counting struct {
	stock    ledger.Account
	whole    bool
	complete []string
	lines    []line
}

// Count proposes what a count found.
func (k *Keeper) Count(ctx context.Context, by ledger.By, c Count) (*ledger.Proposal, error) {
	r, content := k.review(c.On), c
	r.location(ctx, "/location", c.Location)
	c.Remark = r.text("/remark", "remark", c.Remark, 300, false)
	r.unless(len(c.Lines) <= mostLines, "/lines", "%d lines, at most %d wanted", len(c.Lines), mostLines)
	r.unless(c.Whole || len(c.Lines)+len(c.Complete) > 0, "/lines", "nothing was counted")
	n := counting{stock: ledger.Stock.In(c.Location), whole: c.Whole, complete: c.Complete}
	series := r.series("CN", c.Location)
	needs := ledger.Needs{Accounts: []ledger.Account{n.stock}, Tallies: []string{ledger.SeriesTally(series)}}
	for i, code := range c.Complete {
		find(ctx, r, k.Items, fmt.Sprintf("/complete/%d", i), code)
	}
	for i, l := range c.Lines {
		g := r.found(ctx, i, l)
		n.lines = merge(n.lines, g)
		if g.lot != "" {
			needs.Lots = append(needs.Lots, ledger.Commodity{Item: g.item.Code, Lot: g.lot})
		}
	}
	n.lines = sound(r, n.lines)
	return r.propose(ctx, by, "count", content, needs, func(d *ledger.Draft) error {
		cells, err := n.compare(d)
		if err != nil {
			return err
		}
		d.Document(series)
		differences := 0
		for _, t := range cells {
			d.Row(countLines, t.Item, t.Commodity.Lot, t.Fund, t.Quantity, t.found)
			if !t.found.Equal(t.Quantity) {
				differences++
			}
		}
		d.Row(counts, c.Location, c.Remark, c.Blind, c.Whole, differences, nil)
		return nil
	})
}

// found is a line of a count. Unlike every other line it may say that nothing is there.
func (r *review) found(ctx context.Context, n int, l CountLine) line {
	if !l.Quantity.IsZero() {
		return r.line(ctx, n, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity})
	}
	none := r.line(ctx, n, asked{l.Item, l.Pack, l.Lot, l.Fund, decimal.NewFromInt(1)})
	none.quantity = decimal.Zero
	return none
}

// merge adds a line to the one that names the same goods.
func merge(lines []line, l line) []line {
	i := slices.IndexFunc(lines, func(o line) bool { return o.item.Code == l.item.Code && o.lot == l.lot && o.fund == l.fund })
	if i < 0 {
		return append(lines, l)
	}
	lines[i].quantity = lines[i].quantity.Add(l.quantity)
	return lines
}

// compare holds what was found against the stock at the end of the draft's date: the cells that lines name in the order of the lines,
// then those that were not found.
func (n counting) compare(d *ledger.Draft) ([]tallied, error) {
	var faults ledger.Faults
	var all []tallied
	held, named := d.Then(n.stock), map[ledger.CellKey]string{}
	for _, l := range n.lines {
		cells, err := n.match(d, held, l)
		for _, t := range cells {
			if at, twice := named[t.CellKey]; err == nil && twice {
				err = ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("%s for fund %s is counted by %s already", t.Commodity, t.Fund, at))
			}
			named[t.CellKey] = l.at
		}
		if err := faults.Add(l.at, err); err != nil {
			return nil, err
		}
		all = append(all, cells...)
	}
	for _, c := range held {
		if _, counted := named[c.CellKey]; !counted && (n.whole || slices.Contains(n.complete, c.Item)) {
			all = append(all, tallied{c, decimal.Zero})
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return all, n.bounded(len(all))
}

// mostCounted is the most lots and funds that one count writes down, so that no entry grows with the book.
const mostCounted = 5000

// bounded refuses a count of too much at once.
func (n counting) bounded(cells int) error {
	if cells <= mostCounted {
		return nil
	}
	at := map[bool]string{true: "/whole", false: "/complete"}[n.whole]
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.Invalid, Pointer: at, Hint: "count item by item: complete names the items of each count",
		Message: fmt.Sprintf("%s holds %d lots and funds of what was counted, at most %d in one count wanted", n.stock, cells, mostCounted),
	}}}
}

// match says which cells a line counted, and what was found of each.
func (n counting) match(d *ledger.Draft, held []ledger.Cell, l line) ([]tallied, error) {
	var cells []tallied
	w, total := whatever(l, d.On()), decimal.Zero
	for _, c := range held {
		if c.Item == l.item.Code && w.allows(c) {
			cells, total = append(cells, tallied{c, c.Quantity}), total.Add(c.Quantity)
		}
	}
	switch {
	case total.Equal(l.quantity):
		return cells, nil
	case len(cells) == 1:
		cells[0].found = l.quantity
		return cells, nil
	case len(cells) > 1:
		return nil, ledger.Refuse(ledger.Invalid, "/lot", fmt.Sprintf("%s stands in %d lots or funds at %s and not all of it was found: name the lot and the fund of what was",
			l.item.Code, len(cells), n.stock))
	case l.lot == "" || l.fund == "":
		return nil, ledger.Refuse(ledger.Invalid, "/lot", fmt.Sprintf("%s holds no %s: name the lot and the fund of what was found", n.stock, l.item.Code))
	}
	of := ledger.Commodity{Item: l.item.Code, Lot: l.lot}
	known := slices.ContainsFunc(d.Lot(of), func(c ledger.Cell) bool { return c.Fund == l.fund })
	if !known {
		return nil, ledger.Refuse(ledger.NotFound, "/lot", fmt.Sprintf("fund %s never had %s", l.fund, of))
	}
	key := ledger.CellKey{Account: n.stock, Fund: l.fund, Commodity: of}
	return []tallied{{ledger.Cell{CellKey: key}, l.quantity}}, nil
}
