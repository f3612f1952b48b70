package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"reliefledger/internal/exchange"
)

// TestCommandLineInChinese shows what is said before a server is asked, at the two places where an error can arise: in the library that
// reads the command line, and in a command.
func TestCommandLineInChinese(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("RELIEF_SERVER", "")
	t.Setenv("RELIEF_TOKEN", "rl_none")
	t.Setenv("RELIEF_PROFILE", "")
	help := "提示: relief help 列出全部命令，relief help 命令名 说明其中一个\n"
	explains := func(command string) string { return "提示: relief " + command + " --help 说明用法并举例\n" }
	for line, want := range map[string]string{
		"handout PT-1 QUILT=3":   "relief: 没有指明服务器\n提示: 可用 relief profile set --server URL 保存，或用 --server、环境变量 RELIEF_SERVER 指明\n",
		"item list --profile hq": "relief: 没有名为 hq 的配置\n提示: relief profile list 列出配置，relief profile set 新建配置\n",
		"handout --server http://127.0.0.1:1 PT-1 QUILT": "relief: “QUILT”一行：应为物品、“=”和数量\n" +
			"提示: 一行写作 物品[/批次]=数量[:包装]，如 QUILT=3 或 QUILT=12:bale；--help 说明还可以写什么\n",
		"handout --server http://127.0.0.1:1 PT-1 QUILT=3,fund=A,fund=B": "relief: “QUILT=3,fund=A,fund=B”一行：\"fund\" 写了两次\n",
		"item add QUILT --decimals two":                                  "relief: --decimals: \"two\" 不是整数\n",
		"serve --listen 0.0.0.0:1":                                       "relief: 拒绝启动：发往 0.0.0.0:1 的请求不会加密，而每个请求都带有令牌\n",

		"handuot":               "relief: \"relief\" 没有命令 \"handuot\"\n\n您是否要用：\n\thandout\n\n" + help,
		"handout":               explains("handout"),
		"item show":             "relief: 应有 1 个参数，收到 0 个\n" + explains("item show"),
		"profile set a b":       "relief: 最多 1 个参数，收到 2 个\n" + explains("profile set"),
		"receive --nothing":     "relief: 没有选项 --nothing\n" + explains("receive"),
		"receive -z":            "relief: 没有选项 'z'（-z）\n" + explains("receive"),
		"receive --on":          "relief: 选项 --on 需要一个值\n" + explains("receive"),
		"stock --patience long": "relief: 选项 \"--patience\" 的值 \"long\" 不正确\n" + explains("stock"),
		"contribute 1.00":       "relief: 缺少必需的选项 \"",
	} {
		var said bytes.Buffer
		args := append([]string{"--lang", "zh", "--data", t.TempDir()}, strings.Fields(line)...)
		if code := run(t.Context(), args, &said, &said); code == succeeded || !strings.Contains(said.String(), want) {
			t.Errorf("relief %s ended with %d and says %q, %q wanted", line, code, said.String(), want)
		}
		said.Reset()
		args[1] = "en"
		if run(t.Context(), args, &said, &said); strings.Contains(said.String(), "提示") || !strings.Contains(said.String(), "relief: ") {
			t.Errorf("relief %s says in English %q", line, said.String())
		}
	}
}

// TestEveryHeadingHasItsChinese reads the sources for the words that tables and answers are made of.
func TestEveryHeadingHasItsChinese(t *testing.T) {
	words := spokenWords(t)
	for _, n := range []noun{campaigns, funds, items, locations, parties} {
		words = append(words, n.columns...)
		for _, f := range n.fields {
			words = append(words, strings.ReplaceAll(f.flag, "-", " "))
		}
	}
	words = append(words, string(exchange.Checking), string(exchange.Trying), string(exchange.Booking))
	if len(words) < 100 {
		t.Fatalf("%d words were found", len(words))
	}
	for _, word := range words {
		if word != "" && wordings[word] == "" {
			t.Errorf("%q has no Chinese: add it to wordings in language.go", word)
		}
	}
}

// literals are the texts within a node.
func literals(n ast.Node) (texts []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			word, _ := strconv.Unquote(text.Value)
			texts = append(texts, word)
		}
		return true
	})
	return texts
}

// spokenWords are the literals that are given to say and to columns, and those of tables that are made without them.
func spokenWords(t *testing.T) (words []string) {
	t.Helper()
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range sources {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if made, isMade := n.(*ast.CompositeLit); isMade {
				if kind, named := made.Type.(*ast.Ident); named && kind.Name == "table" && entry.Name() != "language.go" {
					words = append(words, literals(made)...)
				}
			}
			call, isCall := n.(*ast.CallExpr)
			if !isCall {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "say" || f.Sel.Name == "columns") {
				for _, arg := range call.Args {
					if text, ok := arg.(*ast.BasicLit); ok && text.Kind == token.STRING {
						word, _ := strconv.Unquote(text.Value)
						words = append(words, word)
					}
				}
			}
			return true
		})
	}
	return words
}
