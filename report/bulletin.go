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
	Campaign string      `json:"campaign" doc:"Code of the campaign." example:"WINTER-23"`
	Name     string      `json:"name"`
	NameEn   string      `json:"name_en"`
	Location string      `json:"location" doc:"Root of the subtree; empty for the whole book." example:"5101"`
	Place    string      `json:"place" doc:"Its name."`
	PlaceEn  string      `json:"place_en"`
	From     ledger.Date `json:"from" doc:"First day, the campaign's own when none was asked for."`
	To       ledger.Date `json:"to,omitzero" required:"false" doc:"Last day, the campaign's own when none was asked for; absent while it has no end."`
	KnownAt  int64       `json:"known_at" doc:"Number of the last entry that could count."`
	Drill    bool        `json:"drill" doc:"True for an exercise: its documents never count, so every figure is 0."`
	Figures  []Figure    `json:"figures"`
}

// Bulletin counts a campaign. Returns and reversals are taken off at their own dates, drills never count, 人次 and 人 are
// never added. Without KnownAt it is known at the latest entry, and says so in itself and in the query of every figure.
func (r Room) Bulletin(ctx context.Context, campaign string, q BulletinQuery) (Bulletin, error) {
	var b Bulletin
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		if b, err = r.blank(ctx, tx, campaign, under, q); err != nil {
			return err
		}
		scope := counting{r.Book.ID, under.Path, EntryQuery{Campaign: campaign, Under: q.Under, From: q.From, To: q.To, KnownAt: b.KnownAt}}
		totals, err := r.totals(ctx, tx, scope)
		if err != nil {
			return err
		}
		if totals[pointsOpened], err = r.points(ctx, tx, b, under.Path, q.KnownAt); err != nil {
			return err
		}
		b.Figures = figures(totals, scope.EntryQuery)
		b.Figures[slices.IndexFunc(b.Figures, isPoints)].Query = pointsQuery(b)
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
	head, err := r.head(ctx, tx)
	if err == nil && q.KnownAt > head {
		err = ledger.Refuse(ledger.NotFound, "/known_at", fmt.Sprintf("the book has %d entries, %d wanted", head, q.KnownAt))
	}
	return Bulletin{
		Campaign: campaign, Name: found.Name, NameEn: found.NameEn, Drill: found.Drill,
		Location: under.Code, Place: under.Name, PlaceEn: under.NameEn,
		From: cmp.Or(q.From, found.StartsOn), To: cmp.Or(q.To, found.EndsOn), KnownAt: cmp.Or(q.KnownAt, head),
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

// points counts the points opened within the bulletin's days, as the register stood when the entry of knownAt was recorded.
func (r Room) points(ctx context.Context, tx bun.Tx, b Bulletin, path string, knownAt int64) (opened decimal.Decimal, err error) {
	if b.Drill {
		return opened, nil
	}
	err = tx.NewRaw(`SELECT count(*) FROM locations l JOIN LATERAL (
			SELECT h.content::jsonb ->> 'opens_on' AS opens_on FROM register_history h
			WHERE h.book_id = l.book_id AND h.noun = 'location' AND h.code = l.code
				AND (?1 = 0 OR h.changed_at <= (SELECT recorded_at FROM entries WHERE book_id = ?0 AND number = ?1))
			ORDER BY h.version DESC LIMIT 1) h ON true
		WHERE l.book_id = ?0 AND l.kind = 'point' AND starts_with(l.path, ?2)
			AND h.opens_on::date >= ?3 AND h.opens_on::date <= coalesce(?4, 'infinity'::date)`,
		r.Book.ID, knownAt, path, b.From, b.To).Scan(ctx, &opened)
	return opened, err
}

// figures words the totals in the order of the rules. What no rule counts of the goods handed out follows after.
func figures(totals map[total]decimal.Decimal, scope EntryQuery) []Figure {
	var figures []Figure
	for _, rule := range rules {
		figures = append(figures, rule.figure(totals[rule.counts], rule.counts.narrow(scope).URL()))
		delete(totals, rule.counts)
	}
	rest := slices.SortedFunc(maps.Keys(totals), func(a, b total) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Unit, b.Unit))
	})
	for _, t := range rest {
		if t.Category != "" && !totals[t].IsZero() {
			rule := otherGoods(t.Category, t.Unit)
			figures = append(figures, rule.figure(totals[t], t.narrow(scope).URL()))
		}
	}
	return figures
}
