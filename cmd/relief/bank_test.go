package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reliefledger/fund"
	"reliefledger/report"
)

// A reconciliation says how much of each side it does not show.
func TestALongReconciliationSaysSo(t *testing.T) {
	t.Parallel()
	r := report.Reconciliation{
		Account: "bank:ICBC", Book: "0.00", NotAtBank: "0.00", NotInBook: "0.00", Statement: "0.00", Difference: "0.00",
		Entries: make([]report.BankEntry, 1000), EntryCount: 3002, Lines: make([]report.StatedLine, 3), LineCount: 3,
	}
	for lang, want := range map[string]string{"en": "not at the bank: the oldest 1,000 of 3,002\n", "zh": "账有行无：最早的 1,000 项，共 3,002 项\n"} {
		var out bytes.Buffer
		s := &settings{out: &out}
		s.lang = lang
		if err := s.printReconciliation(&out, r); err != nil || !strings.HasSuffix(out.String(), "\n"+want) || strings.Contains(out.String(), "3 of 3") {
			t.Errorf("%s: %v\n%s", lang, err, out.String()[max(0, out.Len()-200):])
		}
	}
}

// A proposal that no match can hold does not keep the others back.
func TestAProposalThatIsTooLarge(t *testing.T) {
	t.Parallel()
	found := report.Reconciliation{KnownAt: 9, Entries: []report.BankEntry{}, Lines: []report.StatedLine{}, Proposals: []report.BankProposal{
		{Why: "opening", Lines: []string{"BS-1.0"}, Entries: make([]int64, fund.MaxMatched+1)}, {Why: "amount", Lines: []string{"BS-1.1"}, Entries: []int64{7}},
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			_ = json.NewEncoder(w).Encode(found)
			return
		}
		if sent, _ := io.ReadAll(r.Body); !strings.Contains(string(sent), `"lines":[{"bank":"ICBC","bank_lines":["BS-1.1"],"entries":[7]}]`) {
			t.Errorf("sent %.200s", sent)
		}
		_, _ = io.WriteString(w, `{"posted":1,"replayed":0,"refused":0,"results":[{"line":0,"entry":{"entry":10,"document":"BM-1"}}]}`)
	}))
	t.Cleanup(server.Close)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("rl_1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := say(t, succeeded, "bank", "match", "ICBC", "--proposed", "--server", server.URL, "--token-file", token, "--lang", "en")
	for _, want := range []string{"50001 entries, one match holds 50000: take the first statement back and begin with an earlier one", "BM-1 "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
