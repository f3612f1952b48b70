package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// errEnough ends the reading of rows that nobody wants any more.
var errEnough = errors.New("enough")

// read hands on the rows of a sheet.
func (b *workbook) read(part string, yield func(Row, error) bool) {
	row := Row{}
	next := 0 // column after the last cell
	err := b.walk(part, func(d *xml.Decoder, start xml.StartElement) error {
		switch start.Name.Local {
		case "row":
			if !deliver(row, yield) {
				return errEnough
			}
			row, next = Row{Number: row.Number + 1}, 0
			if n, err := strconv.Atoi(attribute(start, "r")); err == nil && n > row.Number {
				row.Number = n
			}
		case "c":
			if at := columnOf(attribute(start, "r")); at >= next {
				next = at
			}
			if next >= MaxColumns {
				return fmt.Errorf("row %d has more than %d columns", row.Number, MaxColumns)
			}
			cell, err := b.cell(d, start)
			if err != nil {
				return fmt.Errorf("row %d, column %s: %w", row.Number, Column(next), err)
			}
			for len(row.Cells) <= next {
				row.Cells = append(row.Cells, Cell{})
			}
			row.Cells[next] = cell
			next++
		}
		return nil
	})
	switch {
	case err == nil:
		deliver(row, yield)
	case !errors.Is(err, errEnough):
		yield(Row{}, err)
	}
}

func attribute(of xml.StartElement, name string) string {
	for _, a := range of.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// cell reads a cell up to its end. Of a formula it is the value that the spreadsheet last computed.
func (b *workbook) cell(d *xml.Decoder, start xml.StartElement) (Cell, error) {
	kind := attribute(start, "t")
	if kind == "inlineStr" {
		text, err := richText(d, "c")
		return Cell{Text: text}, err
	}
	value, err := valueOf(d)
	if err != nil || value == "" {
		return Cell{}, err
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n >= len(b.texts) {
			return Cell{}, fmt.Errorf("text number %.20q is not in the workbook", value)
		}
		return Cell{Text: b.texts[n]}, nil
	case "str":
		return Cell{Text: unescaped(value)}, nil
	case "b":
		return Cell{Text: map[string]string{"1": "TRUE"}[value] + map[string]string{"0": "FALSE"}[value]}, nil
	case "e":
		return Cell{Kind: Failed, Text: value}, nil
	case "d":
		return Cell{Kind: Day, Text: strings.TrimSuffix(value, "T00:00:00")}, nil
	}
	style, _ := strconv.Atoi(attribute(start, "s"))
	return number(value, style >= 0 && style < len(b.days) && b.days[style], b.is1904), nil
}

func valueOf(d *xml.Decoder) (string, error) {
	value, within := "", false
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			within = t.Name.Local == "v"
		case xml.CharData:
			if within {
				value += string(t)
			}
		case xml.EndElement:
			within = false
			if t.Name.Local == "c" {
				return value, nil
			}
		}
	}
}

var numberSyntax = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$`)

// number is a cell that the spreadsheet keeps as binary floating point. Programs write 1.1 as 1.1000000000000001, which is the same
// number: the shortest writing that leads to it is what a person typed, as long as it has no more digits than can be trusted.
func number(raw string, isDay, is1904 bool) Cell {
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || !numberSyntax.MatchString(raw) {
		return Cell{Kind: Failed, Text: raw}
	}
	if isDay {
		if day, found := dayOf(value, is1904); found {
			return Cell{Kind: Day, Text: day}
		}
	}
	shortest, _, _ := strings.Cut(strconv.FormatFloat(math.Abs(value), 'e', -1, 64), "e")
	if len(strings.Replace(shortest, ".", "", 1)) > trusted || math.Abs(value) >= 1e15 {
		return Cell{Kind: Long, Text: raw}
	}
	if value == 0 {
		return Cell{Kind: Number, Text: "0"} // never -0
	}
	return Cell{Kind: Number, Text: strconv.FormatFloat(value, 'f', -1, 64)}
}

// The days that spreadsheets count from, and how many they can count.
var (
	epoch     = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	epoch1904 = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// firstTrueDay is 1900-03-01. Before it spreadsheets count a day that never was, and what is smaller is a time of day or a duration.
const firstTrueDay, daysAfterLast = 61, 2_958_466

func dayOf(serial float64, is1904 bool) (string, bool) {
	from, first := epoch, firstTrueDay
	if is1904 {
		from, first = epoch1904, 1
	}
	days, rest := math.Modf(serial)
	if serial < float64(first) || serial >= daysAfterLast {
		return "", false
	}
	moment := from.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(rest*86400)) * time.Second)
	if moment.Equal(moment.Truncate(24 * time.Hour)) {
		return moment.Format(time.DateOnly), true
	}
	return moment.Format(time.DateTime), true
}

var escapes = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped is a text whose characters that XML cannot hold are written as _x000D_.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapes.ReplaceAllStringFunc(s, func(escape string) string {
		code, _ := strconv.ParseUint(escape[2:6], 16, 16)
		return string(rune(code))
	})
}
