package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// WriteOff proposes to dispose of damaged or expired goods. It takes them out of use at once, into the quarantine of their location;
// approval by another person writes them off, and a reversal of the proposal puts them back.
type WriteOff struct {
	Location string         `json:"location" maxLength:"80" example:"PT-0031"`
	Reason   string         `json:"reason" minLength:"1" maxLength:"300" example:"wet after the roof leaked"`
	On       ledger.Date    `json:"on,omitempty" required:"false" example:"2024-01-05" doc:"Business date; today when absent."`
	Lines    []WriteOffLine `json:"lines" minItems:"1" maxItems:"500"`
}

// WriteOffLine names the goods by their lot and fund, because a disposal is about these goods and no others.
type WriteOffLine struct {
	Item        string          `json:"item" maxLength:"80" example:"QUILT"`
	Lot         string          `json:"lot" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1"`
	Fund        string          `json:"fund" maxLength:"80" example:"WINTER-23"`
	Quantity    decimal.Decimal `json:"quantity" example:"2" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack        string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Quarantined bool            `json:"quarantined,omitempty" doc:"The goods already are in quarantine: they arrived or came back damaged."`
}

// WriteOffApproval writes the goods of a proposal off. Its maker is another person than the proposal's.
type WriteOffApproval struct {
	Proposal    string      `json:"proposal,omitempty" maxLength:"80" example:"WO-PT-0031-2024-00001" doc:"Document number of the proposal; the path's where the path names one."`
	Certificate string      `json:"certificate" minLength:"1" maxLength:"120" example:"DC-2024-017" doc:"Number of the disposal certificate."`
	On          ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-08" doc:"Business date; today when absent."`
}

var writeOffs = ledger.Documents("write_offs", "location text", "item text", "lot text", "fund text", "quantity numeric",
	"reason text", "certificate text", "proposal bigint")

// proposedTally is how much of a cell in quarantine stands on proposals, so that no two of them dispose of the same goods.
func proposedTally(location string, l line) string {
	return fmt.Sprintf("proposed:%s:%s:%s:%s", location, l.item.Code, l.lot, l.fund)
}

// disposal is a line of a proposal that was looked over.
type disposal struct {
	line
	quarantined bool
}

// ProposeWriteOff proposes a write-off.
func (k *Keeper) ProposeWriteOff(ctx context.Context, by ledger.By, w WriteOff) (*ledger.Proposal, error) {
	r, content := k.review(w.On), w
	r.location(ctx, "/location", w.Location)
	w.Reason = r.text("/reason", "reason", w.Reason, 300, true)
	r.lines(len(w.Lines), mostLines)
	series := r.series("WO", w.Location)
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(series)}}
	disposals := make([]disposal, len(w.Lines))
	for i, l := range w.Lines {
		g := disposal{r.line(ctx, i, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity}), l.Quarantined}
		r.unless(l.Lot != "", g.at+"/lot", "the lot of what is written off is missing")
		r.unless(l.Fund != "", g.at+"/fund", "the fund of what is written off is missing")
		needs.Groups = append(needs.Groups, between([]line{g.line}, ledger.Stock.In(w.Location), ledger.Quarantine.In(w.Location))...)
		needs.Tallies = append(needs.Tallies, proposedTally(w.Location, g.line))
		disposals[i] = g
	}
	disposals = sound(r, disposals)
	return r.propose(ctx, by, "write-off-proposal", content, needs, func(d *ledger.Draft) error {
		d.Document(series)
		var faults ledger.Faults
		for _, g := range disposals {
			if err := faults.Add(g.at, g.setAside(d, w.Location)); err != nil {
				return err
			}
			d.Row(writeOffs, w.Location, g.item.Code, g.lot, g.fund, g.quantity, w.Reason, "", nil)
		}
		return faults.Err()
	})
}

