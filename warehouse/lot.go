package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Lot is goods of one item that came in together and share one cost, one batch and one life.
type Lot struct {
	Item       string          `json:"item"`
	Lot        string          `json:"lot" doc:"The receipt's document number and the line's number on it." example:"GR-ST-5101-01-2023-00042.1"`
	Location   string          `json:"location" doc:"Where it was taken in."`
	Fund       string          `json:"fund"`
	Quantity   decimal.Decimal `json:"quantity" doc:"What came in, in the item's base unit."`
	Value      ledger.Amount   `json:"value" doc:"What it cost when it came in."`
	Batch      string          `json:"batch"`
	ProducedOn ledger.Date     `json:"produced_on,omitzero"`
	ExpiresOn  ledger.Date     `json:"expires_on,omitzero" doc:"Last usable day; absent for goods that do not expire."`
}

// lots asks for lots as they came in.
func (k *Keeper) lots() *bun.SelectQuery {
	return k.Book.DB().NewSelect().Table("lots").Column("item", "lot", "location", "fund", "quantity", "batch", "produced_on", "expires_on").
		ColumnExpr(k.money("value") + " AS value")
}

// Lot reads a lot as it came in, or refuses with NotFound.
func (k *Keeper) Lot(ctx context.Context, of ledger.Commodity) (Lot, error) {
	var lot Lot
	err := k.lots().Where("book_id = ? AND item = ? AND lot = ?", k.Book.ID, of.Item, of.Lot).Scan(ctx, &lot)
	if errors.Is(err, sql.ErrNoRows) {
		return lot, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("there is no lot %s", of))
	}
	return lot, err
}

// life is the last usable day of goods taken in: the printed one, or else the day of production and the item's shelf life.
// Goods past it are taken in only where they were there before, because nobody buys or accepts them knowingly.
func (r *review) life(a line, l ReceiptLine, old bool) ledger.Date {
	expires := l.ExpiresOn
	if expires.IsZero() && !l.ProducedOn.IsZero() && a.item.ShelfLifeDays > 0 {
		expires = l.ProducedOn + ledger.Date(a.item.ShelfLifeDays)
	}
	r.unless(l.ProducedOn <= r.on || l.ProducedOn.IsZero(), a.at+"/produced_on", "%s was produced on %s, after %s", a.item.Code, l.ProducedOn, r.on)
	r.unless(!a.item.Expires || !expires.IsZero(), a.at+"/expires_on", "%s expires: the day printed on it is needed, or the day of production and a shelf life of the item", a.item.Code)
	if expires.IsZero() {
		return expires
	}
	if r.unless(l.ProducedOn.IsZero() || l.ProducedOn <= expires, a.at+"/expires_on", "%s expires on %s, before it was produced on %s", a.item.Code, expires, l.ProducedOn) && !old && expires < r.on {
		r.add(a.at+"/expires_on", ledger.Refuse(ledger.Expired, "", fmt.Sprintf("%s expired on %s, it cannot be taken in on %s", a.item.Code, expires, r.on)))
	}
	return expires
}
