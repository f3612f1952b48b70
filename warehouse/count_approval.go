package warehouse

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// CountApproval agrees to the differences of a count. Its maker is another person than the one who reported it.
type CountApproval struct {
	Count string      `json:"count,omitempty" maxLength:"80" example:"CN-ST-5101-01-2024-00001" doc:"Document number of the count; the path's where the path names one."`
	On    ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-08" doc:"Business date; today when absent."`
}

// CountNote is a count with what it found and its approval.
type CountNote struct {
	Note
	Location    string          `json:"location"`
	Remark      string          `json:"remark"`
	Blind       bool            `json:"blind"`
	Whole       bool            `json:"whole"`
	Differences int             `json:"differences" doc:"How many lines differ from the book."`
	Lines       []CountNoteLine `json:"lines"`
	Approval    string          `json:"approval" doc:"Document number of the approval; empty while there is none."`
}

// CountNoteLine is goods of one lot of one fund as they were held and found.
type CountNoteLine struct {
	Item  string          `json:"item"`
	Lot   string          `json:"lot"`
	Fund  string          `json:"fund"`
	Held  decimal.Decimal `json:"held" doc:"What the book held, in the item's base unit."`
	Found decimal.Decimal `json:"found" doc:"What was there."`
}

func (l CountNoteLine) of() ledger.Commodity { return ledger.Commodity{Item: l.Item, Lot: l.Lot} }

// ApproveCount proposes that the differences of a count become moves: what is missing is lost, what is too much was found. It is refused with
// SamePerson where the maker of the count approves it, and with MovedOn where the book says something else of the day of the count than
// it said then, or where so much of the goods has left that they cannot be missing.
func (k *Keeper) ApproveCount(ctx context.Context, by ledger.By, a CountApproval) (*ledger.Proposal, error) {
	r, content := k.review(a.On), a
	n, err := k.CountNote(ctx, a.Count)
	if r.add("/count", err); r.err() != nil {
		return nil, r.err()
	}
	r.reached(ctx, "/count", n.Location)
	if by.Actor == n.Actor {
		r.add("/count", ledger.Refuse(ledger.SamePerson, "", fmt.Sprintf("%s reported count %s, another person's approval wanted", n.Actor, n.Document)))
	}
	r.unless(n.Differences > 0, "/count", "count %s agrees with the book, nobody need approve it", n.Document)
	r.unless(r.on >= n.On, "/on", "count %s was taken on %s, it is not approved on %s", n.Document, n.On, r.on)
	series := r.series("CA", n.Location)
	approved, undone := ledger.BoundTally(n.Entry), ledger.ReversedTally(n.Entry)
	needs := ledger.Needs{
		Groups: n.groups(), Lots: n.lots(), Since: n.On,
		Tallies: []string{ledger.SeriesTally(series), approved, undone, closedTally(n.Location)},
	}
	return r.propose(ctx, by, "count-approval", content, needs, func(d *ledger.Draft) error {
		switch {
		case d.Tally(undone).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/count", fmt.Sprintf("count %s was taken back", n.Document))
		case d.Tally(approved).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/count", fmt.Sprintf("count %s was approved before", n.Document))
		}
		if err := stillOpen(d, "/count", n.Location); err != nil {
			return err
		}
		d.Document(series)
		d.Count(approved, decimal.NewFromInt(1), decimal.Zero)
		d.Row(counts, n.Location, n.Remark, n.Blind, n.Whole, n.Differences, n.Entry)
		return n.settle(d)
	})
}

// groups are what the moves of the differences touch.
func (n CountNote) groups() []ledger.Group {
	var lines []line
	for _, l := range n.Lines {
		if !l.Held.Equal(l.Found) {
			lines = append(lines, line{item: Item{Code: l.Item}})
		}
	}
	return between(lines, ledger.Stock.In(n.Location), ledger.Lost.In(n.Location), ledger.Found.In(n.Location))
}

// lots are the goods that were found where none were held: the book knows them from elsewhere.
func (n CountNote) lots() []ledger.Commodity {
	var lots []ledger.Commodity
	for _, l := range n.Lines {
		if l.Held.IsZero() {
			lots = append(lots, l.of())
		}
	}
	return lots
}

// settle makes the moves of every difference, and says of all of them at once which cannot be made.
func (n CountNote) settle(d *ledger.Draft) error {
	var faults ledger.Faults
	for _, l := range n.Lines {
		if l.Found.Equal(l.Held) {
			continue
		}
		err := n.stands(d, l)
		if err == nil {
			err = n.movedOn(l.settle(d, n.Location))
		}
		if err := faults.Add("/count", err); err != nil {
			return err
		}
	}
	return faults.Err()
}

