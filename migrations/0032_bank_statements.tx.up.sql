-- What banks say of their accounts, and which of it is which entry of the book. These papers move nothing.

CREATE TABLE bank_statements (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL CHECK (line = 1),
    account   text NOT NULL CHECK (split_part(account, ':', 1) IN ('bank', 'cash')),
    starts_on date NOT NULL,
    ends_on   date NOT NULL,
    opening   numeric NOT NULL CHECK (opening <> 'NaN'),
    closing   numeric NOT NULL CHECK (closing <> 'NaN'),
    reference text NOT NULL,
    first     boolean NOT NULL,
    CONSTRAINT bank_statements_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT bank_statements_days CHECK (starts_on <= ends_on)
);
COMMENT ON COLUMN bank_statements.first IS 'no statement of the account stood before it; its opening is a line by itself, numbered 0';
CREATE INDEX bank_statements_account ON bank_statements (book_id, account, number);

CREATE TABLE bank_lines (
    book_id      integer NOT NULL,
    number       bigint NOT NULL,
    line         integer NOT NULL,
    account      text NOT NULL,
    "on"         date NOT NULL,
    amount       numeric NOT NULL CHECK (amount <> 0 AND amount <> 'NaN'),
    reference    text NOT NULL,
    counterparty text NOT NULL,
    text         text NOT NULL,
    id           text NOT NULL,
    CONSTRAINT bank_lines_pkey PRIMARY KEY (book_id, number, line)
);
COMMENT ON COLUMN bank_lines.id IS 'as the bank numbers it; empty where it does not';
CREATE UNIQUE INDEX bank_lines_id ON bank_lines (book_id, number, id) WHERE id <> '';
CREATE INDEX bank_lines_known ON bank_lines (book_id, account, id) WHERE id <> '';

CREATE TABLE bank_matches (
    book_id   integer NOT NULL,
    number    bigint NOT NULL,
    line      integer NOT NULL,
    account   text NOT NULL,
    bank_line text,
    entry     bigint,
    amount    numeric NOT NULL CHECK (amount <> 0 AND amount <> 'NaN'),
    CONSTRAINT bank_matches_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT bank_matches_one CHECK ((bank_line IS NULL) <> (entry IS NULL))
);
COMMENT ON TABLE bank_matches IS 'each row is a line of a statement, by its name, or an entry of the book';
CREATE INDEX bank_matches_account ON bank_matches (book_id, account, number);
CREATE INDEX bank_matches_line ON bank_matches (book_id, bank_line) WHERE bank_line IS NOT NULL;

-- A line and an entry are matched once, whatever server takes it in; an unmatch counts down.
ALTER TABLE tallies ADD CONSTRAINT tallies_banked CHECK (name NOT LIKE 'banked:%' OR quantity <= 1);

SELECT history(t) FROM unnest(ARRAY['bank_statements', 'bank_lines', 'bank_matches']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['bank_statements', 'bank_lines', 'bank_matches']::regclass[]) AS t;

-- The lines of the statements that stand, with the name that matches call them by. The opening of the first statement is line 0: the entries
-- before it are matched with that one.
CREATE VIEW stated_lines WITH (security_invoker = true) AS
SELECT l.book_id, l.number, l.account, e.document || '.' || l.line AS name, e.document, l.line, l."on", l.amount, l.reference, l.counterparty, l.text, l.id
FROM bank_lines l JOIN entries e USING (book_id, number)
WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = l.book_id AND u.reverses = l.number)
UNION ALL
SELECT s.book_id, s.number, s.account, e.document || '.0', e.document, 0, s.starts_on - 1, s.opening, s.reference, '', '', ''
FROM bank_statements s JOIN entries e USING (book_id, number)
WHERE s.first AND s.opening <> 0 AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = s.book_id AND u.reverses = s.number);

-- What each entry moved in or out of a bank account or box, over all funds; one that let funds use each other's money there moved nothing.
CREATE VIEW banked_entries WITH (security_invoker = true) AS
SELECT book_id, number, account, sum(amount) AS amount
FROM (
    SELECT m.book_id, m.number, c.account, m.value AS amount FROM cells c JOIN moves m ON m.book_id = c.book_id AND m.to_cell = c.cell
    UNION ALL
    SELECT m.book_id, m.number, c.account, -m.value FROM cells c JOIN moves m ON m.book_id = c.book_id AND m.from_cell = c.cell
) AS m
WHERE split_part(account, ':', 1) IN ('bank', 'cash')
GROUP BY 1, 2, 3 HAVING sum(amount) <> 0;

GRANT SELECT ON stated_lines, banked_entries TO relief_app, relief_reader, relief_scoped;
