-- Registers: the nouns that may be edited. A change names the version it replaces; every version stays in register_history.
-- Codes and paths are compared in byte order, so that pages and subtrees are the same on every server.

CREATE TABLE registers (
    book_id integer NOT NULL,
    noun    text NOT NULL,
    edition bigint NOT NULL,
    CONSTRAINT registers_pkey PRIMARY KEY (book_id, noun)
) WITH (fillfactor = 10);
COMMENT ON COLUMN registers.edition IS 'moved on by every write of the register: a cache that knows the edition knows the register';

CREATE TABLE register_history (
    book_id    integer NOT NULL,
    noun       text NOT NULL,
    code       text COLLATE "C" NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    content    text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT register_history_pkey PRIMARY KEY (book_id, noun, code, version)
);

CREATE TABLE items (
    book_id         integer NOT NULL,
    code            text COLLATE "C" NOT NULL,
    version         bigint NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    changed_by      text NOT NULL,
    name            text NOT NULL,
    name_en         text NOT NULL,
    unit            text NOT NULL,
    decimals        integer NOT NULL CHECK (decimals BETWEEN 0 AND 9),
    category        text NOT NULL CHECK (category IN ('clothing', 'quilt', 'hygiene', 'food', 'leaflet', 'equipment', 'other')),
    packs           jsonb NOT NULL,
    expires         boolean NOT NULL,
    shelf_life_days integer NOT NULL CHECK (shelf_life_days >= 0),
    classification  text NOT NULL,
    retired         boolean NOT NULL,
    CONSTRAINT items_pkey PRIMARY KEY (book_id, code)
);

CREATE TABLE locations (
    book_id    integer NOT NULL,
    code       text COLLATE "C" NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    name       text NOT NULL,
    name_en    text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('province', 'prefecture', 'warehouse', 'station', 'point', 'vehicle')),
    parent     text NOT NULL,
    division   text NOT NULL,
    opens_on   date,
    closes_on  date,
    path       text COLLATE "C" NOT NULL,
    CONSTRAINT locations_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT locations_path CHECK (right(path, length(code) + 2) = '/' || code || '/'),
    CONSTRAINT locations_open CHECK (opens_on <= closes_on)
);
CREATE UNIQUE INDEX locations_subtree ON locations (book_id, path);

CREATE TABLE parties (
    book_id     integer NOT NULL,
    code        text COLLATE "C" NOT NULL,
    version     bigint NOT NULL CHECK (version > 0),
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    name        text NOT NULL,
    name_en     text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('supplier', 'donor', 'carrier', 'organisation')),
    credit_code text NOT NULL,
    CONSTRAINT parties_pkey PRIMARY KEY (book_id, code)
);

CREATE TABLE funds (
    book_id     integer NOT NULL,
    code        text COLLATE "C" NOT NULL,
    version     bigint NOT NULL CHECK (version > 0),
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    name        text NOT NULL,
    name_en     text NOT NULL,
    restricted  boolean NOT NULL,
    custody     boolean NOT NULL,
    purpose     text NOT NULL,
    valid_from  date,
    valid_until date,
    CONSTRAINT funds_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT funds_purpose CHECK (purpose <> '' OR NOT restricted),
    CONSTRAINT funds_valid CHECK (valid_from <= valid_until)
);

CREATE TABLE campaigns (
    book_id    integer NOT NULL,
    code       text COLLATE "C" NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    name       text NOT NULL,
    name_en    text NOT NULL,
    starts_on  date NOT NULL,
    ends_on    date,
    drill      boolean NOT NULL,
    actions    jsonb NOT NULL,
    CONSTRAINT campaigns_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT campaigns_dates CHECK (starts_on <= ends_on)
);

SELECT register(t) FROM unnest(ARRAY['registers', 'items', 'locations', 'parties', 'funds', 'campaigns']::regclass[]) AS t;
SELECT history('register_history');
