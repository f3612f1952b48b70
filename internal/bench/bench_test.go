package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets this binary be the rival that the program starts as another process.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == helping {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestEveryRowIsMeasured runs the whole program on a short history. What it finds is of no interest, only that every side works, that
// every book is whole afterwards, and that the table and the JSON hold every row.
func TestEveryRowIsMeasured(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	dir := t.TempDir()
	relief, page, data := filepath.Join(dir, "relief"), filepath.Join(dir, "page.md"), filepath.Join(dir, "bench.json")
	if said, err := exec.Command("go", "build", "-buildvcs=false", "-o", relief, "reliefledger/cmd/relief").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if err := os.WriteFile(page, []byte("before\n"+beginMarker+"\nold\n"+endMarker+"\nafter\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-relief", relief, "-rounds", "1", "-span", "50ms", "-moves", "3000", "-json", data, "-markdown", page}); err != nil {
		t.Fatal(err)
	}

	var r results
	raw, err := os.ReadFile(data)
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if wanted := 13 + 2*len(questions); len(r.Rows) != wanted {
		t.Errorf("%d rows were measured, %d wanted", len(r.Rows), wanted)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if !strings.Contains(string(text), "| "+row.Case+" ") || row.Wanted == 0 || row.Reached <= 0 {
			t.Errorf("row %q reached %v of %v, in the page: %t", row.Case, row.Reached, row.Wanted, strings.Contains(string(text), row.Case))
		}
	}
	if !strings.HasPrefix(string(text), "before\n"+beginMarker+"\n") || !strings.HasSuffix(string(text), endMarker+"\nafter\n") {
		t.Errorf("the page lost what is around the table:\n%s", text)
	}
}

func TestPgbenchIsRead(t *testing.T) {
	t.Parallel()
	ops, took, err := readPgbench("number of transactions actually processed: 8000\nlatency average = 0.25 ms\ntps = 4000.5 (without initial connection time)\n")
	if err != nil || ops != 8000 || took.Milliseconds() != 1999 {
		t.Errorf("%d in %s, %v", ops, took, err)
	}
	if _, _, err := readPgbench("connection refused"); err == nil {
		t.Error("a failed pgbench gave a rate")
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	all := []int{9, 1, 5}
	if m := median(all, func(n int) float64 { return float64(n) }); m != 5 {
		t.Errorf("the median of %v is %v", all, m)
	}
	if m := median(append(all, 6), func(n int) float64 { return float64(n) }); m != 5.5 {
		t.Errorf("the median of four is %v", m)
	}
}

// A machine that slows down for both sides of a round changes nothing.
func TestRatioIsThatOfTheRounds(t *testing.T) {
	t.Parallel()
	of, to := figures{PerSecond: 300, Rounds: []float64{400, 90, 300}}, figures{PerSecond: 150, Rounds: []float64{200, 30, 150}}
	if r := ratio("a", "b", 2, of, to); r.Reached != 2 || !r.Pass {
		t.Errorf("ratio %v, pass %t", r.Reached, r.Pass)
	}
	if r := ratio("a", "b", 2.1, of, to); r.Pass {
		t.Error("2 is at least 2.1")
	}
}
