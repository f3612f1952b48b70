package warehouse_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/internal/pgtest"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func number(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// wantFaults wants err to be a refusal of exactly these faults, written "code pointer message"; none means no error.
func wantFaults(t *testing.T, what string, err error, faults ...string) {
	t.Helper()
	var refusal *ledger.Refusal
	var got []string
	switch {
	case errors.As(err, &refusal):
		for _, f := range refusal.Faults {
			got = append(got, fmt.Sprintf("%s %s %s", f.Code, f.Pointer, f.Message))
		}
	case err != nil:
		t.Fatalf("%s: %v", what, err)
	}
	if !reflect.DeepEqual(got, faults) {
		t.Errorf("%s: refused with\n%s\nwanted\n%s", what, strings.Join(got, "\n"), strings.Join(faults, "\n"))
	}
}

func quilt() warehouse.Item {
	return warehouse.Item{
		Code: "QUILT", Name: "棉被", NameEn: "Quilt", Unit: "床", Category: "quilt",
		Packs: []warehouse.Pack{{Name: "bale", Quantity: number("20")}}, Classification: "1010203",
	}
}

func TestQuantityOfPacksIsExact(t *testing.T) {
	rice := warehouse.Item{Code: "RICE", Unit: "kg", Decimals: 3, Packs: []warehouse.Pack{{"斤", number("0.5")}, {"sack", number("25")}}}
	for _, c := range []struct {
		item          warehouse.Item
		pack, q, base string
		fault         string
	}{
		{quilt(), "", "3", "3", ""},
		{quilt(), "床", "3.000000000000", "3", ""},
		{quilt(), "bale", "1", "20", ""},
		{quilt(), "bale", "0.3", "6", ""},
		{quilt(), "bale", "0.05", "1", ""},
		{quilt(), "bale", "0.33", "0", "invalid /quantity 0.33 bale of 20 is 6.6 床 of QUILT, at most 0 decimals wanted"},
		{quilt(), "", "1.5", "0", "invalid /quantity 1.5 床 of QUILT has too many decimals, 0 wanted"},
		{quilt(), "box", "1", "0", `invalid /pack item QUILT has no pack "box", it is counted in 床, bale of 20`},
		{quilt(), "", "0", "0", "invalid /quantity quantity of QUILT is 0, a number above 0 of at most 24 digits and 9 decimals wanted"},
		{quilt(), "", "-1", "0", "invalid /quantity quantity of QUILT is -1, a number above 0 of at most 24 digits and 9 decimals wanted"},
		{quilt(), "", "1e24", "0", "invalid /quantity quantity of QUILT is 1000000000000000000000000, a number above 0 of at most 24 digits and 9 decimals wanted"},
		{quilt(), "", "1e9999", "0", "invalid /quantity quantity of QUILT is 1" + strings.Repeat("0", 59) + ", a number above 0 of at most 24 digits and 9 decimals wanted"},
		{quilt(), "bale", "9e22", "0", "invalid /quantity 90000000000000000000000 bale of QUILT is 1800000000000000000000000 床, at most 24 digits wanted"},
		{rice, "斤", "3", "1.5", ""},
		{rice, "斤", "0.001", "0", "invalid /quantity 0.001 斤 of 0.5 is 0.0005 kg of RICE, at most 3 decimals wanted"},
		{rice, "sack", "0.00004", "0.001", ""},
		{rice, "sack", "0.0000000001", "0", "invalid /quantity quantity of RICE is 0.0000000001, a number above 0 of at most 24 digits and 9 decimals wanted"},
		{rice, "", "0.1234", "0", "invalid /quantity 0.1234 kg of RICE has too many decimals, 3 wanted"},
	} {
		base, err := c.item.Quantity(c.pack, number(c.q))
		what := c.q + " " + c.pack
		if c.fault == "" {
			wantFaults(t, what, err)
		} else {
			wantFaults(t, what, err, c.fault)
		}
		if !base.Equal(number(c.base)) || base.Exponent() < -c.item.Decimals {
			t.Errorf("%s of %s is %s, wanted %s", what, c.item.Code, base, c.base)
		}
	}
}

