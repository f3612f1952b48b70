package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"

	"reliefledger/internal/chinese"
)

// everyCommand walks the whole command line, with what the library adds to it.
func everyCommand(visit func(*cobra.Command)) {
	root := (&settings{out: io.Discard, err: io.Discard}).root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd("help")
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		visit(c)
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(root)
}

func isChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestHelpInChinese walks every command and every flag: a text that has no Chinese, or only a part of which has, fails.
func TestHelpInChinese(t *testing.T) {
	told := 0
	everyCommand(func(c *cobra.Command) {
		for _, text := range helpTexts(c) {
			if strings.TrimSpace(*text) == "" {
				continue
			}
			told++
			said, whole := chinese.Help(*text, abouts())
			if !whole || text != &c.Example && !isChinese(said) {
				t.Errorf("%s: %q has no Chinese, or a part of it has none: %q.\n\tAdd the text, the paragraph or the line to internal/chinese/help_texts.go, a flag to help_flags.go.", c.CommandPath(), *text, said)
			}
		}
		if c.Short == "" {
			t.Errorf("%s says nothing of itself", c.CommandPath())
		}
	})
	if told < 500 {
		t.Errorf("%d texts were found", told)
	}
	for _, n := range []noun{campaigns, funds, items, locations, parties} {
		for _, text := range []string{"Show one " + n.name, "Keep the register of " + n.plural} {
			if said, _ := chinese.Help(text, nil); strings.Contains(said, n.name[:4]) {
				t.Errorf("%q is said as %q: add the noun to internal/chinese/help.go", text, said)
			}
		}
	}
	for _, o := range options {
		if said, whole := chinese.Help(o.danger, nil); !whole || o.danger != "" && !isChinese(said) {
			t.Errorf("%s: the danger %q has no Chinese: add it to internal/chinese/help_flags.go", o.name, o.danger)
		}
	}
	for _, g := range groups {
		if groupTitles[g.id] == "" {
			t.Errorf("group %s has no title in Chinese", g.id)
		}
	}
}

// TestHelpIsShownInTheLanguageOfWhoeverAsks asks every command for its help in both languages.
func TestHelpIsShownInTheLanguageOfWhoeverAsks(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	everyCommand(func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())[1:]
		for language, heading := range map[string]string{"zh": "用法：\n  relief", "en": "Usage:\n  relief"} {
			for _, line := range [][]string{append(path, "--help", "--lang", language), append([]string{"help", "--lang", language}, path...)} {
				if c.Name() == "help" && line[0] == "help" {
					continue
				}
				var said bytes.Buffer
				if code := run(t.Context(), line, &said, &said); code != succeeded || !strings.Contains(said.String(), heading) {
					t.Errorf("relief %q ends with %d and says\n%s", line, code, said.String())
				}
				for text := range strings.Lines(said.String()) {
					if language == "zh" && (strings.HasSuffix(text, ":\n") && !strings.HasPrefix(text, "####") || strings.Contains(text, "(default")) {
						t.Errorf("relief %q says in Chinese %q", line, text)
					}
				}
			}
		}
	})
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	var said bytes.Buffer
	if run(t.Context(), []string{"stock", "-h"}, &said, &said); !strings.Contains(said.String(), "      --as-of 日期       截至该业务日期终了；不写则为现在\n      --by 列表          按") {
		t.Errorf("by the environment: %s", said.String())
	}
}
