package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// CloseShort gives up what is still in transit: it is lost, or the carrier owes it. One person alone may give up goods of a waybill
// up to the keeper's ShortLimit; above it the same request is proposed, and another person agrees.
type CloseShort struct {
	Waybill string      `json:"waybill,omitempty" maxLength:"80" example:"WB-ST-5101-01-2023-00007" doc:"Document number of the dispatch; the path's where the path names one."`
	Claim   bool        `json:"claim,omitempty" doc:"The carrier must make it good; otherwise it is lost."`
	Reason  string      `json:"reason" minLength:"1" maxLength:"300" example:"one bale not found after search"`
	On      ledger.Date `json:"on,omitempty" required:"false" example:"2023-12-09" doc:"Business date; today when absent."`
}

// ShortApproval agrees to give up what a proposal names. Its maker is another person than the proposal's.
type ShortApproval struct {
	Proposal string      `json:"proposal,omitempty" maxLength:"80" example:"SP-ST-5101-01-2023-00001" doc:"Document number of the proposal; the path's where the path names one."`
	On       ledger.Date `json:"on,omitempty" required:"false" example:"2023-12-10" doc:"Business date; today when absent."`
}

// ShortNote is a proposal to give up what is left of a waybill, with its approval.
type ShortNote struct {
	Note
	Waybill  string        `json:"waybill"`
	Claim    bool          `json:"claim"`
	Reason   string        `json:"reason"`
	Value    ledger.Amount `json:"value" doc:"What was in transit when it was proposed, in the book's currency."`
	Approval string        `json:"approval" doc:"Document number of the approval; empty while there is none."`
}

// TwoPeople is the code of a refusal to let one person alone do what takes two.
const TwoPeople = "two-people"

// Acts of a short closing.
const (
	closeAct   = "close"
	proposeAct = "propose"
	approveAct = "approve"
)

var shortClosings = ledger.Documents("short_closings", "act text", "waybill text", "claim boolean", "reason text", "value numeric",
	"alone numeric", "proposal bigint")

// givenUpTally is the value of what single persons gave up of a waybill, by arrivals and short closings alike, so that a large loss
// is not taken in small steps.
func givenUpTally(waybill string) string { return "given-up:" + waybill }

// alone is the most that one person may give up, as a value of a document row.
func (k *Keeper) alone() any {
	if !k.ShortLimit.Valid {
		return nil
	}
	return k.ShortLimit.Decimal
}

// giveUp counts what one person gives up of a waybill, and refuses what is more than one alone may.
func (k *Keeper) giveUp(d *ledger.Draft, w Waybill, pointer string, value decimal.Decimal) error {
	if value.IsZero() {
		return nil
	}
	d.Count(givenUpTally(w.Document), decimal.Zero, value)
	total := d.Tally(givenUpTally(w.Document)).Value
	if !k.ShortLimit.Valid || total.LessThanOrEqual(k.ShortLimit.Decimal) {
		return nil
	}
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: TwoPeople, Pointer: pointer, There: k.ShortLimit.Decimal.StringFixed(k.Book.Decimals), Asked: total.StringFixed(k.Book.Decimals),
		Message: fmt.Sprintf("waybill %s would be short of goods worth %s, one person alone gives up %s at most",
			w.Document, total.StringFixed(k.Book.Decimals), k.ShortLimit.Decimal.StringFixed(k.Book.Decimals)),
		Hint: "leave the goods in transit, propose to close the waybill short, and let another person agree",
	}}}
}

