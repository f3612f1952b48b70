-- The book. book_id leads every key, nothing references across books, and no trigger, sequence or advisory lock
-- is the only guard of anything: a distributed PostgreSQL may lack them.

CREATE TABLE books (
    book_id   integer PRIMARY KEY CHECK (book_id > 0),
    code      text NOT NULL UNIQUE,
    name      text NOT NULL,
    time_zone text NOT NULL,
    currency  text NOT NULL,
    decimals  smallint NOT NULL CHECK (decimals BETWEEN 0 AND 4)
);

-- The head is the only arbiter between two servers: every batch moves it from the number it knew to the next
-- by compare-and-set, in the same transaction as all it writes.
CREATE TABLE heads (
    book_id      integer PRIMARY KEY REFERENCES books,
    number       bigint NOT NULL DEFAULT 0,
    cells        bigint NOT NULL DEFAULT 0,
    latest_on    date,
    closed_until date,
    recorded_at  timestamptz
) WITH (fillfactor = 10);

CREATE TABLE entries (
    book_id     integer NOT NULL,
    number      bigint NOT NULL CHECK (number > 0),
    kind        text NOT NULL,
    "on"        date NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       text NOT NULL,
    key         text NOT NULL,
    content     text NOT NULL,
    document    text,
    reverses    bigint CHECK (reverses < number),
    leaf        bytea NOT NULL CHECK (octet_length(leaf) = 32),
    CONSTRAINT entries_pkey PRIMARY KEY (book_id, number),
    CONSTRAINT entries_key UNIQUE (book_id, key),
    CONSTRAINT entries_document UNIQUE (book_id, document)
);
-- Once only: an entry is reversed by at most one other.
CREATE UNIQUE INDEX entries_reverses ON entries (book_id, reverses) WHERE reverses IS NOT NULL;

CREATE TABLE commodities (
    book_id     integer NOT NULL,
    item        text NOT NULL,
    lot         text NOT NULL,
    number      bigint NOT NULL,
    decimals    smallint NOT NULL CHECK (decimals BETWEEN 0 AND 9),
    expires_on  date,
    received_on date NOT NULL,
    CONSTRAINT commodities_pkey PRIMARY KEY (book_id, item, lot)
);

-- NUMERIC accepts NaN and NaN passes "<> 0" and ">= 0": it is refused by name wherever a number is stored.
CREATE TABLE cells (
    book_id  integer NOT NULL,
    cell     bigint NOT NULL CHECK (cell > 0),
    account  text NOT NULL,
    fund     text NOT NULL,
    item     text NOT NULL,
    lot      text NOT NULL,
    floored  boolean NOT NULL,
    quantity numeric NOT NULL,
    value    numeric NOT NULL,
    last_on  date NOT NULL,
    CONSTRAINT cells_pkey PRIMARY KEY (book_id, cell),
    CONSTRAINT cells_name UNIQUE (book_id, account, item, lot, fund),
    CONSTRAINT cells_number CHECK (quantity <> 'NaN' AND value <> 'NaN' AND scale(quantity) <= 9 AND scale(value) <= 4),
    CONSTRAINT cells_floor CHECK (NOT floored OR (quantity >= 0 AND value >= 0 AND (quantity > 0 OR value = 0))),
    CONSTRAINT cells_floored CHECK (floored = (split_part(account, ':', 1) IN ('stock', 'transit', 'reserved', 'quarantine', 'bank', 'cash')))
) WITH (fillfactor = 50);
CREATE INDEX cells_lot ON cells (book_id, item, lot);
CREATE INDEX cells_fund ON cells (book_id, fund, account);

CREATE TABLE moves (
    book_id       integer NOT NULL,
    number        bigint NOT NULL,
    line          integer NOT NULL CHECK (line > 0),
    from_cell     bigint NOT NULL,
    to_cell       bigint NOT NULL,
    quantity      numeric NOT NULL,
    value         numeric NOT NULL,
    from_quantity numeric NOT NULL,
    from_value    numeric NOT NULL,
    to_quantity   numeric NOT NULL,
    to_value      numeric NOT NULL,
    CONSTRAINT moves_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT moves_two_cells CHECK (from_cell <> to_cell),
    CONSTRAINT moves_number CHECK (quantity >= 0 AND value >= 0 AND quantity <> 'NaN' AND value <> 'NaN'
        AND (quantity > 0 OR value > 0) AND scale(quantity) <= 9 AND scale(value) <= 4)
);
COMMENT ON COLUMN moves.from_quantity IS 'balance of from_cell after this move, so that a balance as known at an entry is one look-up';
CREATE INDEX moves_from ON moves (book_id, from_cell, number, line);
CREATE INDEX moves_to ON moves (book_id, to_cell, number, line);

