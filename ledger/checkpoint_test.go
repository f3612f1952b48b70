package ledger_test

import (
	"testing"

	"reliefledger/ledger"
)

func TestParseCheckpoint(t *testing.T) {
	const root = "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI="
	for _, c := range []struct{ text, words string }{
		{"", `checkpoint "" is not a note of three lines and a signature`},
		{"log\n1\n" + root + "\n", `checkpoint "log\n1\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n" is not a note of three lines and a signature`},
		{"log\n01\n" + root + "\n\n", `checkpoint of "log" has size "01"`},
		{"log\n-1\n" + root + "\n\n", `checkpoint of "log" has size "-1"`},
		{"log\n1\nabc\n\n", `checkpoint of "log", size 1, has root "abc"`},
	} {
		if _, err := ledger.ParseCheckpoint(c.text); err == nil || err.Error() != c.words {
			t.Errorf("%q: got %v\nwant %s", c.text, err, c.words)
		}
	}
}
