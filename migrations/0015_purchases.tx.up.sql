-- Orders to suppliers, and what ends their commitment: invoices of goods that came, and closings of what will not come.

CREATE TABLE purchases (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    fund      text NOT NULL,
    party     text NOT NULL,
    budget    text NOT NULL,
    reference text NOT NULL,
    item      text NOT NULL,
    quantity  numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
    value     numeric NOT NULL CHECK (value > 0 AND value <> 'NaN'),
    CONSTRAINT purchases_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT purchases_item UNIQUE (book_id, number, item)
);

CREATE TABLE fulfilments (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    purchase text NOT NULL,
    receipt  text NOT NULL,
    released numeric NOT NULL CHECK (released >= 0 AND released <> 'NaN'),
    CONSTRAINT fulfilments_pkey PRIMARY KEY (book_id, number, line)
);
COMMENT ON TABLE fulfilments IS 'beside an invoice: the purchase that its receipt fulfils, and what it released of the commitment';
CREATE INDEX fulfilments_purchase ON fulfilments (book_id, purchase);

CREATE TABLE purchase_closings (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL,
    purchase text NOT NULL,
    released numeric NOT NULL CHECK (released > 0 AND released <> 'NaN'),
    reason   text NOT NULL CHECK (reason <> ''),
    CONSTRAINT purchase_closings_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX purchase_closings_purchase ON purchase_closings (book_id, purchase);

CREATE INDEX receipts_reference ON receipts (book_id, reference) WHERE reference <> '';

SELECT history(t) FROM unnest(ARRAY['purchases', 'fulfilments', 'purchase_closings']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['purchases', 'fulfilments', 'purchase_closings']::regclass[]) AS t;

-- What came of each purchase, by item: the goods of receipts that name it as their reference, and of those whose invoice names it;
-- invoiced are those whose bills reached the value they came with, or have ended.
CREATE VIEW purchase_goods WITH (security_invoker = true) AS
SELECT n.book_id, n.purchase, l.item, sum(l.quantity) AS received, coalesce(sum(l.quantity) FILTER (WHERE b.final OR b.amount >= b.worth), 0) AS invoiced
FROM (
    SELECT p.book_id, e.document AS purchase, r.number
    FROM purchases p JOIN entries e USING (book_id, number)
        JOIN receipts r ON r.book_id = p.book_id AND r.reference = e.document AND r.party = p.party AND r.fund = p.fund AND r.kind = 'purchase'
    WHERE p.line = 1
    UNION
    SELECT f.book_id, f.purchase, e.number
    FROM fulfilments f JOIN entries e ON e.book_id = f.book_id AND e.document = f.receipt
    WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = f.book_id AND u.reverses = f.number)
) n JOIN entries g ON g.book_id = n.book_id AND g.number = n.number JOIN lots l ON l.book_id = n.book_id AND l.number = n.number,
    LATERAL (
        SELECT coalesce(bool_or(i.final), false) AS final, coalesce(sum(i.amount), 0) AS amount,
            (SELECT sum(w.value) FROM lots w WHERE w.book_id = g.book_id AND w.number = g.number) AS worth
        FROM invoices i WHERE i.book_id = g.book_id AND i.receipt = g.document
            AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = i.book_id AND u.reverses = i.number)
    ) b
WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = n.book_id AND u.reverses = n.number)
GROUP BY 1, 2, 3;
GRANT SELECT ON purchase_goods TO relief_app, relief_reader, relief_scoped;