// CloseShort proposes to give up what is still in transit. It is refused with TwoPeople where that is more than one alone may.
func (k *Keeper) CloseShort(ctx context.Context, by ledger.By, c CloseShort) (*ledger.Proposal, error) {
	r, content := k.review(c.On), c
	end, err := r.shortEnding(ctx, &c)
	if err != nil {
		return nil, err
	}
	needs := end.needs()
	needs.Tallies = append(needs.Tallies, givenUpTally(end.Document))
	return r.propose(ctx, by, "close-short", content, needs, func(d *ledger.Draft) error {
		value, err := end.give(d)
		if err != nil {
			return err
		}
		if err := k.giveUp(d, end.Waybill, "/waybill", value); err != nil {
			return err
		}
		d.Row(shortClosings, closeAct, end.Document, c.Claim, c.Reason, value, k.alone(), nil)
		return nil
	})
}

// shortEnding looks a request over and says what it would do.
func (r *review) shortEnding(ctx context.Context, c *CloseShort) (ending, error) {
	w := r.waybill(ctx, c.Waybill)
	if r.err() != nil {
		return ending{}, r.err()
	}
	r.reached(ctx, "/waybill", w.From)
	c.Reason = r.text("/reason", "reason", c.Reason, 300, true)
	return ending{w, r.missing(w, "/claim", c.Claim), ClosedShort, c.Reason, r.series("CS", w.From)}, nil
}

// ProposeShort proposes that a waybill be closed short by two people. Nothing moves before another person agrees.
func (k *Keeper) ProposeShort(ctx context.Context, by ledger.By, c CloseShort) (*ledger.Proposal, error) {
	r, content := k.review(c.On), c
	end, err := r.shortEnding(ctx, &c)
	if err != nil {
		return nil, err
	}
	series := r.series("SP", end.From)
	needs := ledger.Needs{Groups: end.items(end.inTransit()), Tallies: []string{ledger.SeriesTally(series)}}
	return r.propose(ctx, by, "close-short-proposal", content, needs, func(d *ledger.Draft) error {
		value, left := decimal.Zero, false
		for _, g := range needs.Groups {
			for _, c := range d.Cells(g.Account, g.Item) {
				value, left = value.Add(c.Value), left || c.Quantity.IsPositive()
			}
		}
		if !left {
			return end.nothingLeft()
		}
		d.Document(series)
		d.Row(shortClosings, proposeAct, end.Document, c.Claim, c.Reason, value, k.alone(), nil)
		return nil
	})
}

// ApproveShort proposes that what a proposal names is given up. It is refused with SamePerson where its maker approves it, and with
// MovedOn where more is in transit by now than was proposed.
func (k *Keeper) ApproveShort(ctx context.Context, by ledger.By, a ShortApproval) (*ledger.Proposal, error) {
	r, content := k.review(a.On), a
	p, err := k.ShortNote(ctx, a.Proposal)
	if r.add("/proposal", err); r.err() != nil {
		return nil, r.err()
	}
	if by.Actor == p.Actor {
		r.add("/proposal", ledger.Refuse(ledger.SamePerson, "", fmt.Sprintf("%s proposed short closing %s, another person's approval wanted", p.Actor, p.Document)))
	}
	r.unless(r.on >= p.On, "/on", "short closing %s was proposed on %s, it is not approved on %s", p.Document, p.On, r.on)
	end, err := r.shortEnding(ctx, &CloseShort{Waybill: p.Waybill, Claim: p.Claim, Reason: p.Reason})
	if err != nil {
		return nil, err
	}
	needs := end.needs()
	approved, undone := ledger.BoundTally(p.Entry), ledger.ReversedTally(p.Entry)
	needs.Tallies = append(needs.Tallies, approved, undone)
	return r.propose(ctx, by, "close-short", content, needs, func(d *ledger.Draft) error {
		switch {
		case d.Tally(undone).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/proposal", fmt.Sprintf("short closing %s was taken back", p.Document))
		case d.Tally(approved).Quantity.IsPositive():
			return ledger.Refuse(ledger.AlreadyDone, "/proposal", fmt.Sprintf("short closing %s was approved before", p.Document))
		}
		d.Count(approved, decimal.NewFromInt(1), decimal.Zero)
		value, err := end.give(d)
		if err != nil {
			return err
		}
		if value.GreaterThan(p.Value.Decimal) {
			return ledger.Refuse(ledger.MovedOn, "/proposal", fmt.Sprintf("%s holds goods worth %s, short closing %s proposed to give up %s: propose it again",
				end.inTransit(), value.StringFixed(k.Book.Decimals), p.Document, p.Value.StringFixed(k.Book.Decimals)))
		}
		d.Row(shortClosings, approveAct, end.Document, p.Claim, p.Reason, value, k.alone(), p.Entry)
		return nil
	})
}

