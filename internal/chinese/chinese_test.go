package chinese

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// composed are formats that are put together of parts, with the forms that their parts give them.
var composed = map[string][]string{
	"%s holds %s%s of %s%s, %s wanted": {
		"%s holds %s of %s, %s wanted", "%s holds %s of %s for fund %s, %s wanted",
		"%s holds %s usable of %s, %s wanted", "%s holds %s usable of %s for fund %s, %s wanted",
	},
	"handout %s has %s of %s%s out, %s wanted": {"handout %s has %s of %s out, %s wanted", "handout %s has %s of %s for fund %s out, %s wanted"},
}

// within are messages that only stand inside others, or are given a part by their caller; no call shows them whole.
var within = []string{
	"%s holds %s of %s for fund %s, %s wanted on %s", "%s holds %s of %s for fund %s on %s", "%s in value, %s wanted",
	"%s worth %s, and %s would stay without goods", "also there: %s", "%s of lot %s for fund %s", "%s of lot %s for fund %s expired on %s",
	"%s of lot %s for fund %s are kept for their owner", "fund %s holds %s", "fund %s owes it %s", "from %s to %s", "from %s", "until %s", "under a %s",
	"nothing is closed after the beginning", "the server says %s", "the server's log knows it as %s",
}

func known() map[string]string {
	all := map[string]string{}
	for _, m := range messages {
		all[m.english] = m.chinese
	}
	return all
}

