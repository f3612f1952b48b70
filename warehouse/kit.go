package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Assembly puts goods that are at a location together into kits. The kits become a lot of their own that carries exactly what went into
// them and lasts as long as what expires first. Taking the kits apart again is the reversal of their assembly.
type Assembly struct {
	Location string          `json:"location" maxLength:"80" example:"ST-5101-01" doc:"Where the goods are and the kits will be."`
	Item     string          `json:"item" maxLength:"80" example:"KIT" doc:"Item that the kits are."`
	Quantity decimal.Decimal `json:"quantity" example:"10" doc:"How many kits, in the base unit of their item."`
	Fund     string          `json:"fund" maxLength:"80" example:"WINTER-23" doc:"Fund of all that goes in, and so of the kits."`
	On       ledger.Date     `json:"on,omitempty" required:"false" example:"2023-11-20" doc:"Business date; today when absent."`
	Lines    []AssemblyLine  `json:"lines" minItems:"1" maxItems:"500" doc:"What one kit is made of."`
}

// AssemblyLine is what one kit takes: first expired first out, unless a lot is named. Expired goods and goods kept for their owner stay.
type AssemblyLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"2" doc:"For one kit, in the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Take this lot instead of the one that expires first."`
}

var (
	kits = ledger.Documents("kits", "location text", "item text", "lot text", "fund text", "quantity numeric", "value numeric")
	// kitLines are what one kit takes, in base units.
	kitLines = ledger.Documents("kit_lines", "item text", "lot text", "quantity numeric")
)

// component is a line of an assembly that was looked over: what one kit takes, and as its line's quantity what all of them take.
type component struct {
	line
	each decimal.Decimal
}

// assembling is an assembly that was looked over.
type assembling struct {
	Assembly
	kit            line
	components     []component
	stock, through ledger.Account
}

// Assemble proposes an assembly.
func (k *Keeper) Assemble(ctx context.Context, by ledger.By, a Assembly) (*ledger.Proposal, error) {
	r := k.review(a.On)
	r.location(ctx, "/location", a.Location)
	r.fund(ctx, "/fund", a.Fund)
	n := assembling{Assembly: a, kit: r.kits(ctx, a), stock: ledger.Stock.In(a.Location), through: ledger.Assembly.In(a.Location)}
	r.lines(len(a.Lines), mostLines)
	for i, l := range a.Lines {
		n.components = append(n.components, r.component(ctx, i, l, n.kit, a.Fund))
	}
	n.components = sound(r, n.components)
	goods := []line{n.kit}
	for _, c := range n.components {
		goods = append(goods, c.line)
	}
	series := r.series("KT", a.Location)
	needs := ledger.Needs{
		Groups:  between(goods, n.stock, n.through),
		Tallies: []string{ledger.SeriesTally(series), closedTally(a.Location)},
	}
	return r.propose(ctx, by, "assembly", a, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/location", a.Location); err != nil {
			return err
		}
		return n.compose(d, d.Document(series))
	})
}

// kits are the item and the number of what is made.
func (r *review) kits(ctx context.Context, a Assembly) (kit line) {
	var found bool
	if kit.item, found = find(ctx, r, r.keeper.Items, "/item", a.Item); !found {
		return kit
	}
	r.unless(!kit.item.Retired, "/item", "item %s is retired, no more of it is taken in", a.Item)
	var err error
	kit.quantity, err = kit.item.Quantity("", a.Quantity)
	r.add("", err)
	return kit
}

// component is what all kits together take of one line.
func (r *review) component(ctx context.Context, i int, l AssemblyLine, kit line, fund string) component {
	c := component{line: r.line(ctx, i, asked{item: l.Item, pack: l.Pack, lot: l.Lot, quantity: l.Quantity})}
	c.fund, c.each = fund, c.quantity
	r.unless(l.Item != kit.item.Code, c.at+"/item", "%s cannot be put into itself", l.Item)
	if c.each.IsPositive() && kit.quantity.IsPositive() {
		var err error
		c.quantity, err = c.item.Quantity("", c.each.Mul(kit.quantity))
		r.add(c.at, err)
	}
	return c
}

// compose takes the components through the account of assemblies, and the kits out of it with the very value that went in.
func (n assembling) compose(d *ledger.Draft, document string) error {
	made := arriving{line: n.kit}
	var faults ledger.Faults
	for _, c := range n.components {
		moves, err := draw(d, n.stock, n.through, wish{line: c.line, on: d.On()})
		if err := faults.Add(c.at, err); err != nil {
			return err
		}
		for _, m := range moves {
			made.value = made.value.Add(m.Value)
			made.expiresOn = sooner(made.expiresOn, d.Cell(ledger.CellKey{Account: n.stock, Fund: m.Fund, Commodity: m.Commodity}).Expires)
		}
		d.Row(kitLines, c.item.Code, c.lot, c.each)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if n.kit.item.Expires && made.expiresOn.IsZero() {
		return ledger.Refuse(ledger.Invalid, "/item", fmt.Sprintf("%s expires, and nothing that goes into it does", n.Item))
	}
	lot := document + ".1"
	d.Row(kits, n.Location, n.Item, lot, n.Fund, n.kit.quantity, made.value)
	return made.receive(d, n.through, n.stock, n.Fund, lot)
}

// sooner is the earlier of two days, of which either may be none.
func sooner(a, b ledger.Date) ledger.Date {
	if a.IsZero() || !b.IsZero() && b < a {
		return b
	}
	return a
}

// KitNote is an assembly: the kits that it made, what one of them is made of, and which goods went in.
type KitNote struct {
	Note
	Location  string          `json:"location"`
	Item      string          `json:"item"`
	Lot       string          `json:"lot" example:"KT-ST-5101-01-2023-00001.1"`
	Fund      string          `json:"fund"`
	Quantity  decimal.Decimal `json:"quantity" doc:"How many kits, in the base unit of their item."`
	Value     ledger.Amount   `json:"value" doc:"What all of them cost: the sum of what went in."`
	ExpiresOn ledger.Date     `json:"expires_on,omitzero" doc:"Last usable day of what expires first in them; absent when nothing does."`
	Lines     []KitNoteLine   `json:"lines" doc:"What one kit is made of."`
	Parts     []KitNotePart   `json:"parts" doc:"Which goods went in."`
}

// KitNoteLine is what one kit is made of.
type KitNoteLine struct {
	Item     string          `json:"item"`
	Lot      string          `json:"lot" doc:"The lot that was asked for; empty where the first to expire was taken."`
	Quantity decimal.Decimal `json:"quantity" doc:"In the item's base unit."`
}

// KitNotePart is goods of one lot that went into kits.
type KitNotePart struct {
	Item      string          `json:"item"`
	Lot       string          `json:"lot"`
	Quantity  decimal.Decimal `json:"quantity"`
	Value     ledger.Amount   `json:"value"`
	ExpiresOn ledger.Date     `json:"expires_on,omitzero"`
}

// KitNote reads an assembly, or refuses with NotFound.
func (k *Keeper) KitNote(ctx context.Context, document string) (KitNote, error) {
	n, err := note[KitNote](ctx, k, "assembly", "(SELECT k.*, l.expires_on FROM kits k JOIN lots l USING (book_id, number, line))",
		"d.location, d.item, d.lot, d.fund, d.quantity, d.expires_on, "+k.money("d.value")+" AS value", document)
	if err != nil {
		return n, err
	}
	err = k.Book.DB().NewRaw("SELECT item, lot, quantity FROM kit_lines WHERE book_id = ? AND number = ? ORDER BY line", k.Book.ID, n.Entry).Scan(ctx, &n.Lines)
	if err != nil {
		return n, err
	}
	err = k.Book.DB().NewRaw(`SELECT c.item, c.lot, m.quantity, `+k.money("m.value")+` AS value, g.expires_on
		FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
		JOIN commodities g ON g.book_id = c.book_id AND g.item = c.item AND g.lot = c.lot
		WHERE m.book_id = ? AND m.number = ? AND c.account = ? ORDER BY m.line`, k.Book.ID, n.Entry, string(ledger.Stock.In(n.Location))).Scan(ctx, &n.Parts)
	return n, err
}

func init() {
	ledger.MustHold("kits are worth what went into them", `
		SELECT 'assembly ' || e.document || ' took goods worth ' || trim_scale(v.taken) || ' for ' || trim_scale(v.made) || ' kits worth ' || trim_scale(v.worth)
			|| ', its document says ' || trim_scale(k.quantity) || ' worth ' || trim_scale(k.value)
		FROM kits k JOIN entries e USING (book_id, number), LATERAL (
			SELECT coalesce(sum(m.value) FILTER (WHERE f.account = 'stock:' || k.location AND t.account = 'assembly:' || k.location), 0) AS taken,
				coalesce(sum(m.value) FILTER (WHERE f.account = 'assembly:' || k.location), 0) AS worth,
				coalesce(sum(m.quantity) FILTER (WHERE t.account = 'stock:' || k.location AND t.item = k.item AND t.lot = k.lot), 0) AS made
			FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell
			WHERE m.book_id = k.book_id AND m.number = k.number AND f.fund = k.fund
		) v
		WHERE k.book_id = ?0 AND (v.taken, v.worth, v.made) <> (k.value, k.value, k.quantity)`)
	ledger.MustHold("kits are made of what their assembly says", `
		WITH wanted AS (
			SELECT k.number, l.item, sum(l.quantity * k.quantity) AS quantity FROM kits k JOIN kit_lines l USING (book_id, number) WHERE k.book_id = ?0 GROUP BY 1, 2
		), taken AS (
			SELECT k.number, f.item, sum(m.quantity) AS quantity FROM kits k JOIN moves m USING (book_id, number)
			JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell AND f.account = 'stock:' || k.location
			WHERE k.book_id = ?0 GROUP BY 1, 2
		)
		SELECT 'assembly ' || e.document || ' needs ' || trim_scale(x.wanted) || ' of ' || x.item || ', it took ' || trim_scale(x.taken)
		FROM (SELECT number, item, coalesce(w.quantity, 0) AS wanted, coalesce(t.quantity, 0) AS taken
			FROM wanted w FULL JOIN taken t USING (number, item)) x JOIN entries e ON e.book_id = ?0 AND e.number = x.number
		WHERE x.wanted <> x.taken`)
	ledger.MustHold("kits last as long as what is in them, and nothing expired is", `
		SELECT 'assembly ' || e.document || ' of ' || e."on" || ' made kits until ' || coalesce(g.expires_on::text, 'any day')
			|| ' of goods until ' || coalesce(p.first::text, 'any day')
		FROM kits k JOIN entries e USING (book_id, number)
		JOIN commodities g ON g.book_id = k.book_id AND g.item = k.item AND g.lot = k.lot, LATERAL (
			SELECT min(c.expires_on) AS first FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell
			JOIN commodities c ON c.book_id = f.book_id AND c.item = f.item AND c.lot = f.lot
			WHERE m.book_id = k.book_id AND m.number = k.number AND f.account = 'stock:' || k.location
		) p
		WHERE k.book_id = ?0 AND (g.expires_on IS DISTINCT FROM p.first OR p.first < e."on")`)
	ledger.MustHold("no value stays in an assembly", `
		SELECT account || ' holds ' || trim_scale(sum(value)) || ' of fund ' || fund FROM cells
		WHERE book_id = ?0 AND starts_with(account, 'assembly:') GROUP BY account, fund HAVING sum(value) <> 0`)
}
