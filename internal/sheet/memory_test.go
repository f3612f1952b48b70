package sheet_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"reliefledger/internal/sheet"
)

// TestLongTablesStayOutOfMemory writes and reads many rows of ten cells and looks at the memory in use along the way.
// It does not run beside other tests, which have memory of their own.
func TestLongTablesStayOutOfMemory(t *testing.T) {
	for name, c := range map[string]struct {
		open func(f *os.File) (sheet.Writer, error)
		most uint64 // MiB
	}{
		"csv":  {func(f *os.File) (sheet.Writer, error) { return sheet.NewCSV(f, true), nil }, 4},
		"xlsx": {func(f *os.File) (sheet.Writer, error) { return sheet.NewXLSX(f, "rows") }, 48},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "table")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			w, err := c.open(f)
			if err != nil {
				t.Fatal(err)
			}
			before := inUse()
			row := make([]sheet.Cell, 10)
			for n := range many {
				for i := range row {
					row[i].Text = fmt.Sprintf("棉被-%d-%d", n, i)
				}
				row[9] = sheet.Cell{Kind: sheet.Number, Text: fmt.Sprint(n)}
				if err := w.Write(row); err != nil {
					t.Fatal(err)
				}
				watch(t, n, before, c.most)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			readBack(t, path, c.most)
		})
	}
}

func readBack(t *testing.T, path string, most uint64) {
	t.Helper()
	table, err := sheet.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	before, n := inUse(), 0
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number != n+1 || row.At(9).Text != fmt.Sprint(n) {
			t.Fatalf("row %d is %v", n+1, row)
		}
		watch(t, n, before, most)
		n++
	}
	if n != many {
		t.Errorf("%d rows, wanted %d", n, many)
	}
}

// watch looks at the memory in use now and then.
func watch(t *testing.T, n int, before, most uint64) {
	t.Helper()
	if n%(many/5) != many/5-1 {
		return
	}
	if now := inUse(); now > before+most<<20 {
		t.Fatalf("%d MiB in use after %d rows, at most %d wanted", (now-before)>>20, n+1, most)
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkXLSX reads a workbook of 10,000 rows.
func BenchmarkXLSX(b *testing.B) {
	var buf bytes.Buffer
	w, err := sheet.NewXLSX(&buf, "rows")
	if err != nil {
		b.Fatal(err)
	}
	for n := range 10_000 {
		row := make([]sheet.Cell, 10)
		for i := range row {
			row[i].Text = fmt.Sprint(n, i)
		}
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		table, err := sheet.Read(bytes.NewReader(buf.Bytes()), int64(buf.Len()), "")
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range table.Rows() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
