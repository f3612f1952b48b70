package ledger_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// FuzzQuoting: whatever text a message carries, the server reads that text, as one value, and nothing of it as SQL.
func FuzzQuoting(f *testing.F) {
	db := pgtest.Open(f)
	f.Fuzz(func(t *testing.T, joined string) {
		texts := slices.DeleteFunc(strings.Split(joined, "\n"), func(s string) bool { return !ledger.Storable(s) })
		rows, err := db.DB.QueryContext(context.Background(), "SELECT v FROM "+ledger.Quoted(texts)+" AS v")
		if err != nil {
			t.Fatalf("%q: %v", texts, err)
		}
		defer func() { _ = rows.Close() }()
		var got []string
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				t.Fatalf("%q: %v", texts, err)
			}
			got = append(got, text)
		}
		if rows.Err() != nil || !slices.Equal(got, texts) {
			t.Errorf("%q came back as %q, %v", texts, got, rows.Err())
		}
	})
}
