-- What each actor may do, and where: a role, bound to a subtree of locations and to a fund, or to neither. A grant that is
-- withdrawn stays, so that it can be shown who could do what on any day.

CREATE TABLE grants (
    book_id      integer NOT NULL,
    id           text NOT NULL,
    actor        text NOT NULL,
    role         text NOT NULL CHECK (role IN ('keeper', 'coordinator', 'finance', 'auditor', 'administrator')),
    path         text COLLATE "C" CHECK (path ~ '^/(.+/)+$'),
    fund         text COLLATE "C" CHECK (fund <> ''),
    granted_at   timestamptz NOT NULL,
    granted_by   text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    CONSTRAINT grants_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT grants_actor FOREIGN KEY (book_id, actor) REFERENCES actors,
    CONSTRAINT grants_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
COMMENT ON COLUMN grants.path IS 'path of the location at the root of the subtree; NULL is everywhere, and what stands nowhere, as a bank';
COMMENT ON COLUMN grants.fund IS 'code of the fund; NULL is every fund';
CREATE UNIQUE INDEX grants_once ON grants (book_id, actor, role, coalesce(path, ''), coalesce(fund, '')) WHERE withdrawn_at IS NULL;

SELECT register('grants');
REVOKE UPDATE ON grants FROM relief_app;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON grants TO relief_app;

-- The one role that an actor had becomes a grant without bounds.
INSERT INTO grants (book_id, id, actor, role, granted_at, granted_by)
SELECT book_id, upper(left(md5('first grant of ' || code), 12)), code, role, created_at, created_by FROM actors;

ALTER TABLE tokens ADD COLUMN last_used_at timestamptz;
GRANT UPDATE (last_used_at) ON tokens TO relief_app;
CREATE INDEX tokens_of_name ON tokens (book_id, actor, name) WHERE revoked_at IS NULL;

-- The second net of what a reader may see. A reading transaction of the API works as relief_scoped, which sees through these
-- policies only, and says in app.scope, for this transaction, whose eyes it lends: {"book": 1, "grants": [{"path": …, "fund": …}]}.
-- Without it there is no book and so no row; what has no policy is not granted at all. The server's own role keeps
-- seeing everything, because the committer must.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relief_scoped') THEN
        BEGIN
            CREATE ROLE relief_scoped NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    -- Whoever may work as relief_app may step down to this role.
    BEGIN
        GRANT relief_scoped TO relief_app;
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation OR unique_violation THEN NULL;
    END;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT relief_scoped TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation OR unique_violation THEN NULL;
        END;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO relief_scoped;

CREATE FUNCTION scope_book() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT (nullif(current_setting('app.scope', true), '')::jsonb ->> 'book')::integer
$$;

CREATE FUNCTION scope_grants() RETURNS TABLE (path text, fund text) LANGUAGE sql STABLE ROWS 4 AS $$
    SELECT g ->> 'path', g ->> 'fund' FROM jsonb_array_elements(nullif(current_setting('app.scope', true), '')::jsonb -> 'grants') AS g
$$;

-- Whether the scope has no bounds. The functions below are asked only where it has some.
CREATE FUNCTION scope_whole() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM scope_grants() WHERE path IS NULL AND fund IS NULL)
$$;

-- They look with the eyes of their owner: a policy that looked through other policies would go round in circles. They go from
-- grants to places, accounts, cells and entries by arrays, so that each step is a look-up in an index and none a scan of the book.
CREATE FUNCTION scope_places() RETURNS TABLE (location text, fund text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
    SELECT DISTINCT l.code, g.fund FROM scope_grants() g
    JOIN locations l ON l.book_id = (SELECT scope_book()) AND (g.path IS NULL OR l.path >= g.path AND l.path < left(g.path, -1) || '0')
$$;

-- What one statement of a transaction found is kept for the next ones, under a fingerprint of the scope it was found for.
CREATE FUNCTION scope_kept(name text) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT substr(kept, 33)::bigint[] FROM current_setting(name, true) AS kept
    WHERE left(kept, 32) = md5(current_setting('app.scope', true))
$$;
CREATE FUNCTION scope_keep(name text, found bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT set_config(name, md5(current_setting('app.scope', true)) || found::text, true)
$$;

-- The cells that stand at a place in scope, or hold a fund that is granted everywhere. Goods on their way, and what was lost
-- there, stand with their sender and with whom they are for.
CREATE FUNCTION scope_cells() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 1000 AS $$
DECLARE
    book integer := scope_book();
    found bigint[] := scope_kept('app.cells');
    funds text[] := ARRAY(SELECT g.fund FROM scope_grants() g WHERE g.path IS NULL);
    bound record;
    sent bigint[];
    accounts text[];
BEGIN
    IF found IS NULL THEN
        found := '{}';
        FOR bound IN SELECT p.fund, array_agg(p.location) AS places FROM scope_places() p GROUP BY p.fund LOOP
            sent := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (bound.places) OR to_location = ANY (bound.places)));
            accounts := ARRAY(
                SELECT class || ':' || place FROM unnest(bound.places) AS place,
                    unnest(ARRAY['stock', 'reserved', 'quarantine', 'handed-out', 'written-off', 'lost', 'found', 'opening']) AS class
                UNION ALL
                SELECT class || ':' || document FROM entries, unnest(ARRAY['transit', 'lost']) AS class WHERE book_id = book AND number = ANY (sent));
            found := found || ARRAY(SELECT cell FROM cells
                WHERE book_id = book AND account = ANY (accounts) AND (bound.fund IS NULL OR fund = bound.fund));
        END LOOP;
        IF funds <> '{}' THEN
            found := found || ARRAY(SELECT cell FROM cells WHERE book_id = book AND fund = ANY (funds));
        END IF;
        PERFORM scope_keep('app.cells', found);
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$;

