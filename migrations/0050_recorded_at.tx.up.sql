-- A report as known at an entry looks into the registers as they stood then, also for a reader who may not see that entry. So this looks with the
-- eyes of its owner, and tells of the entry nothing but when it was recorded.
CREATE FUNCTION recorded_at(book integer, entry bigint) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.recorded_at FROM entries e WHERE e.book_id = book AND e.number = entry
$$;
REVOKE EXECUTE ON FUNCTION recorded_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recorded_at TO relief_app, relief_reader, relief_scoped;
