package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"reliefledger/internal/exchange"
	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// TestColumnsAreToldApart: a heading that two columns of one table answer to would fill the wrong one.
func TestColumnsAreToldApart(t *testing.T) {
	t.Parallel()
	for _, kind := range exchange.Kinds {
		for _, l := range []exchange.Language{exchange.English, exchange.Chinese} {
			var buf bytes.Buffer
			if err := kind.Template(sheet.NewCSV(&buf, true), l); err != nil {
				t.Fatal(err)
			}
			s, err := give(t.Context(), t, kind.Name, buf.Bytes(), exchange.Posters{}, exchange.Options{})
			if err != nil || s.Refused() || s.Rows != 0 {
				t.Errorf("%s in %s: %v %v", kind.Name, l, err, told(s, l))
			}
			if kind.About(l) == "" {
				t.Errorf("%s says nothing about itself in %s", kind.Name, l)
			}
		}
		for _, c := range kind.Columns(exchange.Chinese) {
			if strings.Trim(c.Heading, "abcdefghijklmnopqrstuvwxyz ") == "" {
				t.Errorf("column %s of %s has no Chinese name", c.Field, kind.Name)
			}
		}
	}
}

// taken is a poster that takes everything and remembers keys and requests.
func taken[B any](into map[string]string) exchange.Poster[B] {
	return func(_ context.Context, dry bool, keys []string, requests []B) ([]exchange.Outcome, error) {
		outcomes := make([]exchange.Outcome, len(requests))
		for i, request := range requests {
			text, err := json.Marshal(request)
			if err != nil {
				return nil, err
			}
			under := keys[i]
			before, there := into[under]
			if there && before != string(text) {
				return nil, fmt.Errorf("key %s was used for %s and %s", under, before, text)
			}
			if !dry {
				into[under] = string(text)
			}
			outcomes[i] = exchange.Outcome{Document: "D", Repeated: there}
		}
		return outcomes, nil
	}
}

// FuzzImport: whatever a table holds, nothing panics, every fault stands in the table, every request has a key of its own, and the same table
// again asks for the same.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		openingTable, receiptTable, handoutTable, "\xEF\xBB\xBF" + handoutTable,
		"location;people;item;quantity\nST-1;1;=1+1;'-5\n", "单据号,地点,人数,物品,数量\n1,A,1,X,1\n1,B,1,X,1\n1,A,1,X,1\n",
		"location,people,item,quantity,on\nST-1,1,Q,1e9,2024-02-30\nST-1,999999999999,Q,0x1,20240230\n", "\"location\n\",\"\"\n", "location,location\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		booked := map[string]string{}
		posters := exchange.Posters{Receipts: taken[warehouse.Receipt](booked), Handouts: taken[warehouse.Handout](booked)}
		for _, name := range []string{"opening", "receipts", "handouts"} {
			kind, _ := exchange.Find(name)
			file, err := sheet.Read(bytes.NewReader(data), int64(len(data)), "")
			if err != nil {
				return
			}
			s, err := kind.Import(t.Context(), file, posters, exchange.Options{})
			if err != nil {
				if strings.Contains(err.Error(), "key") {
					t.Fatal(err)
				}
				return
			}
			for _, fault := range s.Faults {
				if fault.Code != ledger.Invalid || fault.Message == "" || fault.Row > 1+bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\x0A")) {
					t.Fatalf("fault %+v", fault)
				}
			}
			again, err := kind.Import(t.Context(), file, posters, exchange.Options{})
			if err != nil || again.New != 0 || again.Repeated != s.New || again.Documents != s.Documents {
				t.Fatalf("first %+v, then %+v, %v", s, again, err)
			}
		}
	})
}

// TestLongTablesAreImportedInBatches reads many rows that become as many handouts and looks at the memory in use along the way.
func TestLongTablesAreImportedInBatches(t *testing.T) {
	var table bytes.Buffer
	w := sheet.NewCSV(&table, false)
	cells := func(texts ...string) (row []sheet.Cell) {
		for _, s := range texts {
			row = append(row, sheet.Cell{Text: s})
		}
		return row
	}
	if err := w.Write(cells("location", "on", "people", "item", "quantity")); err != nil {
		t.Fatal(err)
	}
	for n := range many {
		if err := w.Write(cells("PT-0031", "2023-12-24", "1", "QUILT", fmt.Sprint(n+1))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, batches, booked := inUse(), 0, map[string]bool{}
	posters := exchange.Posters{Handouts: func(_ context.Context, dry bool, keys []string, requests []warehouse.Handout) ([]exchange.Outcome, error) {
		batches++
		if !dry {
			booked[keys[0]] = true
		}
		if now := inUse(); batches%20 == 0 && now > before+8<<20 {
			return nil, fmt.Errorf("%d MiB in use", (now-before)>>20)
		}
		outcomes := make([]exchange.Outcome, len(requests))
		for i := range outcomes {
			outcomes[i].Document = "HO"
		}
		return outcomes, nil
	}}
	s, err := give(t.Context(), t, "handouts", table.Bytes(), posters, exchange.Options{})
	if err != nil || s.New != many || len(booked) != many/200 {
		t.Errorf("%+v, %v, %d batches", s, err, len(booked))
	}
}

// TestKeysStayAsTheyAre: a program of another year must find what this one has booked.
func TestKeysStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var booked []string
	posters := exchange.Posters{Handouts: func(_ context.Context, dry bool, keys []string, requests []warehouse.Handout) ([]exchange.Outcome, error) {
		if !dry {
			booked = append(booked, keys...)
		}
		return make([]exchange.Outcome, len(requests)), nil
	}}
	table := "location,people,item,quantity,reference\n" + strings.Repeat("ST-1,1,Q,1,\n", 201)
	for n := range 2100 {
		table += fmt.Sprintf("ST-1,1,Q,1,%d\n", n/150)
	}
	if _, err := give(t.Context(), t, "handouts", []byte(table), posters, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	const hash = "import/handouts/"
	want := make([]string, 0, 215)
	for row := 2; row < 2303; row++ {
		if row < 203 || (row-203)%150 == 0 {
			want = append(want, fmt.Sprint(row))
		}
	}
	for i, key := range booked {
		if rest, ours := strings.CutPrefix(key, hash); !ours || len(rest) < 33 || rest[33:] != want[i] {
			t.Errorf("document %d has key %s, wanted %s… %s", i, key, hash, want[i])
		}
	}
	if len(booked) != len(want) {
		t.Errorf("keys %q", booked)
	}
}
