package sheet_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"reliefledger/internal/sheet"
)

func TestCellsOfAWorkbookSayWhatTheyWere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cell, want string }{
		"shared text":              {`<c r="A1" t="s"><v>0</v></c>`, "棉被"},
		"text in pieces":           {`<c r="A1" t="s"><v>1</v></c>`, "棉大衣"},
		"text in the cell":         {`<c r="A1" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>`, " x "},
		"escaped":                  {`<c r="A1" t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c>`, "a\rb_x0041_"},
		"formula's text":           {`<c r="A1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>`, "ab"},
		"text of twenty digits":    {`<c r="A1" t="inlineStr"><is><t>12345678901234567890.12</t></is></c>`, "12345678901234567890.12"},
		"number":                   {`<c r="A1"><v>7350</v></c>`, "number 7350"},
		"as Excel writes 1.1":      {`<c r="A1" t="n"><v>1.1000000000000001</v></c>`, "number 1.1"},
		"with an exponent":         {`<c r="A1"><v>1.5E-3</v></c>`, "number 0.0015"},
		"fifteen digits":           {`<c r="A1"><v>123456789012345</v></c>`, "number 123456789012345"},
		"minus nothing":            {`<c r="A1"><v>-0</v></c>`, "number 0"},
		"sixteen digits":           {`<c r="A1"><v>1234567890123456</v></c>`, "long 1234567890123456"},
		"digits that Excel zeroed": {`<c r="A1"><v>1.23456789012345E+19</v></c>`, "long 1.23456789012345E+19"},
		"a drifted sum":            {`<c r="A1"><f>A2+A3</f><v>0.30000000000000004</v></c>`, "long 0.30000000000000004"},
		"no number at all":         {`<c r="A1"><v>0x1F</v></c>`, "failed 0x1F"},
		"not a number":             {`<c r="A1"><v>NaN</v></c>`, "failed NaN"},
		"error":                    {`<c r="A1" t="e"><v>#N/A</v></c>`, "failed #N/A"},
		"truth":                    {`<c r="A1" t="b"><v>1</v></c>`, "TRUE"},
		"day":                      {`<c r="A1" s="1"><v>45284</v></c>`, "day 2023-12-24"},
		"Chinese day":              {`<c r="A1" s="3"><v>45284</v></c>`, "day 2023-12-24"},
		"day and time":             {`<c r="A1" s="1"><v>45284.770833333336</v></c>`, "day 2023-12-24 18:30:00"},
		"just before midnight":     {`<c r="A1" s="1"><v>45283.999999999</v></c>`, "day 2023-12-24"},
		"time of day":              {`<c r="A1" s="1"><v>0.75</v></c>`, "number 0.75"},
		"a number of days":         {`<c r="A1" s="2"><v>45284</v></c>`, "number 45284"},
		"ISO day":                  {`<c r="A1" t="d"><v>2023-12-24T00:00:00</v></c>`, "day 2023-12-24"},
		"no reference":             {`<c t="s"><v>0</v></c>`, "棉被"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const texts = `<si><t>棉被</t></si><si><r><t>棉</t></r><r><rPr><b/></rPr><t>大衣</t></r><rPh sb="0" eb="1"><t>mian</t></rPh></si>`
			holds(t, workbook(t, "", texts, `<row r="1">`+c.cell+`</row>`), "1: "+c.want)
		})
	}
	holds(t, workbook(t, `<workbookPr date1904="1"/>`, "", `<row><c s="1"><v>43822</v></c></row>`), "1: day 2023-12-24")
	holds(t, workbook(t, "", "", `<row r="3"><c r="B3"><v>1</v></c><c r="D3"/><c r="E3"><v></v></c></row><row/><row><c><v>2</v></c></row><row r="9"/>`),
		"3:  | number 1", "5: number 2")
}

