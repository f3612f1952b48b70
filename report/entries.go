package report

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// MaxEntries is the most entries that one page shows.
const MaxEntries = 500

// EntryQuery asks for entries. It is what a figure of a report carries to be opened.
//
// For the kinds handout, payment and activity it asks for those documents and for everything that undid them in whole or in
// part, which is what figures count. Otherwise it asks for the entries that moved something in or out of the accounts or the
// goods it names, or for all entries of a kind.
type EntryQuery struct {
	Kind     string      `query:"kind" maxLength:"80" doc:"Kind of entry. handout, payment and activity include what undid them." example:"handout"`
	Campaign string      `query:"campaign" maxLength:"80" doc:"Handouts, payments or activities that name this campaign." example:"WINTER-23"`
	Action   string      `query:"action" maxLength:"80" doc:"Handouts, payments or activities that name this action." example:"patrol"`
	Measure  string      `query:"measure" maxLength:"80" doc:"Activities that count this measure." example:"patrol-staff"`
	Payment  string      `query:"payment" maxLength:"80" doc:"Kind of payment." example:"relief-cash"`
	Category string      `query:"item_category" maxLength:"80" doc:"Category of the goods." example:"quilt"`
	Unit     string      `query:"unit" maxLength:"20" doc:"Unit of the goods or of the measure." example:"床"`
	Source   string      `query:"source" maxLength:"80" doc:"Kind of receipt by which the goods came; kits came as all that is in them came, and those of mixed goods by none." example:"in-kind"`
	Class    string      `query:"class" maxLength:"80" doc:"Class of account." example:"stock"`
	Account  string      `query:"account" maxLength:"120" doc:"One account." example:"stock:PT-0031"`
	Fund     string      `query:"fund" maxLength:"80" doc:"One fund." example:"WINTER-23"`
	Item     string      `query:"item" maxLength:"80" doc:"One item." example:"QUILT"`
	Lot      string      `query:"lot" maxLength:"80" doc:"One lot." example:"GR-WH-51-2023-00001.1"`
	Under    string      `query:"under" maxLength:"80" doc:"Root of a subtree of locations." example:"5101"`
	From     ledger.Date `query:"from" doc:"First business date." example:"2023-11-01"`
	To       ledger.Date `query:"to" doc:"Last business date." example:"2024-01-02"`
	KnownAt  int64       `query:"known_at" minimum:"0" doc:"As known at this entry number: later entries are left out." example:"60000"`
	After    int64       `query:"after" minimum:"0" doc:"Entries after this number: the next of the page before."`
	Limit    int         `query:"limit" minimum:"0" maximum:"500" doc:"Most entries of a page; 100 when left out."`
}

// URL is the query as the relative address that answers it.
func (q EntryQuery) URL() string {
	return address("/v1/entries", map[string]string{
		"kind": q.Kind, "campaign": q.Campaign, "action": q.Action, "measure": q.Measure, "payment": q.Payment,
		"item_category": q.Category, "unit": q.Unit, "source": q.Source, "class": q.Class, "account": q.Account,
		"fund": q.Fund, "item": q.Item, "lot": q.Lot, "under": q.Under, "from": q.From.String(), "to": q.To.String(),
		"known_at": number(q.KnownAt),
	})
}

// check refuses a parameter of which entries of the kind have nothing: left alone it would answer with more than was asked for, or with nothing.
func (q EntryQuery) check() error {
	figures, activity, uncounted := []string{"activity", "handout", "payment"}, []string{"activity"}, []string{"activity", "payment"}
	for _, p := range []struct {
		name, value string
		of, notOf   []string // the only kinds that have it, or the kinds that have it not
	}{
		{"campaign", q.Campaign, figures, nil},
		{"action", q.Action, figures, nil},
		{"measure", q.Measure, activity, nil},
		{"payment", q.Payment, []string{"payment"}, nil},
		{"item_category", q.Category, nil, uncounted},
		{"unit", q.Unit, nil, []string{"payment"}},
		{"source", q.Source, nil, uncounted},
		{"class", q.Class, nil, activity},
		{"account", q.Account, nil, activity},
		{"fund", q.Fund, nil, activity},
		{"item", q.Item, nil, activity},
		{"lot", q.Lot, nil, activity},
	} {
		if p.value != "" && p.of != nil && !slices.Contains(p.of, q.Kind) {
			return ledger.Refuse(ledger.Invalid, "/"+p.name, fmt.Sprintf("kind is %.80q, one of %s wanted with %s", q.Kind, strings.Join(p.of, ", "), p.name))
		}
		if p.value != "" && slices.Contains(p.notOf, q.Kind) {
			return ledger.Refuse(ledger.Invalid, "/"+p.name, fmt.Sprintf("kind is %.80q, another one wanted with %s", q.Kind, p.name))
		}
	}
	return nil
}

