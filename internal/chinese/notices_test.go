package chinese

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// printers are the functions that write a text somewhere, and which of their arguments begins it.
var printers = map[string]int{"Fprintf": 1, "Fprint": 1, "Fprintln": 1, "WriteString": 0, "Print": 0, "Printf": 0, "Println": 0}

// untold are texts of the command line that are the same in every language: what is typed, and what programs read.
var untold = regexp.MustCompile(`(?s)^(curl -s .*|relief %s, %s, schema %s\n|ready|/openapi\.yaml|\n  %s \[命令\]|.*[\p{Han}].*)$`)

var word = regexp.MustCompile(`[A-Za-z]{2,}`)

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// sources are the files of the command line.
func sources(t *testing.T) (files []*ast.File, at *token.FileSet) {
	t.Helper()
	names, err := filepath.Glob("../../cmd/relief/*.go")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	at = token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(at, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files, at
}

// TestEveryNoticeHasItsChinese reads the sources of the command line for what it tells: through notice, noticed and told, which look the format up, and never
// past them.
func TestEveryNoticeHasItsChinese(t *testing.T) {
	t.Parallel()
	files, at := sources(t)
	var used []string
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			if !isCall {
				return true
			}
			name := called(call)
			place, tells := map[string]int{"notice": 1, "noticed": 0, "told": 0, "said": 0}[name]
			first, prints := printers[name]
			switch {
			case tells && place < len(call.Args):
				if text := strings.TrimSpace(format(call.Args[place])); text != "" && text != "%s" {
					used = append(used, text)
					if ofNotices[text] == "" {
						t.Errorf("%s: the notice %q has no Chinese: add it to internal/chinese/notices.go", at.Position(call.Pos()), text)
					}
				}
			case prints && first < len(call.Args):
				for _, text := range plainTexts(call.Args[first:]) {
					if word.MatchString(verb.ReplaceAllString(text, "")) && !untold.MatchString(text) {
						t.Errorf("%s: %q is told in English alone: say it with notice, noticed or told", at.Position(call.Pos()), text)
					}
				}
			}
			return true
		})
	}
	for english := range ofNotices {
		if !slices.Contains(used, english) {
			t.Errorf("%q is told nowhere any more: take it out", english)
		}
	}
}

// plainTexts are the literals among some arguments, within parts that are joined, and not within calls.
func plainTexts(args []ast.Expr) (texts []string) {
	for _, arg := range args {
		switch arg := arg.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(arg.Value); err == nil && arg.Kind == token.STRING {
				texts = append(texts, text)
			}
		case *ast.BinaryExpr:
			texts = append(texts, plainTexts([]ast.Expr{arg.X, arg.Y})...)
		}
	}
	return texts
}

// The Chinese of a notice tells every place of the English once.
func TestNoticesHoldEveryPlace(t *testing.T) {
	t.Parallel()
	for english, chinese := range ofNotices {
		places := len(verb.FindAllString(english, -1))
		for n := 1; n <= 9; n++ {
			if told := strings.Count(chinese, "$"+strconv.Itoa(n)); told > 1 || (told == 1) != (n <= places) {
				t.Errorf("%q has %d places, and %q tells place %d %d times", english, places, chinese, n, told)
			}
		}
	}
	if said := Sprintf("\nbook %s goes on after entry %d; the old checkpoints stay in %s\n", "B-$3", 7, "x"); said != "\n账簿 B-$3 从第 7 号分录之后继续；旧检查点留在 x\n" {
		t.Errorf("%q", said)
	}
	if said := Sprintf("nobody says %d", 1); said != "nobody says 1" {
		t.Errorf("%q", said)
	}
}

// Nothing stays among the texts of the help that no command says any more.
func TestHelpHoldsNothingMore(t *testing.T) {
	t.Parallel()
	files, _ := sources(t)
	var all strings.Builder
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				said, _ := strconv.Unquote(text.Value)
				all.WriteString(said + "\x00")
			}
			return true
		})
	}
	for _, table := range []map[string]string{ofHelp, ofFlags} {
		for english, chinese := range table {
			if !strings.Contains(all.String(), english) {
				t.Errorf("%q is said nowhere any more: take it out", english)
			}
			if !strings.ContainsFunc(chinese, isHan) {
				t.Errorf("%q is said as %q, which is no Chinese", english, chinese)
			}
		}
	}
}
