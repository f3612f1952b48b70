package ledger

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"
)

// ExportHledger writes a whole book as a journal for hledger, in which every move has two parallel legs: its value in the
// book's currency, and its quantity in the item as a commodity. Quantities and values are exact and are never tied by a price,
// because a unit cost would have to be rounded. The journal ends with a balance assertion for every account, taken from the
// cells and not from the moves, so that hledger itself checks that both agree.
func ExportHledger(ctx context.Context, db *bun.DB, book Info, out io.Writer) error {
	j := &journal{book: book, Writer: bufio.NewWriter(out)}
	last := Date(0)
	err := eachEntry(ctx, db, book, func(w *walk) error {
		j.cells = w.sorted()
		j.begin()
		return nil
	}, func(e *chapter) error {
		last = max(last, e.On)
		j.entry(e)
		return nil
	})
	if err != nil {
		return err
	}
	j.end(last)
	return j.Flush()
}

// journal writes hledger's format. Errors of its writer stay in it until Flush.
type journal struct {
	*bufio.Writer
	book  Info
	cells []*storedCell
}

func (j *journal) line(format string, args ...any) {
	_, _ = fmt.Fprintf(j, format+"\n", args...)
}

// begin declares the commodities with their decimals. Their names are quoted, because item codes have digits and hyphens.
func (j *journal) begin() {
	j.line("; Book %s. Values are in %s. Quantities are in Assets:Qty, what leaves the real places goes to Equity:Qty-Moves.", j.book.Code, j.book.Currency)
	j.line("commodity 1000.%s %s", strings.Repeat("0", int(j.book.Decimals)), j.book.Currency)
	decimals := map[string]int32{}
	for _, c := range j.cells {
		if c.Commodity != j.book.Money() {
			decimals[c.Item] = max(decimals[c.Item], c.decimals)
		}
	}
	for _, item := range slices.Sorted(maps.Keys(decimals)) {
		j.line("commodity 1000.%s %q", strings.Repeat("0", int(decimals[item])), item)
	}
}

// entry writes a transaction. An entry without moves is a comment: it has nothing that could balance.
func (j *journal) entry(e *chapter) {
	document := ""
	if e.Document != "" {
		document = "(" + e.Document + ") "
	}
	if len(e.Moves) == 0 {
		j.line("\n; %s %s%s, entry %d, moves nothing", e.On, document, e.Kind, e.Number)
		return
	}
	j.line("\n%s * %s%s  ; entry:%d", e.On, document, e.Kind, e.Number)
	for _, m := range e.Moves {
		if !m.Value.IsZero() {
			j.line("    %s  %s", valueAccount(m.From, m.Fund), j.money(m.Value.Neg()))
			j.line("    %s  %s", valueAccount(m.To, m.Fund), j.money(m.Value))
		}
		if m.Commodity != j.book.Money() && !m.Quantity.IsZero() {
			j.line("    %s  %s %q  ; lot:%s", quantityAccount(m.From, m.Fund), m.Quantity.Neg(), m.Item, m.Lot)
			j.line("    %s  %s %q  ; lot:%s", quantityAccount(m.To, m.Fund), m.Quantity, m.Item, m.Lot)
		}
	}
}

func (j *journal) money(value decimal.Decimal) string {
	return value.StringFixed(j.book.Decimals) + " " + j.book.Currency
}

// total is what one account of the journal holds of one commodity.
type total struct{ account, item string }

// end asserts what every account holds by the cells.
func (j *journal) end(on Date) {
	values, quantities := map[total]decimal.Decimal{}, map[total]decimal.Decimal{}
	for _, c := range j.cells {
		value := total{valueAccount(c.Account, c.Fund), ""}
		values[value] = values[value].Add(c.stored.value)
		if c.Commodity != j.book.Money() {
			quantity := total{quantityAccount(c.Account, c.Fund), c.Item}
			quantities[quantity] = quantities[quantity].Add(c.stored.quantity)
		}
	}
	if len(values) == 0 {
		return
	}
	j.line("\n%s * balances  ; every account as the cells of the book hold it", on)
	for _, t := range sortedTotals(values) {
		j.line("    %s  %s = %s", t.account, j.money(decimal.Zero), j.money(values[t]))
	}
	for _, t := range sortedTotals(quantities) {
		j.line("    %s  0 %q = %s %q", t.account, t.item, quantities[t], t.item)
	}
}

func sortedTotals(totals map[total]decimal.Decimal) []total {
	return slices.SortedFunc(maps.Keys(totals), func(a, b total) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.item, b.item))
	})
}

// tops are the roots of the account tree by side.
var tops = map[Side]string{Asset: "Assets", Owed: "Liabilities", Source: "Income", Use: "Expenses", Pass: "Equity", Memo: "Memo"}

// valueAccount is where an account's money stands in the journal.
func valueAccount(a Account, fund string) string {
	class, top := a.Class(), tops[classInfo[a.Class()].Side]
	switch class {
	case Stock, Transit, Reserved, Quarantine:
		top = "Assets:Inventory"
	case Opening:
		top = "Equity"
	}
	return strings.Join([]string{top, string(class), a.Name(), fund}, ":")
}

// quantityAccount is where an account's goods stand: what is in a real place is in Assets:Qty, as its value is in Assets:Inventory;
// all else is only where goods came from or went.
func quantityAccount(a Account, fund string) string {
	top := "Equity:Qty-Moves"
	if a.Floored() {
		top = "Assets:Qty"
	}
	return strings.Join([]string{top, string(a.Class()), a.Name(), fund}, ":")
}
