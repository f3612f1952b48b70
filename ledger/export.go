package ledger

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// Lines of an export. Quantities and values are strings, so that no reader takes them for floating point.
type (
	exportedBook struct {
		Book     string `json:"book"`
		Name     string `json:"name"`
		TimeZone string `json:"time_zone"`
		Currency string `json:"currency"`
		Decimals int32  `json:"decimals"`
	}
	exportedEntry struct {
		Number     int64           `json:"number"`
		Kind       string          `json:"kind"`
		On         Date            `json:"on"`
		RecordedAt time.Time       `json:"recorded_at"`
		Actor      string          `json:"actor"`
		Key        string          `json:"key"`
		Document   string          `json:"document,omitempty"`
		Reverses   int64           `json:"reverses,omitempty"`
		Content    json.RawMessage `json:"content"`
		Leaf       tlog.Hash       `json:"leaf"`
		Lots       []exportedLot   `json:"lots,omitempty"`
		Moves      []exportedMove  `json:"moves"`
		Rows       []exportedRow   `json:"rows,omitempty"`
	}
	exportedLot struct {
		Item     string `json:"item"`
		Lot      string `json:"lot"`
		Decimals int32  `json:"decimals"`
		Expires  Date   `json:"expires_on,omitzero"`
		Received Date   `json:"received_on"`
	}
	exportedMove struct {
		From     Account         `json:"from"`
		To       Account         `json:"to"`
		Fund     string          `json:"fund"`
		Item     string          `json:"item"`
		Lot      string          `json:"lot,omitempty"`
		Quantity decimal.Decimal `json:"quantity"`
		Value    decimal.Decimal `json:"value"`
	}
	exportedRow struct {
		Table  string             `json:"table"`
		Line   int                `json:"line"`
		Values map[string]*string `json:"values"`
	}
)

// ExportLines writes a whole book as JSON lines: first the book, then every entry in the order of numbers with the lots it
// brought in, its moves and its document rows, whose values are texts as the database writes them. With an entry's line and
// the code of the book its leaf can be computed again. The lines are of one moment; memory does not grow with the book.
func ExportLines(ctx context.Context, db *bun.DB, book Info, out io.Writer) error {
	buffer := bufio.NewWriter(out)
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	err := eachEntry(ctx, db, book, func(*walk) error {
		return lines.Encode(exportedBook{book.Code, book.Name, book.Zone.String(), book.Currency, book.Decimals})
	}, func(e *chapter) error {
		return lines.Encode(e.exported())
	})
	if err != nil {
		return err
	}
	return buffer.Flush()
}

// eachEntry walks a book in one snapshot.
func eachEntry(ctx context.Context, db *bun.DB, book Info, begin func(*walk) error, each func(*chapter) error) error {
	err := snapshot(ctx, db, 2, func(ctx context.Context, lanes []*lane) error {
		w, err := startWalk(ctx, lanes, book)
		if err != nil {
			return err
		}
		if err := begin(w); err != nil {
			return err
		}
		for {
			e, err := w.next(ctx)
			if err != nil || e == nil {
				return err
			}
			if err := each(e); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return fmt.Errorf("export of book %s: %w", book.Code, err)
	}
	return nil
}

func (e *chapter) exported() exportedEntry {
	line := exportedEntry{
		Number: e.Number, Kind: e.Kind, On: e.On, RecordedAt: e.RecordedAt, Actor: e.Actor, Key: e.Key, Document: e.Document,
		Reverses: e.Reverses, Content: json.RawMessage(e.content), Leaf: e.leaf, Moves: make([]exportedMove, len(e.Moves)),
	}
	for _, l := range e.Lots {
		line.Lots = append(line.Lots, exportedLot{l.Item, l.Commodity.Lot, l.Decimals, l.Expires, l.Received})
	}
	for i, m := range e.Moves {
		line.Moves[i] = exportedMove{m.From, m.To, m.Fund, m.Item, m.Lot, m.Quantity, m.Value}
	}
	for _, row := range e.Rows {
		line.Rows = append(line.Rows, exportedRow{row.Table, row.Line, row.named()})
	}
	return line
}

// named is the values of a row by the names of their columns.
func (r Row) named() map[string]*string {
	values := map[string]*string{}
	for _, t := range tables {
		if t.name == r.Table {
			for i, c := range t.columns {
				values[c.name] = r.Values[i]
			}
		}
	}
	return values
}
