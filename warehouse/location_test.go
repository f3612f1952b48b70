package warehouse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pgtest"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// tree is a small province, parents first.
func tree() []warehouse.Location {
	return []warehouse.Location{
		{Code: "51", Name: "四川省", Kind: warehouse.Province, Division: "510000"},
		{Code: "5101", Name: "成都市", Kind: warehouse.Prefecture, Parent: "51", Division: "510100"},
		{Code: "5101-A", Name: "A", Kind: warehouse.Prefecture, Parent: "51"},
		{Code: "ST_1", Name: "救助站", Kind: warehouse.Station, Parent: "5101"},
		{Code: "STX1", Name: "救助站", Kind: warehouse.Station, Parent: "5101"},
		{Code: "WH-1", Name: "仓库", Kind: warehouse.Warehouse, Parent: "ST_1"},
		{Code: "PT-1", Name: "取暖点", Kind: warehouse.Point, Parent: "ST_1", OpensOn: ledger.NewDate(2023, 11, 15), ClosesOn: ledger.NewDate(2024, 2, 29)},
		{Code: "V-1", Name: "车", Kind: warehouse.Vehicle, Parent: "WH-1"},
	}
}

func TestTheTreeOfLocations(t *testing.T) {
	book := pgtest.Book(t)
	keeper := warehouse.NewKeeper(book, pgtest.Now)
	ctx := t.Context()
	rows, err := keeper.Locations.CreateMany(ctx, "keeper", tree())
	wantFaults(t, "create", err)
	var paths []string
	for _, row := range rows {
		paths = append(paths, row.Record.Path)
	}
	if got := strings.Join(paths, " "); got != "/51/ /51/5101/ /51/5101-A/ /51/5101/ST_1/ /51/5101/STX1/ /51/5101/ST_1/WH-1/ /51/5101/ST_1/PT-1/ /51/5101/ST_1/WH-1/V-1/" {
		t.Errorf("paths are %s", got)
	}
	for root, want := range map[string]string{
		"51":   "51 5101 5101-A PT-1 STX1 ST_1 V-1 WH-1",
		"5101": "5101 PT-1 STX1 ST_1 V-1 WH-1",
		"ST_1": "PT-1 ST_1 V-1 WH-1",
		"PT-1": "PT-1",
		"none": "",
	} {
		under := func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("?", warehouse.Under(book.ID, "r.path", root))
		}
		page, err := keeper.Locations.List(ctx, "", 50, under)
		wantFaults(t, root, err)
		var codes []string
		for _, row := range page {
			codes = append(codes, row.Record.Code)
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("under %s stand %s, wanted %s", root, got, want)
		}
	}
	again, err := keeper.Locations.CreateMany(ctx, "keeper", tree())
	wantFaults(t, "create again", err)
	if !again[0].Repeated || !again[7].Repeated || again[7].Record != rows[7].Record {
		t.Errorf("the second time answered %+v", again)
	}
}

func TestLocationsThatAreRefused(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	_, err := keeper.Locations.CreateMany(ctx, "keeper", tree())
	wantFaults(t, "create", err)
	longest := warehouse.Location{Code: strings.Repeat("L", 60), Name: "Longest", Kind: warehouse.Province}
	_, err = keeper.Locations.Create(ctx, "keeper", longest)
	wantFaults(t, "longest", err)
	longest.Code += "L"
	_, err = keeper.Locations.Create(ctx, "keeper", longest)
	wantFaults(t, "too long", err, "invalid /code location code has 61 characters, at most 60 wanted")
	for _, c := range []struct {
		l     warehouse.Location
		fault string
	}{
		{warehouse.Location{Kind: "tent"}, `invalid /kind kind "tent" is none of province, prefecture, warehouse, station, point, vehicle`},
		{warehouse.Location{Kind: warehouse.Point}, "invalid /parent point X stands at the root, wanted under a prefecture or under a warehouse or under a station"},
		{warehouse.Location{Kind: warehouse.Point, Parent: "51"}, "invalid /parent point X stands under a province, wanted under a prefecture or under a warehouse or under a station"},
		{warehouse.Location{Kind: warehouse.Province, Parent: "51"}, "invalid /parent province X stands under a province, wanted at the root"},
		{warehouse.Location{Kind: warehouse.Station, Parent: "PT-1"}, "invalid /parent station X stands under a point, wanted at the root or under a province or under a prefecture"},
		{warehouse.Location{Kind: warehouse.Point, Parent: "ST-9"}, "not-found /parent location ST-9 is not in the register, a parent of X wanted"},
		{warehouse.Location{Kind: warehouse.Vehicle, Parent: "X"}, "not-found /parent location X is not in the register, a parent of X wanted"},
		{warehouse.Location{Kind: warehouse.Province, Division: "510100"}, `invalid /division division "510100" is not the six digits of a province in GB/T 2260`},
		{warehouse.Location{Kind: warehouse.Prefecture, Division: "510000"}, `invalid /division division "510000" is not the six digits of a prefecture in GB/T 2260`},
		{warehouse.Location{Kind: warehouse.Prefecture, Division: "510421"}, `invalid /division division "510421" is not the six digits of a prefecture in GB/T 2260`},
		{warehouse.Location{Kind: warehouse.Station, Division: "51042"}, `invalid /division division "51042" is not the six digits of a station in GB/T 2260`},
		{
			warehouse.Location{Kind: warehouse.Station, OpensOn: ledger.NewDate(2024, 1, 2), ClosesOn: ledger.NewDate(2024, 1, 1)},
			"invalid /closes_on location X is from 2024-01-02 to 2024-01-01, a first day not after the last wanted",
		},
	} {
		c.l.Code, c.l.Name = "X", "X"
		_, err := keeper.Locations.Create(ctx, "keeper", c.l)
		wantFaults(t, fmt.Sprintf("%+v", c.l), err, c.fault)
	}
	_, err = keeper.Locations.CreateMany(ctx, "keeper", []warehouse.Location{
		{Code: "PT-8", Name: "P", Kind: warehouse.Point, Parent: "ST-8"},
		{Code: "ST-8", Name: "S", Kind: warehouse.Station},
		{Code: "PT-9", Name: "P", Kind: warehouse.Point, Parent: "ST-8"},
		{Code: "PV-9", Name: "P", Kind: warehouse.Province, Parent: "ST-8"},
	})
	wantFaults(t, "a child before its parent", err,
		"not-found /0/parent location ST-8 is not in the register, a parent of PT-8 wanted",
		"invalid /3/parent province PV-9 stands under a station, wanted at the root")
}