func TestItemsThatAreRefused(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	for _, c := range []struct {
		what  string
		spoil func(*warehouse.Item)
		fault string
	}{
		{"code", func(i *warehouse.Item) { i.Code = "QUILT/1" }, `/code item code "QUILT/1" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`},
		{"name", func(i *warehouse.Item) { i.Name = " " }, "/name item name is empty, 1 to 120 characters wanted"},
		{"bidi name", func(i *warehouse.Item) { i.Name = "a\u202eb" }, "/name item name holds the character U+202E, plain text wanted"},
		{"unit", func(i *warehouse.Item) { i.Unit = strings.Repeat("床", 21) }, "/unit unit has 21 characters, at most 20 wanted"},
		{"decimals", func(i *warehouse.Item) { i.Decimals = 10 }, "/decimals item QUILT has 10 decimals, 0 to 9 wanted"},
		{"category", func(i *warehouse.Item) { i.Category = "toys" }, `/category category "toys" is none of clothing, quilt, hygiene, food, leaflet, equipment, other`},
		{"shelf life", func(i *warehouse.Item) { i.ShelfLifeDays = 90 }, "/shelf_life_days item QUILT has a shelf life of 90 days but does not expire"},
		{"classification", func(i *warehouse.Item) { i.Classification = "4010203" }, `/classification classification "4010203" is not seven digits of GB/T 38565 that begin with 1, 2 or 3`},
		{"pack of nothing", func(i *warehouse.Item) { i.Packs[0].Quantity = number("0") }, "/packs/0/quantity pack bale of item QUILT holds 0, more than 0 and at most 24 digits wanted"},
		{"pack of half a quilt", func(i *warehouse.Item) { i.Packs[0].Quantity = number("0.5") }, "/packs/0/quantity pack bale of item QUILT holds 0.5, at most 0 decimals wanted"},
		{"pack named as the unit", func(i *warehouse.Item) { i.Packs[0].Name = "床" }, "/packs/0/name pack 床 of item QUILT is there twice or is its unit"},
		{"pack without a name", func(i *warehouse.Item) { i.Packs[0].Name = "" }, "/packs/0/name pack name is empty, 1 to 20 characters wanted"},
	} {
		item := quilt()
		c.spoil(&item)
		_, err := keeper.Items.Create(t.Context(), "keeper", item)
		wantFaults(t, c.what, err, "invalid "+c.fault)
	}
	_, err := keeper.Items.Create(t.Context(), "keeper", warehouse.Item{Code: "QUILT", Decimals: -1, Category: "quilt"})
	wantFaults(t, "several at once", err,
		"invalid /name item name is empty, 1 to 120 characters wanted",
		"invalid /unit unit is empty, 1 to 20 characters wanted",
		"invalid /decimals item QUILT has -1 decimals, 0 to 9 wanted")
}

func TestAnItemKeepsWhatTheBookReliesOn(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	milk := warehouse.Item{
		Code: "MILK", Name: "奶粉", Unit: "kg", Decimals: 3, Category: "food", Expires: true, ShelfLifeDays: 540,
		Packs: []warehouse.Pack{{Name: "tin", Quantity: number("0.400")}, {Name: "box", Quantity: number("4.8")}},
	}
	row, err := keeper.Items.Create(ctx, "keeper", milk)
	wantFaults(t, "create", err)
	read, err := keeper.Items.Read(ctx, "MILK")
	wantFaults(t, "read", err)
	if fmt.Sprint(read.Record) != fmt.Sprint(row.Record) || fmt.Sprint(read.Record) != fmt.Sprint(milk) {
		t.Errorf("read %+v, wanted %+v", read.Record, milk)
	}

	changed := milk
	changed.Unit, changed.Decimals, changed.Expires, changed.ShelfLifeDays = "g", 0, false, 0
	changed.Category = "other"
	changed.Packs = nil
	_, err = keeper.Items.Change(ctx, "keeper", "MILK", 1, changed)
	wantFaults(t, "change", err,
		"invalid /unit item MILK is counted in kg, not g: quantities in the book would change their meaning",
		"invalid /decimals item MILK has 3 decimals, not 0: lots in the book are counted so",
		"invalid /category item MILK has the category food, not other: bulletins count it so",
		"invalid /expires item MILK was created with expires true: lots in the book rely on it")

	changed = milk
	changed.Name, changed.Retired, changed.Packs = "全脂奶粉", true, []warehouse.Pack{{Name: "tin", Quantity: number("0.9")}}
	row, err = keeper.Items.Change(ctx, "keeper", "MILK", 1, changed)
	wantFaults(t, "allowed change", err)
	found, err := keeper.Items.Find(ctx, "MILK")
	wantFaults(t, "find", err)
	if row.Version != 2 || !found.Retired || found.Name != "全脂奶粉" || found.Packs[0].Quantity.String() != "0.9" {
		t.Errorf("changed to %+v, found %+v", row, found)
	}
	_, err = keeper.Items.Change(ctx, "keeper", "MILK", 1, milk)
	if !errors.Is(err, register.ErrStale) {
		t.Errorf("a stale change answered %v", err)
	}
}
