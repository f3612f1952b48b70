-- A person may be looked for by resident number, and that is a look like any other: who looked, for what, and whether somebody was
-- found. The number itself is written down nowhere: a look at nobody has no pseudonym.

ALTER TABLE persons.readings DROP CONSTRAINT readings_act_check;
ALTER TABLE persons.readings ADD CONSTRAINT readings_act_check CHECK (act IN ('keep', 'read', 'find', 'erase'));
CREATE INDEX persons_of_number ON persons.persons (book_id, number) WHERE number <> '';

CREATE FUNCTION persons.find(book integer, wanted text, actor text, purpose text, at timestamptz) RETURNS SETOF persons.persons
LANGUAGE plpgsql SECURITY DEFINER SET search_path = persons, pg_temp AS $$
DECLARE
    found_one persons.persons;
    nobody boolean := true;
BEGIN
    FOR found_one IN SELECT * FROM persons p WHERE p.book_id = book AND p.number = wanted AND wanted <> '' ORDER BY p.pseudonym LOOP
        nobody := false;
        PERFORM note(book, found_one.pseudonym, 'find', true, actor, purpose, at);
        RETURN NEXT found_one;
    END LOOP;
    IF nobody THEN
        PERFORM note(book, '', 'find', false, actor, purpose, at);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION persons.find(integer, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION persons.find(integer, text, text, text, timestamptz) TO relief_persons;

-- Lists of who may do what are read a page at a time, in order of time.
CREATE INDEX grants_in_time ON grants (book_id, granted_at, id);
CREATE INDEX tokens_in_time ON tokens (book_id, created_at, id);
