// Package migrations brings a database to the schema that this program is written for. Migrations only go forward;
// schema.sql shows their sum.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

//go:embed *.tx.up.sql
var embedded embed.FS

// ErrNewer means that the database was made by a newer version of this program, whose rules this one does not know.
var ErrNewer = errors.New("the database is newer than this relief: run the version that made it, or a later one")

// migration is one file: 0001_ledger.tx.up.sql is the migration 0001_ledger.
type migration struct{ name, sql string }

var fileName = regexp.MustCompile(`^([0-9]{4}_[a-z0-9_]+)\.tx\.up\.sql$`)

// read gives the migrations of fsys in the order of their numbers, which must differ.
func read(fsys fs.FS) ([]migration, error) {
	paths, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var all []migration
	for _, path := range paths {
		match := fileName.FindStringSubmatch(path)
		if match == nil {
			return nil, fmt.Errorf("migration %s is not named like 0001_ledger.tx.up.sql", path)
		}
		name := match[1]
		if n := len(all); n > 0 && all[n-1].name[:4] == name[:4] {
			return nil, fmt.Errorf("migrations %s and %s have the same number", all[n-1].name, name)
		}
		text, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{name, string(text)})
	}
	return all, nil
}

// Run applies what the database lacks, as the role that signs in, which then owns it. All of it happens in one transaction:
// a failing or interrupted migration leaves nothing behind and stays pending. Of two that run at once the second waits
// and finds nothing to do. A database with migrations that this program does not know is refused with ErrNewer.
func Run(ctx context.Context, dsn string) error { return run(ctx, dsn, embedded) }

func run(ctx context.Context, dsn string, fsys fs.FS) error {
	all, err := read(fsys)
	if err != nil {
		return err
	}
	db, err := pg.Open(dsn, pg.Options{Application: "relief migrate", MaxOpen: 1, StatementTimeout: pg.Unhurried})
	if err != nil {
		return err
	}
	defer db.Close()
	return pg.Transact(ctx, db, func(ctx context.Context, tx bun.Tx) error {
		if err := enter(ctx, tx); err != nil {
			return err
		}
		missing, err := missing(ctx, tx, all)
		if err != nil {
			return err
		}
		for _, m := range missing {
			// Past bun, which would look for placeholders in the text.
			if _, err := tx.Tx.ExecContext(ctx, m.sql); err != nil {
				return fmt.Errorf("migration %s: %w", m.name, err)
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO migrations (name) VALUES (?)", m.name); err != nil {
				return err
			}
		}
		return nil
	})
}

// enter waits for its turn, however long another migrator takes, and makes the list of migrations when there is none.
// The lock belongs to the transaction, so a migrator that dies frees it. CREATE TABLE IF NOT EXISTS alone would race.
func enter(ctx context.Context, tx bun.Tx) error {
	for _, step := range []string{
		"SET LOCAL lock_timeout = 0",
		"SELECT pg_advisory_xact_lock(hashtext('relief migrations'))",
		"SET LOCAL lock_timeout = '5s'",
		"SET LOCAL client_min_messages = error",
		`CREATE TABLE IF NOT EXISTS migrations (name text CONSTRAINT migrations_pkey PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
		"GRANT SELECT ON migrations TO PUBLIC",
	} {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// missing are the migrations of all that the database lacks.
func missing(ctx context.Context, db bun.IDB, all []migration) ([]migration, error) {
	var applied []string
	if err := db.NewRaw("SELECT name FROM migrations ORDER BY name").Scan(ctx, &applied); err != nil {
		return nil, err
	}
	var missing []migration
	for _, m := range all {
		if i, found := slices.BinarySearch(applied, m.name); found {
			applied = slices.Delete(applied, i, i+1)
		} else {
			missing = append(missing, m)
		}
	}
	if len(applied) > 0 {
		return nil, fmt.Errorf("database has migration %s: %w", applied[len(applied)-1], ErrNewer)
	}
	return missing, nil
}

// Pending names the migrations that Run would apply, in order. A database that is newer than this program is refused
// with ErrNewer.
func Pending(ctx context.Context, db *bun.DB) ([]string, error) { return pending(ctx, db, embedded) }

func pending(ctx context.Context, db *bun.DB, fsys fs.FS) ([]string, error) {
	all, err := read(fsys)
	if err != nil {
		return nil, err
	}
	var begun bool
	if err := db.NewRaw("SELECT to_regclass('migrations') IS NOT NULL").Scan(ctx, &begun); err != nil {
		return nil, err
	}
	if begun {
		if all, err = missing(ctx, db, all); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, m := range all {
		names = append(names, m.name)
	}
	return names, nil
}

// Fingerprint differs for every other set of migrations, so that a database made by one can be told from the others.
func Fingerprint() string {
	all, err := read(embedded)
	if err != nil {
		panic(err) // the files are part of the program
	}
	sum := sha256.New()
	for _, m := range all {
		fmt.Fprintf(sum, "%s %d %s", m.name, len(m.sql), m.sql)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
