package sheet

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

type xlsxWriter struct {
	out    io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	rows   int
	styles map[string]int // by number format
	values []any
}

// NewXLSX writes a workbook of one sheet, whose first row stays in sight. Numbers of more than 15 digits are written as text: no digit
// of theirs is lost, though the spreadsheet does not add them up.
func NewXLSX(w io.Writer, name string) (Writer, error) {
	book := excelize.NewFile()
	x := &xlsxWriter{out: w, book: book, styles: map[string]int{}}
	err := book.SetSheetName("Sheet1", name)
	if err == nil {
		x.stream, err = book.NewStreamWriter(name)
	}
	if err == nil {
		err = x.stream.SetColWidth(1, 30, 16)
	}
	if err == nil {
		err = x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	return x, nil
}

func (x *xlsxWriter) Write(row []Cell) error {
	x.values = x.values[:0]
	for i, cell := range row {
		value, err := x.value(cell)
		if err != nil {
			return fmt.Errorf("row %d, column %s: %w", x.rows+1, Column(i), err)
		}
		x.values = append(x.values, value)
	}
	x.rows++
	return x.stream.SetRow("A"+strconv.Itoa(x.rows), x.values)
}

func (x *xlsxWriter) value(cell Cell) (any, error) {
	switch {
	case cell.Text == "":
		return nil, nil
	case cell.Kind == Number && isTrusted(cell.Text):
		_, decimals, _ := strings.Cut(cell.Text, ".")
		value, err := strconv.ParseFloat(cell.Text, 64)
		if err != nil {
			return nil, err
		}
		return x.styled(value, strings.TrimSuffix("0."+strings.Repeat("0", len(decimals)), "."))
	case cell.Kind == Day:
		if day, err := time.Parse(time.DateOnly, cell.Text); err == nil && day.Sub(epoch) >= firstTrueDay*24*time.Hour {
			return x.styled(int(day.Sub(epoch)/(24*time.Hour)), "yyyy-mm-dd")
		}
	}
	if units := len(utf16.Encode([]rune(cell.Text))); units > MaxText {
		return nil, fmt.Errorf("the text has %d characters, a spreadsheet keeps %d", units, MaxText) // it would be cut silently
	}
	return cell.Text, nil
}

// isTrusted reports whether a spreadsheet keeps every digit of a number.
func isTrusted(s string) bool {
	digits := strings.TrimLeft(strings.Replace(strings.TrimPrefix(s, "-"), ".", "", 1), "0")
	return plainNumber.MatchString(s) && len(digits) <= trusted
}

func (x *xlsxWriter) styled(value any, format string) (any, error) {
	style, known := x.styles[format]
	if !known {
		var err error
		if style, err = x.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
		x.styles[format] = style
	}
	return excelize.Cell{StyleID: style, Value: value}, nil
}

func (x *xlsxWriter) Close() error {
	err := x.stream.Flush()
	if err == nil {
		err = x.book.Write(x.out)
	}
	if closed := x.book.Close(); err == nil {
		err = closed
	}
	return err
}
