package exchange_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"reliefledger/internal/exchange"
)

var update = flag.Bool("update", false, "write the columns into docs/tables.md anew")

// TestTheDocumentNamesEveryColumn keeps docs/tables.md what the program reads.
func TestTheDocumentNamesEveryColumn(t *testing.T) {
	t.Parallel()
	const path = "../../docs/tables.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	for _, kind := range exchange.Kinds {
		var must, may []string
		chinese := kind.Columns(exchange.Chinese)
		for i, c := range kind.Columns(exchange.English) {
			name := c.Heading + " " + chinese[i].Heading
			if c.Must {
				must = append(must, name)
			} else {
				may = append(may, name)
			}
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s | %s |\n", kind.Name, kind.About(exchange.English), strings.Join(must, ", "), strings.Join(may, ", "))
	}
	table := regexp.MustCompile("(?m)(^\\| `.*\n)+|^COLUMNS\n")
	if *update {
		if err := os.WriteFile(path, table.ReplaceAll(text, []byte(rows.String())), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !strings.Contains(string(text), rows.String()) {
		t.Errorf("%s has other columns; go test ./internal/exchange -run Document -update writes\n%s", path, rows.String())
	}
}
