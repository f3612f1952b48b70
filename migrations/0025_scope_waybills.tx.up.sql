-- Who is bound to a fund sees of a waybill what stands still, a proposal to close it short, only where goods of that fund went on it.
CREATE OR REPLACE FUNCTION scope_still(places text[], within text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    book integer := scope_book();
    sent bigint[] := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places)));
    waybills text[] := ARRAY(SELECT document FROM entries e WHERE book_id = book AND number = ANY (sent)
        AND (within IS NULL OR EXISTS (SELECT FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
            WHERE m.book_id = book AND m.number = e.number AND c.fund = within)));
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
