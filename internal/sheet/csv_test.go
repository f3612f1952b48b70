package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"reliefledger/internal/sheet"
)

func TestCSVIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("物品,数量\r\n棉被,3\r\n𠮷,1\r\n")
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("物品\t数量\r\n棉被\t3\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data string
		want []string
	}{
		"plain":                   {"item,quantity\nQUILT,3\n", []string{"1: item | quantity", "2: QUILT | 3"}},
		"no newline at the end":   {"item,quantity\r\nQUILT,3", []string{"1: item | quantity", "2: QUILT | 3"}},
		"byte order mark":         {"\uFEFF物品,数量\n棉被,3\n", []string{"1: 物品 | 数量", "2: 棉被 | 3"}},
		"GB18030":                 {gb, []string{"1: 物品 | 数量", "2: 棉被 | 3", "3: 𠮷 | 1"}},
		"UTF-16":                  {utf16, []string{"1: 物品 | 数量", "2: 棉被 | 3"}},
		"semicolons":              {"item;quantity\n\"Q,1\";\"3;4\"\n", []string{"1: item | quantity", "2: Q,1 | 3;4"}},
		"tabs":                    {"item\tquantity, all\nQ\t3\n", []string{"1: item | quantity, all", "2: Q | 3"}},
		"commas in a quoted head": {"\"item;a;b\",quantity\nQ,3\n", []string{"1: item;a;b | quantity", "2: Q | 3"}},
		"empty rows count":        {"\nitem\n\n\nQ,,\n,,\nR\n", []string{"2: item", "5: Q", "7: R"}},
		"lines inside cells":      {"item,note\nQ,\"one\ntwo \"\"three\"\"\n\"\nR,\n", []string{"1: item | note", "2: Q | one\ntwo \"three\"\n", "3: R"}},
		"twenty digits":           {"12345678901234567890.12\n", []string{"1: 12345678901234567890.12"}},
		"formulas are text":       {"\"=1+1\",@x,-5\n", []string{"1: =1+1 | @x | -5"}},
		"apostrophes of our own":  {"'=1+1,''-x,'quoted',-5,'-5\n", []string{"1: =1+1 | '-x | 'quoted' | -5 | -5"}},
		"nothing":                 {"", nil},
	} {
		t.Run(name, func(t *testing.T) { holds(t, []byte(c.data), c.want...) })
	}
}

func TestCSVThatCannotBeRead(t *testing.T) {
	t.Parallel()
	refused(t, []byte("a,b\n\n\"one\ntwo\",3\n5,\"x\n"), "row 4: a quotation mark is missing or stands alone")
	refused(t, []byte("a,b\n3\" nail,x\n"), "row 2: a quotation mark is missing or stands alone")
	refused(t, []byte("a,b\nx,\xff\xff\n"), "row 2, column B: neither UTF-8 nor GB18030 can be read there")
	refused(t, []byte("a,b\nx,"+strings.Repeat("y", sheet.MaxText+1)+"\n"), "row 2, column B has more than 32767 characters: is a quotation mark missing?")
	refused(t, []byte("a\n"+strings.Repeat(",", sheet.MaxColumns)+"x\n"), "row 2 has 201 columns, at most 200 wanted")
	if _, err := read(t, []byte("a\n"), "Sheet1"); err == nil || err.Error() != `a CSV file has no sheet "Sheet1"` {
		t.Error(err)
	}
	if _, err := sheet.Read(bytes.NewReader(nil), sheet.MaxBytes+1<<20, ""); err == nil || err.Error() != "the file has 257 MiB, at most 256 wanted" {
		t.Error(err)
	}
}

func TestCSVIsSafeToOpen(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	w := sheet.NewCSV(&buf, false)
	texts := []string{
		"=HYPERLINK(\"http://x\")", "+1-1", "-1+1", "@SUM(A1)", "\tx", "\rx", "＝1", "'=x", "'x", "-5", "-5.50", "- 5", "12345678901234567890.12", "plain, \"quoted\"", "",
	}
	row := make([]sheet.Cell, len(texts))
	for i, s := range texts {
		row[i].Text = s
	}
	if err := w.Write(row); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := `"'=HYPERLINK(""http://x"")","'+1-1","'-1+1","'@SUM(A1)","'` + "\tx\",\"'\rx" + `","'＝1","''=x","'x","-5","-5.50","'- 5","12345678901234567890.12","plain, ""quoted""",""` + "\r\n"
	if buf.String() != want {
		t.Errorf("wrote\n%s\nwanted\n%s", &buf, want)
	}
	holds(t, buf.Bytes(), "1: "+strings.Join(texts[:len(texts)-1], " | "))
}

// FuzzCSV: whatever a file holds, its rows count upward within limits, and what is written of them reads the same again.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"item,quantity\nQUILT,3\n", "\xEF\xBB\xBFa;b\n\"x\ny\";'=1\n", "\xC3\xDE\xB1\xBB,1\n", "\xFF\xFEa\x00,\x00b\x00", "''''-x\n", "a\t\"b\"\"\"\n\n\n,,\nz",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := sheet.Read(bytes.NewReader(data), int64(len(data)), "")
		if err != nil {
			return
		}
		var buf bytes.Buffer
		w := sheet.NewCSV(&buf, true)
		var before [][]sheet.Cell
		last := 0
		for row, err := range table.Rows() {
			if err != nil {
				return
			}
			if row.Number <= last || len(row.Cells) == 0 || len(row.Cells) > sheet.MaxColumns {
				t.Fatalf("row %d after row %d with %d cells", row.Number, last, len(row.Cells))
			}
			last = row.Number
			before = append(before, row.Cells)
			if err := w.Write(row.Cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := sheet.Read(bytes.NewReader(buf.Bytes()), int64(buf.Len()), "")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for row, err := range again.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			for i, cell := range row.Cells {
				if cell != before[n][i] {
					t.Fatalf("row %d, column %s was %q and reads %q", row.Number, sheet.Column(i), before[n][i].Text, cell.Text)
				}
			}
			n++
		}
		if n != len(before) {
			t.Fatalf("%d rows of %d", n, len(before))
		}
	})
}
