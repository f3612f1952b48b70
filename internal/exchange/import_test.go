package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"reliefledger/internal/exchange"
	"reliefledger/warehouse"
)

const (
	openingTable = "地点,资金,业务日期,物品,数量,包装,价值,有效期至\n" +
		"ST-1,WINTER-23,2024-03-01,QUILT,3,包,3660.00,\n" +
		"ST-1,WINTER-23,2024-03-01,FOOD,24,,120.5,2024年4月1日\n"
	receiptTable = "reference,location,kind,party,fund,on,item,quantity,unit price,value\n" +
		"PO-7,ST-1,purchase,SUP,WINTER-23,2024-03-02,QUILT,10,61.25,\n" +
		"PO-7,,,,,,RICE,1.500,,12.30\n" +
		"PO-8,ST-1,采购,SUP,WINTER-23,20240302,QUILT,1,,70\n"
	handoutTable = "单据号,地点,业务日期,人数,性别,物品,数量\n" +
		"1,ST-1,2024-03-03,1,女,QUILT,2\n" +
		"1,ST-1,,,,FOOD,4\n" +
		",ST-1,2024-03-03,1,男,QUILT,1\n" +
		",ST-1,2024-03-03,1,男,QUILT,1\n"
)

// A bank's statement is one file. The same file adds nothing, whatever came after it, and what is wrong is told by row and column.
func TestABankStatementOutOfASpreadsheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	january := "银行账户,起始日期,截止日期,期初余额,期末余额,日期,金额,凭证号,对方户名,摘要,银行流水号\n" +
		"ICBC,2024-01-01,2024-01-31,1000.00,12345678901234567990.12,2024-01-05,12345678901234567890.12,CT-1,省财政厅,拨款,20240105000000000001\n" +
		",,,,,2024/1/9,-900,,棉纺厂,,\n"
	s := h.takes("bank-statement", january)
	if s.Rows != 2 || s.Documents != 1 || s.New != 1 {
		t.Errorf("January: %+v", s)
	}
	february := "bank,from,to,opening,closing,on,amount\nICBC,2024-02-01,2024-02-29,12345678901234567990.12,12345678901234567980.12,2024-02-03,-10\n"
	if s := h.takes("bank-statement", february); s.New != 1 {
		t.Errorf("February: %+v", s)
	}
	other, err := h.give("bank-statement", strings.ReplaceAll(january, "棉纺厂", "纺织厂"), exchange.Options{Key: s.Key})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, told(other, exchange.English), []string{fmt.Sprintf("row 3, column I (对方户名): key %s/2 was used for entry 1 with another lines/1/counterparty", s.Key)})
	for _, file := range []string{january, february} {
		if s := h.takes("bank-statement", file); s.New != 0 || s.Repeated != 1 {
			t.Errorf("again: %+v", s)
		}
	}
	march := "bank,from,to,opening,closing,on,amount\nICBC,2024-03-01,2024-03-10,12345678901234567980.12,12345678901234567980.12,,\n"
	for _, news := range []int{1, 0} {
		if s := h.takes("bank-statement", march); s.New != news || s.Documents != 1 {
			t.Errorf("a statement without movements: %+v", s)
		}
	}
	h.refuses("bank-statement", march+",,,,,2024-03-02,5\n", "row 2, column F (on): the cell is empty", "row 2, column G (amount): the cell is empty")
	h.refuses("bank-statement", "bank,from,to,opening,closing,on,amount\nICBC,2024-03-11,2024-03-11,0,1,2024-03-11,1\n"+strings.Repeat(",,,,,2024-03-11,1\n", 2001),
		"row 2002: a bank statement has at most 2000 lines: divide the file between two days, each part a statement with its own days, opening and closing")
	h.refuses("bank-statement", "bank,from,to,opening,closing,on,amount\nICBC,2024-03-01,2024-03-10,1,2,2024-03-01,+5\nCCB,,,,,3/4,1\n",
		`row 2, column G (amount): "+5" is not an amount of at most 24 digits before and 9 after the point, with a minus when it left`,
		`row 3, column F (on): "3/4" is not a day, as 2023-12-24`, `row 3, column A (bank): "CCB" stands here and "ICBC" in row 2, but rows with one reference are one document`)
	h.refuses("bank-statement", "bank,from,to,opening,closing,on,amount\nCCB,2024-03-01,2024-03-10,1,2,2024-03-01,1\n,,,,,2024-03-11,0.5\n",
		"row 3, column F (on): a bank line of 2024-03-11, the statement is from 2024-03-01 to 2024-03-10",
		"row 2, column E (closing): the opening and the lines make 2.50, the statement closes with 2.00: they differ by -0.50")
}