// address writes the given parameters behind a path, in the order of their names.
func address(path string, parameters map[string]string) string {
	values := url.Values{}
	for name, value := range parameters {
		if value != "" {
			values.Set(name, value)
		}
	}
	return path + "?" + values.Encode()
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// EntryPage is a page of entries in the order of their numbers.
type EntryPage struct {
	Entries []CountedEntry
	KnownAt int64 // number of the last entry that the page knows of
	Next    int64 // After of the next page; 0 when this is the last
}

// CountedEntry is an entry and what it adds to the figure that was opened, negative where it undid something or took
// something out of the account. Both are zero when the query names no figure and no account.
type CountedEntry struct {
	ledger.Entry
	Quantity decimal.Decimal
	Value    decimal.Decimal
}

// Entries is a page of the entries that a query asks for.
func (r Room) Entries(ctx context.Context, q EntryQuery) (EntryPage, error) {
	var page EntryPage
	q.Limit = min(orElse(q.Limit, 100), MaxEntries)
	read := r.read
	if (counting{EntryQuery: q}).isDocument() {
		read = r.sweep
	}
	if err := cmp.Or(q.check(), inOrder(q.From, q.To)); err != nil {
		return page, err
	}
	err := read(ctx, func(ctx context.Context, tx bun.Tx) error {
		under, err := r.place(ctx, tx, q.Under)
		if err != nil {
			return err
		}
		if err := r.fund(ctx, tx, q.Fund); err != nil {
			return err
		}
		head, err := r.knownAt(ctx, tx, 0)
		if err != nil {
			return err
		}
		page.KnownAt = min(head, orElse(q.KnownAt, head))
		counts, err := r.counted(ctx, tx, counting{Book: r.Book.ID, Path: under.Path, EntryQuery: q})
		if err != nil || len(counts) == 0 {
			return err
		}
		if len(counts) == q.Limit {
			page.Next = counts[len(counts)-1].Number
		}
		page.Entries, err = r.fill(ctx, tx, counts)
		return err
	})
	return page, err
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

type entryCount struct {
	Number          int64
	Quantity, Value decimal.Decimal
}

func (r Room) counted(ctx context.Context, tx bun.Tx, c counting) ([]entryCount, error) {
	var counts []entryCount
	if c.isDocument() || c.namesCells() {
		err := tx.NewRaw(c.sql("SELECT number, sum(quantity) AS quantity, sum(value) AS value FROM counted"+
			c.narrowed()+" AND number > ?after GROUP BY number ORDER BY number LIMIT ?limit"), c).Scan(ctx, &counts)
		return counts, err
	}
	err := tx.NewRaw("SELECT e.number FROM entries e"+
		c.within("e.book_id = ?book", "e.number > ?after", given(c.Kind, "e.kind = ?kind"))+
		" ORDER BY e.number LIMIT ?limit", c).Scan(ctx, &counts)
	return counts, err
}

// namesCells reports whether the query looks at some accounts or goods rather than at whole entries.
func (c counting) namesCells() bool {
	return c.Class+c.Account+c.Fund+c.Item+c.Lot+c.Under+c.Category+c.Unit+c.Source != ""
}

// fill reads the entries of a page with their moves, in two queries whatever its size.
func (r Room) fill(ctx context.Context, tx bun.Tx, counts []entryCount) ([]CountedEntry, error) {
	numbers := make([]int64, len(counts))
	for i, c := range counts {
		numbers[i] = c.Number
	}
	var heads []struct {
		Number, Reverses           int64
		Kind, Actor, Key, Document string
		On                         ledger.Date
		RecordedAt                 time.Time
	}
	err := tx.NewRaw(`SELECT number, kind, "on", recorded_at, actor, key, coalesce(document, '') AS document, coalesce(reverses, 0) AS reverses
		FROM entries WHERE book_id = ? AND number IN (?) ORDER BY number`, r.Book.ID, bun.List(numbers)).Scan(ctx, &heads)
	if err != nil {
		return nil, err
	}
	moves, err := r.moves(ctx, tx, numbers)
	entries := make([]CountedEntry, len(heads))
	for i, h := range heads {
		entries[i] = CountedEntry{ledger.Entry{
			Number: h.Number, Kind: h.Kind, On: h.On, RecordedAt: h.RecordedAt.UTC(), Actor: h.Actor, Key: h.Key,
			Document: h.Document, Reverses: h.Reverses, Moves: moves[h.Number],
		}, counts[i].Quantity, counts[i].Value}
	}
	return entries, err
}

func (r Room) moves(ctx context.Context, tx bun.Tx, numbers []int64) (map[int64][]ledger.Move, error) {
	var rows []struct {
		Number                    int64
		From, To, Fund, Item, Lot string
		Quantity, Value           decimal.Decimal
	}
	err := tx.NewRaw(`SELECT m.number, f.account AS "from", t.account AS "to", f.fund, f.item, f.lot, m.quantity, m.value
		FROM moves m JOIN cell_names f ON f.book_id = m.book_id AND f.cell = m.from_cell JOIN cell_names t ON t.book_id = m.book_id AND t.cell = m.to_cell
		WHERE m.book_id = ? AND m.number IN (?) ORDER BY m.number, m.line`, r.Book.ID, bun.List(numbers)).Scan(ctx, &rows)
	moves := make(map[int64][]ledger.Move, len(numbers))
	for _, m := range rows {
		moves[m.Number] = append(moves[m.Number], ledger.Move{
			From: ledger.Account(m.From), To: ledger.Account(m.To), Fund: m.Fund,
			Commodity: ledger.Commodity{Item: m.Item, Lot: m.Lot}, Quantity: m.Quantity, Value: m.Value,
		})
	}
	return moves, err
}