// stands refuses a difference that the book has in it already: by what was dated up to the count and came to the book after it, as from a
// phone without network, or by what was lost or found by another count since, which is booked on the day of its approval.
func (n CountNote) stands(d *ledger.Draft, l CountNoteLine) error {
	at := func(c ledger.Class) ledger.CellKey { return l.in(c, n.Location) }
	if now := d.At(at(ledger.Stock), n.On).Quantity; !now.Equal(l.Held) {
		return n.countAgain(l, now, ledger.Refuse(ledger.MovedOn, "", fmt.Sprintf("count %s was held against %s of %s for fund %s, the book now says %s of %s",
			n.Document, l.Held, l.of(), l.Fund, now, n.On)))
	}
	for _, c := range []ledger.Class{ledger.Lost, ledger.Found} {
		if now := d.Cell(at(c)).Quantity; !now.Equal(d.At(at(c), n.On).Quantity) {
			return n.countAgain(l, d.Cell(at(ledger.Stock)).Quantity, ledger.Refuse(ledger.MovedOn, "",
				fmt.Sprintf("count %s is of %s, and %s for fund %s was lost or found at %s since", n.Document, n.On, l.of(), l.Fund, n.Location)))
		}
	}
	return nil
}

// countAgain says of which goods a refusal is, what the book says of them, and what the count was held against.
func (n CountNote) countAgain(l CountNoteLine, there decimal.Decimal, refusal *ledger.Refusal) error {
	f := &refusal.Faults[0]
	f.Hint, f.Location, f.Item, f.Lot, f.Fund = "count these goods again", n.Location, l.Item, l.Lot, l.Fund
	f.There, f.Asked = there.String(), l.Held.String()
	return refusal
}

func (l CountNoteLine) in(class ledger.Class, location string) ledger.CellKey {
	return ledger.CellKey{Account: class.In(location), Fund: l.Fund, Commodity: l.of()}
}

// settle moves a difference.
func (l CountNoteLine) settle(d *ledger.Draft, location string) error {
	key := l.in(ledger.Stock, location)
	over := l.Found.Sub(l.Held)
	if over.IsNegative() {
		_, err := d.Take(key, ledger.Lost.In(location), over.Neg())
		return err
	}
	return d.Move(ledger.Move{
		From: ledger.Found.In(location), To: key.Account, Fund: l.Fund, Commodity: key.Commodity,
		Quantity: over, Value: d.Worth(key, over),
	})
}

// movedOn says in the words of a count that goods it missed have left since.
func (n CountNote) movedOn(err error) error {
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Code() != ledger.Insufficient {
		return err
	}
	for i := range refusal.Faults {
		f := &refusal.Faults[i]
		f.Code, f.Hint = ledger.MovedOn, "count these goods again"
		f.Message = fmt.Sprintf("count %s cannot be approved, goods that it missed have moved since: %s", n.Document, f.Message)
	}
	return refusal
}

// CountNote reads a count, or refuses with NotFound.
func (k *Keeper) CountNote(ctx context.Context, document string) (CountNote, error) {
	n, err := note[CountNote](ctx, k, "count", "(SELECT * FROM counts WHERE proposal IS NULL)", `d.location, d.remark, d.blind, d.whole, d.differences, coalesce((
		SELECT a.document FROM counts c JOIN entries a USING (book_id, number)
		WHERE c.book_id = d.book_id AND c.proposal = d.number AND `+standing("c")+`), '') AS approval`, document)
	if err != nil {
		return n, err
	}
	err = k.Book.DB().NewRaw("SELECT item, lot, fund, held, found FROM count_lines WHERE book_id = ? AND number = ? ORDER BY line", k.Book.ID, n.Entry).Scan(ctx, &n.Lines)
	return n, err
}

