package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/internal/exchange"
	"reliefledger/internal/pgtest"
	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// house is an empty book that tables are imported into.
type house struct {
	t       *testing.T
	book    *ledger.Book
	keeper  *warehouse.Keeper
	officer *fund.Officer
	posters exchange.Posters
}

func newHouse(t *testing.T) *house {
	t.Helper()
	book := pgtest.Book(t)
	h := &house{t: t, book: book, keeper: warehouse.NewKeeper(book, pgtest.Now), officer: fund.NewOfficer(book, pgtest.Now)}
	h.keeper.Charge = h.officer.Charge
	h.posters = exchange.Local(book, h.keeper, h.officer, "keeper")
	_, err := h.officer.Funds.CreateMany(t.Context(), "officer", []fund.Fund{{Code: "WINTER-23", Name: "冬季资金"}, {Code: "CASH-23", Name: "临时救助资金"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// registers fills the registers from the tables of a small operation.
func (h *house) registers() *house {
	h.t.Helper()
	h.takes("items", itemTable)
	h.takes("locations", locationTable)
	h.takes("parties", partyTable)
	return h
}

const (
	itemTable = "编码,名称,英文名称,单位,小数位数,类别,包装,有保质期,保质天数\r\n" +
		"QUILT,棉被,Quilt,床,,棉被,包=20; 箱=40,,\r\n" +
		"FOOD,方便食品,Food,份,0,food,,是,30\r\n" +
		"RICE,大米,Rice,kg,3,食品,,,\r\n"
	locationTable = "code;name;kind;parent;division;opens on\n" +
		"5101;成都市;prefecture;;510100;\n" +
		"ST-1;救助站;救助站;5101;510104;\n" +
		"PT-1;避寒点;point;ST-1;510104;2023/11/1\n"
	partyTable = "编码\t名称\t类型\nSUP\t纺织厂\t供应商\nGIVER\t捐赠人\tdonor\n"
)

// give imports a table.
func (h *house) give(kind, table string, o exchange.Options) (exchange.Summary, error) {
	h.t.Helper()
	return give(h.t.Context(), h.t, kind, []byte(table), h.posters, o)
}

func give(ctx context.Context, t testing.TB, kind string, table []byte, to exchange.Posters, o exchange.Options) (exchange.Summary, error) {
	t.Helper()
	k, found := exchange.Find(kind)
	if !found {
		t.Fatalf("no kind %s", kind)
	}
	file, err := sheet.Read(bytes.NewReader(table), int64(len(table)), "")
	if err != nil {
		t.Fatal(err)
	}
	return k.Import(ctx, file, to, o)
}

// takes imports a table that must pass.
func (h *house) takes(kind, table string) exchange.Summary {
	h.t.Helper()
	s, err := h.give(kind, table, exchange.Options{})
	if err != nil || s.Refused() {
		h.t.Fatal(err, told(s, exchange.English))
	}
	return s
}

// refuses wants a table to be refused with exactly these faults, and nothing of it booked.
func (h *house) refuses(kind, table string, want ...string) {
	h.t.Helper()
	before := h.entries()
	s, err := h.give(kind, table, exchange.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	wantFaults(h.t, told(s, exchange.English), want)
	if now := h.entries(); now != before || s.New != 0 {
		h.t.Errorf("%d entries were booked of a refused table", now-before)
	}
}

func told(s exchange.Summary, l exchange.Language) []string {
	var lines []string
	for _, f := range s.Faults {
		lines = append(lines, f.In(l))
	}
	return lines
}

func wantFaults(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("faults are\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (h *house) entries() (n int) {
	h.t.Helper()
	if err := h.book.DB().NewRaw("SELECT count(*) FROM entries WHERE book_id = ?", h.book.ID).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// holds wants an account to hold exactly these lots, written "ITEM LOT FUND QUANTITY VALUE".
func (h *house) holds(account string, want ...string) {
	h.t.Helper()
	var rows []struct {
		Item, Lot, Fund string
		Quantity, Value decimal.Decimal
	}
	err := h.book.DB().NewRaw(`SELECT item, lot, fund, quantity, value FROM cells
		WHERE book_id = ? AND account = ? AND (quantity <> 0 OR value <> 0) ORDER BY item, lot`, h.book.ID, account).Scan(h.t.Context(), &rows)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", r.Item, r.Lot, r.Fund, r.Quantity, r.Value.StringFixed(2)))
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("%s holds\n %q, wanted\n %q", account, got, want)
	}
}

// contribute brings money into a fund.
func (h *house) contribute(to, amount string) {
	h.t.Helper()
	p, err := h.officer.Contribute(h.t.Context(), ledger.By{Actor: "officer", Key: "money " + to}, fund.Contribution{
		Fund: to, Party: "GIVER", Bank: "ICBC", Amount: decimal.RequireFromString(amount), Kind: "gift", On: day("2024-03-01"),
	})
	if err == nil {
		_, err = h.book.Post(h.t.Context(), p)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (h *house) room() report.Room { return report.Room{Book: h.book} }
