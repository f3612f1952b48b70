package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// PointClosing ends the life of a temporary point. It holds nothing any more, and nothing moves into it afterwards.
type PointClosing struct {
	Location string      `json:"location,omitempty" maxLength:"80" example:"PT-0031" doc:"The point; the path's where the path names one."`
	Reason   string      `json:"reason" minLength:"1" maxLength:"300" example:"end of the campaign"`
	On       ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-02" doc:"Business date; today when absent."`
}

// NotEmpty is the code of a refusal to close a point that still holds goods.
const NotEmpty = "not-empty"

var pointClosings = ledger.Documents("point_closings", "location text", "reason text")

// closedTally says whether a point was closed. A closing that is reversed takes its count back.
func closedTally(location string) string { return "closed:" + location }

// stillOpen refuses a point that was closed. It is asked under the head's proof, so that nothing slips in beside a closing.
func stillOpen(d *ledger.Draft, pointer, location string) error {
	if d.Tally(closedTally(location)).Quantity.IsZero() {
		return nil
	}
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.NotOpen, Pointer: pointer, Location: location,
		Message: fmt.Sprintf("point %s was closed, nothing moves there any more", location),
		Hint:    "reverse the closing to open the point again",
	}}}
}

// holding are the accounts of goods that stand at a point. Nothing is reserved at one, because no request asks it for goods.
func holding(location string) []ledger.Account {
	return []ledger.Account{ledger.Stock.In(location), ledger.Quarantine.In(location)}
}

// ClosePoint proposes to close a point. It is refused with NotEmpty for each lot that is still there.
func (k *Keeper) ClosePoint(ctx context.Context, by ledger.By, closing PointClosing) (*ledger.Proposal, error) {
	r, content := k.review(closing.On), closing
	place, found := find(ctx, r, k.Locations, "/location", closing.Location)
	if found {
		r.unless(place.Kind == Point, "/location", "location %s is a %s, only a point is closed", place.Code, place.Kind)
	}
	closing.Reason = r.text("/reason", "reason", closing.Reason, 300, true)
	series := r.series("PC", closing.Location)
	needs := ledger.Needs{
		Accounts: holding(closing.Location),
		Tallies:  []string{ledger.SeriesTally(series), closedTally(closing.Location)},
	}
	return r.propose(ctx, by, "point-closing", content, needs, func(d *ledger.Draft) error {
		if d.Tally(closedTally(closing.Location)).Quantity.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "/location", fmt.Sprintf("point %s was closed before", closing.Location))
		}
		d.Document(series)
		d.Count(closedTally(closing.Location), decimal.NewFromInt(1), decimal.Zero)
		d.Row(pointClosings, closing.Location, closing.Reason)
		var faults ledger.Faults
		if err := faults.Add("", nothingSince(d, closing.Location)); err != nil {
			return err
		}
		if err := faults.Add("", empty(d, closing.Location)); err != nil {
			return err
		}
		return faults.Err()
	})
}

// empty refuses every lot that is still at a location.
func empty(d *ledger.Draft, location string) error {
	refusal := &ledger.Refusal{}
	for _, account := range holding(location) {
		for _, c := range d.Everything(account) {
			if c.Quantity.IsZero() {
				continue
			}
			refusal.Faults = append(refusal.Faults, ledger.Fault{
				Code: NotEmpty, Pointer: "/location",
				Message:  fmt.Sprintf("%s holds %s of %s for fund %s, 0 wanted", account, c.Quantity, c.Commodity, c.Fund),
				Hint:     "hand it out, dispatch it back or write it off first",
				Location: location, Item: c.Item, Lot: c.Commodity.Lot, Fund: c.Fund, There: c.Quantity.String(), Asked: "0",
			})
		}
	}
	if len(refusal.Faults) == 0 {
		return nil
	}
	return refusal
}

// nothingSince refuses to close a point before the last day on which goods moved there. It is asked under the head's proof, because the
// very handout that empties the point may be of a later day.
func nothingSince(d *ledger.Draft, location string) error {
	var last ledger.Date
	for _, account := range holding(location) {
		last = max(last, d.LastOn(account))
	}
	if last <= d.On() {
		return nil
	}
	return ledger.Refuse(ledger.Invalid, "/on", fmt.Sprintf("goods moved at point %s on %s, it cannot be closed on %s", location, last, d.On()))
}

func init() {
	ledger.MustHold("a closed point holds nothing", `
		SELECT 'point ' || p.location || ' was closed and ' || c.account || ' holds ' || c.quantity || ' of ' || c.item || '/' || c.lot
		FROM point_closings p JOIN cells c ON c.book_id = p.book_id AND c.quantity <> 0
			AND c.account IN ('stock:' || p.location, 'quarantine:' || p.location)
		WHERE p.book_id = ?0 AND `+standing("p"))
	ledger.MustHold("nothing moves at a point after the day it was closed", `
		SELECT 'point ' || p.location || ' was closed on ' || e."on" || ' and ' || c.account || ' moved ' || c.item || '/' || c.lot || ' on ' || c.last_on
		FROM point_closings p JOIN entries e USING (book_id, number) JOIN cells c ON c.book_id = p.book_id AND c.last_on > e."on"
			AND c.account IN ('stock:' || p.location, 'quarantine:' || p.location)
		WHERE p.book_id = ?0 AND `+standing("p"))
}