-- One row per cell and day: what the day changed. A backdated entry touches one row, whatever came after it.
CREATE TABLE cell_days (
    book_id  integer NOT NULL,
    cell     bigint NOT NULL,
    "on"     date NOT NULL,
    quantity numeric NOT NULL CHECK (quantity <> 'NaN'),
    value    numeric NOT NULL CHECK (value <> 'NaN'),
    CONSTRAINT cell_days_pkey PRIMARY KEY (book_id, cell, "on")
) WITH (fillfactor = 70);

CREATE TABLE tallies (
    book_id  integer NOT NULL,
    name     text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity >= 0 AND quantity <> 'NaN'),
    value    numeric NOT NULL CHECK (value <> 'NaN'),
    CONSTRAINT tallies_pkey PRIMARY KEY (book_id, name)
) WITH (fillfactor = 50);

-- What each entry added to counters, so that a reversal can take it back and the sums can be checked.
CREATE TABLE tally_changes (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    name     text NOT NULL,
    quantity numeric NOT NULL,
    value    numeric NOT NULL,
    CONSTRAINT tally_changes_pkey PRIMARY KEY (book_id, number, line)
);

-- Documents of the book itself: a close or reopening is an entry without moves.
CREATE TABLE closes (
    book_id      integer NOT NULL,
    number       bigint NOT NULL,
    line         integer NOT NULL,
    act          text NOT NULL CHECK (act IN ('close', 'propose-reopen', 'reopen')),
    closed_until date,
    reason       text NOT NULL,
    proposal     bigint,
    CONSTRAINT closes_pkey PRIMARY KEY (book_id, number, line)
);

-- The Merkle log is derived from entries.leaf; only the roots of complete subtrees of 256, 65,536 … leaves are kept.
CREATE TABLE tree_nodes (
    book_id integer NOT NULL,
    level   smallint NOT NULL CHECK (level > 0 AND level % 8 = 0),
    n       bigint NOT NULL,
    hash    bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT tree_nodes_pkey PRIMARY KEY (book_id, level, n)
);

CREATE TABLE checkpoints (
    book_id   integer NOT NULL,
    size      bigint NOT NULL,
    root      bytea NOT NULL CHECK (octet_length(root) = 32),
    note      text NOT NULL,
    signed_at timestamptz NOT NULL,
    CONSTRAINT checkpoints_pkey PRIMARY KEY (book_id, size)
);

-- The second net: history refuses UPDATE, DELETE and TRUNCATE even to its owner.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused: history is append-only, a correction is a reversal', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- history(table) makes a table append-only and lets the application add rows and read them, nothing else.
CREATE FUNCTION history(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('REVOKE ALL ON %s FROM relief_app', name);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO relief_app', name);
    EXECUTE format('GRANT SELECT ON %s TO relief_reader', name);
END $$;

-- register(table) is for what may be edited: the application may change rows but never delete them.
CREATE FUNCTION register(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM relief_app', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO relief_app', name);
    EXECUTE format('GRANT SELECT ON %s TO relief_reader', name);
END $$;

-- Roles belong to the whole cluster: another database, or another migrator at this moment, may have made them.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['relief_app', 'relief_reader'] LOOP
        -- Looked for first: an owner who may make no roles finds them made.
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = name);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT relief_app, relief_reader TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
        END;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO relief_app, relief_reader;

SELECT history(t) FROM unnest(ARRAY['books', 'entries', 'moves', 'commodities', 'tally_changes', 'closes', 'tree_nodes', 'checkpoints']::regclass[]) AS t;
SELECT register(t) FROM unnest(ARRAY['heads', 'cells', 'cell_days', 'tallies']::regclass[]) AS t;

-- The second net of closed periods. A close travels alone in its batch, so the head that a batch of ordinary
-- entries sees is the one that its dates must respect.
CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN heads h USING (book_id) WHERE a."on" <= h.closed_until) THEN
        RAISE EXCEPTION 'entry dated inside a closed period' USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_closed_period';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_period AFTER INSERT ON entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period();

CREATE TABLE reversals (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    reverses bigint NOT NULL,
    reason   text NOT NULL,
    CONSTRAINT reversals_pkey PRIMARY KEY (book_id, number, line)
);
SELECT history('reversals');
