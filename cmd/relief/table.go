package main

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// table prints rows in columns. text/tabwriter counts characters; a Chinese one takes two columns of a terminal.
type table struct {
	head  []string
	right []int // columns of numbers, aligned at their end
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) error {
	widths := make([]int, len(t.head))
	lines := append([][]string{t.head}, t.rows...)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var text strings.Builder
	for _, line := range lines {
		var printed strings.Builder
		for i, cell := range line {
			gap := strings.Repeat(" ", widths[i]-columns(cell))
			if slices.Contains(t.right, i) {
				printed.WriteString(gap + cell + "  ")
			} else {
				printed.WriteString(cell + gap + "  ")
			}
		}
		text.WriteString(strings.TrimRight(printed.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
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
