-- Goods that were put together into kits: the lot that came of it, and what one kit is made of. Its moves are what went in and what came out.

CREATE TABLE kits (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL CHECK (line = 1),
    location text NOT NULL,
    item     text NOT NULL,
    lot      text NOT NULL,
    fund     text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value    numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    CONSTRAINT kits_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT kits_lot UNIQUE (book_id, item, lot)
);
COMMENT ON COLUMN kits.value IS 'the sum of what went in';
CREATE INDEX kits_location ON kits (book_id, location, number);

CREATE TABLE kit_lines (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    item     text NOT NULL,
    lot      text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    CONSTRAINT kit_lines_pkey PRIMARY KEY (book_id, number, line)
);
COMMENT ON COLUMN kit_lines.quantity IS 'for one kit';

SELECT history(t) FROM unnest(ARRAY['kits', 'kit_lines']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['kits', 'kit_lines']::regclass[]) AS t;

-- What went through the assembly at a place is seen by whoever sees the place.
CREATE OR REPLACE FUNCTION scope_cells() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
                    unnest(ARRAY['stock', 'reserved', 'quarantine', 'handed-out', 'written-off', 'lost', 'found', 'opening', 'assembly']) AS class
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