// TestEveryMessageHasItsChinese reads the sources: a message that the sender of a request can be told, and that has no Chinese, fails.
func TestEveryMessageHasItsChinese(t *testing.T) {
	t.Parallel()
	said, named, err := collect(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(said) < 200 || len(named) < 40 {
		t.Fatalf("%d messages and %d words were found in the sources: the collector has gone blind", len(said), len(named))
	}
	used := slices.Clone(within)
	for _, s := range said {
		forms := composed[s.text]
		if forms == nil {
			forms = []string{s.text}
		}
		for _, form := range forms {
			used = append(used, form)
			if _, has := known()[form]; !has {
				t.Errorf("%s: %q has no Chinese.\n\tAdd it, as it stands there, to the table of its noun in internal/chinese (goods.go, money.go, book.go, door.go …), "+
					"with $1, $2 … for what stands in its places and #1 for what is itself a word or a message; terms from docs/glossary.md.", s.where, form)
			}
		}
	}
	for _, s := range named {
		if _, has := words[s.text]; !has {
			t.Errorf("%s: the word %q has no Chinese.\n\tAdd it to words in internal/chinese/words.go.", s.where, s.text)
		}
	}
	for english := range known() {
		_, ofHuma := ofValidation[english]
		_, ofLibrary := ofCobra[english] // TestCommandLineInChinese of the command line shows them
		if !ofHuma && !ofLibrary && !slices.Contains(used, english) {
			t.Errorf("%q is said nowhere any more: take it out", english)
		}
	}
}

// TestHumaIsSaidInChinese compares with the messages of the version of huma that is built in.
func TestHumaIsSaidInChinese(t *testing.T) {
	t.Parallel()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/danielgtaylor/huma/v2/validation").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "messages.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^\s+Msg\w+\s+= (".*")$`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 40 {
		t.Fatalf("%d messages were found in huma", len(found))
	}
	for _, m := range found {
		text := strings.ReplaceAll(m[1][1:len(m[1])-1], `\"`, `"`)
		if _, has := ofValidation[text]; !has {
			t.Errorf("%q has no Chinese: add it to internal/chinese/validation.go", text)
		}
	}
}

// The Chinese tells every number of the English, and nothing that is not there.
func TestChineseHoldsEveryNumber(t *testing.T) {
	t.Parallel()
	for english, chinese := range known() {
		if !strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%q is said as %q, which is no Chinese", english, chinese)
		}
		places := len(verb.FindAllString(english, -1))
		for n := 1; n <= 9; n++ {
			told := strings.Contains(chinese, fmt.Sprintf("$%d", n)) || strings.Contains(chinese, fmt.Sprintf("#%d", n))
			if told != (n <= places) && !strings.HasSuffix(english, ": %v") && !strings.HasPrefix(english, "invalid value") {
				t.Errorf("%q has %d places, and of %q place %d is told: %t", english, places, chinese, n, told)
			}
		}
	}
}

// Every message, with something in its places, is recognized as itself and not as another that looks like it.
func TestMessagesAreToldApart(t *testing.T) {
	t.Parallel()
	for english := range known() {
		n := 0
		written := verb.ReplaceAllStringFunc(english, func(v string) string {
			n++
			switch v[len(v)-1] {
			case 'd', 'X':
				return fmt.Sprint(1000 + n)
			case 'q':
				return fmt.Sprintf("%q", fmt.Sprintf("wanted of %d; ", n))
			}
			return fmt.Sprintf("V-%d", n)
		})
		found := ""
		for _, m := range messages {
			if m.fits.MatchString(written) {
				found = m.english
				break
			}
		}
		if found != english {
			t.Errorf("%q is taken for %q", written, found)
		}
	}
}

func TestMessagesInChinese(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		"stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted":                                                                "stock:PT-0031 只有 1 的 QUILT/L7（资金 WINTER-23），需要 3",
		"stock:PT-0031 holds 1 of QUILT for fund F, 3 wanted on 2024-01-02":                                                             "stock:PT-0031 在 2024-01-02 只有 1 的 QUILT（资金 F），需要 3",
		"bank:B holds 1.00 CNY for fund F, 3.00 wanted":                                                                                 "bank:B 中资金 F 只有 1.00 CNY，需要 3.00",
		"stock:P holds 3 usable of FOOD, 4 wanted":                                                                                      "stock:P 可用的 FOOD 只有 3，需要 4",
		`item "X" is not in the register`:                                                                                               `登记册中没有物品 "X"`,
		`party "item \"X\" is not in the register" is not in the register`:                                                              `登记册中没有往来单位 "item \"X\" is not in the register"`,
		"entry 9 cannot be undone, what it brought has moved on: S holds 1 of Q, 3 wanted":                                              "第 9 号分录不能冲销，它带来的物资或款项已有变动：S 只有 1 的 Q，需要 3",
		"location P is open from 2023-11-01 to 2024-01-02, not on 2024-02-01":                                                           "地点 P 的启用期为2023-11-01 至 2024-01-02，2024-02-01 不在其中",
		"station S stands at the root, wanted under a prefecture or under a province":                                                   "救助站 S 位于最上级，应位于地级行政区之下或位于省级行政区之下",
		"also there: 3 of lot L1 for fund F expired on 2023-01-01; 2 of lot L2 for fund G; and others":                                  "另有：批次 L1 共 3（资金 F），已于 2023-01-01 过期；批次 L2 共 2（资金 G）；等",
		"fund A holds 3, fund B holds 4 there, but one fund never pays for another silently: record an interfund entry to fund C first": "另有：资金 A 有 3、资金 B 有 4；但资金之间不得擅自垫付，请先登记给资金 C 的资金间往来",
		"there is no document HO-1 in book B":                                                                                           "账簿 B 中没有单据 HO-1",
		"there is no entry 7 in book B":                                                                                                 "账簿 B 中没有分录 7",
		"KEEPER-1 has role keeper, finance, which may not close a period.":                                                              "KEEPER-1 的角色是保管员、财务，无权结账。",
		"Allowed to: keeper, administrator.":                                                                                            "允许的角色：保管员、管理员。",
	} {
		if got, known := Of(english); !known || got != want {
			t.Errorf("%q is said as %q, %q wanted", english, got, want)
		}
	}
	if said, known := Of("nobody ever said this"); known {
		t.Errorf("made up: %q", said)
	}
}
