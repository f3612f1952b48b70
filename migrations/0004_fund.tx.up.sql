-- The documents of money. The book keeps the balances; these rows keep what the papers said.

CREATE TABLE contributions (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    fund      text NOT NULL,
    party     text NOT NULL,
    bank      text NOT NULL,
    amount    numeric NOT NULL CHECK (amount > 0 AND amount <> 'NaN'),
    kind      text NOT NULL CHECK (kind IN ('grant', 'gift')),
    reference text NOT NULL,
    CONSTRAINT contributions_pkey PRIMARY KEY (book_id, number, line)
);

CREATE TABLE invoices (
    book_id    integer NOT NULL,
    number     bigint NOT NULL,
    line       integer NOT NULL,
    party      text NOT NULL,
    receipt    text NOT NULL,
    fund       text NOT NULL,
    amount     numeric NOT NULL CHECK (amount >= 0 AND amount <> 'NaN'),
    reference  text NOT NULL,
    final      boolean NOT NULL,
    difference numeric NOT NULL CHECK (difference <> 'NaN' AND (final OR difference = 0)),
    CONSTRAINT invoices_pkey PRIMARY KEY (book_id, number, line)
);
COMMENT ON COLUMN invoices.difference IS 'what a final invoice settled: all that was invoiced less the order value, negative when the goods became cheaper';
CREATE INDEX invoices_receipt ON invoices (book_id, receipt);

CREATE TABLE freights (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    receipt   text NOT NULL,
    party     text NOT NULL,
    fund      text NOT NULL,
    amount    numeric NOT NULL CHECK (amount > 0 AND amount <> 'NaN'),
    reference text NOT NULL,
    CONSTRAINT freights_pkey PRIMARY KEY (book_id, number, line)
);

CREATE TABLE payments (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('supplier', 'relief-cash', 'charity', 'project')),
    fund      text NOT NULL,
    bank      text NOT NULL,
    payee     text NOT NULL,
    amount    numeric NOT NULL CHECK (amount > 0 AND amount <> 'NaN'),
    campaign  text NOT NULL,
    action    text NOT NULL,
    location  text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (book_id, number, line)
);

CREATE TABLE interfunds (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    from_fund text NOT NULL,
    to_fund   text NOT NULL,
    account   text NOT NULL,
    item      text NOT NULL,
    lot       text NOT NULL,
    quantity  numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value     numeric NOT NULL CHECK (value >= 0 AND value <> 'NaN'),
    reason    text NOT NULL,
    CONSTRAINT interfunds_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT interfunds_two_funds CHECK (from_fund <> to_fund)
);

SELECT history(t) FROM unnest(ARRAY['contributions', 'invoices', 'freights', 'payments', 'interfunds']::regclass[]) AS t;
