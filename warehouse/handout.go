package warehouse

import (
	"context"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Handout gives goods to people. Nobody is named: people are counted, or known by a pseudonym.
type Handout struct {
	Location  string        `json:"location" maxLength:"80" example:"PT-0031"`
	Campaign  string        `json:"campaign,omitempty" maxLength:"80" example:"WINTER-23"`
	Action    string        `json:"action,omitempty" maxLength:"80" example:"street" doc:"An action of the campaign."`
	On        ledger.Date   `json:"on,omitempty" required:"false" example:"2023-12-24" doc:"Business date; today when absent."`
	People    int           `json:"people" minimum:"0" maximum:"1000000" example:"1" doc:"How many people received the goods; 0 when goods such as leaflets were left without counting."`
	Sex       string        `json:"sex,omitempty" enum:"female,male" example:"male"`
	Age       string        `json:"age,omitempty" enum:"0-17,18-59,60+" example:"60+" doc:"Age band."`
	Pseudonym string        `json:"pseudonym,omitempty" maxLength:"80" example:"p-000123" doc:"A random code for one person. Never a name, a telephone or an identity number."`
	Drill     bool          `json:"drill,omitempty" doc:"An exercise: the document is kept and moves nothing. Campaigns that are drills make it one by themselves."`
	Lines     []HandoutLine `json:"lines" minItems:"1" maxItems:"200"`
}

// HandoutLine is goods given: first expired first out, unless a lot or a fund is named. Expired goods never leave.
type HandoutLine struct {
	Item     string          `json:"item" maxLength:"80" example:"QUILT"`
	Quantity decimal.Decimal `json:"quantity" example:"1" doc:"In the item's base unit, or in packs when a pack is named."`
	Pack     string          `json:"pack,omitempty" maxLength:"80" example:"bale"`
	Lot      string          `json:"lot,omitempty" maxLength:"80" example:"GR-ST-5101-01-2023-00042.1" doc:"Give this lot instead of the one that expires first."`
	Fund     string          `json:"fund,omitempty" maxLength:"80" example:"WINTER-23" doc:"Give only goods of this fund."`
}

var (
	handouts = ledger.Documents("handouts", "location text", "campaign text", "action text", "drill boolean", "people integer",
		"sex text", "age text", "pseudonym text")
	drillLines = ledger.Documents("drill_lines", "item text", "quantity numeric")
)

// HandOut proposes a handout.
func (k *Keeper) HandOut(ctx context.Context, by ledger.By, h Handout) (*ledger.Proposal, error) {
	r, content := k.review(h.On), h
	r.location(ctx, "/location", h.Location)
	h.Drill = r.campaign(ctx, h.Campaign, h.Action) || h.Drill
	r.people(h)
	r.lines(len(h.Lines), mostHandoutLines)
	lines := make([]line, len(h.Lines))
	for i, l := range h.Lines {
		lines[i] = r.line(ctx, i, asked{l.Item, l.Pack, l.Lot, l.Fund, l.Quantity})
	}
	lines = sound(r, lines)
	series := r.series("HO", h.Location)
	from, to := ledger.Stock.In(h.Location), ledger.HandedOut.In(h.Location)
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(series), closedTally(h.Location)}}
	if !h.Drill {
		needs.Groups = between(lines, from, to)
	}
	return r.propose(ctx, by, "handout", content, needs, func(d *ledger.Draft) error {
		if err := stillOpen(d, "/location", h.Location); err != nil {
			return err
		}
		d.Document(series)
		d.Row(handouts, h.Location, h.Campaign, h.Action, h.Drill, h.People, h.Sex, h.Age, h.Pseudonym)
		if h.Drill {
			for _, l := range lines {
				d.Row(drillLines, l.item.Code, l.quantity)
			}
			return nil
		}
		return drawLines(d, from, to, lines, func(l line) wish { return named(l, d.On()) })
	})
}

// campaign refuses a campaign that is not running, and says whether it is a drill.
func (r *review) campaign(ctx context.Context, code, action string) (drill bool) {
	if code == "" {
		r.unless(action == "", "/action", "action %.80q is named without its campaign", action)
		return false
	}
	if r.keeper.Campaign == nil {
		err := ledger.CheckCode("campaign", code)
		r.unless(err == nil, "/campaign", "%s", err)
		return false
	}
	drill, err := r.keeper.Campaign(ctx, code, action, r.on)
	r.add("/campaign", err)
	return drill
}

func (r *review) people(h Handout) {
	r.unless(h.People >= 0 && h.People <= 1_000_000, "/people", "%d people, 0 to 1000000 wanted", h.People)
	r.oneOf("/sex", "sex", h.Sex, "", "female", "male")
	r.oneOf("/age", "age band", h.Age, "", "0-17", "18-59", "60+")
	if h.Pseudonym == "" {
		return
	}
	err := ledger.CheckPseudonym("pseudonym", h.Pseudonym)
	r.unless(err == nil, "/pseudonym", "%s", err)
	r.unless(h.People == 1, "/people", "%d people under one pseudonym, 1 wanted", h.People)
}

func init() {
	ledger.MustHold("goods are handed out by their last usable day", `
		SELECT 'handout ' || e.document || ' of ' || e."on" || ' gave ' || c.item || '/' || c.lot || ', usable until ' || l.expires_on
		FROM entries e JOIN moves m USING (book_id, number)
		JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
		JOIN commodities l ON l.book_id = c.book_id AND l.item = c.item AND l.lot = c.lot
		WHERE e.book_id = ?0 AND e.kind = 'handout' AND l.expires_on IS NOT NULL AND l.expires_on < e."on"`)
	ledger.MustHold("a drill moves nothing", `
		SELECT 'drill ' || e.document || ' moves goods' FROM handouts h JOIN entries e USING (book_id, number)
		WHERE h.book_id = ?0 AND h.drill AND EXISTS (SELECT FROM moves m WHERE m.book_id = h.book_id AND m.number = h.number)`)
}
