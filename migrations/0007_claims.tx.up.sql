-- What carriers and insurers settle for goods that did not arrive: a row for each lot, with its share of the money.

CREATE TABLE claims (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    claimed   text NOT NULL,
    party     text NOT NULL,
    fund      text NOT NULL,
    item      text NOT NULL,
    lot       text NOT NULL,
    quantity  numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value     numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    received  numeric NOT NULL CHECK (received >= 0 AND received <> 'NaN'),
    bank      text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT claims_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT claims_bank CHECK (received = 0 OR bank <> '')
);
COMMENT ON COLUMN claims.claimed IS 'document number of the arrival or close-short by which the goods were claimed';

SELECT history('claims');
