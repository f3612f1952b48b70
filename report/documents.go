package report

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// MaxDocuments is the most documents that one page lists.
const MaxDocuments = 500

// Pages says which page of a list of documents is wanted, and of which days.
type Pages struct {
	Document string      `query:"document" maxLength:"80" column:"e.document" doc:"One document." example:"HO-PT-0031-2023-00233"`
	Actor    string      `query:"actor" maxLength:"80" column:"e.actor" doc:"Who answers for it." example:"keeper-5101"`
	From     ledger.Date `query:"from" doc:"First business date." example:"2023-11-01"`
	To       ledger.Date `query:"to" doc:"Last business date." example:"2024-01-02"`
	KnownAt  int64       `query:"known_at" minimum:"0" doc:"As known at this entry number: later entries are left out." example:"60000"`
	Order    string      `query:"order" enum:"oldest,newest" doc:"Which documents come first; the oldest when left out."`
	After    int64       `query:"after" minimum:"0" doc:"Entry number after which the page begins: the next of the page before."`
	Limit    int         `query:"limit" minimum:"0" maximum:"500" doc:"Most documents of a page; 100 when left out."`
}

func (p Pages) pages() Pages { return p }

// Listed is what every document in a list has.
type Listed struct {
	Document   string      `json:"document,omitempty" column:"coalesce(e.document, '')" doc:"Document number; absent where the entry has no paper of its own." example:"HO-PT-0031-2023-00233"`
	Entry      int64       `json:"entry" column:"e.number" doc:"Number of its entry." example:"5120"`
	On         ledger.Date `json:"on" column:"e.\"on\"" doc:"Business date."`
	RecordedAt time.Time   `json:"recorded_at" column:"e.recorded_at" doc:"When it was recorded."`
	Actor      string      `json:"actor" column:"e.actor" doc:"Who answers for it." example:"keeper-5101"`
	Reversed   bool        `json:"reversed" column:"EXISTS (SELECT FROM entries u WHERE u.book_id = e.book_id AND u.reverses = e.number AND u.number <= known.at)" doc:"The document was taken back."`
}

func (l Listed) entry() int64 { return l.Entry }

// DocumentPage is a page of a list of documents.
type DocumentPage[T any] struct {
	Documents []T   `json:"documents" doc:"The documents in the order of their entries."`
	KnownAt   int64 `json:"known_at" doc:"Number of the last entry that the list knows of." example:"60210"`
	Next      int64 `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page." example:"5120"`
}

// list reads documents of one table. What the rows show and what they may be filtered by is said by the fields of T and Q alone:
// a column tag names the column, or the column is d's of the field's name; a where tag is the condition on the field's value. No text of a request ever becomes SQL.
// A column that looks at later entries looks up to known.at; what the book holds as it stands now alone says so in its doc.
func list[Q interface{ pages() Pages }, T interface{ entry() int64 }](ctx context.Context, r Room, table string, q Q) (DocumentPage[T], error) {
	p := q.pages()
	p.Limit = min(orElse(p.Limit, 100), MaxDocuments)
	page := DocumentPage[T]{Documents: []T{}}
	if err := inOrder(p.From, p.To); err != nil {
		return page, err
	}
	err := r.read(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if page.KnownAt, err = r.knownAt(ctx, tx, p.KnownAt); err != nil {
			return err
		}
		query := tx.NewSelect().TableExpr("entries AS e").Join("JOIN books AS b ON b.book_id = e.book_id").
			Join("CROSS JOIN (SELECT ?::bigint AS at) AS known", page.KnownAt).
			Join("JOIN ? AS d ON d.book_id = e.book_id AND d.number = e.number AND d.line = 1", bun.Ident(table)).
			Where("e.book_id = ?", r.Book.ID).Where("e.number <= ?", page.KnownAt).
			Where("d.number <= ?", page.KnownAt). // PostgreSQL does not conclude it from the entry's, and would read every later document
			Limit(int64(p.Limit))
		for _, c := range shownColumns(reflect.TypeFor[T]()) {
			query.ColumnExpr("? AS ?", bun.Safe(c.expression), bun.Ident(c.name))
		}
		if err := r.filter(ctx, tx, query, reflect.ValueOf(q)); err != nil {
			return err
		}
		p.narrow(query)
		if err := query.Scan(ctx, &page.Documents); err != nil {
			return err
		}
		if len(page.Documents) == p.Limit {
			page.Next = page.Documents[p.Limit-1].entry()
		}
		return nil
	})
	return page, err
}

// one reads one document of a table by its number, or refuses with NotFound.
func one[T interface{ entry() int64 }](ctx context.Context, r Room, table, noun, document string) (T, error) {
	return oneAt[T](ctx, r, table, noun, document, 0)
}

// oneAt is one as known at an entry; what came later is not there.
func oneAt[T interface{ entry() int64 }](ctx context.Context, r Room, table, noun, document string, knownAt int64) (T, error) {
	page, err := list[Pages, T](ctx, r, table, Pages{Document: document, KnownAt: knownAt, Limit: 1})
	if err != nil || len(page.Documents) == 1 {
		return append(page.Documents, *new(T))[0], err
	}
	return *new(T), ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("there is no %s %s", noun, document))
}

// narrow keeps the days and the page asked for.
func (p Pages) narrow(q *bun.SelectQuery) {
	if !p.From.IsZero() {
		q.Where(`e."on" >= ?`, p.From)
	}
	if !p.To.IsZero() {
		q.Where(`e."on" <= ?`, p.To)
	}
	if p.Order == "newest" {
		if q.OrderExpr("e.number DESC"); p.After > 0 {
			q.Where("e.number < ?", p.After)
		}
		return
	}
	q.Where("e.number > ?", p.After).OrderExpr("e.number")
}

// filter keeps the documents that have what every given field of the query names.
func (r Room) filter(ctx context.Context, tx bun.Tx, query *bun.SelectQuery, given reflect.Value) error {
	for _, f := range reflect.VisibleFields(given.Type()) {
		column, condition, value := f.Tag.Get("column"), f.Tag.Get("where"), given.FieldByIndex(f.Index)
		if column == "" && condition == "" || value.IsZero() {
			continue
		}
		if strings.HasSuffix(column, "fund") { // the one that gave and the one that took, too
			if err := r.fundOf(ctx, tx, f.Tag.Get("query"), value.String()); err != nil {
				return err
			}
		}
		if condition != "" {
			query.Where(condition, value.Interface())
			continue
		}
		if f.Name != "Under" {
			query.Where("? = ?", bun.Safe(column), value.Interface())
			continue
		}
		under, err := r.place(ctx, tx, value.String())
		if err != nil {
			return err
		}
		query.Where("? IN (SELECT code FROM locations WHERE book_id = ? AND starts_with(path, ?))", bun.Safe(column), r.Book.ID, under.Path)
	}
	return nil
}

// shownColumn is a member of a row and what it is read from.
type shownColumn struct{ name, expression string }

func shownColumns(row reflect.Type) []shownColumn {
	var all []shownColumn
	for _, f := range reflect.VisibleFields(row) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || f.Tag.Get("column") == "-" {
			continue
		}
		all = append(all, shownColumn{name, orElse(f.Tag.Get("column"), `d."`+name+`"`)})
	}
	return all
}
