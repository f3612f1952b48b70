package pgtest_test

import (
	"testing"

	"reliefledger/internal/pgtest"
)

func TestDatabasesAreFreshAndApart(t *testing.T) {
	first, second := pgtest.Open(t), pgtest.Open(t)
	if _, err := pgtest.Owner(t, first).Exec("SELECT 1"); err != nil {
		t.Fatal(err)
	}
	var name [2]string
	if err := first.NewRaw("SELECT current_database()").Scan(t.Context(), &name[0]); err != nil {
		t.Fatal(err)
	}
	if err := second.NewRaw("SELECT current_database()").Scan(t.Context(), &name[1]); err != nil {
		t.Fatal(err)
	}
	if name[0] == name[1] {
		t.Fatalf("both databases are %s", name[0])
	}
}