// ShortNote reads a proposal to close a waybill short, or refuses with NotFound.
func (k *Keeper) ShortNote(ctx context.Context, document string) (ShortNote, error) {
	return note[ShortNote](ctx, k, "short-closing proposal", "(SELECT * FROM short_closings WHERE act = 'propose')", `d.waybill, d.claim, d.reason, `+k.money("d.value")+` AS value, coalesce((
		SELECT max(a.document) FROM short_closings c JOIN entries a USING (book_id, number)
		WHERE c.book_id = d.book_id AND c.proposal = d.number AND `+standing("c")+`), '') AS approval`, document)
}

func init() {
	ledger.MustHold("a short closing above what one person may give up has two", `
		SELECT 'close-short ' || e.document || ' of ' || e.actor || ' gave up goods worth ' || c.value
			|| CASE WHEN c.proposal IS NULL THEN ' alone, ' || c.alone || ' allowed' ELSE ', proposed by ' || coalesce(p.actor, 'nobody') END
		FROM short_closings c JOIN entries e USING (book_id, number)
		LEFT JOIN short_closings q ON q.book_id = c.book_id AND q.number = c.proposal AND q.act = 'propose' AND q.waybill = c.waybill
		LEFT JOIN entries p ON p.book_id = q.book_id AND p.number = q.number
		WHERE c.book_id = ?0 AND (c.act = 'close' AND c.value > c.alone
			OR c.act = 'approve' AND (p.actor IS NULL OR p.actor = e.actor OR c.value > q.value))`)
	// The limit of the day stands in closings only, so an arrival is judged by the next closing of its waybill.
	ledger.MustHold("what single persons gave up of a waybill adds up to no more than one person may", `
		SELECT 'close-short ' || e.document || ' of ' || e.actor || ' made it goods worth ' || trim_scale(x.given) || ' that single persons gave up of waybill ' || c.waybill
			|| ', ' || c.alone || ' allowed'
		FROM short_closings c JOIN entries e USING (book_id, number), LATERAL (
			SELECT sum(g.value) AS given FROM (
				SELECT number, value FROM arrivals WHERE book_id = c.book_id AND waybill = c.waybill AND outcome = 'short'
				UNION ALL
				SELECT number, value FROM short_closings WHERE book_id = c.book_id AND waybill = c.waybill AND act = 'close') g
			WHERE g.number <= c.number
				AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = c.book_id AND u.reverses = g.number AND u.number < c.number)) x
		WHERE c.book_id = ?0 AND c.act = 'close' AND c.value > 0 AND x.given > c.alone`)
	ledger.MustHold("a short closing is approved once", `
		SELECT 'short closing of entry ' || c.proposal || ' was approved ' || count(*) || ' times'
		FROM short_closings c WHERE c.book_id = ?0 AND c.act = 'approve' AND `+standing("c")+` GROUP BY c.proposal HAVING count(*) > 1`)
	ledger.MustHold("a short closing gives up what its document says", `
		SELECT 'close-short ' || e.document || ' says ' || c.value || ', its moves gave up ' || coalesce(sum(m.value), 0)
		FROM short_closings c JOIN entries e USING (book_id, number) LEFT JOIN moves m USING (book_id, number)
		WHERE c.book_id = ?0 AND c.act <> 'propose' GROUP BY e.document, c.value HAVING coalesce(sum(m.value), 0) <> c.value`)
}
