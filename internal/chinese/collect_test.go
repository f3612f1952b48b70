package chinese

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// said is a text of the program that a person reads, and where it stands.
type said struct {
	text, where string
}

// speakers are the functions and methods that take a message, and which of their arguments they are.
var speakers = map[string][]int{
	"Refuse": {2}, "refuse": {1}, "unless": {2}, "Unless": {2}, "newProblem": {1}, "notFound": {0}, "misconfigured": {0, 1},
}

// advisers are the functions whose answer is a hint or a message.
var advisers = []string{"hintFor", "sealHint", "advice", "refusal"}

// namers are those that take the word for a thing, which messages then hold.
var namers = map[string]int{
	"text": 1, "Text": 1, "Code": 1, "oneOf": 1, "amount": 1, "number": 1, "CheckCode": 0, "CheckPseudonym": 0,
}

// tellers are the files whose errors are written for people: they become the message of a fault as they are, or the command line prints them.
var tellers = []string{
	"ledger/number.go", "ledger/date.go", "ledger/account.go", "ledger/entry.go", "ledger/text.go", "ledger/pseudonym.go", "internal/register/change.go", "api/json.go", "api/query.go",
	"internal/sheet/*.go", "cmd/relief/*.go", "auth/keyring.go", "auth/token.go", "auth/password.go", "auth/mark.go", "auth/role.go", "auth/grant.go", "auth/actor.go",
	"auth/issue.go", "person/register.go",
}

// sentences are tables whose values become part of a message.
var sentences = []string{"unreversible"}

// spoken are the folders whose messages reach the sender of a request.
var spoken = []string{"ledger", "warehouse", "fund", "campaign", "report", "auth", "person", "api", "internal/register", "internal/exchange", "internal/sheet", "cmd/relief"}

// collector gathers what a file says.
type collector struct {
	files    *token.FileSet
	teller   bool
	messages []said
	words    []said
}

// collect reads the sources under root.
func collect(root fs.FS) (messages, words []said, err error) {
	c := collector{files: token.NewFileSet()}
	for _, folder := range spoken {
		names, err := fs.Glob(root, folder+"/*.go")
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := fs.ReadFile(root, name)
			if err != nil {
				return nil, nil, err
			}
			file, err := parser.ParseFile(c.files, name, source, parser.SkipObjectResolution)
			if err != nil {
				return nil, nil, err
			}
			c.teller = false
			for _, pattern := range tellers {
				tells, _ := path.Match(pattern, name)
				c.teller = c.teller || tells
			}
			ast.Inspect(file, c.look)
		}
	}
	return c.messages, c.words, nil
}

func (c *collector) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.call(n)
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Message" || key.Name == "Hint") {
			c.add(&c.messages, n.Value)
		} else if ok && key.Name == "Noun" {
			c.add(&c.words, n.Value)
		}
	case *ast.ValueSpec:
		c.spec(n)
	case *ast.CompositeLit:
		if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "hinted" && len(n.Elts) == 2 {
			c.add(&c.messages, n.Elts[1])
		}
	case *ast.FuncDecl:
		if slices.Contains(advisers, n.Name.Name) {
			ast.Inspect(n.Body, c.answer)
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if field, ok := left.(*ast.SelectorExpr); ok && (field.Sel.Name == "Hint" || field.Sel.Name == "Message") && n.Tok == token.ASSIGN {
				c.add(&c.messages, n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	}
	return true
}

// answer reads what an adviser answers with.
func (c *collector) answer(n ast.Node) bool {
	if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
		c.add(&c.messages, r.Results[0])
	}
	return true
}

func (c *collector) call(n *ast.CallExpr) {
	name := called(n)
	for _, at := range speakers[name] {
		if at < len(n.Args) {
			c.add(&c.messages, n.Args[at])
		}
	}
	if at, names := namers[name]; names && at < len(n.Args) {
		c.add(&c.words, n.Args[at])
	}
	if c.teller && (name == "Errorf" || name == "New") && len(n.Args) > 0 {
		c.add(&c.messages, n.Args[0])
	}
}

// spec reads tables of sentences, and constants that messages name.
func (c *collector) spec(n *ast.ValueSpec) {
	kind, _ := n.Type.(*ast.Ident)
	for i, name := range n.Names {
		if i >= len(n.Values) {
			return
		}
		table, isTable := n.Values[i].(*ast.CompositeLit)
		switch {
		case isTable && slices.Contains(sentences, name.Name):
			for _, row := range table.Elts {
				if pair, ok := row.(*ast.KeyValueExpr); ok {
					c.add(&c.messages, pair.Value)
				}
			}
		case kind != nil && (kind.Name == "Verb" || kind.Name == "Role"):
			c.add(&c.words, n.Values[i])
		}
	}
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func (c *collector) add(to *[]said, e ast.Expr) {
	if text := format(e); strings.ContainsFunc(verb.ReplaceAllString(text, ""), unicode.IsLetter) {
		*to = append(*to, said{text, c.files.Position(e.Pos()).String()})
	}
}

// format is the format of a message: a literal, the first argument of Sprintf, or parts joined by +, where what is no literal is %s.
func format(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if e.Kind == token.STRING && err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return format(e.X) + format(e.Y)
	case *ast.CallExpr:
		if called(e) == "Sprintf" {
			return format(e.Args[0])
		}
	}
	return "%s"
}