func init() {
	ledger.MustHold("a count is agreed to once, by another person than its maker", `
		SELECT 'count ' || p.document || ' of ' || p.actor || ' approved by ' || string_agg(DISTINCT a.actor, ', ')
		FROM counts c JOIN entries a USING (book_id, number) JOIN entries p ON p.book_id = c.book_id AND p.number = c.proposal
		WHERE c.book_id = ?0 AND `+standing("a")+`
		GROUP BY p.number, p.document, p.actor HAVING count(*) > 1 OR bool_or(a.actor = p.actor)`)
	ledger.MustHold("a count that was agreed to was not taken back", `
		SELECT 'count of entry ' || c.proposal || ' was reversed and approved' FROM counts c
		JOIN entries u ON u.book_id = c.book_id AND u.reverses = c.proposal
		WHERE c.book_id = ?0 AND `+standing("c"))
	// What is dated on the day of the count itself may have been before it or after it, where an older program approved it: only what other
	// counts lost and found then is told. What came over a waybill is found, too, and no other count's, so it silences the second half.
	ledger.MustHold("a count that was agreed to missed nothing that the book had missed by then", `
		SELECT 'approval ' || d.document || ' of ' || d.item || '/' || d.lot || ' for fund ' || d.fund || ': held against ' || d.held
			|| ', the book said ' || sum(CASE WHEN b."on" <= d."on" THEN m.quantity ELSE 0 END) || ' of ' || d."on"
			|| ' and lost or found ' || sum(CASE WHEN b."on" > d."on" AND m.counted THEN m.quantity ELSE 0 END) || ' since'
		FROM (
			SELECT c.number, c.proposal, a.document, p."on", c.location, l.item, l.lot, l.fund, l.held, s.cell
			FROM counts c JOIN entries a USING (book_id, number) JOIN entries p ON p.book_id = c.book_id AND p.number = c.proposal
			JOIN count_lines l ON l.book_id = c.book_id AND l.number = c.proposal AND l.found <> l.held
			JOIN cells s ON s.book_id = c.book_id AND s.account = 'stock:' || c.location AND s.fund = l.fund AND s.item = l.item AND s.lot = l.lot
			WHERE c.book_id = ?0 AND `+standing("c")+`
		) d CROSS JOIN LATERAL (
			SELECT m.number, m.quantity, o.account IN ('lost:' || d.location, 'found:' || d.location) AS counted
			FROM moves m JOIN cells o ON o.book_id = m.book_id AND o.cell = m.from_cell
			WHERE m.book_id = ?0 AND m.to_cell = d.cell AND m.number < d.number
			UNION ALL SELECT m.number, -m.quantity, o.account IN ('lost:' || d.location, 'found:' || d.location)
			FROM moves m JOIN cells o ON o.book_id = m.book_id AND o.cell = m.to_cell
			WHERE m.book_id = ?0 AND m.from_cell = d.cell AND m.number < d.number
		) m JOIN entries b ON b.book_id = ?0 AND b.number = m.number
		GROUP BY d.number, d.proposal, d.document, d."on", d.item, d.lot, d.fund, d.held
		HAVING sum(CASE WHEN b."on" <= d."on" THEN m.quantity ELSE 0 END) <> d.held
				AND sum(CASE WHEN m.number > d.proposal AND (b."on" < d."on" OR b."on" = d."on" AND m.counted AND b.kind <> 'arrival') THEN m.quantity ELSE 0 END) <> 0
			OR sum(CASE WHEN b."on" > d."on" AND m.counted THEN m.quantity ELSE 0 END) <> 0
				AND NOT bool_or(b."on" > d."on" AND m.counted AND b.kind = 'arrival')`)
	ledger.MustHold("a count that was agreed to moves its differences", `
		WITH wanted AS (
			SELECT c.number, l.item, l.lot, l.fund, l.found - l.held AS quantity
			FROM counts c JOIN count_lines l ON l.book_id = c.book_id AND l.number = c.proposal AND l.found <> l.held WHERE c.book_id = ?0
		), moved AS (
			SELECT c.number, f.item, f.lot, f.fund, sum(CASE WHEN t.account = 'lost:' || c.location THEN -m.quantity ELSE m.quantity END) AS quantity
			FROM counts c JOIN moves m USING (book_id, number)
			JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell
			WHERE c.book_id = ?0 GROUP BY 1, 2, 3, 4
		)
		SELECT 'approval ' || e.document || ' of ' || x.item || '/' || x.lot || ' for fund ' || x.fund || ': counted ' || x.wanted || ', moved ' || x.moved
		FROM (SELECT number, item, lot, fund, coalesce(w.quantity, 0) AS wanted, coalesce(m.quantity, 0) AS moved
			FROM wanted w FULL JOIN moved m USING (number, item, lot, fund)) x JOIN entries e ON e.book_id = ?0 AND e.number = x.number
		WHERE x.wanted <> x.moved`)
}
