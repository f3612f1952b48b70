-- What was found in stock, and that another person agreed to the differences. An approval repeats the head of the count that it names;
-- its moves are the differences.

CREATE TABLE counts (
    book_id     integer NOT NULL,
    number      bigint NOT NULL,
    line        integer NOT NULL,
    location    text NOT NULL,
    remark      text NOT NULL,
    blind       boolean NOT NULL,
    whole       boolean NOT NULL,
    differences integer NOT NULL CHECK (differences >= 0),
    proposal    bigint CHECK (proposal < number),
    CONSTRAINT counts_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT counts_approval CHECK (proposal IS NULL OR differences > 0)
);
COMMENT ON COLUMN counts.blind IS 'those who counted did not see what the book holds';
CREATE INDEX counts_location ON counts (book_id, location);
CREATE INDEX counts_proposed ON counts (book_id, proposal) WHERE proposal IS NOT NULL;

CREATE TABLE count_lines (
    book_id integer NOT NULL,
    number  bigint NOT NULL,
    line    integer NOT NULL,
    item    text NOT NULL,
    lot     text NOT NULL,
    fund    text NOT NULL,
    held    numeric NOT NULL CHECK (held >= 0 AND held <> 'NaN'),
    found   numeric NOT NULL CHECK (found >= 0 AND found <> 'NaN'),
    CONSTRAINT count_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT count_lines_goods UNIQUE (book_id, number, item, lot, fund)
);

SELECT history(t) FROM unnest(ARRAY['counts', 'count_lines']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['counts', 'count_lines']::regclass[]) AS t;

CREATE OR REPLACE FUNCTION scope_still(places text[], within text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    book integer := scope_book();
    sent bigint[] := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places)));
    waybills text[] := ARRAY(SELECT document FROM entries WHERE book_id = book AND number = ANY (sent));
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
            AND (within IS NULL OR EXISTS (SELECT FROM count_lines l WHERE l.book_id = book AND l.number = c.number AND l.fund = within));
END $$;

-- What the rules of two people were applied to: who proposed, who agreed, and what is still open. A reader sees what its own scope shows.
CREATE OR REPLACE VIEW dual_controls WITH (security_invoker = true) AS
WITH proposed (book_id, number, rule) AS (
    SELECT DISTINCT book_id, number, 'write-off' FROM write_offs WHERE proposal IS NULL
    UNION ALL
    SELECT book_id, number, 'reopening' FROM closes WHERE act = 'propose-reopen'
    UNION ALL
    SELECT book_id, number, 'short-closing' FROM short_closings WHERE act = 'propose'
    UNION ALL
    SELECT book_id, number, 'count' FROM counts WHERE proposal IS NULL AND differences > 0
), agreed (book_id, number, proposal) AS (
    SELECT DISTINCT book_id, number, proposal FROM write_offs WHERE proposal IS NOT NULL
    UNION ALL
    SELECT book_id, number, proposal FROM closes WHERE act = 'reopen'
    UNION ALL
    SELECT book_id, number, proposal FROM short_closings WHERE act = 'approve'
    UNION ALL
    SELECT book_id, number, proposal FROM counts WHERE proposal IS NOT NULL
)
SELECT p.book_id, p.rule,
    f.number AS proposal, f.document AS proposal_document, f.actor AS proposed_by, f.recorded_at AS proposed_at,
    s.number AS agreement, s.document AS agreement_document, s.actor AS agreed_by, s.recorded_at AS agreed_at,
    EXISTS (SELECT FROM entries u WHERE u.book_id = p.book_id AND u.reverses = p.number) AS withdrawn,
    s.number IS NOT NULL AND EXISTS (SELECT FROM entries u WHERE u.book_id = p.book_id AND u.reverses = s.number) AS undone
FROM proposed p JOIN entries f ON f.book_id = p.book_id AND f.number = p.number
LEFT JOIN agreed a ON a.book_id = p.book_id AND a.proposal = p.number
LEFT JOIN entries s ON s.book_id = a.book_id AND s.number = a.number;
