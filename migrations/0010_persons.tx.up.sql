-- The optional register of persons stands outside the book: in a schema of its own, under a role of its own, and nothing refers to
-- it. The book knows pseudonyms only, so erasing a person changes nothing in it. The role may not touch the tables either: it
-- calls functions, and each of them writes down who looked at whom, and for what, in the statement that answers.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relief_persons') THEN
        BEGIN
            CREATE ROLE relief_persons NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT relief_persons TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation OR unique_violation THEN NULL;
        END;
    END IF;
END $$;

CREATE SCHEMA persons;
REVOKE ALL ON SCHEMA persons FROM PUBLIC;
GRANT USAGE ON SCHEMA persons TO relief_persons;

CREATE TABLE persons.persons (
    book_id    integer NOT NULL,
    pseudonym  text NOT NULL,
    name       text NOT NULL,
    phone      text NOT NULL,
    number     text NOT NULL,
    keep_until date NOT NULL,
    CONSTRAINT persons_pkey PRIMARY KEY (book_id, pseudonym)
);
COMMENT ON COLUMN persons.persons.keep_until IS 'last day on which the purpose that the person was told of allows to keep this';
CREATE INDEX persons_due ON persons.persons (book_id, keep_until);

CREATE TABLE persons.readings (
    book_id   integer NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    pseudonym text NOT NULL,
    act       text NOT NULL CHECK (act IN ('keep', 'read', 'erase')),
    found     boolean NOT NULL,
    actor     text NOT NULL CHECK (actor <> ''),
    purpose   text NOT NULL CHECK (purpose <> ''),
    at        timestamptz NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (book_id, id)
);
CREATE INDEX readings_of ON persons.readings (book_id, pseudonym, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON persons.readings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE FUNCTION persons.note(book integer, whose text, act text, found boolean, actor text, purpose text, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = persons, pg_temp AS $$
    INSERT INTO readings (book_id, pseudonym, act, found, actor, purpose, at) VALUES (book, whose, act, found, actor, purpose, at)
$$;

CREATE FUNCTION persons.keep(book integer, whose text, name text, phone text, number text, keep_until date, actor text, purpose text, at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = persons, pg_temp AS $$
BEGIN
    PERFORM note(book, whose, 'keep', EXISTS (SELECT FROM persons p WHERE p.book_id = book AND p.pseudonym = whose), actor, purpose, at);
    INSERT INTO persons AS p VALUES (book, whose, name, phone, number, keep_until)
    ON CONFLICT (book_id, pseudonym) DO UPDATE SET name = excluded.name, phone = excluded.phone, number = excluded.number, keep_until = excluded.keep_until;
END $$;

CREATE FUNCTION persons.read(book integer, whose text, actor text, purpose text, at timestamptz) RETURNS SETOF persons.persons
LANGUAGE plpgsql SECURITY DEFINER SET search_path = persons, pg_temp AS $$
BEGIN
    PERFORM note(book, whose, 'read', EXISTS (SELECT FROM persons p WHERE p.book_id = book AND p.pseudonym = whose), actor, purpose, at);
    RETURN QUERY SELECT * FROM persons p WHERE p.book_id = book AND p.pseudonym = whose;
END $$;

CREATE FUNCTION persons.erase(book integer, whose text, actor text, purpose text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = persons, pg_temp AS $$
DECLARE
    erased boolean;
BEGIN
    DELETE FROM persons p WHERE p.book_id = book AND p.pseudonym = whose;
    erased := FOUND;
    PERFORM note(book, whose, 'erase', erased, actor, purpose, at);
    RETURN erased;
END $$;

-- Whom to erase. A pseudonym alone says nothing of anybody, so that this is no reading.
CREATE FUNCTION persons.due(book integer, on_day date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = persons, pg_temp AS $$
    SELECT pseudonym FROM persons WHERE book_id = book AND keep_until < on_day ORDER BY pseudonym
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA persons FROM PUBLIC;
GRANT EXECUTE ON FUNCTION persons.keep(integer, text, text, text, text, date, text, text, timestamptz),
    persons.read(integer, text, text, text, timestamptz), persons.erase(integer, text, text, text, timestamptz), persons.due(integer, date) TO relief_persons;
GRANT SELECT ON persons.readings TO relief_persons;
