package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"reliefledger/internal/exchange"
	"reliefledger/internal/sheet"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// reads gives the rows of a written table, cells joined by " | ".
func reads(t *testing.T, data []byte) (rows []string) {
	t.Helper()
	file, err := sheet.Read(bytes.NewReader(data), int64(len(data)), "")
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range file.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = c.Text
		}
		rows = append(rows, strings.Join(cells, " | "))
	}
	return rows
}

// wantRows wants these rows, each without what may stand around it.
func wantRows(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows are\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (h *house) stock(o exchange.Output, q report.StockQuery) []byte {
	h.t.Helper()
	var buf bytes.Buffer
	o.Today, o.Currency = h.book.Today(), h.book.Currency
	if err := o.Stock(h.t.Context(), &buf, q, h.room().Stock, h.keeper.Locations.Find); err != nil {
		h.t.Fatal(err)
	}
	return buf.Bytes()
}

func TestStockAsATable(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("items", "code,name,unit,category\nBAD,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",件,other\n")
	h.takes("opening", "location,fund,on,item,quantity,value,expires on\n"+
		"ST-1,WINTER-23,2024-03-01,FOOD,24,120.5,2024-04-01\nST-1,WINTER-23,2024-03-01,QUILT,3,12345678901234567890.12,\nPT-1,WINTER-23,2024-03-01,BAD,1,0,\n")
	want := []string{
		"BAD | =HYPERLINK(\"http://x\",\"y\") | stock | 510000 | 510100 | PT-1 | 避寒点 | point |  |  | GR-PT-1-2024-00001.1 |  | WINTER-23 | 件 | 1 | 0.00 | 2024-03-15 | 2",
		"FOOD | 方便食品 | stock | 510000 | 510100 | ST-1 | 救助站 | station |  |  | GR-ST-1-2024-00001.1 | 2024-04-01 | WINTER-23 | 份 | 24 | 120.50 | 2024-03-15 | 2",
		"QUILT | 棉被 | stock | 510000 | 510100 | ST-1 | 救助站 | station |  |  | GR-ST-1-2024-00001.2 |  | WINTER-23 | 床 | 3 | 12345678901234567890.12 | 2024-03-15 | 2",
	}
	const head = "物品 | 名称 | 状态 | 省级区划代码 | 市级区划代码 | 地点 | 地点名称 | 类型 | 调拨单 | 申请单 | 批次 | 有效期至 | 资金 | 单位 | 数量 | 价值 | 截至日期 | 分录"
	query := report.StockQuery{By: []string{"location", "lot", "fund"}, Limit: 1} // a page of one line
	written := h.stock(exchange.Output{Format: exchange.CSV, Language: exchange.Chinese, Mark: true}, query)
	wantRows(t, reads(t, written), append([]string{head}, want...)...)
	if !bytes.HasPrefix(written, []byte("\xEF\xBB\xBF\"物品\"")) || !bytes.Contains(written, []byte(`"'=HYPERLINK(""http://x"",""y"")"`)) {
		t.Errorf("the CSV is %s", written)
	}
	wantRows(t, reads(t, h.stock(exchange.Output{Format: exchange.XLSX, Language: exchange.Chinese}, query)), append([]string{head},
		strings.Replace(want[0], "0.00", "0", 1), strings.Replace(want[1], "120.50", "120.5", 1), want[2])...)
	hxl := reads(t, h.stock(exchange.Output{Format: exchange.HXL}, query))
	wantRows(t, hxl[:2],
		"item | name | condition | province division | prefecture division | location | place | kind | waybill | request | lot | expires on | fund | unit | quantity | value | as of | entry",
		"#item+code | #item+name | #item+status | #adm1+code+v_gbt2260 | #adm2+code+v_gbt2260 | #loc+code | #loc+name | #loc+type | #meta+id+waybill | #meta+id+request | #item+lot+code | "+
			"#date+expiry | #org+funding+code | #item+unit+name | #item+stock+num | #value+stock+c_cny | #date+reported | #meta+id+entry")
	if err := (exchange.Output{Format: "ods"}).Card(io.Discard, report.Card{}); err == nil || err.Error() != `format "ods" is none of csv, xlsx, hxl` {
		t.Error(err)
	}
}

func TestCardsAndStatementsAsTables(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("opening", openingTable)
	h.takes("handouts", handoutTable)
	card, err := h.room().Card(t.Context(), report.CardQuery{Location: "ST-1", Item: "QUILT", From: day("2024-03-02")})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := (exchange.Output{Format: exchange.HXL, Language: exchange.Chinese, Currency: "CNY"}).Card(&buf, card); err != nil {
		t.Fatal(err)
	}
	const always = "ST-1 | 救助站 | QUILT | 棉被 | stock | "
	const lot = " | handed-out:ST-1 | GR-ST-1-2024-00001.1 | WINTER-23 | 床 | "
	wantRows(t, reads(t, buf.Bytes()),
		"地点 | 地点名称 | 物品 | 名称 | 状态 | 业务日期 | 分录 | 单据 | 业务 | 账户 | 批次 | 资金 | 单位 | 收入 | 发出 | 结存 | 移动价值 | 价值",
		"#loc+code | #loc+name | #item+code | #item+name | #item+status | #date+occurred | #meta+id+entry | #meta+id+document | #activity+type | #x_account+code | "+
			"#item+lot+code | #org+funding+code | #item+unit+name | #output+received+num | #output+sent+num | #item+stock+num | #value+transfer+c_cny | #value+stock+c_cny",
		always+"2024-03-02 |  |  | opening |  |  |  | 床 |  |  | 60 |  | 3660.00",
		always+"2024-03-03 | 2 | HO-ST-1-2024-00001 | handout"+lot+"0 | 2 | 58 | -122.00 | 3538.00",
		always+"2024-03-03 | 3 | HO-ST-1-2024-00002 | handout"+lot+"0 | 1 | 57 | -61.00 | 3477.00",
		always+"2024-03-03 | 4 | HO-ST-1-2024-00003 | handout"+lot+"0 | 1 | 56 | -61.00 | 3416.00",
		always+" |  |  | closing |  |  |  | 床 |  |  | 56 |  | 3416.00")

	statement, err := h.room().FundStatement(t.Context(), "WINTER-23", report.StatementQuery{})
	if err != nil {
		t.Fatal(err)
	}
	buf.Reset()
	if err := (exchange.Output{Format: exchange.XLSX}).Statement(&buf, statement); err != nil {
		t.Fatal(err)
	}
	const fund = "WINTER-23 | 冬季资金 | "
	wantRows(t, reads(t, buf.Bytes()),
		"fund | name | part | account | account name | income | spending | balance | from | to | entry",
		fund+"opening |  |  |  |  | 0 |  |  | 4",
		fund+"in | opening | opening balances | 3780.5 |  |  |  |  | 4",
		fund+"out | handed-out | handed out |  | 264.08 |  |  |  | 4",
		fund+"closing |  |  |  |  | 3516.42 |  |  | 4",
		fund+"made-of | stock | stock |  |  | 3516.42 |  |  | 4")
}

// TestLongTablesAreWrittenPageByPage: the memory in use does not grow with the table.
func TestLongTablesAreWrittenPageByPage(t *testing.T) {
	const lines = 2000
	const pages = many / lines
	read := func(_ context.Context, q report.StockQuery) (report.Stock, error) {
		page := 0
		if q.After != "" {
			if _, err := fmt.Sscan(q.After, &page); err != nil || q.KnownAt != 7 {
				return report.Stock{}, fmt.Errorf("asked for %+v", q)
			}
		}
		stock := report.Stock{KnownAt: 7, Lines: make([]report.StockLine, lines)}
		for i := range stock.Lines {
			stock.Lines[i] = report.StockLine{Item: fmt.Sprintf("ITEM-%d-%d", page, i), Location: "ST-1", Quantity: "3", Value: "12345678901234567890.12"}
		}
		if page++; page < pages {
			stock.Next = fmt.Sprint(page)
		}
		return stock, nil
	}
	for _, format := range exchange.Formats {
		f, err := os.Create(t.TempDir() + "/stock")
		if err != nil {
			t.Fatal(err)
		}
		asked, before := 0, inUse()
		place := func(context.Context, string) (warehouse.Location, error) {
			asked++
			return warehouse.Location{Name: "站"}, nil
		}
		watched := func(ctx context.Context, q report.StockQuery) (report.Stock, error) {
			stock, err := read(ctx, q)
			if now := inUse(); now > before+48<<20 {
				return stock, fmt.Errorf("%d MiB in use", (now-before)>>20)
			}
			return stock, err
		}
		if err := (exchange.Output{Format: format}).Stock(t.Context(), f, report.StockQuery{}, watched, place); err != nil {
			t.Fatal(format, err)
		}
		if info, err := f.Stat(); err != nil || info.Size() < many || asked != 1 {
			t.Errorf("%s: %v, %v, %d places asked for", format, info, err, asked)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
