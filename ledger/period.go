package ledger

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

// closes are the documents of periods: a close, the proposal to take one back, and the reopening itself.
var closes = Documents("closes", "act text", "closed_until date", "reason text", "proposal bigint")

// Close asks that no entry may be dated on or before a day any more.
type Close struct {
	Until  Date   `json:"until" doc:"last day of the closed period; it must lie before today"`
	Reason string `json:"reason" doc:"why the period is closed now" minLength:"1" maxLength:"500" example:"December 2023 agreed with the bank"`
}

// Reopening proposes to move the end of the closed period back. Another person must agree.
type Reopening struct {
	Until  Date   `json:"until,omitempty" required:"false" doc:"last day that stays closed; leave it out to reopen everything"`
	Reason string `json:"reason" doc:"why closed dates must be opened again" minLength:"1" maxLength:"500" example:"late invoice for blankets"`
}

const one = 1

// ClosePeriod proposes a close. Closed dates refuse every later entry, until two different people reopen them.
func (b *Book) ClosePeriod(by By, c Close) (*Proposal, error) {
	if c.Until.IsZero() || c.Until >= b.Today() {
		return nil, Refuse(Invalid, "/until", fmt.Sprintf("a close ends before today, %s", b.Today()))
	}
	reason, err := reasonOf(c.Reason)
	if err != nil {
		return nil, err
	}
	return b.periodProposal("close", by, c, Needs{}, func(d *Draft) error {
		if closed := d.state.head.closedUntil; !closed.IsZero() && c.Until <= closed {
			return Refuse(AlreadyDone, "/until", fmt.Sprintf("the book is closed until %s already", closed))
		}
		d.Row(closes, "close", c.Until, reason, nil)
		d.closes = &c.Until
		return nil
	}), nil
}

// ProposeReopening records that somebody wants closed dates opened. Nothing opens before another person agrees.
func (b *Book) ProposeReopening(by By, r Reopening) (*Proposal, error) {
	reason, err := reasonOf(r.Reason)
	if err != nil {
		return nil, err
	}
	return b.periodProposal("reopen-proposal", by, r, Needs{}, func(d *Draft) error {
		if err := d.mustBeClosedAfter(r.Until); err != nil {
			return err
		}
		d.Row(closes, "propose-reopen", r.Until, reason, nil)
		return nil
	}), nil
}

// Reopen agrees to a reopening that another person proposed, once.
func (b *Book) Reopen(ctx context.Context, by By, proposal int64) (*Proposal, error) {
	var rows []struct {
		Actor, Act, Reason string
		ClosedUntil        Date
	}
	err := b.db.NewRaw(`SELECT e.actor, c.act, c.reason, c.closed_until FROM closes c JOIN entries e USING (book_id, number)
		WHERE c.book_id = ? AND c.number = ?`, b.ID, proposal).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || rows[0].Act != "propose-reopen" {
		return nil, Refuse(NotFound, "/proposal", fmt.Sprintf("entry %d proposes no reopening", proposal))
	}
	asked := rows[0]
	if asked.Actor == by.Actor {
		return nil, Refuse(SamePerson, "/proposal", fmt.Sprintf("%s proposed this reopening, another person must agree to it", by.Actor))
	}
	done := fmt.Sprintf("approved:%d", proposal)
	content := map[string]int64{"proposal": proposal}
	return b.periodProposal("reopen", by, content, Needs{Tallies: []string{done}}, func(d *Draft) error {
		if d.Tally(done).Quantity.IsPositive() {
			return Refuse(AlreadyDone, "/proposal", fmt.Sprintf("the reopening proposed by entry %d was agreed to already", proposal))
		}
		if err := d.mustBeClosedAfter(asked.ClosedUntil); err != nil {
			return err
		}
		d.Count(done, decimal.NewFromInt(one), decimal.Zero)
		d.Row(closes, "reopen", asked.ClosedUntil, asked.Reason, proposal)
		d.closes = &asked.ClosedUntil
		return nil
	}), nil
}

func (d *Draft) mustBeClosedAfter(until Date) error {
	closed := d.state.head.closedUntil
	if closed.IsZero() || closed <= until {
		return Refuse(Invalid, "/until", fmt.Sprintf("nothing is closed after %s", dateOr(until, "the beginning")))
	}
	return nil
}

func dateOr(d Date, otherwise string) string {
	if d.IsZero() {
		return otherwise
	}
	return d.String()
}

// periodProposal is dated today and travels alone, so that no neighbour in its batch is judged by the wrong period.
func (b *Book) periodProposal(kind string, by By, content any, needs Needs, compose func(*Draft) error) *Proposal {
	return &Proposal{
		Header:  Header{Kind: kind, On: b.Today(), Actor: by.Actor, Key: by.Key, Content: content},
		Needs:   needs,
		Compose: compose,
		alone:   true,
	}
}
