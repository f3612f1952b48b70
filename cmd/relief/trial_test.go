package main

import (
	"bytes"
	"strings"
	"testing"

	"reliefledger/report"
)

// A table speaks one language, also where an answer has names in two.
func TestTablesSpeakOneLanguage(t *testing.T) {
	balance := report.TrialBalance{Funds: []report.TrialFund{{Fund: "F1", Lines: []report.TrialLine{{Account: "stock:WH", Name: "库存物资", NameEn: "stock"}}, Sum: report.TrialLine{Name: "合计", NameEn: "sum"}}}}
	stock := report.Stock{Lines: []report.StockLine{{Item: "QUILT", Name: "棉被", NameEn: "Quilt", Condition: "quarantine"}}}
	for lang, words := range map[string][]string{"en": {"stock:WH  stock", "sum", "Quilt", "quarantine"}, "zh": {"库存物资", "合计", "棉被", "隔离"}} {
		s := &settings{remote: remote{lang: lang}}
		var out bytes.Buffer
		if err := s.showTrialBalance(&out, balance); err != nil {
			t.Fatal(err)
		}
		if err := s.showStock(&out, stock); err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(out.String(), word) {
				t.Errorf("%s: no %s in\n%s", lang, word, &out)
			}
		}
		if lang == "en" && strings.ContainsAny(out.String(), "库合棉隔") {
			t.Errorf("Chinese in an English table:\n%s", &out)
		}
	}
}
