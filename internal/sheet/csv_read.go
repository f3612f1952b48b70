package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sample is how much of a file is looked at to find out how its cells are separated.
const sample = 64 << 10

func openCSV(source io.ReaderAt, size int64) (*File, error) {
	whole := func() io.Reader { return io.NewSectionReader(source, 0, size) }
	decoder, err := decoderOf(whole())
	if err != nil {
		return nil, err
	}
	text := func() io.Reader { return transform.NewReader(whole(), decoder()) }
	comma, err := separatorOf(text())
	if err != nil {
		return nil, err
	}
	return &File{rows: func(yield func(Row, error) bool) { readCSV(text(), comma, yield) }}, nil
}

// decoderOf finds out how the characters of a text are written. Chinese spreadsheets save CSV in GB18030 without saying so; a
// whole text in it is hardly ever valid UTF-8 by chance, so what is valid is UTF-8.
func decoderOf(text io.Reader) (func() transform.Transformer, error) {
	buffered := bufio.NewReader(text)
	head, _ := buffered.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")), len(head) == 0:
		return func() transform.Transformer { return unicode.UTF8BOM.NewDecoder() }, nil
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return func() transform.Transformer { return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder() }, nil
	}
	_, err := io.Copy(io.Discard, transform.NewReader(buffered, encoding.UTF8Validator))
	switch {
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return func() transform.Transformer { return simplifiedchinese.GB18030.NewDecoder() }, nil
	case err != nil:
		return nil, err
	}
	return func() transform.Transformer { return transform.Nop }, nil
}

// separatorOf is the character that separates the cells of the first line: a comma, where commas are decimal points a semicolon, or a
// tab as in text copied from a spreadsheet.
func separatorOf(text io.Reader) (rune, error) {
	head, err := io.ReadAll(io.LimitReader(text, sample))
	if err != nil {
		return 0, err
	}
	found := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(string(head), "\r\n") {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			found[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if found[r] > 0 && found[r] >= found[best] { // a heading may well hold a comma
			best = r
		}
	}
	return best, nil
}

func readCSV(text io.Reader, comma rune, yield func(Row, error) bool) {
	r := csv.NewReader(text)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	within := 0 // lines that began inside a cell: a spreadsheet does not count them
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var misfit *csv.ParseError
		if errors.As(err, &misfit) {
			yield(Row{}, fmt.Errorf("row %d: a quotation mark is missing or stands alone", misfit.StartLine-within))
			return
		}
		if err != nil {
			yield(Row{}, err)
			return
		}
		line, _ := r.FieldPos(0)
		row := Row{Number: line - within, Cells: make([]Cell, 0, len(record))}
		for _, field := range record {
			within += strings.Count(field, "\n")
			row.Cells = append(row.Cells, Cell{Text: unguarded(field)})
		}
		if !deliver(row, yield) {
			return
		}
	}
}

// deliver hands a row on, unless it is empty, and reports whether to go on.
func deliver(row Row, yield func(Row, error) bool) bool {
	row.Cells = trimmed(row.Cells)
	if len(row.Cells) == 0 {
		return true
	}
	if err := row.check(); err != nil {
		yield(Row{}, err)
		return false
	}
	return yield(row, nil)
}

// check refuses what no spreadsheet that a person looked at can hold.
func (r Row) check() error {
	if len(r.Cells) > MaxColumns {
		return fmt.Errorf("row %d has %d columns, at most %d wanted", r.Number, len(r.Cells), MaxColumns)
	}
	for i, c := range r.Cells {
		if strings.ContainsRune(c.Text, utf8.RuneError) { // what is no text decodes to it
			return fmt.Errorf("row %d, column %s: neither UTF-8 nor GB18030 can be read there", r.Number, Column(i))
		}
		if len(c.Text) > MaxText && utf8.RuneCountInString(c.Text) > MaxText {
			return fmt.Errorf("row %d, column %s has more than %d characters: is a quotation mark missing?", r.Number, Column(i), MaxText)
		}
	}
	return nil
}
