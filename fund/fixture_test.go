package fund_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// Receipts belong to the other wing, which this one may not import; the tests write their documents as that wing does.
var (
	receipts = ledger.Documents("receipts",
		"location text", "party text", "kind text", "fund text", "reference text", "evidence text")
	lots = ledger.Documents("lots",
		"item text", "lot text", "location text", "fund text", "quantity numeric", "value numeric", "batch text", "produced_on date", "expires_on date")
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// world is a book with its officer and three funds: F1 and F2 of the operation's own, and HELD in custody.
type world struct {
	*fund.Officer
	t *testing.T
	n int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Officer: fund.NewOfficer(pgtest.Book(t), pgtest.Now), t: t}
	_, err := w.Funds.CreateMany(t.Context(), "officer", []fund.Fund{
		{Code: "F1", Name: "Winter grant", Restricted: true, Purpose: "winter relief", ValidFrom: day("2023-10-01"), ValidUntil: day("2024-06-30")},
		{Code: "F2", Name: "City gift"},
		{Code: "HELD", Name: "Held for others", Custody: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) by() ledger.By {
	w.n++
	return ledger.By{Actor: "officer", Key: fmt.Sprintf("key-%d", w.n)}
}

// do builds a proposal and posts it, as every caller does.
func do[R any](w *world, build func(context.Context, ledger.By, R) (*ledger.Proposal, error), request R) (ledger.Posted, error) {
	p, err := build(w.t.Context(), w.by(), request)
	if err != nil {
		return ledger.Posted{}, err
	}
	return w.Book.Post(w.t.Context(), p)
}

func must[R any](w *world, build func(context.Context, ledger.By, R) (*ledger.Proposal, error), request R) ledger.Posted {
	w.t.Helper()
	posted, err := do(w, build, request)
	if err != nil {
		w.t.Fatalf("%+v: %v", request, err)
	}
	return posted
}

// refused wants a request refused with exactly these faults, each written "pointer code: message", and its hint after a line's end.
func refused[R any](w *world, build func(context.Context, ledger.By, R) (*ledger.Proposal, error), request R, want ...string) {
	w.t.Helper()
	_, err := do(w, build, request)
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		w.t.Errorf("%+v: got %v, want a refusal", request, err)
		return
	}
	var got []string
	for _, f := range refusal.Faults {
		got = append(got, strings.TrimSuffix(fmt.Sprintf("%s %s: %s\n%s", f.Pointer, f.Code, f.Message, f.Hint), "\n"))
	}
	if g, words := strings.Join(got, "\n"), strings.Join(want, "\n"); g != words {
		w.t.Errorf("refused with\n%s\nwant\n%s", g, words)
	}
}

// line is one lot of a receipt; its item may carry the lot's expiry, as in MILK@2024-03-14.
type line struct{ item, quantity, value string }

func (l line) split() (item string, expires ledger.Date) {
	item, last, _ := strings.Cut(l.item, "@")
	if last != "" {
		expires = day(last)
	}
	return item, expires
}

// receive takes goods in at WH-1 for a fund, as the keepers of goods do. It answers the receipt's document number.
func (w *world) receive(kind, fund string, on ledger.Date, lines ...line) string {
	w.t.Helper()
	from := map[string]ledger.Account{"purchase": "supplier:S-01", "in-kind": "donor:S-01", "custody": "custody:S-01"}[kind]
	evidence := map[string]string{"in-kind": "invoice"}[kind]
	series := fmt.Sprintf("GR-WH-1-%d", on.Year())
	by := w.by()
	p := &ledger.Proposal{
		Header: ledger.Header{Kind: "receipt", On: on, Actor: "keeper", Key: by.Key, Content: lines},
		Needs:  ledger.Needs{Tallies: []string{ledger.SeriesTally(series)}},
		Compose: func(d *ledger.Draft) error {
			document := d.Document(series)
			d.Row(receipts, "WH-1", "S-01", kind, fund, "", evidence)
			for i, l := range lines {
				item, expires := l.split()
				lot := ledger.Commodity{Item: item, Lot: fmt.Sprintf("%s.%d", document, i+1)}
				d.NewLot(ledger.Lot{Commodity: lot, Decimals: 1, Received: on, Expires: expires})
				d.Row(lots, item, lot.Lot, "WH-1", fund, dec(l.quantity), dec(l.value), "", ledger.Date(0), expires)
				if err := d.Move(ledger.Move{From: from, To: "stock:WH-1", Fund: fund, Commodity: lot, Quantity: dec(l.quantity), Value: dec(l.value)}); err != nil {
					return err
				}
			}
			return nil
		},
	}
	for _, l := range lines {
		item, _ := l.split()
		p.Needs.Groups = append(p.Needs.Groups, ledger.Group{Account: from, Item: item}, ledger.Group{Account: "stock:WH-1", Item: item})
	}
	return w.post(p).Document
}

// carry moves goods of a lot at the cost they carry, as a dispatch, an arrival or a handout does, under a document like handout-2024-00001.
func (w *world) carry(kind string, on ledger.Date, fund string, from, to ledger.Account, item, lot, quantity string) ledger.Posted {
	w.t.Helper()
	key := ledger.CellKey{Account: from, Fund: fund, Commodity: ledger.Commodity{Item: item, Lot: lot}}
	series := fmt.Sprintf("%s-%d", kind, on.Year())
	return w.post(&ledger.Proposal{
		Header: ledger.Header{Kind: kind, On: on, Actor: "keeper", Key: w.by().Key},
		Needs: ledger.Needs{
			Groups:  []ledger.Group{{Account: from, Item: item}, {Account: to, Item: item}},
			Tallies: []string{ledger.SeriesTally(series)},
		},
		Compose: func(d *ledger.Draft) error {
			d.Document(series)
			_, err := d.Take(key, to, dec(quantity))
			return err
		},
	})
}

func (w *world) post(p *ledger.Proposal) ledger.Posted {
	w.t.Helper()
	posted, err := w.Book.Post(w.t.Context(), p)
	if err != nil {
		w.t.Fatalf("%s %s: %v", p.Kind, p.Key, err)
	}
	return posted
}

// reverse undoes an entry.
func (w *world) reverse(ctx context.Context, by ledger.By, number int64) (*ledger.Proposal, error) {
	return w.Book.Reverse(ctx, by, ledger.Reversal{Entry: number, Reason: "booked by mistake"})
}

// grant gives a fund money in bank ICBC.
func (w *world) grant(fundCode, amount string) ledger.Posted {
	w.t.Helper()
	return must(w, w.Contribute, fund.Contribution{Fund: fundCode, Kind: "grant", Party: "D-01", Bank: "ICBC", Amount: dec(amount)})
}

// holds wants cells to hold, each written "account fund item[/lot] quantity value"; cells that hold nothing are written with 0 0.
func (w *world) holds(want ...string) {
	w.t.Helper()
	for _, line := range want {
		f := strings.Fields(line)
		c := ledger.ParseCommodity(f[2])
		var quantity, value decimal.Decimal
		err := w.Book.DB().NewRaw(`SELECT coalesce(sum(quantity), 0), coalesce(sum(value), 0) FROM cells
			WHERE book_id = ? AND account = ? AND fund = ? AND item = ? AND lot = ?`, w.Book.ID, f[0], f[1], c.Item, c.Lot).
			Scan(w.t.Context(), &quantity, &value)
		if err != nil {
			w.t.Fatal(err)
		}
		if !quantity.Equal(dec(f[3])) || !value.Equal(dec(f[4])) {
			w.t.Errorf("%s %s %s holds %s worth %s, want %s worth %s", f[0], f[1], f[2], quantity, value, f[3], f[4])
		}
	}
}