// setAside puts goods into the quarantine, or finds them there free of other proposals.
func (g disposal) setAside(d *ledger.Draft, location string) error {
	tally := proposedTally(location, g.line)
	key := ledger.CellKey{Account: ledger.Stock.In(location), Fund: g.fund, Commodity: ledger.Commodity{Item: g.item.Code, Lot: g.lot}}
	if !g.quarantined {
		d.Count(tally, g.quantity, decimal.Zero)
		_, err := d.Take(key, ledger.Quarantine.In(location), g.quantity)
		return err
	}
	key.Account = ledger.Quarantine.In(location)
	c := d.Cell(key)
	c.Quantity = decimal.Max(c.Quantity.Sub(d.Tally(tally).Quantity), decimal.Zero)
	if c.Quantity.LessThan(g.quantity) {
		w := whatever(g.line, d.On())
		return tooFew(key.Account, []ledger.Cell{c}, w, g.quantity.Sub(c.Quantity))
	}
	d.Count(tally, g.quantity, decimal.Zero)
	return nil
}

// ApproveWriteOff proposes that a proposed write-off becomes one. It is refused with SamePerson where its maker approves it.
func (k *Keeper) ApproveWriteOff(ctx context.Context, by ledger.By, a WriteOffApproval) (*ledger.Proposal, error) {
	r, content := k.review(a.On), a
	w, err := k.WriteOffNote(ctx, a.Proposal)
	if r.add("/proposal", err); r.err() != nil {
		return nil, r.err()
	}
	r.reached(ctx, "/proposal", w.Location)
	if by.Actor == w.Actor {
		r.add("/proposal", ledger.Refuse(ledger.SamePerson, "", fmt.Sprintf("%s proposed write-off %s, another person's approval wanted", w.Actor, w.Document)))
	}
	r.unless(r.on >= w.On, "/on", "write-off %s was proposed on %s, it is not approved on %s", w.Document, w.On, r.on)
	a.Certificate = r.text("/certificate", "certificate", a.Certificate, 120, true)
	series := r.series("WA", w.Location)
	approved, undone := ledger.BoundTally(w.Entry), ledger.ReversedTally(w.Entry)
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(series), approved, undone}}
	from, to := ledger.Quarantine.In(w.Location), ledger.WrittenOff.In(w.Location)
	for _, l := range w.Lines {
		g := l.line()
		needs.Groups = append(needs.Groups, between([]line{g}, from, to)...)
		needs.Tallies = append(needs.Tallies, proposedTally(w.Location, g))
	}
	return r.propose(ctx, by, "write-off", content, needs, func(d *ledger.Draft) error {
		switch {
		case d.Tally(undone).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/proposal", fmt.Sprintf("write-off %s was taken back", w.Document))
		case d.Tally(approved).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/proposal", fmt.Sprintf("write-off %s was approved before", w.Document))
		}
		d.Document(series)
		d.Count(approved, decimal.NewFromInt(1), decimal.Zero)
		for _, l := range w.Lines {
			key := ledger.CellKey{Account: from, Fund: l.Fund, Commodity: ledger.Commodity{Item: l.Item, Lot: l.Lot}}
			if _, err := d.Take(key, to, l.Quantity); err != nil {
				return err
			}
			d.Count(proposedTally(w.Location, l.line()), l.Quantity.Neg(), decimal.Zero)
			d.Row(writeOffs, w.Location, l.Item, l.Lot, l.Fund, l.Quantity, w.Reason, a.Certificate, w.Entry)
		}
		return nil
	})
}

func init() {
	ledger.MustHold("a write-off is approved once, by another person than its maker", `
		SELECT 'write-off ' || p.document || ' of ' || p.actor || ' approved by ' || string_agg(DISTINCT a.actor, ', ')
		FROM (SELECT DISTINCT book_id, number, proposal FROM write_offs WHERE book_id = ?0 AND proposal IS NOT NULL) w
		JOIN entries a USING (book_id, number) JOIN entries p ON p.book_id = w.book_id AND p.number = w.proposal
		WHERE `+standing("a")+`
		GROUP BY p.number, p.document, p.actor HAVING count(*) > 1 OR bool_or(a.actor = p.actor)`)
	ledger.MustHold("a write-off that was approved was not taken back", `
		SELECT 'write-off of entry ' || w.proposal || ' was reversed and approved' FROM write_offs w
		JOIN entries u ON u.book_id = w.book_id AND u.reverses = w.proposal
		WHERE w.book_id = ?0 AND `+standing("w"))
}
