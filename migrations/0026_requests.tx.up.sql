-- What a location asks another one for, and what was done for it: reservations, releases, waybills and the end of it. Goods that are reserved
-- stand in an account of their request, so that none of them leaves for another one.

CREATE TABLE requests (
    book_id       integer NOT NULL,
    number        bigint NOT NULL,
    line          integer NOT NULL CHECK (line = 1),
    from_location text NOT NULL,
    to_location   text NOT NULL,
    campaign      text NOT NULL,
    needed_by     date,
    remark        text NOT NULL,
    CONSTRAINT requests_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT requests_two_locations CHECK (from_location <> to_location)
);
CREATE INDEX requests_from ON requests (book_id, from_location, number);
CREATE INDEX requests_to ON requests (book_id, to_location, number);

CREATE TABLE request_lines (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    item     text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    fund     text NOT NULL,
    CONSTRAINT request_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT request_lines_item UNIQUE (book_id, number, item)
);
COMMENT ON COLUMN request_lines.fund IS 'the only fund whose goods will do; empty when any will';

CREATE TABLE reservations (
    book_id integer NOT NULL,
    number  bigint NOT NULL,
    line    integer NOT NULL CHECK (line = 1),
    act     text NOT NULL CHECK (act IN ('reserve', 'release', 'dispatch', 'close')),
    request text NOT NULL,
    reason  text NOT NULL CHECK (reason <> '' OR act IN ('reserve', 'dispatch')),
    CONSTRAINT reservations_pkey PRIMARY KEY (book_id, number, line)
);
COMMENT ON TABLE reservations IS 'what was done for a request; the goods are in the moves of the entry';
CREATE INDEX reservations_request ON reservations (book_id, request, number);

SELECT history(t) FROM unnest(ARRAY['requests', 'request_lines', 'reservations']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['requests', 'request_lines', 'reservations']::regclass[]) AS t;

-- The state of a request is one word for everybody who sees it, also for who is bound to a fund and does not see all that was reserved:
-- so it looks with the eyes of its owner, at counters that no reader sees.
CREATE FUNCTION request_state(book integer, entry bigint, request text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM entries WHERE book_id = book AND reverses = entry) THEN 'reversed'
        WHEN s.open = 0 AND s.reserved = 0 THEN 'fulfilled'
        WHEN s.closed > 0 THEN 'closed'
        WHEN s.got > s.reserved THEN 'partly-dispatched'
        WHEN s.reserved > 0 THEN 'reserved'
        ELSE 'open' END
    FROM (
        SELECT sum(l.quantity - coalesce(g.quantity, 0)) AS open, coalesce(sum(g.quantity), 0) AS got,
            coalesce((SELECT quantity FROM tallies WHERE book_id = book AND name = 'request-reserved:' || request), 0) AS reserved,
            coalesce((SELECT quantity FROM tallies WHERE book_id = book AND name = 'request-closed:' || request), 0) AS closed
        FROM request_lines l LEFT JOIN tallies g ON g.book_id = book AND g.name = 'request-got:' || request || ':' || l.item
        WHERE l.book_id = book AND l.number = entry
    ) s
$$;
REVOKE EXECUTE ON FUNCTION request_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_state TO relief_app, relief_reader, relief_scoped;

-- Goods that are reserved are seen from both ends of their request, like goods on a waybill.
CREATE OR REPLACE FUNCTION scope_cells() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    book integer := scope_book();
    found bigint[] := scope_kept('app.cells');
    funds text[] := ARRAY(SELECT g.fund FROM scope_grants() g WHERE g.path IS NULL);
    bound record;
    sent bigint[];
    asked bigint[];
    accounts text[];
BEGIN
    IF found IS NULL THEN
        found := '{}';
        FOR bound IN SELECT p.fund, array_agg(p.location) AS places FROM scope_places() p GROUP BY p.fund LOOP
            sent := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (bound.places) OR to_location = ANY (bound.places)));
            asked := ARRAY(SELECT number FROM requests WHERE book_id = book AND (from_location = ANY (bound.places) OR to_location = ANY (bound.places)));
            accounts := ARRAY(
                SELECT class || ':' || place FROM unnest(bound.places) AS place,
                    unnest(ARRAY['stock', 'quarantine', 'handed-out', 'written-off', 'lost', 'found', 'opening', 'assembly']) AS class
                UNION ALL
                SELECT class || ':' || document FROM entries, unnest(ARRAY['transit', 'lost']) AS class WHERE book_id = book AND number = ANY (sent)
                UNION ALL
                SELECT 'reserved:' || document FROM entries WHERE book_id = book AND number = ANY (asked));
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

-- A request moves nothing, and the closing of one that has nothing reserved neither. Who is bound to a fund sees those that its goods may answer.
CREATE OR REPLACE FUNCTION scope_still(places text[], within text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    book integer := scope_book();
    sent bigint[] := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places)));
    waybills text[] := ARRAY(SELECT document FROM entries e WHERE book_id = book AND number = ANY (sent)
        AND (within IS NULL OR EXISTS (SELECT FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
            WHERE m.book_id = book AND m.number = e.number AND c.fund = within)));
    asked bigint[] := ARRAY(SELECT number FROM requests r WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places))
        AND (within IS NULL OR EXISTS (SELECT FROM request_lines l WHERE l.book_id = book AND l.number = r.number AND l.fund IN ('', within))));
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
        SELECT number FROM arrivals WHERE book_id = book AND outcome = 'refused' AND waybill = ANY (waybills) AND (within IS NULL OR fund = within)
        UNION ALL
        SELECT number FROM short_closings WHERE book_id = book AND act = 'propose' AND waybill = ANY (waybills)
        UNION ALL
        SELECT c.number FROM counts c WHERE c.book_id = book AND c.proposal IS NULL AND c.location = ANY (places)
            AND (within IS NULL OR EXISTS (SELECT FROM count_lines l WHERE l.book_id = book AND l.number = c.number AND l.fund = within))
        UNION ALL
        SELECT unnest(asked)
        UNION ALL
        SELECT s.number FROM reservations s WHERE s.book_id = book AND s.act = 'close'
            AND s.request = ANY (ARRAY(SELECT document FROM entries WHERE book_id = book AND number = ANY (asked)))
            AND NOT EXISTS (SELECT FROM moves m WHERE m.book_id = book AND m.number = s.number);
END $$;
