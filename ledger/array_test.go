package ledger_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// list is a table with a column for every kind of value, and a pipe to it.
func list(t testing.TB) (*bun.DB, *pg.Pipe) {
	t.Helper()
	db := pgtest.Owner(t, pgtest.Open(t))
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	pipe, err := pg.OpenPipe(t.Context(), conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pipe.Close)
	err = <-pipe.Send([]pg.Statement{{Name: "make", Text: `CREATE TABLE listed (id bigserial, bigint bigint, integer integer, numeric numeric, text text,
		date date, boolean boolean)`}})
	if err != nil {
		t.Fatal(err)
	}
	return db, pipe
}

func TestArraysAreReadAsTheyWereWritten(t *testing.T) {
	db, pipe := list(t)
	numbers := func(texts ...string) (numbers []any) {
		for _, s := range texts {
			numbers = append(numbers, dec(s))
		}
		return numbers
	}
	for kind, values := range map[string][]any{
		"bigint":  {0, 1, -1, int64(math.MaxInt64), int64(math.MinInt64)},
		"integer": {0, math.MaxInt32, math.MinInt32},
		"numeric": numbers(
			"0", "1", "-1", "9999", "10000", "10001", "-12345678", "0.1", "0.00001", "-0.000000001", "100.5", "1234.5678", "12345.67891", "20000.00000001",
			"999999999999999999999999.999999999", "-999999999999999999999999999999.999999999", "100000000", "1000000000000000000000000"),
		"text":    {"", "a", `"`, `\`, "'", "{,}", "NULL", "棉被", "a\nb\tc", `\x41`},
		"date":    {day("2000-01-01"), day("1999-12-31"), day("2026-11-28"), day("1900-01-01"), day("2199-12-31"), day("1970-01-02")},
		"boolean": {true, false},
	} {
		if err := <-pipe.Send(ledger.Listed(kind, append([]any{nil}, values...)...)); err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		want := []string{"nothing"}
		for _, v := range values {
			want = append(want, fmt.Sprint(v))
		}
		var got []string
		err := db.NewRaw("SELECT coalesce(?::text, 'nothing') FROM listed ORDER BY id", bun.Ident(kind)).Scan(t.Context(), &got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s came back as %q, want %q, %v", kind, got, want, err)
		}
		if err := <-pipe.Send([]pg.Statement{{Name: "empty", Text: "TRUNCATE listed"}}); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzArrayOfNumbers: PostgreSQL reads the number that was written, with the decimals that it is written with as text.
func FuzzArrayOfNumbers(f *testing.F) {
	db, pipe := list(f)
	for _, s := range []string{"0", "7", "-10000", "99999999", "100020003", "999999999999999999999999999999999"} {
		for _, exponent := range []int8{0, -1, -3, -4, -5, -9, 2} {
			f.Add(s, exponent)
		}
	}
	f.Fuzz(func(t *testing.T, coefficient string, exponent int8) {
		n, ok := new(big.Int).SetString(coefficient, 10)
		if !ok || len(coefficient) > 40 || exponent > 30 || exponent < -30 {
			return
		}
		d := decimal.NewFromBigInt(n, int32(exponent))
		if err := <-pipe.Send(ledger.Listed("numeric", d)); err != nil {
			t.Fatalf("%s: %v", d, err)
		}
		var got string
		if err := db.NewRaw("SELECT numeric::text FROM listed ORDER BY id DESC LIMIT 1").Scan(t.Context(), &got); err != nil || got != d.String() {
			t.Errorf("%s came back as %s, %v", d, got, err)
		}
	})
}
