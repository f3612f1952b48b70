package warehouse

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// Note is a document as it stands in the book.
type Note struct {
	Document string      `json:"document" doc:"Document number." example:"HO-PT-0031-2023-00233"`
	Entry    int64       `json:"entry" doc:"Number of its entry."`
	On       ledger.Date `json:"on" doc:"Business date."`
	Actor    string      `json:"actor" doc:"Who answers for it."`
	Reversed bool        `json:"reversed" doc:"The document was taken back."`
}

// ReceiptNote is a receipt with the lots it brought.
type ReceiptNote struct {
	Note
	Location  string `json:"location"`
	Kind      string `json:"kind"`
	Party     string `json:"party"`
	Fund      string `json:"fund"`
	Reference string `json:"reference"`
	Evidence  string `json:"evidence"`
	Lots      []Lot  `json:"lots"`
}

// HandoutNote is a handout with what it gave and what came back of it.
type HandoutNote struct {
	Note
	Location  string            `json:"location"`
	Campaign  string            `json:"campaign"`
	Action    string            `json:"action"`
	Drill     bool              `json:"drill"`
	People    int               `json:"people"`
	Sex       string            `json:"sex"`
	Age       string            `json:"age"`
	Pseudonym string            `json:"pseudonym"`
	Lines     []HandoutNoteLine `json:"lines"`
}

// HandoutNoteLine is goods given out of one lot of one fund. A drill has neither lot nor fund.
type HandoutNoteLine struct {
	Item          string          `json:"item"`
	Lot           string          `json:"lot"`
	Fund          string          `json:"fund"`
	Quantity      decimal.Decimal `json:"quantity"`
	Value         ledger.Amount   `json:"value"`
	Returned      decimal.Decimal `json:"returned" doc:"How much of it came back."`
	ReturnedValue ledger.Amount   `json:"returned_value"`
}

// WriteOffNote is a write-off as it was proposed, with its approval.
type WriteOffNote struct {
	Note
	Location string             `json:"location"`
	Reason   string             `json:"reason"`
	Lines    []WriteOffNoteLine `json:"lines"`
	Approval string             `json:"approval" doc:"Document number of the approval; empty while there is none."`
}

// WriteOffNoteLine is goods that are to be disposed of.
type WriteOffNoteLine struct {
	Item     string          `json:"item"`
	Lot      string          `json:"lot"`
	Fund     string          `json:"fund"`
	Quantity decimal.Decimal `json:"quantity" doc:"In the item's base unit."`
}

func (n Note) entry() int64 { return n.Entry }

// money is the SQL of an amount with all decimals of the currency.
func (k *Keeper) money(amount string) string {
	return fmt.Sprintf("round(%s, %d)", amount, k.Book.Decimals)
}

// standing is the SQL condition that the entry of a document row was not reversed.
func standing(row string) string {
	return fmt.Sprintf("NOT EXISTS (SELECT FROM entries u WHERE u.book_id = %[1]s.book_id AND u.reverses = %[1]s.number)", row)
}

// note reads the row of a document table together with its entry, or refuses with NotFound: also where whoever asks may not see it.
func note[T interface{ entry() int64 }](ctx context.Context, k *Keeper, noun, table, columns, document string) (found T, err error) {
	if err := ledger.CheckCode(noun, document); err != nil {
		return found, ledger.Refuse(ledger.Invalid, "", err.Error())
	}
	var rows []T
	err = k.Book.DB().NewRaw(fmt.Sprintf(`SELECT e.document, e.number AS entry, e."on", e.actor, NOT %s AS reversed, %s
		FROM entries e JOIN %s d USING (book_id, number) WHERE e.book_id = ? AND e.document = ? AND d.line = 1`, standing("e"), columns, table),
		k.Book.ID, document).Scan(ctx, &rows)
	if err != nil {
		return found, fmt.Errorf("%s %s: %w", noun, document, err)
	}
	seen := false
	if len(rows) > 0 {
		if seen, err = k.Book.Sees(ctx, rows[0].entry()); err != nil {
			return found, err
		}
	}
	if !seen {
		return found, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("there is no %s %s", noun, document))
	}
	return rows[0], nil
}

// line is what a proposal says of goods, already in the base unit.
func (l WriteOffNoteLine) line() line {
	return line{item: Item{Code: l.Item}, lot: l.Lot, fund: l.Fund, quantity: l.Quantity}
}

// ReceiptNote reads a receipt, or refuses with NotFound.
func (k *Keeper) ReceiptNote(ctx context.Context, document string) (ReceiptNote, error) {
	n, err := note[ReceiptNote](ctx, k, "receipt", "receipts", "d.location, d.kind, d.party, d.fund, d.reference, d.evidence", document)
	if err != nil {
		return n, err
	}
	err = k.lots().Where("book_id = ? AND number = ?", k.Book.ID, n.Entry).Order("line").Scan(ctx, &n.Lots)
	return n, err
}

// HandoutNote reads a handout, or refuses with NotFound.
func (k *Keeper) HandoutNote(ctx context.Context, document string) (HandoutNote, error) {
	n, err := note[HandoutNote](ctx, k, "handout", "handouts",
		"d.location, d.campaign, d.action, d.drill, d.people, d.sex, d.age, d.pseudonym", document)
	if err != nil {
		return n, err
	}
	if n.Drill {
		err = k.Book.DB().NewRaw("SELECT item, quantity, "+k.money("0")+" AS value, "+k.money("0")+" AS returned_value FROM drill_lines WHERE book_id = ? AND number = ? ORDER BY line", k.Book.ID, n.Entry).Scan(ctx, &n.Lines)
		return n, err
	}
	err = k.Book.DB().NewRaw(`SELECT c.item, c.lot, c.fund, m.quantity, `+k.money("m.value")+` AS value, coalesce(sum(b.quantity), 0) AS returned, `+k.money("coalesce(sum(b.value), 0)")+` AS returned_value
		FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
		LEFT JOIN handout_returns b ON b.book_id = m.book_id AND b.handout = m.number AND b.move = m.line AND `+standing("b")+`
		WHERE m.book_id = ? AND m.number = ? GROUP BY m.line, c.item, c.lot, c.fund, m.quantity, m.value ORDER BY m.line`,
		k.Book.ID, n.Entry).Scan(ctx, &n.Lines)
	return n, err
}

// WriteOffNote reads a proposed write-off, or refuses with NotFound.
func (k *Keeper) WriteOffNote(ctx context.Context, document string) (WriteOffNote, error) {
	n, err := note[WriteOffNote](ctx, k, "write-off proposal", "(SELECT * FROM write_offs WHERE proposal IS NULL)", `d.location, d.reason, coalesce((
		SELECT a.document FROM write_offs w JOIN entries a USING (book_id, number)
		WHERE w.book_id = d.book_id AND w.proposal = d.number AND w.line = 1 AND `+standing("w")+`), '') AS approval`, document)
	if err != nil {
		return n, err
	}
	err = k.Book.DB().NewRaw("SELECT item, lot, fund, quantity FROM write_offs WHERE book_id = ? AND number = ? ORDER BY line", k.Book.ID, n.Entry).Scan(ctx, &n.Lines)
	return n, err
}
