package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// results are those of a whole run.
type results struct {
	Begun   time.Time `json:"begun"`
	Machine machine   `json:"machine"`
	Rounds  int       `json:"rounds"`
	Span    string    `json:"span"`
	Moves   int64     `json:"moves"`
	Loading string    `json:"loading,omitempty"`
	Took    string    `json:"took"`
	Rows    []row     `json:"rows"`
}

func (r results) writeJSON(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// markdown is the table as it is printed and as the documentation shows it.
func (r results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d rounds of %s for each side, medians, %s in all.\n%s.\n", r.Begun.Format(time.DateOnly), r.Rounds, r.Span, r.Took, r.Machine)
	if r.Loading != "" {
		fmt.Fprintf(&b, "%s\n", r.Loading)
	}
	table := [][]string{{"case", "against", "reached", "wanted", "", "per second", "CPU µs: server", "PostgreSQL", "load"}}
	for _, row := range r.Rows {
		table = append(table, append([]string{row.Case, row.Against, row.reached(), row.wanted(), row.verdict()}, pairs(row.Sides)...))
	}
	b.WriteString("\n" + aligned(table))
	for _, row := range r.Rows {
		if row.Note != "" {
			fmt.Fprintf(&b, "\n%s: %s.", row.Case, row.Note)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// pairs are the figures of the sides, that of the case first.
func pairs(sides []figures) []string {
	cells := make([]string, 4)
	for i, pick := range []func(figures) float64{
		func(f figures) float64 { return f.PerSecond }, func(f figures) float64 { return f.Server },
		func(f figures) float64 { return f.PostgreSQL }, func(f figures) float64 { return f.Load },
	} {
		var both []string
		for _, s := range sides {
			both = append(both, short(pick(s)))
		}
		cells[i] = strings.Join(both, " / ")
	}
	return cells
}

func short(v float64) string {
	switch {
	case v == 0:
		return "–"
	case v < 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// aligned writes a table that a person can read without a renderer too.
func aligned(table [][]string) string {
	widths := make([]int, len(table[0]))
	for _, line := range table {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	write := func(line []string, fill string) {
		for i, cell := range line {
			b.WriteString("| " + cell + strings.Repeat(fill, widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString("|\n")
	}
	write(table[0], " ")
	write(make([]string, len(widths)), "-")
	for _, line := range table[1:] {
		write(line, " ")
	}
	return b.String()
}

const (
	beginMarker = "<!-- bench -->"
	endMarker   = "<!-- /bench -->"
)

// putBetweenMarkers replaces what a file has between its markers.
func putBetweenMarkers(path, text string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(raw), beginMarker)
	_, after, ended := strings.Cut(rest, endMarker)
	if !found || !ended {
		return fmt.Errorf("%s has no %s … %s to write between", path, beginMarker, endMarker)
	}
	return os.WriteFile(path, []byte(before+beginMarker+"\n"+text+endMarker+after), 0o644)
}
