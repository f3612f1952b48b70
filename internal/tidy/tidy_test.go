// Package tidy holds the rules of the house that a compiler does not keep, as tests. Each rule says why it is there.
package tidy_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "reliefledger/"
)

// floor says what a package may import of our own, and why no more.
type floor struct {
	pkg string
	may []string
	why string
}

var floors = []floor{
	{"internal/pg", nil, "the ground floor knows no rules of the book"},
	{"internal/faultpg", nil, "a broken network does not know what it carries"},
	{"internal/faults", []string{"migrations", "internal/pg", "internal/faultpg", "internal/localpg"}, "it breaks the program from outside and sees no more of it than its users do"},
	{"internal/bench", []string{"report", "warehouse", "fund", "campaign", "ledger", "auth", "migrations", "internal/pg", "internal/localpg"}, "it posts and reads as the program does, beside rivals of its own"},
	{"internal/localpg", nil, "starting a PostgreSQL is no business of relief work"},
	{"migrations", []string{"internal/pg"}, "SQL needs a connection and nothing else"},
	{"ledger", []string{"internal/pg"}, "the book knows no quilts and no donors: a wing may change without it"},
	{"auth", []string{"internal/pg"}, "who may do what stands beside the book, so that the book can be read without it"},
	{"person", []string{"internal/pg"}, "who is behind a pseudonym stands outside the book, so that nothing in it can name a person"},
	{"internal/register", []string{"internal/pg", "ledger"}, "a register is a table with a version, whatever noun it holds"},
	{"warehouse", []string{"ledger", "internal/pg", "internal/register"}, "goods never know money: the wings share only the book's words"},
	{"fund", []string{"ledger", "internal/pg", "internal/register"}, "money never knows goods: the wings share only the book's words"},
	{"campaign", []string{"ledger", "internal/pg", "internal/register"}, "an operation knows neither wing"},
	{"report", []string{"warehouse", "fund", "campaign", "ledger", "internal/pg", "internal/register"}, "the reading room sees every wing and writes nothing"},
	{"internal/demo", []string{"warehouse", "fund", "campaign", "ledger", "internal/register"}, "the demo books through the same operations as everyone else"},
	{"internal/chinese", nil, "what is said twice is said after the fact: whoever refuses knows one language"},
	{"api", []string{"report", "warehouse", "fund", "campaign", "ledger", "auth", "person", "internal/chinese", "internal/pg", "internal/register"}, "the door parses, makes one call and maps the result"},
	{"internal/metrics", []string{"ledger"}, "whoever counts stands apart from what is counted"},
	{"internal/telemetry", nil, "spans are stretches of time: what they are about is told by whoever ran it"},
	{"internal/sheet", nil, "a spreadsheet is rows and columns, whatever stands in them"},
	{"internal/exchange", []string{"report", "warehouse", "fund", "ledger", "internal/chinese", "internal/register", "internal/sheet"}, "tables become requests like anyone's: how they reach a book is handed in"},
	{"internal/pgtest", []string{"ledger", "migrations", "internal/pg", "internal/localpg"}, "every test ends with Verify"},
}

func TestImportsPointDownward(t *testing.T) {
	t.Parallel()
	for dir, files := range goFiles(t, false) {
		if strings.HasPrefix(dir, "cmd/") {
			continue // the binary wires everything
		}
		i := slices.IndexFunc(floors, func(f floor) bool { return f.pkg == dir })
		if i < 0 {
			t.Errorf("package %s stands on no floor: add it to floors with its reason", dir)
			continue
		}
		for _, file := range files {
			for _, imported := range ownImports(t, file) {
				if !slices.Contains(floors[i].may, imported) {
					t.Errorf("%s imports %s: %s", file, imported, floors[i].why)
				}
			}
		}
	}
}

var bookWrites = regexp.MustCompile(`(?i)\b(insert\s+into|update|delete\s+from|truncate)\s+(books|heads|entries|moves|cells|past_days|tallies|tally_changes|commodities|closes|reversals)\b`)

// TestOnlyTheBookWritesTheBook: one writer can keep the head's promise, two cannot.
func TestOnlyTheBookWritesTheBook(t *testing.T) {
	t.Parallel()
	for dir, files := range goFiles(t, false) {
		if dir == "ledger" || dir == "internal/bench" {
			continue // the second writes a rival's ledger, which Verify must accept
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := bookWrites.Find(text); found != nil {
				t.Errorf("%s writes the book (%q): only ledger does", file, found)
			}
		}
	}
}

var clocks = regexp.MustCompile(`time\.Sleep\(`)

// TestNoSleepInTests: a test that sleeps is slow on a good day and wrong on a bad one.
func TestNoSleepInTests(t *testing.T) {
	t.Parallel()
	for _, files := range goFiles(t, true) {
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if clocks.Match(text) && !strings.HasSuffix(file, "tidy_test.go") {
				t.Errorf("%s sleeps", file)
			}
		}
	}
}

var floats = regexp.MustCompile(`\bfloat(32|64)\b`)

// TestNoFloatNearAmounts: binary floating point cannot hold a fen.
func TestNoFloatNearAmounts(t *testing.T) {
	t.Parallel()
	for dir, files := range goFiles(t, false) {
		if !slices.Contains([]string{"ledger", "warehouse", "fund", "campaign", "report", "api"}, dir) {
			continue
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if floats.Match(text) {
				t.Errorf("%s uses a float", file)
			}
		}
	}
}

// goFiles lists the Go files of each package folder, of tests or of the program.
func goFiles(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"data", "tools", "openapi", "testdata", "node_modules", "bin"}, name)) {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".go") && strings.HasSuffix(name, "_test.go") == tests {
			dir, err := filepath.Rel(root, filepath.Dir(path))
			files[filepath.ToSlash(dir)] = append(files[filepath.ToSlash(dir)], path)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func ownImports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if after, ours := strings.CutPrefix(path, module); ours {
			own = append(own, after)
		}
	}
	return own
}
