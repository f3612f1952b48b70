package migrations

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// Schema writes the sum of all migrations as SQL, read back from the catalogs: tables with everything on them, views,
// functions, and what each role may do. It is sorted, names no owner, and reads the same on PostgreSQL 15 to 18.
// Of a view only the columns are shown, and of a policy only for whom and what it is, because the versions write their
// expressions differently.
func Schema(ctx context.Context, db *bun.DB) (string, error) {
	var parts []string
	rows, err := db.DB.QueryContext(ctx, catalog)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var part string
		if err := rows.Scan(&part); err != nil {
			return "", err
		}
		parts = append(parts, strings.TrimSpace(part))
	}
	return strings.Join(parts, "\n\n") + "\n", rows.Err()
}

// catalog answers one row per object. MAINTAIN, a privilege that only PostgreSQL 17 and later know, is left out, and so are
// NOT NULL constraints, which only 18 keeps by name.
const catalog = `
WITH house AS (
    SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname IN ('public', 'persons')
), relation AS (
    SELECT c.* FROM pg_class c
    WHERE c.relnamespace IN (SELECT oid FROM house) AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), line AS (
    SELECT a.attrelid AS oid, 1 AS part, a.attnum AS position,
           quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                   WHEN a.attidentity <> '' THEN ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY'
                   ELSE coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END
           || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS text
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT conrelid, 2, 0, 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype NOT IN ('n', 't')
), privilege AS (
    SELECT r.oid, '' AS what, a.grantee, a.privilege_type
    FROM relation r, aclexplode(r.relacl) a WHERE a.grantee <> r.relowner AND a.privilege_type <> 'MAINTAIN'
    UNION ALL
    SELECT r.oid, ' (' || quote_ident(c.attname) || ')', a.grantee, a.privilege_type
    FROM relation r JOIN pg_attribute c ON c.attrelid = r.oid, aclexplode(c.attacl) a WHERE a.grantee <> r.relowner
), clause AS (
    SELECT oid, 1 AS part, '' AS name,
           CASE relkind WHEN 'v' THEN 'CREATE VIEW ' WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' ELSE 'CREATE TABLE ' END || oid::regclass::text
           || E' (\n    ' || (SELECT string_agg(l.text, E',\n    ' ORDER BY l.part, l.position, l.text COLLATE "C") FROM line l WHERE l.oid = r.oid)
           || E'\n)' || coalesce(' WITH (' || array_to_string(reloptions, ', ') || ')', '') || ';' AS text
    FROM relation r
    UNION ALL
    SELECT i.indrelid, 2, c.relname, pg_get_indexdef(i.indexrelid) || ';'
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT tgrelid, 3, tgname, pg_get_triggerdef(oid) || ';' FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT oid, 4, '', 'ALTER TABLE ' || oid::regclass::text || ' ENABLE ROW LEVEL SECURITY;' FROM relation WHERE relrowsecurity
    UNION ALL
    SELECT polrelid, 5, polname, 'CREATE POLICY ' || quote_ident(polname) || ' ON ' || polrelid::regclass::text
           || CASE polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
           || ' TO ' || (SELECT string_agg(r::regrole::text, ', ' ORDER BY r::regrole::text COLLATE "C") FROM unnest(polroles) AS r) || ';'
    FROM pg_policy
    UNION ALL
    SELECT oid, 6, grantee::regrole::text || what,
           'GRANT ' || string_agg(privilege_type || what, ', ' ORDER BY privilege_type COLLATE "C") || ' ON ' || oid::regclass::text
           || ' TO ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ';'
    FROM privilege GROUP BY oid, what, grantee
    UNION ALL
    SELECT d.objoid, 7, d.objsubid::text,
           'COMMENT ON ' || CASE d.objsubid WHEN 0 THEN 'TABLE ' || r.oid::regclass::text ELSE 'COLUMN ' || r.oid::regclass::text || '.' || a.attname END
           || ' IS ' || quote_literal(d.description) || ';'
    FROM pg_description d JOIN relation r ON r.oid = d.objoid AND d.classoid = 'pg_class'::regclass
    LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0
), object AS (
    SELECT 1 AS part, r.oid::regclass::text AS name,
           string_agg(c.text, E'\n' ORDER BY c.part, c.name COLLATE "C", c.text COLLATE "C") AS text
    FROM relation r JOIN clause c USING (oid) GROUP BY r.oid
    UNION ALL
    SELECT 2, p.oid::regprocedure::text, rtrim(pg_get_functiondef(p.oid), E'\n') || ';' || coalesce((
        SELECT string_agg(E'\nGRANT EXECUTE ON FUNCTION ' || p.oid::regprocedure::text || ' TO '
                          || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END || ';', '' ORDER BY a.grantee::regrole::text COLLATE "C")
        FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner), '')
    FROM pg_proc p
    WHERE p.pronamespace IN (SELECT oid FROM house)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 3, nspname || ' ' || grantee::regrole::text,
           'GRANT ' || string_agg(privilege_type, ', ' ORDER BY privilege_type COLLATE "C") || ' ON SCHEMA ' || nspname || ' TO '
           || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ';'
    FROM house n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    WHERE a.grantee <> n.nspowner GROUP BY nspname, grantee
)
SELECT text FROM object ORDER BY part, name COLLATE "C"`
