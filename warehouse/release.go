package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Release puts goods that are reserved for a request back into the stock of their location: all of them, or what its lines say.
type Release struct {
	Request string            `json:"request,omitempty" maxLength:"80" example:"RQ-PT-0031-2023-00001" doc:"Document number of the request; the path's where the path names one."`
	Reason  string            `json:"reason" minLength:"1" maxLength:"300" example:"fewer people came than expected"`
	On      ledger.Date       `json:"on,omitempty" required:"false" example:"2023-12-03" doc:"Business date; today when absent."`
	Lines   []ReservationLine `json:"lines,omitempty" maxItems:"500" doc:"What is released; all that is reserved when absent."`
}

// RequestClosing ends a request: what is still reserved for it is released, and nothing is reserved for it any more.
type RequestClosing struct {
	Request string      `json:"request,omitempty" maxLength:"80" example:"RQ-PT-0031-2023-00001" doc:"Document number of the request; the path's where the path names one."`
	Reason  string      `json:"reason" minLength:"1" maxLength:"300" example:"the point closes"`
	On      ledger.Date `json:"on,omitempty" required:"false" example:"2023-12-20" doc:"Business date; today when absent."`
}

// Release proposes a release. What has expired meanwhile is released like anything else.
func (k *Keeper) Release(ctx context.Context, by ledger.By, s Release) (*ledger.Proposal, error) {
	r, content := k.review(s.On), s
	q := r.request(ctx, s.Request)
	if r.err() != nil {
		return nil, r.err()
	}
	r.reached(ctx, "/request", q.From)
	s.Reason = r.text("/reason", "reason", s.Reason, 300, true)
	lines := sound(r, r.reserved(ctx, q, s.Lines))
	series := r.series("RL", q.From)
	return r.propose(ctx, by, "release", content, q.needs(series), func(d *ledger.Draft) error {
		if err := q.bind(d); err != nil {
			return err
		}
		d.Document(series)
		d.Row(reservations, releaseAct, q.Document, s.Reason)
		if len(s.Lines) == 0 {
			return q.releaseAll(d, true)
		}
		var faults ledger.Faults
		for _, l := range lines {
			_, err := draw(d, q.reserved(), q.stock(), whatever(l, d.On()))
			if err := faults.Add(l.at, err); err != nil {
				return err
			}
			if err == nil {
				q.count(d, l.item.Code, l.quantity.Neg())
			}
		}
		return faults.Err()
	})
}

// releaseAll moves back what is reserved, as far as its sender reaches it.
func (q RequestNote) releaseAll(d *ledger.Draft, some bool) error {
	moved := false
	for _, l := range q.Lines {
		for _, c := range d.Cells(q.reserved(), l.Item) {
			if c.Quantity.IsZero() {
				continue
			}
			m, err := d.Take(c.CellKey, q.stock(), c.Quantity)
			if err != nil {
				return err
			}
			moved = true
			q.count(d, m.Item, m.Quantity.Neg())
		}
	}
	if moved || !some {
		return nil
	}
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.Insufficient, Pointer: "/request", Location: q.From, There: "0",
		Message: fmt.Sprintf("%s holds 0 of everything, something left wanted", q.reserved()),
		Hint:    "nothing was reserved, or all of it was dispatched or released",
	}}}
}

// CloseRequest proposes to end a request. What is left of it is released, which only a keeper of the location that was asked can do.
func (k *Keeper) CloseRequest(ctx context.Context, by ledger.By, c RequestClosing) (*ledger.Proposal, error) {
	r, content := k.review(c.On), c
	q := r.request(ctx, c.Request)
	if r.err() != nil {
		return nil, r.err()
	}
	r.unless(r.on >= q.On, "/on", "request %s was made on %s, it is not closed on %s", q.Document, q.On, r.on)
	c.Reason = r.text("/reason", "reason", c.Reason, 300, true)
	series := r.series("RX", q.To)
	return r.propose(ctx, by, "request-closing", content, q.needs(series), func(d *ledger.Draft) error {
		if err := q.bind(d); err != nil {
			return err
		}
		d.Document(series)
		d.Row(reservations, endAct, q.Document, c.Reason)
		d.Count(closedRequestTally(q.Document), decimal.NewFromInt(1), decimal.Zero)
		if err := q.releaseAll(d, false); err != nil {
			return err
		}
		if d.Tally(reservedTally(q.Document)).Quantity.IsZero() {
			return nil
		}
		return &ledger.Refusal{Faults: []ledger.Fault{{
			Code: NotEmpty, Pointer: "/request", Location: q.From,
			Message: fmt.Sprintf("goods are reserved for request %s that whoever closes it does not reach", q.Document),
			Hint:    "have them released by who keeps them first",
		}}}
	})
}
