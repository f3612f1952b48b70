package report

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// BulletinQuery says which bulletin of a campaign is wanted.
type BulletinQuery struct {
	Under   string      `query:"under" maxLength:"80" doc:"Province, prefecture, station or point whose subtree counts; the whole book when left out." example:"5101"`
	From    ledger.Date `query:"from" doc:"First business date; everything up to the last when left out." example:"2023-11-01"`
	To      ledger.Date `query:"to" doc:"Last business date; everything from the first when left out." example:"2024-01-02"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number; the latest when left out." example:"60000"`
}

// Bulletin is the public total of a campaign, out of the book.
type Bulletin struct {
	Campaign string           `json:"campaign" doc:"Code of the campaign." example:"WINTER-23"`
	Name     string           `json:"name"`
	NameEn   string           `json:"name_en"`
	Location string           `json:"location" doc:"Root of the subtree; empty for the whole book." example:"5101"`
	Place    string           `json:"place" doc:"Its name."`
	PlaceEn  string           `json:"place_en"`
	From     ledger.Date      `json:"from" doc:"First day, the campaign's own when none was asked for."`
	To       ledger.Date      `json:"to,omitzero" required:"false" doc:"Last day, the campaign's own when none was asked for; absent while it has no end."`
	KnownAt  int64            `json:"known_at" doc:"Number of the last entry that could count."`
	Drill    bool             `json:"drill" doc:"True for an exercise: its documents never count, so every figure is 0."`
	Figures  []BulletinFigure `json:"figures"`
}

// Bulletin counts a campaign. Returns and reversals are taken off at their own dates, drills never count, 人次 and 人 are
// never added. Without KnownAt it is known at the latest entry, and says so in itself and in the query of every figure.
func (r Room) Bulletin(ctx context.Context, campaign string, q BulletinQuery) (Bulletin, error) {
	var b Bulletin
	if err := inOrder(q.From, q.To); err != nil {
		return b, err
	}
	err := r.sweep(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		if b, err = r.blank(ctx, tx, campaign, under, q); err != nil {
			return err
		}
		scope := counting{r.Book.ID, under.Path, true, EntryQuery{Campaign: campaign, Under: q.Under, From: q.From, To: q.To, KnownAt: b.KnownAt}}
		totals, err := r.totals(ctx, tx, scope)
		if err != nil {
			return err
		}
		points, err := r.opened(ctx, tx, under, b.points(q.KnownAt))
		if err != nil {
			return err
		}
		if !b.Drill {
			var opened int64
			if err := tx.NewRaw(points.sql("SELECT count(*) FROM opened"), points).Scan(ctx, &opened); err != nil {
				return err
			}
			totals[pointsOpened] = decimal.NewFromInt(opened)
		}
		b.Figures = r.figures(totals, scope.EntryQuery)
		b.Figures[slices.IndexFunc(b.Figures, isPoints)].Query = points.URL()
		return nil
	})
	return b, err
}

// blank is the bulletin before anything is counted.
func (r Room) blank(ctx context.Context, tx bun.Tx, campaign string, under place, q BulletinQuery) (Bulletin, error) {
	var found struct {
		Name, NameEn     string
		StartsOn, EndsOn ledger.Date
		Drill            bool
	}
	err := tx.NewRaw("SELECT name, name_en, starts_on, ends_on, drill FROM campaigns WHERE book_id = ? AND code = ?", r.Book.ID, campaign).Scan(ctx, &found)
	if errors.Is(err, sql.ErrNoRows) {
		return Bulletin{}, ledger.Refuse(ledger.NotFound, "/campaign", fmt.Sprintf("campaign %.80q is not in the register", campaign))
	}
	if err != nil {
		return Bulletin{}, err
	}
	knownAt, err := r.knownAt(ctx, tx, q.KnownAt)
	return Bulletin{
		Campaign: campaign, Name: found.Name, NameEn: found.NameEn, Drill: found.Drill,
		Location: under.Code, Place: under.Name, PlaceEn: under.NameEn,
		From: cmp.Or(q.From, found.StartsOn), To: cmp.Or(q.To, found.EndsOn), KnownAt: knownAt,
	}, err
}

// total is what one figure counts.
type total = EntryQuery

// totals counts everything in one pass over each kind of document.
func (r Room) totals(ctx context.Context, tx bun.Tx, scope counting) (map[total]decimal.Decimal, error) {
	totals := map[total]decimal.Decimal{}
	for _, kind := range []string{"activity", "handout", "payment"} {
		var rows []struct {
			Measure, Unit, Category, Source, Payment string
			Quantity, Value                          decimal.Decimal
		}
		scope.Kind = kind
		err := tx.NewRaw(scope.sql(`SELECT measure, unit, category, source, payment, sum(quantity) AS quantity, sum(value) AS value
			FROM counted GROUP BY measure, unit, category, source, payment`), scope).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("counting %s documents: %w", kind, err)
		}
		add := func(t total, d decimal.Decimal) { totals[t] = totals[t].Add(d) }
		for _, row := range rows {
			switch kind {
			case "activity":
				add(total{Kind: kind, Measure: row.Measure, Unit: row.Unit}, row.Quantity)
			case "handout":
				add(total{Kind: kind, Category: row.Category, Unit: row.Unit}, row.Quantity)
				add(total{Kind: kind, Source: row.Source}, row.Value)
			case "payment":
				add(total{Kind: kind, Payment: row.Payment}, row.Value)
			}
		}
	}
	return totals, nil
}

// points is the query of the points opened within the bulletin's days. Its moment is passed on only where it was asked for:
// a bulletin of now counts a point that was registered after the latest entry.
func (b Bulletin) points(knownAt int64) PointQuery {
	return PointQuery{Under: b.Location, From: b.From, To: b.To, KnownAt: knownAt}
}

// figures words the totals in the order of the rules. What no rule counts of the goods handed out follows after.
func (r Room) figures(totals map[total]decimal.Decimal, scope EntryQuery) []BulletinFigure {
	var figures []BulletinFigure
	for _, rule := range rules {
		figures = append(figures, r.figure(rule, totals[rule.counts], rule.counts.narrow(scope).URL()))
		delete(totals, rule.counts)
	}
	rest := slices.SortedFunc(maps.Keys(totals), func(a, b total) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Unit, b.Unit))
	})
	for _, t := range rest {
		if t.Category != "" && !totals[t].IsZero() {
			rule := otherGoods(t.Category, t.Unit)
			figures = append(figures, r.figure(rule, totals[t], t.narrow(scope).URL()))
		}
	}
	return figures
}
