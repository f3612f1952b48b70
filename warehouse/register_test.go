package warehouse_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// TestVerifySeesARegisterThatWasRewritten: whoever owns the database can edit a register, but not without a trace.
func TestVerifySeesARegisterThatWasRewritten(t *testing.T) {
	book := pgtest.Book(t)
	keeper := warehouse.NewKeeper(book, pgtest.Now)
	ctx := t.Context()
	_, err := keeper.Locations.CreateMany(ctx, "keeper", tree())
	wantFaults(t, "locations", err)
	_, err = keeper.Items.Create(ctx, "keeper", quilt())
	wantFaults(t, "item", err)
	changed := quilt()
	changed.Name = "棉被 2 kg"
	_, err = keeper.Items.Change(ctx, "keeper", "QUILT", 1, changed)
	wantFaults(t, "change", err)

	owner := pgtest.Owner(t, book.DB())
	verify := func() []string {
		findings, err := ledger.Verify(ctx, owner, book.Info, ledger.VerifyOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, f := range findings {
			texts = append(texts, f.Rule+": "+f.Text)
		}
		return texts
	}
	tamper := func(sql string) {
		err := pg.Transact(ctx, owner, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, sql)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found := verify(); found != nil {
		t.Fatalf("a whole book has findings %q", found)
	}
	item := []string{"register of items: item QUILT stands at version 2, not as its history of 2 versions says"}
	for _, c := range []struct {
		what, slip, undo string
		found            []string
	}{
		{"a pack", `UPDATE items SET packs = '[{"name": "bale", "quantity": "25"}]'`, `UPDATE items SET packs = '[{"name": "bale", "quantity": "20"}]'`, item},
		{"a version", "UPDATE items SET version = 3", "UPDATE items SET version = 2", []string{"register of items: item QUILT stands at version 3, not as its history of 2 versions says"}},
		{"who changed it", "UPDATE items SET changed_by = 'nobody'", "UPDATE items SET changed_by = 'keeper'", item},
		{
			"a day", "UPDATE locations SET opens_on = '2023-01-01' WHERE code = 'ST_1'", "UPDATE locations SET opens_on = NULL WHERE code = 'ST_1'",
			[]string{"register of locations: location ST_1 stands at version 1, not as its history of 1 versions says"},
		},
		{
			"a lost record", "CREATE TABLE kept AS TABLE locations; DELETE FROM locations WHERE code = 'V-1'", "INSERT INTO locations SELECT * FROM kept WHERE code = 'V-1'",
			[]string{"register of locations: location V-1 stands at version 0, not as its history of 1 versions says"},
		},
		{
			"a lost version",
			"ALTER TABLE register_history DISABLE TRIGGER ALL; CREATE TABLE lost AS SELECT * FROM register_history WHERE code = 'QUILT' AND version = 1; DELETE FROM register_history WHERE code = 'QUILT' AND version = 1",
			"INSERT INTO register_history SELECT * FROM lost; ALTER TABLE register_history ENABLE TRIGGER ALL",
			[]string{"register of items: item QUILT stands at version 2, not as its history of 1 versions says"},
		},
	} {
		tamper(c.slip)
		if found := verify(); !reflect.DeepEqual(found, c.found) {
			t.Errorf("%s: found %q, wanted %q", c.what, found, c.found)
		}
		tamper(c.undo)
	}
	if found := verify(); found != nil {
		t.Errorf("the restored book has findings %q", found)
	}
}
