package migrations_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/migrations"
)

// The schema may belong to somebody who may do nothing else: where the roles are there already, their owner need not make any.
func TestAnOwnerWithoutPowers(t *testing.T) {
	migrated := pgtest.DSN(t) // so that the roles of the cluster are there
	dsn := pgtest.Empty(t)
	admin := open(t, dsn)
	var database string
	if err := admin.NewRaw("SELECT current_database()").Scan(t.Context(), &database); err != nil {
		t.Fatal(err)
	}
	owner := "relief_owner_" + strings.ToLower(rand.Text()[:8])
	do := func(db *bun.DB, statements ...string) {
		t.Helper()
		err := db.RunInTx(context.WithoutCancel(t.Context()), nil, func(ctx context.Context, tx bun.Tx) error {
			for _, s := range statements {
				if _, err := tx.ExecContext(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	do(admin, "CREATE ROLE "+owner+" LOGIN", "ALTER DATABASE "+database+" OWNER TO "+owner)
	t.Cleanup(func() { do(open(t, migrated), "DROP ROLE "+owner) })
	t.Cleanup(func() { do(admin, "REASSIGN OWNED BY "+owner+" TO CURRENT_USER", "DROP OWNED BY "+owner) })

	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("options", "-c role="+owner)
	u.RawQuery = q.Encode()
	if err := migrations.Run(t.Context(), u.String()); err != nil {
		t.Fatal(err)
	}
	app, err := pg.Open(dsn, pg.Options{Role: "relief_app"})
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	do(app, "INSERT INTO books VALUES (1, 'x', 'x', 'UTC', 'CNY', 2)", "SELECT count(*) FROM cells",
		`SELECT set_config('app.scope', '{"book":1,"grants":[{"path":"/51/"}]}', true), set_config('role', 'relief_scoped', true)`,
		"SELECT count(*) FROM entries JOIN cells USING (book_id)")
}
