package pg_test

import (
	"slices"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

type day string

func (d day) IsZero() bool { return d == "" }
func (d day) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

func TestArrays(t *testing.T) {
	name, number, tenth := "it's", int64(-7), decimal.RequireFromString("-0.10")
	for got, want := range map[string]string{
		string(pg.AppendTexts(nil, []string{`a"b`, `c\d`, `it's`, "", "NULL", "{x,y}"})): `'{"a\"b","c\\d","it''s","","NULL","{x,y}"}'::text[]`,
		string(pg.AppendNullTexts(nil, []*string{&name, nil})):                           `'{"it''s",NULL}'::text[]`,
		string(pg.AppendInts([]byte("SELECT "), []int{1, -2})):                           `SELECT '{1,-2}'::bigint[]`,
		string(pg.AppendNullInts(nil, []*int64{nil, &number})):                           `'{NULL,-7}'::bigint[]`,
		string(pg.AppendNumerics(nil, []decimal.Decimal{decimal.New(5, 3), tenth})):      `'{5000,-0.1}'::numeric[]`,
		string(pg.AppendNullNumerics(nil, []*decimal.Decimal{&tenth, nil})):              `'{-0.1,NULL}'::numeric[]`,
		string(pg.AppendDates(nil, []day{"2023-12-24", ""})):                             `'{2023-12-24,NULL}'::date[]`,
		string(pg.AppendBools(nil, []bool{true, false})):                                 `'{true,false}'::boolean[]`,
		string(pg.AppendByteas(nil, [][]byte{{0, 255}, nil})):                            `'{"\\x00ff","\\x"}'::bytea[]`,
		string(pg.AppendTexts[string](nil, nil)):                                         `'{}'::text[]`,
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestArraysReachTheServer(t *testing.T) {
	db := pgtest.Owner(t, pgtest.Open(t))
	sql := "SELECT " + string(pg.AppendDates(nil, []day{"2024-02-29", ""})) + "::text || " +
		string(pg.AppendByteas(nil, [][]byte{{1, '\\', '"'}, nil})) + "::text || " +
		string(pg.AppendNumerics(nil, []decimal.Decimal{decimal.RequireFromString("99999999999999.999999")})) + "::text || " +
		string(pg.AppendBools(nil, []bool{true})) + "::text"
	var got string
	if err := db.DB.QueryRowContext(t.Context(), sql).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := `{2024-02-29,NULL}{"\\x015c22","\\x"}{99999999999999.999999}{t}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// FuzzTexts proves that any text comes back as it went in, or is refused by CheckText and by the server alike.
// It also proves that no text inside a literal looks like a write to the guard.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"", "床", `\`, `"`, `'`, `\'`, `'; DROP TABLE x --`, "NULL", "{}", ",", " ", "insert", "E'", "$$", "\x00", "\xff", "\t\n"} {
		f.Add(s, "b")
	}
	db := pgtest.Owner(f, pgtest.Open(f))
	f.Fuzz(func(t *testing.T, a, b string) {
		var got []string
		sent := []string{a, b, a + b}
		err := db.DB.QueryRowContext(t.Context(), "SELECT "+string(pg.AppendTexts(nil, sent))).Scan(pq.Array(&got))
		if bad := pg.CheckText(a + "|" + b); (bad != nil) != (err != nil) {
			t.Fatalf("CheckText says %v, the server says %v", bad, err)
		}
		if err == nil && !slices.Equal(got, sent) {
			t.Fatalf("%q came back as %q", sent, got)
		}
	})
}
