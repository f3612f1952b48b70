package sheet

import (
	"bufio"
	"io"
	"strings"
)

// Writer writes a table row by row.
type Writer interface {
	// Write adds a row. What it is given may be used again.
	Write(row []Cell) error
	// Close ends the table. What it writes to stays open.
	Close() error
}

type csvWriter struct{ *bufio.Writer }

// NewCSV writes CSV in UTF-8. Every cell is quoted and no text can be taken for a formula. Old spreadsheets read Chinese only when the
// text begins with a byte order mark; programs that join texts are better off without it.
func NewCSV(w io.Writer, mark bool) Writer {
	c := csvWriter{bufio.NewWriter(w)}
	if mark {
		_, _ = c.WriteString("\uFEFF") // an error stays with the writer until Flush
	}
	return c
}

func (c csvWriter) Write(row []Cell) error {
	for i, cell := range row {
		if i > 0 {
			_ = c.WriteByte(',')
		}
		_, _ = c.WriteString(`"` + strings.ReplaceAll(guarded(cell.Text), `"`, `""`) + `"`)
	}
	_, err := c.WriteString("\r\n")
	return err
}

func (c csvWriter) Close() error { return c.Flush() }