func TestAWinterOutOfSpreadsheets(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	if s := h.takes("opening", openingTable); s.Rows != 2 || s.Documents != 1 || s.New != 1 {
		t.Errorf("opening: %+v", s)
	}
	if s := h.takes("receipts", receiptTable); s.Rows != 3 || s.Documents != 2 || s.New != 2 {
		t.Errorf("receipts: %+v", s)
	}
	h.holds("stock:ST-1",
		"FOOD GR-ST-1-2024-00001.2 WINTER-23 24 120.50",
		"QUILT GR-ST-1-2024-00001.1 WINTER-23 60 3660.00",
		"QUILT GR-ST-1-2024-00002.1 WINTER-23 10 612.50",
		"QUILT GR-ST-1-2024-00003.1 WINTER-23 1 70.00",
		"RICE GR-ST-1-2024-00002.2 WINTER-23 1.5 12.30")
	if s := h.takes("handouts", handoutTable); s.Documents != 3 || s.New != 3 {
		t.Errorf("handouts: %+v", s)
	}
	note, err := h.keeper.HandoutNote(t.Context(), "HO-ST-1-2024-00001")
	if err != nil || len(note.Lines) != 2 || note.People != 1 || note.Sex != "female" {
		t.Errorf("the first handout is %+v, %v", note, err)
	}
	h.contribute("CASH-23", "1000.00")
	s := h.takes("payments", "业务日期,类型,资金,银行账户,收款方,金额（元）,地点,单据号\n2024/3/4,临时救助金,CASH-23,ICBC,p-1,482.00,ST-1,CASE-1\n2024-03-04,relief-cash,CASH-23,ICBC,p-2,18,ST-1,\n")
	if s.New != 2 {
		t.Errorf("payments: %+v", s)
	}
	h.holds("bank:ICBC", "CNY  CASH-23 500 500.00")
}

func TestTheSameTableTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	for kind, table := range map[string]string{"items": itemTable, "locations": locationTable, "parties": partyTable} {
		if s := h.takes(kind, table); s.New != 0 || s.Repeated != s.Documents {
			t.Errorf("%s again: %+v", kind, s)
		}
	}
	for _, c := range []struct{ kind, table string }{{"opening", openingTable}, {"receipts", receiptTable}, {"handouts", handoutTable}} {
		h.takes(c.kind, c.table)
		before := h.entries()
		if s := h.takes(c.kind, c.table); s.New != 0 || s.Repeated != s.Documents || h.entries() != before {
			t.Errorf("%s again: %+v", c.kind, s)
		}
	}
}

func TestADryRunTellsWhatItWouldDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	var lines []string
	var steps []string
	o := exchange.Options{
		DryRun: true,
		Told: func(l exchange.Line) {
			lines = append(lines, fmt.Sprintf("rows %d to %d: %s, entry %d", l.First, l.Last, l.Document, l.Entry))
		},
		Progress: func(step exchange.Step, done, total int) {
			steps = append(steps, fmt.Sprintf("%s %d/%d", step, done, total))
		},
	}
	s, err := h.give("receipts", receiptTable, o)
	if err != nil || s.New != 2 || s.Repeated != 0 || h.entries() != 0 {
		t.Errorf("%+v, %v, %d entries", s, err, h.entries())
	}
	if want := []string{"rows 2 to 3: GR-ST-1-2024-00001, entry 1", "rows 4 to 4: GR-ST-1-2024-00002, entry 2"}; !slices.Equal(lines, want) {
		t.Errorf("told %q", lines)
	}
	if want := []string{"checking 3/0", "checking 3/0", "trying 3/3"}; !slices.Equal(steps, want) {
		t.Errorf("progress %q", steps)
	}
	s, err = h.give("items", "code,name,unit,category\nQUILT,棉被,床,quilt\nTEA,茶,袋,food\n", exchange.Options{DryRun: true})
	wantFaults(t, told(s, exchange.English), []string{"row 2 (name en): QUILT is in the register with other name_en, packs"})
	if err != nil || s.New != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestEveryBadRowIsToldAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.refuses("items", "编码,名称,单位,数量,类别,类别\n", `row 1, column D: heading "数量" is not known here, known are: code 编码, name 名称, name en 英文名称, `+
		`unit 单位, decimals 小数位数, category 类别, packs 包装, expires 有保质期, shelf life days 保质天数, classification 分类代码, retired 停用`,
		`row 1, column F: heading "类别" means the same as column E`)
	h.refuses("items", "\n\ncode,unit\nX,y\n", "row 3: there is no column name", "row 3: there is no column category")
	h.refuses("items", "", "the sheet is empty, a row of headings wanted")
	h.refuses("items", "code,name,unit,category,packs,expires,decimals\n"+
		"A,甲,件,衣服,20,perhaps,1.5\n"+
		",乙,件,other,包=1;箱=x,,-1,more\n",
		`row 2, column D (category): "衣服" is none of clothing 衣物, quilt 棉被, hygiene 卫生防疫用品, food 食品, leaflet 宣传资料, equipment 设备, other 其他`,
		`row 2, column E (packs): "20" is not a list of packs, as "bale=20; carton=40"`,
		`row 2, column F (expires): "perhaps" is neither yes nor no`,
		`row 2, column G (decimals): "1.5" is not a whole number of at most 9 digits`,
		`row 3, column E (packs): "包=1;箱=x" is not a list of packs, as "bale=20; carton=40"`,
		`row 3, column G (decimals): "-1" is not a whole number of at most 9 digits`,
		`row 3, column H: "more" stands under no heading`,
		`row 3, column A (code): the cell is empty`)
	h.refuses("receipts", "reference,location,kind,party,fund,on,item,quantity,value\n"+
		"PO-1,ST-1,purchase,SUP,WINTER-23,2024-03-02,QUILT,1e3,\"1,200\"\n"+
		"PO-1,ST-1,,,OTHER-23,3/4/2024,QUILT,１２,\n"+
		"PO-2,,purchase,SUP,WINTER-23,2024-02-30,QUILT,1,5\n"+
		"PO-1,ST-1,purchase,SUP,WINTER-23,2024-03-02,QUILT,1,5\n",
		`row 2, column H (quantity): "1e3" is not a number of at most 24 digits before and 9 after the point`,
		`row 2, column I (value): "1,200" is not a number of at most 24 digits before and 9 after the point`,
		`row 3, column F (on): "3/4/2024" is not a day, as 2023-12-24`,
		`row 3, column H (quantity): "１２" is not a number of at most 24 digits before and 9 after the point`,
		`row 3, column E (fund): "OTHER-23" stands here and "WINTER-23" in row 2, but rows with one reference are one document`,
		`row 3, column F (on): "3/4/2024" stands here and "2024-03-02" in row 2, but rows with one reference are one document`,
		`row 4, column F (on): "2024-02-30" is not a day, as 2023-12-24`,
		`row 4, column B (location): the cell is empty`,
		`row 5, column A (reference): reference PO-1 was used in row 2 already: the rows of one document stand together`)
}

