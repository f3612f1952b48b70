-- What a fund is to be spent on. Budgets and their changes say what each line gains or loses; what is left of a line stands in its cells.

CREATE TABLE budgets (
    book_id    integer NOT NULL,
    number     bigint NOT NULL,
    line       integer NOT NULL CHECK (line = 1),
    fund       text NOT NULL,
    name       text NOT NULL CHECK (name <> ''),
    starts_on  date NOT NULL,
    ends_on    date NOT NULL,
    may_exceed boolean NOT NULL,
    reference  text NOT NULL,
    CONSTRAINT budgets_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT budgets_days CHECK (starts_on <= ends_on)
);

CREATE TABLE budget_lines (
    book_id integer NOT NULL,
    number  bigint NOT NULL,
    line    integer NOT NULL,
    budget  text NOT NULL,
    fund    text NOT NULL,
    code    text NOT NULL,
    name    text NOT NULL,
    amount  numeric NOT NULL CHECK (amount <> 0 AND amount <> 'NaN'),
    CONSTRAINT budget_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT budget_lines_code UNIQUE (book_id, number, code),
    CONSTRAINT budget_lines_new CHECK (name = '' OR amount > 0)
);
COMMENT ON COLUMN budget_lines.name IS 'where the line is new; empty where one that is there gains or loses';
CREATE INDEX budget_lines_budget ON budget_lines (book_id, budget);
CREATE INDEX budget_lines_fund ON budget_lines (book_id, fund, code);

CREATE TABLE budget_changes (
    book_id integer NOT NULL,
    number  bigint NOT NULL,
    line    integer NOT NULL CHECK (line = 1),
    budget  text NOT NULL,
    reason  text NOT NULL CHECK (reason <> ''),
    CONSTRAINT budget_changes_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX budget_changes_budget ON budget_changes (book_id, budget);

-- What a line may still spend has a floor, as real money has.
ALTER TABLE cells DROP CONSTRAINT cells_floored;
ALTER TABLE cells ADD CONSTRAINT cells_floored CHECK (floored = (split_part(account, ':', 1) IN ('stock', 'transit', 'reserved', 'quarantine', 'bank', 'cash', 'allotment')));

-- What is committed of a line is what its purchases have committed.
CREATE INDEX purchases_budget ON purchases (book_id, fund, budget) WHERE line = 1 AND budget <> '';

-- A code is one line of its fund, whatever server takes it in.
ALTER TABLE tallies ADD CONSTRAINT tallies_budget_line CHECK (name NOT LIKE 'budget-line:%' OR quantity <= 1);

SELECT history(t) FROM unnest(ARRAY['budgets', 'budget_lines', 'budget_changes']::regclass[]) AS t;
SELECT scoped(t) FROM unnest(ARRAY['budgets', 'budget_lines', 'budget_changes']::regclass[]) AS t;