-- The entries that move nothing and happened at some places, to goods of a fund where the entry has one. A migration that adds
-- such a document replaces this function.
CREATE FUNCTION scope_still(places text[], within text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    book integer := scope_book();
    sent bigint[] := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places)));
BEGIN
    RETURN QUERY
        SELECT number FROM activities WHERE book_id = book AND location = ANY (places)
        UNION ALL
        SELECT number FROM point_closings WHERE book_id = book AND location = ANY (places)
        UNION ALL
        SELECT number FROM handouts WHERE book_id = book AND drill AND location = ANY (places)
        UNION ALL
        SELECT number FROM write_offs WHERE book_id = book AND proposal IS NULL AND location = ANY (places) AND (within IS NULL OR fund = within)
        UNION ALL
        SELECT a.number FROM entries e JOIN arrivals a ON a.book_id = book AND a.waybill = e.document AND a.outcome = 'refused'
        WHERE e.book_id = book AND e.number = ANY (sent) AND (within IS NULL OR a.fund = within);
END $$;

-- The entries that touch such a cell, and those that move nothing and happened at a place in scope. An entry is seen whole.
CREATE FUNCTION scope_entries() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 1000 AS $$
DECLARE
    book integer := scope_book();
    found bigint[] := scope_kept('app.entries');
    own bigint[];
    bound record;
BEGIN
    IF found IS NULL THEN
        found := ARRAY(SELECT number FROM closes WHERE book_id = book);
        FOR bound IN SELECT p.fund, array_agg(p.location) AS places FROM scope_places() p GROUP BY p.fund LOOP
            found := found || ARRAY(SELECT scope_still(bound.places, bound.fund));
        END LOOP;
        found := found || ARRAY(SELECT number FROM reversals WHERE book_id = book AND reverses = ANY (found));
        own := ARRAY(SELECT scope_cells());
        found := found || ARRAY(
            SELECT number FROM moves WHERE book_id = book AND from_cell = ANY (own)
            UNION
            SELECT number FROM moves WHERE book_id = book AND to_cell = ANY (own));
        PERFORM scope_keep('app.entries', found);
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$;

-- scoped(table, condition) puts a table under the policy: its rows of the book for which the condition holds, to relief_scoped.
CREATE FUNCTION scoped(name regclass, condition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY server ON %s TO relief_app, relief_reader USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY scope ON %s FOR SELECT TO relief_scoped USING (book_id = (SELECT scope_book()) AND (%s))', name, condition);
    EXECUTE format('GRANT SELECT ON %s TO relief_scoped', name);
END $$;

-- scoped(table) is for document tables and all that has an entry's number.
CREATE FUNCTION scoped(name regclass) RETURNS void LANGUAGE sql AS $$
    SELECT scoped(name, '(SELECT scope_whole()) OR number IN (SELECT scope_entries())')
$$;

REVOKE EXECUTE ON FUNCTION scope_book(), scope_grants(), scope_whole(), scope_places(), scope_kept(text),
    scope_keep(text, bigint[]), scope_cells(), scope_still(text[], text), scope_entries(), scoped(regclass), scoped(regclass, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scope_book(), scope_grants(), scope_whole(), scope_places(), scope_cells(), scope_entries() TO relief_scoped;
GRANT EXECUTE ON FUNCTION scope_book() TO relief_app, relief_reader;

SELECT scoped(t) FROM unnest(ARRAY['entries', 'moves', 'closes', 'reversals', 'tally_changes',
    'receipts', 'lots', 'dispatches', 'arrivals', 'handouts', 'drill_lines', 'handout_returns', 'write_offs', 'point_closings',
    'contributions', 'invoices', 'freights', 'payments', 'interfunds', 'claims', 'activities']::regclass[]) AS t;
SELECT scoped(t, '(SELECT scope_whole()) OR cell IN (SELECT scope_cells())') FROM unnest(ARRAY['cells', 'cell_days']::regclass[]) AS t;
SELECT scoped('locations', '(SELECT scope_whole()) OR code IN (SELECT location FROM scope_places())');
SELECT scoped('funds', '(SELECT scope_whole()) OR EXISTS (SELECT FROM scope_grants() g WHERE g.fund IS NULL OR g.fund = code)');
SELECT scoped('register_history', $$(SELECT scope_whole()) OR noun IN ('item', 'party', 'campaign')
    OR noun = 'location' AND code IN (SELECT location FROM scope_places())
    OR noun = 'fund' AND EXISTS (SELECT FROM scope_grants() g WHERE g.fund IS NULL OR g.fund = code)$$);
SELECT scoped(t, 'true') FROM unnest(ARRAY['books', 'heads', 'commodities', 'items', 'parties', 'campaigns']::regclass[]) AS t;

-- The names of cells without what they hold: an entry in scope names what its goods came from or went to, a supplier for one.
CREATE VIEW cell_names AS
SELECT book_id, cell, account, fund, item, lot FROM cells WHERE current_user <> 'relief_scoped' OR book_id = (SELECT scope_book());
GRANT SELECT ON cell_names TO relief_app, relief_reader, relief_scoped;
