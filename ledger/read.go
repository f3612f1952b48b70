package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

const entrySelect = `SELECT e.number, e.kind, e."on", e.recorded_at, e.actor, e.key, coalesce(e.document, '') AS document,
	coalesce(e.reverses, 0) AS reverses FROM entries e WHERE e.book_id = ?`

// Entry reads one entry with its moves, or refuses with NotFound.
func (b *Book) Entry(ctx context.Context, number int64) (Entry, error) {
	return b.seenWhere(ctx, fmt.Sprintf("entry %d", number), "e.number = ?", number)
}

// EntryOf reads the entry of a document number, or refuses with NotFound.
func (b *Book) EntryOf(ctx context.Context, document string) (Entry, error) {
	return b.seenWhere(ctx, "document "+document, "e.document = ?", document)
}

// seenWhere is entryWhere for whoever asks.
func (b *Book) seenWhere(ctx context.Context, what, where string, arg any) (Entry, error) {
	entry, err := b.entryWhere(ctx, what, where, arg)
	if err != nil {
		return entry, err
	}
	if seen, err := b.Sees(ctx, entry.Number); err != nil || !seen {
		return Entry{}, cmp.Or(err, b.noEntry(what))
	}
	return entry, nil
}

func (b *Book) noEntry(what string) error {
	return Refuse(NotFound, "", fmt.Sprintf("there is no %s in book %s", what, b.Code))
}

func (b *Book) entryWhere(ctx context.Context, what, where string, arg any) (Entry, error) {
	var head struct {
		Number, Reverses           int64
		Kind, Actor, Key, Document string
		On                         Date
		RecordedAt                 time.Time
	}
	err := b.db.NewRaw(entrySelect+" AND "+where, b.ID, arg).Scan(ctx, &head)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, b.noEntry(what)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("%s: %w", what, err)
	}
	moves, err := b.moves(ctx, head.Number)
	return Entry{
		Number: head.Number, Kind: head.Kind, On: head.On, RecordedAt: head.RecordedAt.UTC(), Actor: head.Actor,
		Key: head.Key, Document: head.Document, Reverses: head.Reverses, Moves: moves,
	}, err
}

func (b *Book) moves(ctx context.Context, number int64) ([]Move, error) {
	var rows []struct {
		From, To, Fund, Item, Lot string
		Quantity, Value           decimal.Decimal
	}
	err := b.db.NewRaw(`SELECT f.account AS "from", t.account AS "to", f.fund, f.item, f.lot, m.quantity, m.value
		FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell
		WHERE m.book_id = ? AND m.number = ? ORDER BY m.line`, b.ID, number).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("moves of entry %d: %w", number, err)
	}
	moves := make([]Move, len(rows))
	for i, r := range rows {
		moves[i] = Move{Account(r.From), Account(r.To), r.Fund, Commodity{r.Item, r.Lot}, r.Quantity, r.Value}
	}
	return moves, nil
}

// nameFailing completes a refusal of a backdated change with the first document that would fail: on the first day on which the cell would
// go below its floor, the first taking that could no longer be covered.
func (b *Book) nameFailing(ctx context.Context, refusal *Refusal) error {
	past := refusal.past
	var takings []struct {
		Number   int64
		Document string
		Left     decimal.Decimal
	}
	err := b.db.NewRaw(`SELECT e.number, coalesce(e.document, '') AS document,
			(SELECT coalesce(sum(d.quantity), 0) FROM cell_days d WHERE d.book_id = e.book_id AND d.cell = ?1 AND d."on" < ?2)
			+ sum(CASE WHEN m.from_cell = ?1 THEN -m.quantity ELSE m.quantity END) OVER (ORDER BY m.number, m.line) AS "left"
		FROM entries e JOIN moves m USING (book_id, number)
		WHERE e.book_id = ?0 AND e."on" = ?2 AND ?1 IN (m.from_cell, m.to_cell) ORDER BY m.number, m.line`,
		b.ID, past.cell, past.on).Scan(ctx, &takings)
	if err != nil {
		return fmt.Errorf("%w (the document that would fail could not be named: %w)", refusal, err)
	}
	for _, t := range takings {
		if t.Left.LessThan(past.wanted) {
			fault := &refusal.Faults[past.fault]
			fault.Hint = fmt.Sprintf("entry %d %s of that day would fail: reverse it first, or date this one later", t.Number, t.Document)
			break
		}
	}
	return refusal
}