func TestWhatTheBookRefusesIsToldByItsRow(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("opening", openingTable)
	h.refuses("handouts", "单据号,地点,业务日期,人数,物品,数量\n"+
		"1,ST-1,2024-03-03,1,QUILT,2\n"+
		"1,,,,NOTHING,4\n"+
		",ST-9,2024-03-03,1,QUILT,1\n"+
		",ST-1,2024-03-03,1,QUILT,100\n"+
		",ST-1,2024-04-03,1,QUILT,1\n",
		`row 3, column E (物品): item "NOTHING" is not in the register`,
		`row 4, column B (地点): location "ST-9" is not in the register`,
		`row 5, column F (数量): stock:ST-1 holds 60 of QUILT, 100 wanted`,
		`row 6, column C (业务日期): 2024-04-03 lies after today, 2024-03-15`)
	h.refuses("receipts", "location,kind,party,fund,item,quantity,pack\nST-1,purchase,SUP,WINTER-23,QUILT,0.33,包\n",
		"row 2, column F (quantity): 0.33 包 of 20 is 6.6 床 of QUILT, at most 0 decimals wanted",
		"row 2 (value): QUILT needs either a unit_price or a value")
	h.refuses("locations", "code,name,kind,parent\nPT-8,乙,point,PT-9\nPT-9,甲,point,ST-1\nPT-9,甲,point,ST-1\n",
		"row 2, column D (parent): location PT-9 is neither in the register nor in a row above PT-8",
		"row 4, column A (code): PT-9 stands in the sheet twice")
}

func TestFaultsInChinese(t *testing.T) {
	t.Parallel()
	s, err := give(t.Context(), t, "payments", []byte("类型,资金,银行账户,收款方,金额\n现金,CASH-23,ICBC,p-1,1.2.3\n"), exchange.Posters{}, exchange.Options{Language: exchange.Chinese})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, told(s, exchange.Chinese), []string{
		"第2行A列（类型）：“现金”不在可选值之中：supplier 供应商, relief-cash 临时救助金, charity 慈善帮扶, project 项目",
		"第2行E列（金额）：“1.2.3”不是数字：小数点前最多24位、小数点后最多9位",
	})
}

// TestAnInterruptedImportGoesOn cuts the way to the book: before anything arrives, then after a batch arrived whose answer is lost.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	table := "location,fund,on,item,quantity,value,reference\n"
	const documents = 450 // three batches
	for n := range documents {
		table += fmt.Sprintf("ST-1,WINTER-23,2024-03-01,QUILT,1,50,%d\n", n)
	}
	broken := errors.New("the line is cut")
	for cut := range 2 {
		posters, batch := h.posters, 0
		posters.Receipts = func(ctx context.Context, dry bool, keys []string, requests []warehouse.Receipt) ([]exchange.Outcome, error) {
			if dry {
				return h.posters.Receipts(ctx, dry, keys, requests)
			}
			batch++
			if batch <= cut {
				return h.posters.Receipts(ctx, dry, keys, requests)
			}
			if cut == 1 { // the request arrived, its answer did not
				_, err := h.posters.Receipts(ctx, dry, keys, requests)
				return nil, errors.Join(err, broken)
			}
			return nil, broken
		}
		s, err := give(t.Context(), t, "opening", []byte(table), posters, exchange.Options{})
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), fmt.Sprintf("booking from row %d on: ", 2+200*cut)) {
			t.Fatalf("cut %d: %+v, %v", cut, s, err)
		}
	}
	sent := 0
	posters := h.posters
	posters.Receipts = func(ctx context.Context, dry bool, keys []string, requests []warehouse.Receipt) ([]exchange.Outcome, error) {
		if !dry {
			sent += len(requests)
		}
		return h.posters.Receipts(ctx, dry, keys, requests)
	}
	told := 0
	s, err := give(t.Context(), t, "opening", []byte(table), posters, exchange.Options{Told: func(exchange.Line) { told++ }})
	if err != nil || s.New != 50 || s.Repeated != 400 || sent != 50 || told != documents {
		t.Errorf("%+v, %v, %d sent again, %d told", s, err, sent, told)
	}
	if s := h.takes("opening", table); s.New != 0 || s.Repeated != documents || h.entries() != documents {
		t.Errorf("%+v and %d entries", s, h.entries())
	}
}