func TestALocationStaysWhereItIs(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	rows, err := keeper.Locations.CreateMany(ctx, "keeper", tree())
	wantFaults(t, "create", err)
	point := rows[6].Record
	moved := point
	moved.Parent, moved.Kind = "5101", warehouse.Station
	_, err = keeper.Locations.Change(ctx, "keeper", "PT-1", 1, moved)
	wantFaults(t, "move", err,
		"invalid /kind location PT-1 is a point, not a station: what stands under it relies on it",
		`invalid /parent location PT-1 stands under "ST_1", not "5101": figures already reported by subtree would change`)
	point.ClosesOn, point.Path = ledger.NewDate(2024, 3, 31), "/a/slip/"
	row, err := keeper.Locations.Change(ctx, "keeper", "PT-1", 1, point)
	wantFaults(t, "close later", err)
	if row.Record.Path != "/51/5101/ST_1/PT-1/" || row.Record.ClosesOn.String() != "2024-03-31" {
		t.Errorf("changed to %+v", row.Record)
	}
}

func TestOpenDays(t *testing.T) {
	point := tree()[6]
	for day, fault := range map[ledger.Date]string{
		ledger.NewDate(2023, 11, 14): "not-open  location PT-1 is open from 2023-11-15 to 2024-02-29, not on 2023-11-14",
		ledger.NewDate(2023, 11, 15): "",
		ledger.NewDate(2024, 2, 29):  "",
		ledger.NewDate(2024, 3, 1):   "not-open  location PT-1 is open from 2023-11-15 to 2024-02-29, not on 2024-03-01",
	} {
		if fault == "" {
			wantFaults(t, day.String(), point.Open(day))
		} else {
			wantFaults(t, day.String(), point.Open(day), fault)
		}
	}
	wantFaults(t, "always open", warehouse.Location{}.Open(ledger.NewDate(1950, 1, 1)))
	for i, holds := range []bool{false, false, false, true, true, true, true, true} {
		if l := tree()[i]; l.HoldsGoods() != holds {
			t.Errorf("%s %s holds goods: %t", l.Kind, l.Code, !holds)
		}
	}
}

func TestAWholeProvinceIsOneRequest(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	province := []warehouse.Location{{Code: "51", Name: "四川省", Kind: warehouse.Province}}
	for s := range 94 {
		station := fmt.Sprintf("ST-%02d", s)
		province = append(province, warehouse.Location{Code: station, Name: station, Kind: warehouse.Station, Parent: "51"})
		for p := range 8 {
			point := fmt.Sprintf("PT-%02d-%d", s, p)
			province = append(province, warehouse.Location{Code: point, Name: point, Kind: warehouse.Point, Parent: station})
		}
	}
	for _, repeated := range []bool{false, true} {
		rows, err := keeper.Locations.CreateMany(t.Context(), "keeper", province)
		wantFaults(t, "create", err)
		if last := rows[len(rows)-1]; last.Repeated != repeated || last.Record.Path != "/51/ST-93/PT-93-7/" {
			t.Errorf("the last row is %+v", last)
		}
	}
	if page, err := keeper.Locations.List(t.Context(), "", 9999); err != nil || len(page) != register.MaxPage {
		t.Errorf("a page holds %d rows, %v", len(page), err)
	}
}
