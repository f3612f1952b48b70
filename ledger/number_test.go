package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0", "1", "0.01", "12345678901234567890.12", "999999999999999999999999.99"} {
		if d, err := ledger.ParseNumber(s, 2); err != nil || d.String() != s {
			t.Errorf("%s: got %s, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", " 1", "1 ", "+1", "-1", "-0", "01", "1.", ".5", "1e3", "1E1000000", "NaN", "Infinity", "0x1F", "1_000", "１２", "1,5",
		"1.234", "1.230", "1234567890123456789012345", "0.0000000001", "−5",
	} {
		if d, err := ledger.ParseNumber(s, 2); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		amount  string
		weights []string
		want    []string
	}{
		{"freight by value", "80.00", []string{"1000.00", "333.33", "66.67"}, []string{"57.14", "19.05", "3.81"}},
		{"ties go to the earlier line", "0.01", []string{"1", "1", "1"}, []string{"0.01", "0", "0"}},
		{"a line without weight gets nothing", "10.00", []string{"0", "3"}, []string{"0", "10"}},
		{"nothing to share", "0", []string{"1", "2"}, []string{"0", "0"}},
	}
	for _, test := range tests {
		weights := make([]decimal.Decimal, len(test.weights))
		for i, w := range test.weights {
			weights[i] = dec(w)
		}
		for i, part := range ledger.Shares(dec(test.amount), weights, 2) {
			if !part.Equal(dec(test.want[i])) {
				t.Errorf("%s: part %d is %s, want %s", test.name, i, part, test.want[i])
			}
		}
	}
}

func TestEqualShares(t *testing.T) {
	t.Parallel()
	weights := make([]decimal.Decimal, 94)
	for i := range weights {
		weights[i] = decimal.NewFromInt(1)
	}
	parts := map[string]int{}
	for _, part := range ledger.Shares(dec("38600000.00"), weights, 2) {
		parts[part.StringFixed(2)]++
	}
	if parts["410638.30"] != 74 || parts["410638.29"] != 20 {
		t.Errorf("got %v", parts)
	}
}