// TestACorrectedTableGoesOnUnderItsKey: another process took goods between trying and booking, so that one row was refused in its turn.
func TestACorrectedTableGoesOnUnderItsKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("opening", openingTable)
	const head = "location,people,on,item,quantity\n"
	posters := h.posters
	posters.Handouts = func(ctx context.Context, dry bool, keys []string, requests []warehouse.Handout) ([]exchange.Outcome, error) {
		outcomes, err := h.posters.Handouts(ctx, dry, keys, requests)
		if dry {
			return make([]exchange.Outcome, len(requests)), nil
		}
		return outcomes, err
	}
	s, err := give(t.Context(), t, "handouts", []byte(head+"ST-1,1,2024-03-03,QUILT,1\nST-1,1,2024-03-03,QUILT,61\nST-1,1,2024-03-03,QUILT,2\n"), posters, exchange.Options{})
	if err != nil || s.New != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	wantFaults(t, told(s, exchange.English), []string{"row 3, column E (quantity): stock:ST-1 holds 59 of QUILT, 61 wanted"})
	again, err := h.give("handouts", head+"ST-1,1,2024-03-03,QUILT,1\nST-1,1,2024-03-03,QUILT,6\nST-1,1,2024-03-03,QUILT,2\n", exchange.Options{Key: s.Key})
	if err != nil || again.New != 1 || again.Repeated != 2 {
		t.Errorf("%+v, %v", again, err)
	}
	changed, err := h.give("handouts", head+"ST-1,1,2024-03-03,QUILT,9\n", exchange.Options{Key: s.Key})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, told(changed, exchange.English), []string{
		fmt.Sprintf("row 2, column E (quantity): key %s/2 was used for entry 2 with another lines/0/quantity", s.Key),
	})
	h.holds("handed-out:ST-1", "QUILT GR-ST-1-2024-00001.1 WINTER-23 9 549.00")
}

// TestALongTableMayAskForMoreThanThereIs: what is tried in one batch is not seen by the next, so the last rows are refused in their turn.
func TestALongTableMayAskForMoreThanThereIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("opening", "location,fund,on,item,quantity,value\nST-1,WINTER-23,2024-03-01,QUILT,250,250\n")
	s, err := h.give("handouts", "location,people,on,item,quantity\n"+strings.Repeat("ST-1,1,2024-03-03,QUILT,1\n", 300), exchange.Options{})
	if err != nil || s.New != 250 || len(s.Faults) != 50 {
		t.Fatalf("%d booked, %d faults, %v", s.New, len(s.Faults), err)
	}
	wantFaults(t, told(s, exchange.English)[:1], []string{"row 252, column E (quantity): stock:ST-1 holds 0 of QUILT, 1 wanted"})
}

func TestLongNumbersSurviveASpreadsheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.contribute("CASH-23", "99999999999999999999.99")
	const amount = "12345678901234567890.12"
	h.takes("payments", "kind,fund,bank,payee,amount,location\nrelief-cash,CASH-23,ICBC,p-1,"+amount+",ST-1\n")
	rows := [][]any{{"kind", "fund", "bank", "payee", "amount", "location"}, {"relief-cash", "CASH-23", "ICBC", "p-2", amount, "ST-1"}, {"relief-cash", "CASH-23", "ICBC", "p-3", 61.1, "ST-1"}}
	h.takes("payments", string(workbook(t, rows)))
	h.holds("expense:relief-cash", "CNY  CASH-23 24691357802469135841.34 24691357802469135841.34")
	rows[2][4] = 12345678901234567.0
	h.refuses("payments", string(workbook(t, rows)),
		"row 3, column E (amount): 12345678901234500 has more digits than a spreadsheet keeps of a number, which are 15: format the column as text and type it again")
	h.refuses("items", string(workbook(t, [][]any{{"code", "name", "unit", "category"}, {day("2024-01-02").Time(), "甲", "件", "other"}})),
		"row 2, column A (code): the spreadsheet has made the day 2024-01-02 of a text such as 1-2: format the column as text and type it again")
}

// workbook is a sheet as another program writes it.
func workbook(t *testing.T, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for n, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
