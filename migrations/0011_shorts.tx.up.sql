-- Goods that are given up on their way: by one person up to what one alone may give up of a waybill, by two above it.

CREATE TABLE short_closings (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    act      text NOT NULL CHECK (act IN ('close', 'propose', 'approve')),
    waybill  text NOT NULL,
    claim    boolean NOT NULL,
    reason   text NOT NULL CHECK (reason <> ''),
    value    numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    alone    numeric CHECK (alone >= 0 AND alone <> 'NaN'),
    proposal bigint CHECK (proposal < number),
    CONSTRAINT short_closings_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT short_closings_proposal CHECK ((act = 'approve') = (proposal IS NOT NULL)),
    CONSTRAINT short_closings_alone CHECK (act <> 'close' OR alone IS NULL OR value <= alone)
);
COMMENT ON COLUMN short_closings.alone IS 'most that one person alone might give up of a waybill then; NULL was without limit';
CREATE INDEX short_closings_waybill ON short_closings (book_id, waybill);
CREATE INDEX short_closings_proposed ON short_closings (book_id, proposal) WHERE proposal IS NOT NULL;

SELECT history('short_closings');
SELECT scoped('short_closings');

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
        SELECT number FROM short_closings WHERE book_id = book AND act = 'propose' AND waybill = ANY (waybills);
END $$;

-- What the rules of two people were applied to: who proposed, who agreed, and what is still open. A reader sees what its own scope shows.
CREATE VIEW dual_controls WITH (security_invoker = true) AS
WITH proposed (book_id, number, rule) AS (
    SELECT DISTINCT book_id, number, 'write-off' FROM write_offs WHERE proposal IS NULL
    UNION ALL
    SELECT book_id, number, 'reopening' FROM closes WHERE act = 'propose-reopen'
    UNION ALL
    SELECT book_id, number, 'short-closing' FROM short_closings WHERE act = 'propose'
), agreed (book_id, number, proposal) AS (
    SELECT DISTINCT book_id, number, proposal FROM write_offs WHERE proposal IS NOT NULL
    UNION ALL
    SELECT book_id, number, proposal FROM closes WHERE act = 'reopen'
    UNION ALL
    SELECT book_id, number, proposal FROM short_closings WHERE act = 'approve'
)
SELECT p.book_id, p.rule,
    f.number AS proposal, f.document AS proposal_document, f.actor AS proposed_by, f.recorded_at AS proposed_at,
    s.number AS agreement, s.document AS agreement_document, s.actor AS agreed_by, s.recorded_at AS agreed_at,
    EXISTS (SELECT FROM entries u WHERE u.book_id = p.book_id AND u.reverses = p.number) AS withdrawn,
    s.number IS NOT NULL AND EXISTS (SELECT FROM entries u WHERE u.book_id = p.book_id AND u.reverses = s.number) AS undone
FROM proposed p JOIN entries f ON f.book_id = p.book_id AND f.number = p.number
LEFT JOIN agreed a ON a.book_id = p.book_id AND a.proposal = p.number
LEFT JOIN entries s ON s.book_id = a.book_id AND s.number = a.number;
GRANT SELECT ON dual_controls TO relief_app, relief_reader, relief_scoped;
