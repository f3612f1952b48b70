package pgtest

import (
	"context"
	"testing"
	"time"

	"reliefledger/ledger"
)

// Now is the clock of every test: the evening of 15 March 2024 in Shanghai.
func Now() time.Time { return time.Date(2024, time.March, 15, 12, 0, 0, 0, time.UTC) }

// Book opens an empty book, code TEST, in Shanghai time and yuan, on a database of its own.
func Book(t testing.TB) *ledger.Book {
	t.Helper()
	db := Open(t)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	info := ledger.Info{Code: "TEST", Name: "Test book", Zone: zone, Currency: "CNY", Decimals: 2}
	if info.ID, err = ledger.Create(context.Background(), db, info); err != nil {
		t.Fatal(err)
	}
	book := ledger.Open(db, info, ledger.Options{Now: Now})
	t.Cleanup(book.Close)
	return book
}
