-- Documents of the goods. Every row belongs to an entry and was written with it; what is open, left or closed is
-- derived from cells and tallies. NUMERIC accepts NaN, so it is refused by name.

CREATE TABLE receipts (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    location  text NOT NULL,
    party     text NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('purchase', 'in-kind', 'opening', 'custody')),
    fund      text NOT NULL,
    reference text NOT NULL,
    evidence  text NOT NULL CHECK (evidence IN ('', 'invoice', 'quotation', 'appraisal', 'none')),
    CONSTRAINT receipts_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT receipts_party CHECK ((kind = 'opening') = (party = '')),
    CONSTRAINT receipts_evidence CHECK ((kind = 'in-kind') = (evidence <> ''))
);

CREATE TABLE lots (
    book_id     integer NOT NULL,
    number      bigint NOT NULL,
    line        integer NOT NULL,
    item        text NOT NULL,
    lot         text NOT NULL,
    location    text NOT NULL,
    fund        text NOT NULL,
    quantity    numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value       numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    batch       text NOT NULL,
    produced_on date,
    expires_on  date,
    CONSTRAINT lots_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT lots_lot UNIQUE (book_id, item, lot),
    CONSTRAINT lots_life CHECK (produced_on <= expires_on)
);

CREATE TABLE dispatches (
    book_id       integer NOT NULL,
    number        bigint NOT NULL,
    line          integer NOT NULL,
    from_location text NOT NULL,
    to_location   text NOT NULL,
    carrier       text NOT NULL,
    vehicle       text NOT NULL,
    reference     text NOT NULL,
    CONSTRAINT dispatches_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT dispatches_two_locations CHECK (from_location <> to_location)
);
CREATE INDEX dispatches_to ON dispatches (book_id, to_location, number);

-- What became of the goods of a waybill, whoever said so: arrivals, recalls and close-shorts. Goods refused did not move,
-- and goods over were never on the waybill: both stand outside its equation.
CREATE TABLE arrivals (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    waybill  text NOT NULL,
    item     text NOT NULL,
    lot      text NOT NULL,
    fund     text NOT NULL,
    outcome  text NOT NULL CHECK (outcome IN ('good', 'damaged', 'short', 'over', 'refused', 'recalled', 'closed-short')),
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value    numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    reason   text NOT NULL,
    CONSTRAINT arrivals_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT arrivals_reason CHECK (outcome = 'good' OR reason <> ''),
    CONSTRAINT arrivals_refused CHECK (outcome <> 'refused' OR value = 0)
);
CREATE INDEX arrivals_waybill ON arrivals (book_id, waybill);

CREATE TABLE handouts (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    location  text NOT NULL,
    campaign  text NOT NULL,
    action    text NOT NULL,
    drill     boolean NOT NULL,
    people    integer NOT NULL CHECK (people >= 0),
    sex       text NOT NULL CHECK (sex IN ('', 'female', 'male')),
    age       text NOT NULL CHECK (age IN ('', '0-17', '18-59', '60+')),
    pseudonym text NOT NULL,
    CONSTRAINT handouts_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT handouts_one_person CHECK (pseudonym = '' OR people = 1)
);
CREATE INDEX handouts_campaign ON handouts (book_id, campaign, number);

-- What an exercise would have given. It moves nothing, so its lines stand nowhere else.
CREATE TABLE drill_lines (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    item     text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    CONSTRAINT drill_lines_pkey PRIMARY KEY (book_id, number, line)
);

CREATE TABLE handout_returns (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    handout  bigint NOT NULL CHECK (handout < number),
    move     integer NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value    numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    reason   text NOT NULL CHECK (reason <> ''),
    CONSTRAINT handout_returns_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX handout_returns_handout ON handout_returns (book_id, handout, move);

-- Proposals have no certificate; an approval repeats the rows of the proposal it names.
CREATE TABLE write_offs (
    book_id     integer NOT NULL,
    number      bigint NOT NULL,
    line        integer NOT NULL,
    location    text NOT NULL,
    item        text NOT NULL,
    lot         text NOT NULL,
    fund        text NOT NULL,
    quantity    numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    reason      text NOT NULL CHECK (reason <> ''),
    certificate text NOT NULL,
    proposal    bigint CHECK (proposal < number),
    CONSTRAINT write_offs_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT write_offs_certificate CHECK ((proposal IS NULL) = (certificate = ''))
);
CREATE INDEX write_offs_proposal ON write_offs (book_id, proposal) WHERE proposal IS NOT NULL;

CREATE TABLE point_closings (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    location text NOT NULL,
    reason   text NOT NULL CHECK (reason <> ''),
    CONSTRAINT point_closings_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX point_closings_location ON point_closings (book_id, location);

SELECT history(t) FROM unnest(ARRAY['receipts', 'lots', 'dispatches', 'arrivals', 'handouts', 'drill_lines', 'handout_returns',
    'write_offs', 'point_closings']::regclass[]) AS t;