func TestWorkbooksThatCannotBeRead(t *testing.T) {
	t.Parallel()
	refused(t, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1old"), "the file is an old or a protected workbook: save it as .xlsx without a password, or as .csv")
	refused(t, []byte("PK\x03\x04 nothing else"), "the file is no workbook: zip: not a valid zip file")
	refused(t, zipped(t, "word/document.xml", "<document/>"), `the workbook has no part "_rels/.rels"`)
	refused(t, workbook(t, "", "", `<row><c r="GS1"><v>1</v></c></row>`), "row 1 has more than 200 columns")
	refused(t, workbook(t, "", "", `<row><c r="C1" t="s"><v>7</v></c></row>`), `row 1, column C: text number "7" is not in the workbook`)
	refused(t, workbook(t, "", "", `<row><c><v>1</v></c></row><row><c>`), "row 2, column A: XML syntax error on line 1: element <c> closed by </sheetData>")
	refused(t, workbook(t, "", "", `<row><c><v>1</v></c></row><row>`), "the workbook's xl/worksheets/Sheet2.xml cannot be read: XML syntax error on line 1: element <row> closed by </sheetData>")
	if _, err := read(t, workbook(t, "", "", ""), "stock"); err == nil || err.Error() != `the workbook has no sheet "stock", it has ["hidden" "data"]` {
		t.Error(err)
	}
}

// TestABombIsNotUnzipped: a workbook that would fill the memory is refused by what it says of itself.
func TestABombIsNotUnzipped(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: sheet.MaxBytes/2 + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, bomb.Bytes(), "the workbook unzips to more than 256 MiB")
}

// TestWorkbooksOfAnotherProgram reads what another program wrote.
func TestWorkbooksOfAnotherProgram(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	for cell, value := range map[string]any{
		"A1": "物品", "B1": "数量", "C1": "日期", "A2": "棉被", "B2": 3, "C2": time.Date(2023, 12, 24, 0, 0, 0, 0, time.UTC),
		"A3": "=1+1", "B3": 61.25, "C3": true, "A4": "12345678901234567890.12",
	} {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("other"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("other", "A1", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	holds(t, buf.Bytes(), "1: 物品 | 数量 | 日期", "2: 棉被 | number 3 | day 2023-12-24", "3: =1+1 | number 61.25 | TRUE", "4: 12345678901234567890.12")
	if rows, err := read(t, buf.Bytes(), "other"); err != nil || len(rows) != 1 || rows[0] != "1: elsewhere" {
		t.Error(rows, err)
	}
}

func TestXLSXReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	w, err := sheet.NewXLSX(&buf, "库存")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]sheet.Cell{
		{{Text: "item"}, {Text: "quantity"}, {Text: "value"}, {Text: "expires on"}},
		{{Text: "=1+1"}, {Kind: sheet.Number, Text: "-289.50"}, {Kind: sheet.Number, Text: "12345678901234567890.12"}, {Kind: sheet.Day, Text: "2023-12-24"}},
		{{Text: " a_x0041_b\n"}, {}, {Kind: sheet.Number, Text: "123456789012345"}, {Kind: sheet.Day, Text: "1899-01-01"}},
		{{Text: "0031"}, {Kind: sheet.Number, Text: "0.10"}, {Kind: sheet.Number, Text: "1234567890123.456"}},
	} {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write([]sheet.Cell{{}, {Text: strings.Repeat("字", sheet.MaxText+1)}}); err == nil || err.Error() != "row 5, column B: the text has 32768 characters, a spreadsheet keeps 32767" {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, buf.Bytes(),
		"1: item | quantity | value | expires on",
		"2: =1+1 | number -289.5 | 12345678901234567890.12 | day 2023-12-24",
		"3:  a_x0041_b\n |  | number 123456789012345 | 1899-01-01",
		"4: 0031 | number 0.1 | 1234567890123.456")
	shown(t, buf.Bytes(), "-289.50", "12345678901234567890.12", "2023-12-24")
}

// shown wants another program to show the second row so, from its second column.
func shown(t *testing.T, data []byte, want ...string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range want {
		if rows[1][i+1] != text {
			t.Errorf("column %s shows %q, wanted %q", sheet.Column(i+1), rows[1][i+1], text)
		}
	}
}
