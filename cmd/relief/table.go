package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// narrowest is what is always left of a column of words.
const narrowest = 8

// table prints rows in columns. text/tabwriter counts characters; a Chinese one takes two columns of a terminal.
type table struct {
	head  []string
	right []int // columns of numbers, aligned at their end and never cut
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the columns that hold something. On a terminal the widest words are cut until a line fits.
func (t *table) write(w io.Writer) error {
	limit := 0
	if file, isFile := w.(*os.File); isFile && term.IsTerminal(int(file.Fd())) {
		limit, _, _ = term.GetSize(int(file.Fd())) // no size, no limit
	}
	_, err := io.WriteString(w, t.text(limit))
	return err
}

// text is the table in lines of at most limit columns; without a limit when that is 0.
func (t *table) text(limit int) string {
	widths := t.widths(limit)
	var text strings.Builder
	for _, line := range append([][]string{t.head}, t.rows...) {
		var printed strings.Builder
		for i, cell := range line {
			if widths[i] == 0 {
				continue
			}
			cell = cut(cell, widths[i])
			gap := strings.Repeat(" ", widths[i]-columns(cell))
			if slices.Contains(t.right, i) {
				printed.WriteString(gap + cell + "  ")
			} else {
				printed.WriteString(cell + gap + "  ")
			}
		}
		text.WriteString(strings.TrimRight(printed.String(), " ") + "\n")
	}
	return text.String()
}

// widths are the widths of the columns; 0 for those that hold nothing.
func (t *table) widths(limit int) []int {
	widths := make([]int, len(t.head))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	total := 0
	for i := range widths {
		if widths[i] > 0 || len(t.rows) == 0 {
			widths[i] = max(widths[i], columns(t.head[i]))
			total += widths[i] + 2
		}
	}
	for ; limit > 0 && total-2 > limit; total-- {
		widest := -1
		for i := range widths {
			if !slices.Contains(t.right, i) && widths[i] > narrowest && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

// cut shortens a text to a width, and shows that it did.
func cut(s string, limit int) string {
	if columns(s) <= limit {
		return s
	}
	for columns(s) >= limit {
		runes := []rune(s)
		s = string(runes[:len(runes)-1])
	}
	return s + "…"
}

// columns is how wide a text is on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
