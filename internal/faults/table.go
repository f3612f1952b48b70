package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// row is what became of one fault.
type row struct {
	fault
	begun   time.Time
	took    time.Duration
	remarks []string
	lacks   string
	err     error
}

func (r row) result() string {
	switch {
	case r.lacks != "":
		return "not run: " + r.lacks
	case r.err != nil:
		return "**BROKEN** " + strings.Join(strings.Fields(r.err.Error()), " ") + " (" + strings.Join(r.remarks, ", ") + ")"
	default:
		return "held: " + strings.Join(r.remarks, ", ")
	}
}

func (r row) String() string {
	text := fmt.Sprintf("%s, %s: %s", r.name, seconds(r.took), r.result())
	if r.err != nil {
		text += "\n  " + strings.ReplaceAll(r.err.Error(), "\n", "\n  ")
	}
	return text
}

// table is a whole run.
type table struct {
	begun time.Time
	took  time.Duration
	rows  []row
}

func (t table) broken() bool {
	for _, r := range t.rows {
		if r.err != nil {
			return true
		}
	}
	return len(t.rows) == 0
}

// markdown is the table as it is printed and as the documentation shows it.
func (t table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s in all, %d clients.\n\n", t.begun.UTC().Format(time.DateOnly), t.took.Round(time.Second), crowded)
	b.WriteString("| fault | means | expectation | result | time |\n|---|---|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.name, r.means, r.expects, strings.ReplaceAll(r.result(), "|", "/"), seconds(r.took))
	}
	return b.String()
}

const (
	beginMarker = "<!-- faults -->"
	endMarker   = "<!-- /faults -->"
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
