package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/internal/sheet"
)

// read gives the rows of a table as "NUMBER: kind text | kind text", where text cells have no kind.
func read(t *testing.T, data []byte, name string) (rows []string, err error) {
	t.Helper()
	f, err := sheet.Read(bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		return nil, err
	}
	for row, err := range f.Rows() {
		if err != nil {
			return rows, err
		}
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = map[sheet.Kind]string{sheet.Number: "number ", sheet.Long: "long ", sheet.Day: "day ", sheet.Failed: "failed "}[c.Kind] + c.Text
		}
		rows = append(rows, fmt.Sprintf("%d: %s", row.Number, strings.Join(cells, " | ")))
	}
	return rows, f.Close()
}

// holds wants a table of exactly these rows.
func holds(t *testing.T, data []byte, want ...string) {
	t.Helper()
	got, err := read(t, data, "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows are\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// refused wants a table that cannot be read to its end, with these words.
func refused(t *testing.T, data []byte, want string) {
	t.Helper()
	if _, err := read(t, data, ""); err == nil || err.Error() != want {
		t.Errorf("error is %v, wanted %s", err, want)
	}
}

// zipped is an archive of parts, given as name and content in turn.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// workbook is the smallest workbook, as programs other than Excel write it. The second of its styles shows days.
func workbook(t *testing.T, properties, texts, rows string) []byte {
	t.Helper()
	return zipped(t,
		"_rels/.rels", `<Relationships><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="rel">`+properties+`<sheets><sheet name="hidden" sheetId="1" state="hidden" r:id="r8"/><sheet name="data" sheetId="2" r:id="r9"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r9" Type="x/worksheet" Target="worksheets/Sheet2.xml"/>
			<Relationship Id="r3" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r4" Type="x/styles" Target="styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst>`+texts+`</sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="165" formatCode="0.00&quot;days&quot;"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="31"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet2.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`,
	)
}
