package migrations_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/migrations"
)

var update = flag.Bool("update", false, "write schema.sql anew")

func TestSchemaIsTheSumOfTheMigrations(t *testing.T) {
	got, err := migrations.Schema(t.Context(), open(t, pgtest.DSN(t)))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("schema.sql is not the sum of the migrations, see `make generate`: %s", firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	wanted := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wanted) || line != wanted[i] {
			return "the database has " + line
		}
	}
	return "the file has more"
}

func TestSchemaShowsEverything(t *testing.T) {
	dsn := pgtest.Empty(t)
	db := open(t, dsn)
	sql := `
		CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "on" date NOT NULL DEFAULT now(), n numeric(9,2) CHECK (n <> 'NaN'),
		                twice numeric GENERATED ALWAYS AS (n * 2) STORED) WITH (fillfactor=50);
		CREATE TABLE b (a bigint NOT NULL REFERENCES a, note text);
		CREATE UNIQUE INDEX b_note ON b (note) WHERE note IS NOT NULL;
		CREATE VIEW c AS SELECT a.id, b.note FROM a JOIN b ON b.a = a.id;
		COMMENT ON COLUMN b.note IS 'what''s said';
		CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		REVOKE ALL ON FUNCTION f() FROM PUBLIC;
		CREATE TRIGGER t BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION f();
		REVOKE ALL ON SCHEMA public FROM PUBLIC;
		GRANT USAGE ON SCHEMA public TO pg_monitor;
		GRANT ALL ON b TO pg_monitor;
		GRANT UPDATE (note), INSERT (note) ON b TO PUBLIC`
	if err := migrations.RunFS(t.Context(), dsn, files(first, sql)); err != nil {
		t.Fatal(err)
	}
	got, err := migrations.Schema(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, `CREATE TABLE a (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    "on" date DEFAULT now() NOT NULL,
    n numeric(9,2),
    twice numeric GENERATED ALWAYS AS ((n * (2)::numeric)) STORED,
    CONSTRAINT a_n_check CHECK ((n <> 'NaN'::numeric)),
    CONSTRAINT a_pkey PRIMARY KEY (id)
) WITH (fillfactor=50);

CREATE TABLE b (
    a bigint NOT NULL,
    note text,
    CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a(id)
);
CREATE UNIQUE INDEX b_note ON public.b USING btree (note) WHERE (note IS NOT NULL);
CREATE TRIGGER t BEFORE UPDATE ON public.b FOR EACH ROW EXECUTE FUNCTION f();
GRANT INSERT (note), UPDATE (note) ON b TO PUBLIC;
GRANT DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON b TO pg_monitor;
COMMENT ON COLUMN b.note IS 'what''s said';

CREATE VIEW c (
    id bigint,
    note text
);

CREATE TABLE migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT migrations_pkey PRIMARY KEY (name)
);
GRANT SELECT ON migrations TO PUBLIC;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

GRANT USAGE ON SCHEMA public TO pg_monitor;
`)
}
