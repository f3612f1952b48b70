package report

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// PointQuery asks for the points opened in a subtree within some days: what a bulletin's figure of points opens to.
type PointQuery struct {
	Under   string      `query:"under" maxLength:"80" doc:"Root of a subtree of locations; the whole book when left out." example:"5101"`
	From    ledger.Date `query:"from" doc:"First day of opening." example:"2023-11-01"`
	To      ledger.Date `query:"to" doc:"Last day of opening; today at the latest, and as known at an entry the day of that one." example:"2024-01-02"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As the register stood when this entry was recorded; as it stands when left out." example:"60000"`
	After   string      `query:"after" maxLength:"80" doc:"Points after this code: the next of the page before." example:"PT-0031"`
	Limit   int         `query:"limit" minimum:"0" maximum:"500" doc:"Most points of a page; 100 when left out."`
}

// URL is the query as the relative address that answers it.
func (q PointQuery) URL() string {
	return address("/v1/points", map[string]string{
		"under": q.Under, "from": q.From.String(), "to": q.To.String(), "known_at": number(q.KnownAt),
	})
}

// PointPage is a page of points in the order of their codes.
type PointPage struct {
	Points []OpenedPoint `json:"points"`
	Next   string        `json:"next" doc:"After of the next page; empty when this is the last."`
}

// OpenedPoint is a point and the day on which it opened.
type OpenedPoint struct {
	Code    string      `json:"code" example:"PT-0031"`
	Name    string      `json:"name"`
	NameEn  string      `json:"name_en"`
	Path    string      `json:"path" example:"/51/5101/ST-5101-01/PT-0031/"`
	OpensOn ledger.Date `json:"opens_on"`
}

type pointArgs struct {
	Book  int
	Path  string
	Today ledger.Date // a point that is still to open was not opened
	PointQuery
}

// opened are the arguments of a query. As known at an entry, today is the day of that entry: a report that is printed never changes.
func (r Room) opened(ctx context.Context, tx bun.Tx, under place, q PointQuery) (pointArgs, error) {
	args := pointArgs{r.Book.ID, under.Path, r.Book.Today(), q}
	if q.KnownAt == 0 {
		return args, nil
	}
	var at time.Time
	err := tx.NewRaw("SELECT recorded_at(?book, ?known_at)", args).Scan(ctx, &at)
	args.Today = ledger.DateOf(at, r.Book.Zone)
	return args, err
}

// sql is the text of a query that reads from opened: the points with the day of opening that was in the register at the moment.
func (a pointArgs) sql(last string) string {
	return `WITH opened AS (
		SELECT l.code, l.name, l.name_en, l.path, h.opens_on FROM locations l JOIN LATERAL (
			SELECT (content::jsonb ->> 'opens_on')::date AS opens_on FROM register_history` +
		where("book_id = l.book_id", "noun = 'location'", "code = l.code",
			given(a.KnownAt, "changed_at <= (SELECT recorded_at(?book, ?known_at))")) + `
			ORDER BY version DESC LIMIT 1) h ON true` +
		where("l.book_id = ?book", "l.kind = 'point'", given(a.Path, "starts_with(l.path, ?path)"),
			"h.opens_on IS NOT NULL", given(a.From, "h.opens_on >= ?from"), given(a.To, "h.opens_on <= ?to"), "h.opens_on <= ?today") + ") " + last
}

// Points is a page of the points that were opened.
func (r Room) Points(ctx context.Context, q PointQuery) (PointPage, error) {
	q.Limit = min(orElse(q.Limit, 100), MaxEntries)
	page := PointPage{Points: []OpenedPoint{}}
	if err := inOrder(q.From, q.To); err != nil {
		return page, err
	}
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		if _, err := r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		args, err := r.opened(ctx, tx, under, q)
		if err != nil {
			return err
		}
		return tx.NewRaw(args.sql("SELECT * FROM opened WHERE code > ?after ORDER BY code LIMIT ?limit"), args).Scan(ctx, &page.Points)
	})
	if len(page.Points) == q.Limit {
		page.Next = page.Points[len(page.Points)-1].Code
	}
	return page, err
}
