package warehouse

import (
	"context"
	"errors"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Request asks a location for goods that another one needs. It moves nothing: the keeper of the location that is asked reserves what
// there is, and sends it on a waybill that names the request.
type Request struct {
	From     string        `json:"from" maxLength:"80" example:"ST-5101-01" doc:"Location that is asked: one that the sender reaches, or one that stands above the asking location or directly below such a place. Never a point, which may close any night."`
	To       string        `json:"to" maxLength:"80" example:"PT-0031" doc:"Location that asks, and that the goods are for."`
	On       ledger.Date   `json:"on,omitempty" required:"false" example:"2023-11-28" doc:"Business date; today when absent."`
	NeededBy ledger.Date   `json:"needed_by,omitempty" required:"false" example:"2023-12-05" doc:"Day on which the goods are wanted at the latest."`
	Campaign string        `json:"campaign,omitempty" maxLength:"80" example:"WINTER-23" doc:"Campaign that they are for; none that is a drill."`
	Remark   string        `json:"remark,omitempty" maxLength:"300" example:"cold wave from Friday, forty people expected"`
	Lines    []RequestLine `json:"lines" minItems:"1" maxItems:"500" doc:"What is asked for, one line for each item."`
}

// RequestLine is goods of one item that are asked for.
type RequestLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"40" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Only goods of this fund will do."`
}

var (
	requests     = ledger.Documents("requests", "from_location text", "to_location text", "campaign text", "needed_by date", "remark text")
	requestLines = ledger.Documents("request_lines", "item text", "quantity numeric", "fund text")
)

// What a request got of an item, reserved or dispatched; what is reserved for it in all; and whether it was closed. The account of what is
// reserved is not enough to know it: a keeper who is bound to a fund does not see in it what other funds have there.
func gotTally(request, item string) string     { return gotTallies + request + ":" + item }
func reservedTally(request string) string      { return reservedTallies + request }
func closedRequestTally(request string) string { return "request-closed:" + request }

const (
	gotTallies      = "request-got:"
	reservedTallies = "request-reserved:"
)

// Ask proposes a request.
func (k *Keeper) Ask(ctx context.Context, by ledger.By, q Request) (*ledger.Proposal, error) {
	r, content := k.review(q.On), q
	to := r.location(ctx, "/to", q.To)
	r.supplier(ctx, "/from", q.From, to)
	r.unless(q.From != q.To, "/from", "location %.80s asks itself for goods", q.To)
	r.unless(q.NeededBy.IsZero() || q.NeededBy >= r.on, "/needed_by", "goods asked for on %s cannot be needed by %s", r.on, q.NeededBy)
	if r.campaign(ctx, q.Campaign, "") {
		r.unless(false, "/campaign", "campaign %s is a drill, no goods are asked for in one", q.Campaign)
	}
	q.Remark = r.text("/remark", "remark", q.Remark, 300, false)
	r.lines(len(q.Lines), mostLines)
	lines := make([]line, len(q.Lines))
	series := r.series("RQ", q.To)
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(series), closedTally(q.To)}}
	named := map[string]bool{}
	for i, l := range q.Lines {
		lines[i] = r.line(ctx, i, asked{item: l.Item, pack: l.Pack, fund: l.Fund, quantity: l.Quantity})
		r.unless(!named[l.Item], lines[i].at+"/item", "%s has 2 lines, one wanted", l.Item)
		if named[l.Item] = true; l.Fund != "" {
			r.fund(ctx, lines[i].at+"/fund", l.Fund)
		}
	}
	lines = sound(r, lines)
	return r.propose(ctx, by, "request", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/to", q.To); err != nil {
			return err
		}
		d.Document(series)
		var neededBy any
		if !q.NeededBy.IsZero() {
			neededBy = q.NeededBy
		}
		d.Row(requests, q.From, q.To, q.Campaign, neededBy, q.Remark)
		for _, l := range lines {
			d.Row(requestLines, l.item.Code, l.quantity, l.fund)
		}
		return nil
	})
}

// supplier is a location that may be asked. Whoever asks need not reach it: a point that keeps only its own goods asks the station above
// it, or a warehouse of its prefecture. It learns of those no more than that they are there.
func (r *review) supplier(ctx context.Context, pointer, code string, to Location) {
	if err := ledger.CheckCode("location", code); err != nil {
		r.unless(false, pointer, "%s", err)
		return
	}
	l, err := r.keeper.Locations.Find(ctx, code)
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) && to.Path != "" {
		if near, found := r.near(ctx, code, to); found {
			l, err = near, nil
		}
	}
	if r.add(pointer, err) && r.unless(l.HoldsGoods(), pointer, "location %s is a %s, goods stand only below it", code, l.Kind) {
		r.unless(l.Kind != Point, pointer, "location %s is a point, a warehouse, a station or a vehicle is asked", code)
		r.add(pointer, l.Open(r.on))
	}
}

// near is a location above another one, or directly below such a place or the root. Another point is nobody's who may be asked, so that
// nothing is told of it.
func (r *review) near(ctx context.Context, code string, to Location) (l Location, found bool) {
	var near []Location
	err := r.keeper.Book.DB().NewSelect().TableExpr("locations AS r").Column("code", "kind", "opens_on", "closes_on").
		Where("book_id = ?0 AND code = ?1 AND (code IN (?2) OR kind <> 'point' AND (parent = '' OR parent IN (?2)))", r.keeper.Book.ID, code,
			bun.List(strings.Split(strings.Trim(to.Path, "/"), "/"))).Scan(ctx, &near)
	if err != nil || len(near) == 0 {
		return l, r.add("", err) && false
	}
	return near[0], true
}
