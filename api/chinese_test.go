package api

import (
	"strings"
	"testing"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/internal/chinese"
	"reliefledger/ledger"
)

func isChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// What is said in English is said in Chinese as well.
func TestEveryProblemIsSaidInBothLanguages(t *testing.T) {
	for code, k := range kinds {
		zh := chineseKinds[code]
		if k.title == "" || k.means == "" || k.hint == "" || !isChinese(zh.title) || !isChinese(zh.means) || !isChinese(zh.hint) {
			t.Errorf("%s: %+v %+v", code, k, zh)
		}
	}
	if len(chineseKinds) != len(kinds) {
		t.Errorf("%d problems, %d in Chinese", len(kinds), len(chineseKinds))
	}
	for pattern, words := range patterns {
		if said, known := chinese.Of(plain("expected string to match pattern " + pattern)); !known || strings.Contains(said, pattern) {
			t.Errorf("pattern %s, %q, is said as %q", pattern, words, said)
		}
	}
}

func TestFaultsInChinese(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Code: ledger.Insufficient, Message: "stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted"}, "stock:PT-0031 只有 1 的 QUILT/L7（资金 WINTER-23），需要 3"},
		{Fault{Code: ledger.Insufficient, Message: "stock:PT-0031 holds 1 of QUILT for fund F, 3 wanted on 2024-01-02"}, "stock:PT-0031 在 2024-01-02 只有 1 的 QUILT（资金 F），需要 3"},
		{Fault{Code: ledger.Insufficient, Message: "bank:B holds 1.00 CNY for fund F, 3.00 wanted"}, "bank:B 中资金 F 只有 1.00 CNY，需要 3.00"},
		{Fault{Code: ledger.Expired, Message: "stock:P holds 3 usable of FOOD, 4 wanted"}, "stock:P 可用的 FOOD 只有 3，需要 4"},
		{Fault{Code: ledger.NotOpen, Message: "something new", Location: "P", There: "1", Asked: "2"}, "该日期未启用，地点 P，现有 1，需要 2"},
		{Fault{Code: ledger.Invalid, Message: "expected required property lines to be present"}, "缺少必填项“lines”"},
		{Fault{Code: ledger.NotFound, Message: `item "X" is not in the register`}, `登记册中没有物品 "X"`},
	} {
		if got := c.fault.chinese(); got != c.want {
			t.Errorf("%q is said as %q, %q wanted", c.fault.Message, got, c.want)
		}
	}
}

func TestLanguageOfAProblem(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "en": false, "zh": true, "zh-CN,zh;q=0.9,en;q=0.8": true, "zh-TW": true, "en-GB,zh;q=0.5": false, "fr": false, "fr, zh;q=0.3": true, "*": false, "%%%": false,
	} {
		if got := wantsChinese(accept); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
	p := &Problem{Type: "/problems/insufficient", Title: "There is not enough", Status: 409, Faults: []Fault{{Code: ledger.Insufficient, Message: "A holds 1 of Q, 3 wanted"}}}
	zh := p.inChinese()
	if zh.Title != "数量或余额不足" || zh.Detail != "A 只有 1 的 Q，需要 3" || zh.Faults[0].Message != p.Faults[0].Message || p.Faults[0].Said != "" {
		t.Errorf("%+v", zh)
	} // What is wrong with the form of a request is said with its place, as in English, and with bounds that people read.
	p = newError(422, "validation failed",
		&huma.ErrorDetail{Location: "body.people", Message: "expected number <= 1e+06"}, &huma.ErrorDetail{Location: "body.lines[0].item", Message: "expected string"}).(*Problem)
	if want := "/people: expected number <= 1000000"; p.Detail != want {
		t.Errorf("said %q, wanted %q", p.Detail, want)
	}
	if got, want := p.inChinese().Detail, "/people: 不得大于 1000000；/lines/0/item: 应为文本"; got != want {
		t.Errorf("said %q, wanted %q", got, want)
	}
}
