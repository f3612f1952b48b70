CREATE TABLE activities (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    campaign text NOT NULL,
    action text NOT NULL,
    location text NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    quantity numeric NOT NULL,
    drill boolean NOT NULL,
    CONSTRAINT activities_line_check CHECK ((line > 0)),
    CONSTRAINT activities_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT activities_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric) AND (scale(quantity) = 0))),
    CONSTRAINT activities_unit_check CHECK ((unit = ANY (ARRAY['person-times'::text, 'persons'::text, 'vehicle-times'::text, 'times'::text])))
);
CREATE INDEX activities_campaign ON public.activities USING btree (book_id, campaign, measure);
CREATE INDEX activities_location ON public.activities USING btree (book_id, location, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.activities FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON activities FOR SELECT TO relief_scoped;
CREATE POLICY server ON activities TO relief_app, relief_reader;
GRANT INSERT, SELECT ON activities TO relief_app;
GRANT SELECT ON activities TO relief_reader;
GRANT SELECT ON activities TO relief_scoped;

CREATE TABLE actors (
    book_id integer NOT NULL,
    code text NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT actors_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
    CONSTRAINT actors_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT actors_role_check CHECK ((role = ANY (ARRAY['keeper'::text, 'coordinator'::text, 'finance'::text, 'auditor'::text, 'administrator'::text])))
);
GRANT INSERT, SELECT ON actors TO relief_app;
GRANT SELECT ON actors TO relief_reader;

CREATE TABLE arrivals (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    waybill text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    fund text NOT NULL,
    outcome text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    reason text NOT NULL,
    CONSTRAINT arrivals_outcome_check CHECK ((outcome = ANY (ARRAY['good'::text, 'damaged'::text, 'short'::text, 'over'::text, 'refused'::text, 'recalled'::text, 'closed-short'::text]))),
    CONSTRAINT arrivals_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT arrivals_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT arrivals_reason CHECK (((outcome = 'good'::text) OR (reason <> ''::text))),
    CONSTRAINT arrivals_refused CHECK (((outcome <> 'refused'::text) OR (value = (0)::numeric))),
    CONSTRAINT arrivals_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE INDEX arrivals_waybill ON public.arrivals USING btree (book_id, waybill);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.arrivals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE arrivals ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON arrivals FOR SELECT TO relief_scoped;
CREATE POLICY server ON arrivals TO relief_app, relief_reader;
GRANT INSERT, SELECT ON arrivals TO relief_app;
GRANT SELECT ON arrivals TO relief_reader;
GRANT SELECT ON arrivals TO relief_scoped;

CREATE TABLE bank_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    account text NOT NULL,
    "on" date NOT NULL,
    amount numeric NOT NULL,
    reference text NOT NULL,
    counterparty text NOT NULL,
    text text NOT NULL,
    id text NOT NULL,
    CONSTRAINT bank_lines_amount_check CHECK (((amount <> (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT bank_lines_pkey PRIMARY KEY (book_id, number, line)
);
CREATE UNIQUE INDEX bank_lines_id ON public.bank_lines USING btree (book_id, number, id) WHERE (id <> ''::text);
CREATE INDEX bank_lines_known ON public.bank_lines USING btree (book_id, account, id) WHERE (id <> ''::text);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bank_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bank_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON bank_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON bank_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON bank_lines TO relief_app;
GRANT SELECT ON bank_lines TO relief_reader;
GRANT SELECT ON bank_lines TO relief_scoped;
COMMENT ON COLUMN bank_lines.id IS 'as the bank numbers it; empty where it does not';

CREATE TABLE bank_matches (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    account text NOT NULL,
    bank_line text,
    entry bigint,
    amount numeric NOT NULL,
    CONSTRAINT bank_matches_amount_check CHECK (((amount <> (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT bank_matches_one CHECK (((bank_line IS NULL) <> (entry IS NULL))),
    CONSTRAINT bank_matches_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX bank_matches_account ON public.bank_matches USING btree (book_id, account, number);
CREATE INDEX bank_matches_line ON public.bank_matches USING btree (book_id, bank_line) WHERE (bank_line IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bank_matches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bank_matches ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON bank_matches FOR SELECT TO relief_scoped;
CREATE POLICY server ON bank_matches TO relief_app, relief_reader;
GRANT INSERT, SELECT ON bank_matches TO relief_app;
GRANT SELECT ON bank_matches TO relief_reader;
GRANT SELECT ON bank_matches TO relief_scoped;
COMMENT ON TABLE bank_matches IS 'each row is a line of a statement, by its name, or an entry of the book';

CREATE TABLE bank_statements (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    account text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    opening numeric NOT NULL,
    closing numeric NOT NULL,
    reference text NOT NULL,
    first boolean NOT NULL,
    CONSTRAINT bank_statements_account_check CHECK ((split_part(account, ':'::text, 1) = ANY (ARRAY['bank'::text, 'cash'::text]))),
    CONSTRAINT bank_statements_closing_check CHECK ((closing <> 'NaN'::numeric)),
    CONSTRAINT bank_statements_days CHECK ((starts_on <= ends_on)),
    CONSTRAINT bank_statements_line_check CHECK ((line = 1)),
    CONSTRAINT bank_statements_opening_check CHECK ((opening <> 'NaN'::numeric)),
    CONSTRAINT bank_statements_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX bank_statements_account ON public.bank_statements USING btree (book_id, account, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bank_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bank_statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON bank_statements FOR SELECT TO relief_scoped;
CREATE POLICY server ON bank_statements TO relief_app, relief_reader;
GRANT INSERT, SELECT ON bank_statements TO relief_app;
GRANT SELECT ON bank_statements TO relief_reader;
GRANT SELECT ON bank_statements TO relief_scoped;
COMMENT ON COLUMN bank_statements.first IS 'no statement of the account stood before it; its opening is a line by itself, numbered 0';

CREATE VIEW banked_entries (
    book_id integer,
    number bigint,
    account text,
    amount numeric
) WITH (security_invoker=true);
GRANT SELECT ON banked_entries TO relief_app;
GRANT SELECT ON banked_entries TO relief_reader;
GRANT SELECT ON banked_entries TO relief_scoped;

CREATE TABLE books (
    book_id integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    currency text NOT NULL,
    decimals smallint NOT NULL,
    CONSTRAINT books_book_id_check CHECK ((book_id > 0)),
    CONSTRAINT books_code_key UNIQUE (code),
    CONSTRAINT books_decimals_check CHECK (((decimals >= 0) AND (decimals <= 4))),
    CONSTRAINT books_pkey PRIMARY KEY (book_id)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.books FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE books ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON books FOR SELECT TO relief_scoped;
CREATE POLICY server ON books TO relief_app, relief_reader;
GRANT INSERT, SELECT ON books TO relief_app;
GRANT SELECT ON books TO relief_reader;
GRANT SELECT ON books TO relief_scoped;

CREATE TABLE budget_changes (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    budget text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT budget_changes_line_check CHECK ((line = 1)),
    CONSTRAINT budget_changes_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT budget_changes_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX budget_changes_budget ON public.budget_changes USING btree (book_id, budget);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.budget_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE budget_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON budget_changes FOR SELECT TO relief_scoped;
CREATE POLICY server ON budget_changes TO relief_app, relief_reader;
GRANT INSERT, SELECT ON budget_changes TO relief_app;
GRANT SELECT ON budget_changes TO relief_reader;
GRANT SELECT ON budget_changes TO relief_scoped;

CREATE TABLE budget_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    budget text NOT NULL,
    fund text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    amount numeric NOT NULL,
    CONSTRAINT budget_lines_amount_check CHECK (((amount <> (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT budget_lines_code UNIQUE (book_id, number, code),
    CONSTRAINT budget_lines_new CHECK (((name = ''::text) OR (amount > (0)::numeric))),
    CONSTRAINT budget_lines_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX budget_lines_budget ON public.budget_lines USING btree (book_id, budget);
CREATE INDEX budget_lines_fund ON public.budget_lines USING btree (book_id, fund, code);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.budget_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE budget_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON budget_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON budget_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON budget_lines TO relief_app;
GRANT SELECT ON budget_lines TO relief_reader;
GRANT SELECT ON budget_lines TO relief_scoped;
COMMENT ON COLUMN budget_lines.name IS 'where the line is new; empty where one that is there gains or loses';

CREATE TABLE budgets (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    fund text NOT NULL,
    name text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    may_exceed boolean NOT NULL,
    reference text NOT NULL,
    CONSTRAINT budgets_days CHECK ((starts_on <= ends_on)),
    CONSTRAINT budgets_line_check CHECK ((line = 1)),
    CONSTRAINT budgets_name_check CHECK ((name <> ''::text)),
    CONSTRAINT budgets_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.budgets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE budgets ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON budgets FOR SELECT TO relief_scoped;
CREATE POLICY server ON budgets TO relief_app, relief_reader;
GRANT INSERT, SELECT ON budgets TO relief_app;
GRANT SELECT ON budgets TO relief_reader;
GRANT SELECT ON budgets TO relief_scoped;

CREATE TABLE campaigns (
    book_id integer NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    drill boolean NOT NULL,
    actions jsonb NOT NULL,
    CONSTRAINT campaigns_dates CHECK ((starts_on <= ends_on)),
    CONSTRAINT campaigns_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT campaigns_version_check CHECK ((version > 0))
);
ALTER TABLE campaigns ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON campaigns FOR SELECT TO relief_scoped;
CREATE POLICY server ON campaigns TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON campaigns TO relief_app;
GRANT SELECT ON campaigns TO relief_reader;
GRANT SELECT ON campaigns TO relief_scoped;

CREATE VIEW cell_days (
    book_id integer,
    cell bigint,
    "on" date,
    quantity numeric,
    value numeric
) WITH (security_invoker=true);
GRANT SELECT ON cell_days TO relief_app;
GRANT SELECT ON cell_days TO relief_reader;
GRANT SELECT ON cell_days TO relief_scoped;

CREATE VIEW cell_names (
    book_id integer,
    cell bigint,
    account text,
    fund text,
    item text,
    lot text
);
GRANT SELECT ON cell_names TO relief_app;
GRANT SELECT ON cell_names TO relief_reader;
GRANT SELECT ON cell_names TO relief_scoped;

CREATE TABLE cells (
    book_id integer NOT NULL,
    cell bigint NOT NULL,
    account text NOT NULL,
    fund text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    floored boolean NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    last_on date NOT NULL,
    last_quantity numeric NOT NULL,
    last_value numeric NOT NULL,
    CONSTRAINT cells_cell_check CHECK ((cell > 0)),
    CONSTRAINT cells_floor CHECK (((NOT floored) OR ((value >= 0.0) AND (sign(quantity) >= sign(value))))),
    CONSTRAINT cells_floored CHECK ((floored = (split_part(account, ':'::text, 1) = ANY ('{stock,transit,reserved,quarantine,bank,cash,allotment}'::text[])))),
    CONSTRAINT cells_number CHECK ((((scale((quantity + last_quantity)) <= 9) AND (scale((value + last_value)) <= 4)) IS TRUE)),
    CONSTRAINT cells_pkey PRIMARY KEY (book_id, cell)
) WITH (fillfactor=50);
CREATE INDEX cells_fund ON public.cells USING btree (book_id, fund, account) WHERE (fund IS NOT NULL);
CREATE INDEX cells_lot ON public.cells USING btree (book_id, item, lot) WHERE ((item IS NOT NULL) OR (lot IS NOT NULL));
CREATE UNIQUE INDEX cells_name ON public.cells USING btree (book_id, account, item, lot, fund) WHERE (account IS NOT NULL);
ALTER TABLE cells ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cells FOR SELECT TO relief_scoped;
CREATE POLICY server ON cells TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON cells TO relief_app;
GRANT SELECT ON cells TO relief_reader;
GRANT SELECT ON cells TO relief_scoped;
COMMENT ON COLUMN cells.last_quantity IS 'what last_on changed; what earlier days changed stands in past_days';

CREATE TABLE checkpoints (
    book_id integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT checkpoints_pkey PRIMARY KEY (book_id, size),
    CONSTRAINT checkpoints_root_check CHECK ((octet_length(root) = 32))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT INSERT, SELECT ON checkpoints TO relief_app;
GRANT SELECT ON checkpoints TO relief_reader;

CREATE TABLE claims (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    claimed text NOT NULL,
    party text NOT NULL,
    fund text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    received numeric NOT NULL,
    bank text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT claims_bank CHECK (((received = (0)::numeric) OR (bank <> ''::text))),
    CONSTRAINT claims_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT claims_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT claims_received_check CHECK (((received >= (0)::numeric) AND (received <> 'NaN'::numeric))),
    CONSTRAINT claims_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.claims FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE claims ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON claims FOR SELECT TO relief_scoped;
CREATE POLICY server ON claims TO relief_app, relief_reader;
GRANT INSERT, SELECT ON claims TO relief_app;
GRANT SELECT ON claims TO relief_reader;
GRANT SELECT ON claims TO relief_scoped;
COMMENT ON COLUMN claims.claimed IS 'document number of the arrival or close-short by which the goods were claimed';

CREATE TABLE closes (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    act text NOT NULL,
    closed_until date,
    reason text NOT NULL,
    proposal bigint,
    CONSTRAINT closes_act_check CHECK ((act = ANY (ARRAY['close'::text, 'propose-reopen'::text, 'reopen'::text]))),
    CONSTRAINT closes_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.closes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE closes ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON closes FOR SELECT TO relief_scoped;
CREATE POLICY server ON closes TO relief_app, relief_reader;
GRANT INSERT, SELECT ON closes TO relief_app;
GRANT SELECT ON closes TO relief_reader;
GRANT SELECT ON closes TO relief_scoped;

CREATE TABLE commodities (
    book_id integer NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    number bigint NOT NULL,
    decimals smallint NOT NULL,
    expires_on date,
    received_on date NOT NULL,
    CONSTRAINT commodities_decimals_check CHECK (((decimals >= 0) AND (decimals <= 9))),
    CONSTRAINT commodities_pkey PRIMARY KEY (book_id, item, lot)
);
CREATE INDEX commodities_expiry ON public.commodities USING btree (book_id, expires_on) WHERE (expires_on IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.commodities FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE commodities ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON commodities FOR SELECT TO relief_scoped;
CREATE POLICY server ON commodities TO relief_app, relief_reader;
GRANT INSERT, SELECT ON commodities TO relief_app;
GRANT SELECT ON commodities TO relief_reader;
GRANT SELECT ON commodities TO relief_scoped;

CREATE TABLE contributions (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    fund text NOT NULL,
    party text NOT NULL,
    bank text NOT NULL,
    amount numeric NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT contributions_amount_check CHECK (((amount > (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT contributions_kind_check CHECK ((kind = ANY (ARRAY['grant'::text, 'gift'::text]))),
    CONSTRAINT contributions_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.contributions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE contributions ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON contributions FOR SELECT TO relief_scoped;
CREATE POLICY server ON contributions TO relief_app, relief_reader;
GRANT INSERT, SELECT ON contributions TO relief_app;
GRANT SELECT ON contributions TO relief_reader;
GRANT SELECT ON contributions TO relief_scoped;

CREATE TABLE count_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    fund text NOT NULL,
    held numeric NOT NULL,
    found numeric NOT NULL,
    CONSTRAINT count_lines_found_check CHECK (((found >= (0)::numeric) AND (found <> 'NaN'::numeric))),
    CONSTRAINT count_lines_goods UNIQUE (book_id, number, item, lot, fund),
    CONSTRAINT count_lines_held_check CHECK (((held >= (0)::numeric) AND (held <> 'NaN'::numeric))),
    CONSTRAINT count_lines_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.count_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE count_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON count_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON count_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON count_lines TO relief_app;
GRANT SELECT ON count_lines TO relief_reader;
GRANT SELECT ON count_lines TO relief_scoped;

CREATE TABLE counts (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    remark text NOT NULL,
    blind boolean NOT NULL,
    whole boolean NOT NULL,
    differences integer NOT NULL,
    proposal bigint,
    CONSTRAINT counts_approval CHECK (((proposal IS NULL) OR (differences > 0))),
    CONSTRAINT counts_check CHECK ((proposal < number)),
    CONSTRAINT counts_differences_check CHECK ((differences >= 0)),
    CONSTRAINT counts_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX counts_location ON public.counts USING btree (book_id, location);
CREATE INDEX counts_proposed ON public.counts USING btree (book_id, proposal) WHERE (proposal IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.counts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON counts FOR SELECT TO relief_scoped;
CREATE POLICY server ON counts TO relief_app, relief_reader;
GRANT INSERT, SELECT ON counts TO relief_app;
GRANT SELECT ON counts TO relief_reader;
GRANT SELECT ON counts TO relief_scoped;
COMMENT ON COLUMN counts.blind IS 'those who counted did not see what the book holds';

CREATE TABLE dispatches (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    from_location text NOT NULL,
    to_location text NOT NULL,
    carrier text NOT NULL,
    vehicle text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT dispatches_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT dispatches_two_locations CHECK ((from_location <> to_location))
);
CREATE INDEX dispatches_from ON public.dispatches USING btree (book_id, from_location, number);
CREATE INDEX dispatches_to ON public.dispatches USING btree (book_id, to_location, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.dispatches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE dispatches ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON dispatches FOR SELECT TO relief_scoped;
CREATE POLICY server ON dispatches TO relief_app, relief_reader;
GRANT INSERT, SELECT ON dispatches TO relief_app;
GRANT SELECT ON dispatches TO relief_reader;
GRANT SELECT ON dispatches TO relief_scoped;

CREATE TABLE drill_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    item text NOT NULL,
    quantity numeric NOT NULL,
    CONSTRAINT drill_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT drill_lines_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.drill_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE drill_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON drill_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON drill_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON drill_lines TO relief_app;
GRANT SELECT ON drill_lines TO relief_reader;
GRANT SELECT ON drill_lines TO relief_scoped;

CREATE VIEW dual_controls (
    book_id integer,
    rule text,
    proposal bigint,
    proposal_document text,
    proposed_by text,
    proposed_at timestamp with time zone,
    agreement bigint,
    agreement_document text,
    agreed_by text,
    agreed_at timestamp with time zone,
    withdrawn boolean,
    undone boolean
) WITH (security_invoker=true);
GRANT SELECT ON dual_controls TO relief_app;
GRANT SELECT ON dual_controls TO relief_reader;
GRANT SELECT ON dual_controls TO relief_scoped;

CREATE TABLE entries (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    "on" date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    content text NOT NULL,
    document text,
    reverses bigint,
    leaf bytea NOT NULL,
    CONSTRAINT entries_check CHECK ((reverses < number)),
    CONSTRAINT entries_document UNIQUE (book_id, document),
    CONSTRAINT entries_key UNIQUE (book_id, key),
    CONSTRAINT entries_leaf_check CHECK ((octet_length(leaf) = 32)),
    CONSTRAINT entries_number_check CHECK ((number > 0)),
    CONSTRAINT entries_pkey PRIMARY KEY (book_id, number)
);
CREATE UNIQUE INDEX entries_reverses ON public.entries USING btree (book_id, reverses) WHERE (reverses IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER closed_period AFTER INSERT ON public.entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period();
ALTER TABLE entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON entries FOR SELECT TO relief_scoped;
CREATE POLICY server ON entries TO relief_app, relief_reader;
GRANT INSERT, SELECT ON entries TO relief_app;
GRANT SELECT ON entries TO relief_reader;
GRANT SELECT ON entries TO relief_scoped;

CREATE TABLE freights (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    receipt text NOT NULL,
    party text NOT NULL,
    fund text NOT NULL,
    amount numeric NOT NULL,
    reference text NOT NULL,
    CONSTRAINT freights_amount_check CHECK (((amount > (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT freights_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.freights FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE freights ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON freights FOR SELECT TO relief_scoped;
CREATE POLICY server ON freights TO relief_app, relief_reader;
GRANT INSERT, SELECT ON freights TO relief_app;
GRANT SELECT ON freights TO relief_reader;
GRANT SELECT ON freights TO relief_scoped;

CREATE TABLE fulfilments (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    purchase text NOT NULL,
    receipt text NOT NULL,
    released numeric NOT NULL,
    CONSTRAINT fulfilments_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT fulfilments_released_check CHECK (((released >= (0)::numeric) AND (released <> 'NaN'::numeric)))
);
CREATE INDEX fulfilments_purchase ON public.fulfilments USING btree (book_id, purchase);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fulfilments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE fulfilments ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON fulfilments FOR SELECT TO relief_scoped;
CREATE POLICY server ON fulfilments TO relief_app, relief_reader;
GRANT INSERT, SELECT ON fulfilments TO relief_app;
GRANT SELECT ON fulfilments TO relief_reader;
GRANT SELECT ON fulfilments TO relief_scoped;
COMMENT ON TABLE fulfilments IS 'beside an invoice: the purchase that its receipt fulfils, and what it released of the commitment';

CREATE TABLE funds (
    book_id integer NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    restricted boolean NOT NULL,
    custody boolean NOT NULL,
    purpose text NOT NULL,
    valid_from date,
    valid_until date,
    CONSTRAINT funds_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT funds_purpose CHECK (((purpose <> ''::text) OR (NOT restricted))),
    CONSTRAINT funds_valid CHECK ((valid_from <= valid_until)),
    CONSTRAINT funds_version_check CHECK ((version > 0))
);
ALTER TABLE funds ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON funds FOR SELECT TO relief_scoped;
CREATE POLICY server ON funds TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON funds TO relief_app;
GRANT SELECT ON funds TO relief_reader;
GRANT SELECT ON funds TO relief_scoped;

CREATE TABLE grants (
    book_id integer NOT NULL,
    id text NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    path text,
    fund text,
    granted_at timestamp with time zone NOT NULL,
    granted_by text NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by text,
    CONSTRAINT grants_actor FOREIGN KEY (book_id, actor) REFERENCES actors(book_id, code),
    CONSTRAINT grants_fund_check CHECK ((fund <> ''::text)),
    CONSTRAINT grants_path_check CHECK ((path ~ '^/(.+/)+$'::text)),
    CONSTRAINT grants_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT grants_role_check CHECK ((role = ANY (ARRAY['keeper'::text, 'coordinator'::text, 'finance'::text, 'auditor'::text, 'administrator'::text]))),
    CONSTRAINT grants_withdrawn CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL)))
);
CREATE INDEX grants_in_time ON public.grants USING btree (book_id, granted_at, id);
CREATE UNIQUE INDEX grants_once ON public.grants USING btree (book_id, actor, role, COALESCE(path, ''::text), COALESCE(fund, ''::text)) WHERE (withdrawn_at IS NULL);
GRANT INSERT, SELECT ON grants TO relief_app;
GRANT UPDATE (withdrawn_at) ON grants TO relief_app;
GRANT UPDATE (withdrawn_by) ON grants TO relief_app;
GRANT SELECT ON grants TO relief_reader;
COMMENT ON COLUMN grants.path IS 'path of the location at the root of the subtree; NULL is everywhere, and what stands nowhere, as a bank';
COMMENT ON COLUMN grants.fund IS 'code of the fund; NULL is every fund';

CREATE TABLE handout_returns (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    handout bigint NOT NULL,
    move integer NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    reason text NOT NULL,
    CONSTRAINT handout_returns_check CHECK ((handout < number)),
    CONSTRAINT handout_returns_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT handout_returns_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT handout_returns_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT handout_returns_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE INDEX handout_returns_handout ON public.handout_returns USING btree (book_id, handout, move);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.handout_returns FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE handout_returns ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON handout_returns FOR SELECT TO relief_scoped;
CREATE POLICY server ON handout_returns TO relief_app, relief_reader;
GRANT INSERT, SELECT ON handout_returns TO relief_app;
GRANT SELECT ON handout_returns TO relief_reader;
GRANT SELECT ON handout_returns TO relief_scoped;

CREATE TABLE handouts (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    campaign text NOT NULL,
    action text NOT NULL,
    drill boolean NOT NULL,
    people integer NOT NULL,
    sex text NOT NULL,
    age text NOT NULL,
    pseudonym text NOT NULL,
    CONSTRAINT handouts_age_check CHECK ((age = ANY ('{"",0-17,18-59,60+}'::text[]))),
    CONSTRAINT handouts_one_person CHECK (((pseudonym = ''::text) OR (people = 1))),
    CONSTRAINT handouts_people_check CHECK ((people >= 0)),
    CONSTRAINT handouts_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT handouts_sex_check CHECK ((sex = ANY ('{"",female,male}'::text[])))
);
CREATE INDEX handouts_campaign ON public.handouts USING btree (book_id, campaign, number);
CREATE INDEX handouts_location ON public.handouts USING btree (book_id, location, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.handouts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE handouts ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON handouts FOR SELECT TO relief_scoped;
CREATE POLICY server ON handouts TO relief_app, relief_reader;
GRANT INSERT, SELECT ON handouts TO relief_app;
GRANT SELECT ON handouts TO relief_reader;
GRANT SELECT ON handouts TO relief_scoped;

CREATE TABLE heads (
    book_id integer NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    cells bigint DEFAULT 0 NOT NULL,
    latest_on date,
    closed_until date,
    recorded_at timestamp with time zone,
    batch bigint DEFAULT 0 NOT NULL,
    CONSTRAINT heads_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
    CONSTRAINT heads_pkey PRIMARY KEY (book_id)
) WITH (fillfactor=10);
ALTER TABLE heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON heads FOR SELECT TO relief_scoped;
CREATE POLICY server ON heads TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON heads TO relief_app;
GRANT SELECT ON heads TO relief_reader;
GRANT SELECT ON heads TO relief_scoped;
COMMENT ON COLUMN heads.batch IS 'a random number that the batch drew which wrote the last entry';

CREATE TABLE identities (
    book_id integer NOT NULL,
    id text NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    linked_by text NOT NULL,
    unlinked_at timestamp with time zone,
    unlinked_by text,
    CONSTRAINT identities_actor FOREIGN KEY (book_id, actor) REFERENCES actors(book_id, code),
    CONSTRAINT identities_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT identities_unlinked CHECK (((unlinked_at IS NULL) = (unlinked_by IS NULL)))
);
CREATE UNIQUE INDEX identities_once ON public.identities USING btree (book_id, issuer, subject) WHERE (unlinked_at IS NULL);
GRANT INSERT, SELECT ON identities TO relief_app;
GRANT UPDATE (unlinked_at) ON identities TO relief_app;
GRANT UPDATE (unlinked_by) ON identities TO relief_app;

CREATE TABLE interfunds (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    from_fund text NOT NULL,
    to_fund text NOT NULL,
    account text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    reason text NOT NULL,
    CONSTRAINT interfunds_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT interfunds_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT interfunds_two_funds CHECK ((from_fund <> to_fund)),
    CONSTRAINT interfunds_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.interfunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE interfunds ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON interfunds FOR SELECT TO relief_scoped;
CREATE POLICY server ON interfunds TO relief_app, relief_reader;
GRANT INSERT, SELECT ON interfunds TO relief_app;
GRANT SELECT ON interfunds TO relief_reader;
GRANT SELECT ON interfunds TO relief_scoped;

CREATE TABLE invoices (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    party text NOT NULL,
    receipt text NOT NULL,
    fund text NOT NULL,
    amount numeric NOT NULL,
    reference text NOT NULL,
    final boolean NOT NULL,
    difference numeric NOT NULL,
    CONSTRAINT invoices_amount_check CHECK (((amount >= (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT invoices_check CHECK (((difference <> 'NaN'::numeric) AND (final OR (difference = (0)::numeric)))),
    CONSTRAINT invoices_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX invoices_receipt ON public.invoices USING btree (book_id, receipt);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON invoices FOR SELECT TO relief_scoped;
CREATE POLICY server ON invoices TO relief_app, relief_reader;
GRANT INSERT, SELECT ON invoices TO relief_app;
GRANT SELECT ON invoices TO relief_reader;
GRANT SELECT ON invoices TO relief_scoped;
COMMENT ON COLUMN invoices.difference IS 'what a final invoice settled: all that was invoiced less the order value, negative when the goods became cheaper';

CREATE TABLE items (
    book_id integer NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    unit text NOT NULL,
    decimals integer NOT NULL,
    category text NOT NULL,
    packs jsonb NOT NULL,
    expires boolean NOT NULL,
    shelf_life_days integer NOT NULL,
    classification text NOT NULL,
    retired boolean NOT NULL,
    CONSTRAINT items_category_check CHECK ((category = ANY (ARRAY['clothing'::text, 'quilt'::text, 'hygiene'::text, 'food'::text, 'leaflet'::text, 'equipment'::text, 'other'::text]))),
    CONSTRAINT items_decimals_check CHECK (((decimals >= 0) AND (decimals <= 9))),
    CONSTRAINT items_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT items_shelf_life_days_check CHECK ((shelf_life_days >= 0)),
    CONSTRAINT items_version_check CHECK ((version > 0))
);
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON items FOR SELECT TO relief_scoped;
CREATE POLICY server ON items TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON items TO relief_app;
GRANT SELECT ON items TO relief_reader;
GRANT SELECT ON items TO relief_scoped;

CREATE TABLE kit_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    quantity numeric NOT NULL,
    CONSTRAINT kit_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT kit_lines_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.kit_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE kit_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON kit_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON kit_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON kit_lines TO relief_app;
GRANT SELECT ON kit_lines TO relief_reader;
GRANT SELECT ON kit_lines TO relief_scoped;
COMMENT ON COLUMN kit_lines.quantity IS 'for one kit';

CREATE TABLE kits (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    fund text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT kits_line_check CHECK ((line = 1)),
    CONSTRAINT kits_lot UNIQUE (book_id, item, lot),
    CONSTRAINT kits_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT kits_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT kits_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE INDEX kits_location ON public.kits USING btree (book_id, location, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.kits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE kits ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON kits FOR SELECT TO relief_scoped;
CREATE POLICY server ON kits TO relief_app, relief_reader;
GRANT INSERT, SELECT ON kits TO relief_app;
GRANT SELECT ON kits TO relief_reader;
GRANT SELECT ON kits TO relief_scoped;
COMMENT ON COLUMN kits.value IS 'the sum of what went in';

CREATE TABLE locations (
    book_id integer NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    parent text NOT NULL,
    division text NOT NULL,
    opens_on date,
    closes_on date,
    path text NOT NULL,
    CONSTRAINT locations_kind_check CHECK ((kind = ANY (ARRAY['province'::text, 'prefecture'::text, 'warehouse'::text, 'station'::text, 'point'::text, 'vehicle'::text]))),
    CONSTRAINT locations_open CHECK ((opens_on <= closes_on)),
    CONSTRAINT locations_path CHECK (("right"(path, (length(code) + 2)) = (('/'::text || code) || '/'::text))),
    CONSTRAINT locations_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT locations_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX locations_subtree ON public.locations USING btree (book_id, path);
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON locations FOR SELECT TO relief_scoped;
CREATE POLICY server ON locations TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON locations TO relief_app;
GRANT SELECT ON locations TO relief_reader;
GRANT SELECT ON locations TO relief_scoped;

CREATE TABLE lots (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    location text NOT NULL,
    fund text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    batch text NOT NULL,
    produced_on date,
    expires_on date,
    CONSTRAINT lots_life CHECK ((produced_on <= expires_on)),
    CONSTRAINT lots_lot UNIQUE (book_id, item, lot),
    CONSTRAINT lots_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT lots_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT lots_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.lots FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE lots ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON lots FOR SELECT TO relief_scoped;
CREATE POLICY server ON lots TO relief_app, relief_reader;
GRANT INSERT, SELECT ON lots TO relief_app;
GRANT SELECT ON lots TO relief_reader;
GRANT SELECT ON lots TO relief_scoped;

CREATE TABLE migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT migrations_pkey PRIMARY KEY (name)
);
GRANT SELECT ON migrations TO PUBLIC;

CREATE TABLE moves (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    from_cell bigint NOT NULL,
    to_cell bigint NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    from_quantity numeric NOT NULL,
    from_value numeric NOT NULL,
    to_quantity numeric NOT NULL,
    to_value numeric NOT NULL,
    CONSTRAINT moves_line_check CHECK ((line > 0)),
    CONSTRAINT moves_number CHECK ((((sign(quantity) + sign(value)) >= 1.0) AND (((scale(quantity) <= 9) AND (scale(value) <= 4)) IS TRUE))),
    CONSTRAINT moves_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT moves_two_cells CHECK ((from_cell <> to_cell))
);
CREATE INDEX moves_from ON public.moves USING btree (book_id, from_cell, number, line);
CREATE INDEX moves_to ON public.moves USING btree (book_id, to_cell, number, line);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.moves FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON moves FOR SELECT TO relief_scoped;
CREATE POLICY server ON moves TO relief_app, relief_reader;
GRANT INSERT, SELECT ON moves TO relief_app;
GRANT SELECT ON moves TO relief_reader;
GRANT SELECT ON moves TO relief_scoped;
COMMENT ON COLUMN moves.from_quantity IS 'balance of from_cell after this move, so that a balance as known at an entry is one look-up';

CREATE TABLE parties (
    book_id integer NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    credit_code text NOT NULL,
    CONSTRAINT parties_kind_check CHECK ((kind = ANY (ARRAY['supplier'::text, 'donor'::text, 'carrier'::text, 'organisation'::text]))),
    CONSTRAINT parties_pkey PRIMARY KEY (book_id, code),
    CONSTRAINT parties_version_check CHECK ((version > 0))
);
ALTER TABLE parties ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON parties FOR SELECT TO relief_scoped;
CREATE POLICY server ON parties TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON parties TO relief_app;
GRANT SELECT ON parties TO relief_reader;
GRANT SELECT ON parties TO relief_scoped;

CREATE TABLE passwords (
    book_id integer NOT NULL,
    actor text NOT NULL,
    hash text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failed_at timestamp with time zone,
    CONSTRAINT passwords_actor FOREIGN KEY (book_id, actor) REFERENCES actors(book_id, code),
    CONSTRAINT passwords_failures_check CHECK ((failures >= 0)),
    CONSTRAINT passwords_hash_check CHECK ((hash ~~ '$argon2id$%'::text)),
    CONSTRAINT passwords_pkey PRIMARY KEY (book_id, actor)
);
GRANT INSERT, SELECT ON passwords TO relief_app;
GRANT UPDATE (changed_at) ON passwords TO relief_app;
GRANT UPDATE (changed_by) ON passwords TO relief_app;
GRANT UPDATE (failed_at) ON passwords TO relief_app;
GRANT UPDATE (failures) ON passwords TO relief_app;
GRANT UPDATE (hash) ON passwords TO relief_app;
COMMENT ON COLUMN passwords.failures IS 'wrong ones in a row; they make the next try wait';

CREATE TABLE past_days (
    book_id integer NOT NULL,
    cell bigint NOT NULL,
    "on" date NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT past_days_pkey PRIMARY KEY (book_id, cell, "on"),
    CONSTRAINT past_days_quantity_check CHECK ((quantity <> 'NaN'::numeric)),
    CONSTRAINT past_days_value_check CHECK ((value <> 'NaN'::numeric))
) WITH (fillfactor=70);
ALTER TABLE past_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON past_days FOR SELECT TO relief_scoped;
CREATE POLICY server ON past_days TO relief_app, relief_reader;
GRANT INSERT, SELECT, UPDATE ON past_days TO relief_app;
GRANT SELECT ON past_days TO relief_reader;
GRANT SELECT ON past_days TO relief_scoped;

CREATE TABLE payments (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    kind text NOT NULL,
    fund text NOT NULL,
    bank text NOT NULL,
    payee text NOT NULL,
    amount numeric NOT NULL,
    campaign text NOT NULL,
    action text NOT NULL,
    location text NOT NULL,
    reference text NOT NULL,
    CONSTRAINT payments_amount_check CHECK (((amount > (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT payments_kind_check CHECK ((kind = ANY (ARRAY['supplier'::text, 'relief-cash'::text, 'charity'::text, 'project'::text]))),
    CONSTRAINT payments_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON payments FOR SELECT TO relief_scoped;
CREATE POLICY server ON payments TO relief_app, relief_reader;
GRANT INSERT, SELECT ON payments TO relief_app;
GRANT SELECT ON payments TO relief_reader;
GRANT SELECT ON payments TO relief_scoped;

CREATE TABLE persons.persons (
    book_id integer NOT NULL,
    pseudonym text NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    number text NOT NULL,
    keep_until date NOT NULL,
    CONSTRAINT persons_pkey PRIMARY KEY (book_id, pseudonym)
);
CREATE INDEX persons_due ON persons.persons USING btree (book_id, keep_until);
CREATE INDEX persons_of_number ON persons.persons USING btree (book_id, number) WHERE (number <> ''::text);
COMMENT ON COLUMN persons.persons.keep_until IS 'last day on which the purpose that the person was told of allows to keep this';

CREATE TABLE persons.readings (
    book_id integer NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    pseudonym text NOT NULL,
    act text NOT NULL,
    found boolean NOT NULL,
    actor text NOT NULL,
    purpose text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT readings_act_check CHECK ((act = ANY (ARRAY['keep'::text, 'read'::text, 'find'::text, 'erase'::text]))),
    CONSTRAINT readings_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT readings_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT readings_purpose_check CHECK ((purpose <> ''::text))
);
CREATE INDEX readings_of ON persons.readings USING btree (book_id, pseudonym, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON persons.readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT ON persons.readings TO relief_persons;

CREATE TABLE point_closings (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT point_closings_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT point_closings_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX point_closings_location ON public.point_closings USING btree (book_id, location);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.point_closings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE point_closings ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON point_closings FOR SELECT TO relief_scoped;
CREATE POLICY server ON point_closings TO relief_app, relief_reader;
GRANT INSERT, SELECT ON point_closings TO relief_app;
GRANT SELECT ON point_closings TO relief_reader;
GRANT SELECT ON point_closings TO relief_scoped;

CREATE VIEW purchase_bills (
    book_id integer,
    purchase text,
    amount numeric
) WITH (security_invoker=true);
GRANT SELECT ON purchase_bills TO relief_app;
GRANT SELECT ON purchase_bills TO relief_reader;
GRANT SELECT ON purchase_bills TO relief_scoped;

CREATE TABLE purchase_closings (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    purchase text NOT NULL,
    released numeric NOT NULL,
    reason text NOT NULL,
    CONSTRAINT purchase_closings_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT purchase_closings_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT purchase_closings_released_check CHECK (((released > (0)::numeric) AND (released <> 'NaN'::numeric)))
);
CREATE INDEX purchase_closings_purchase ON public.purchase_closings USING btree (book_id, purchase);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.purchase_closings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE purchase_closings ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON purchase_closings FOR SELECT TO relief_scoped;
CREATE POLICY server ON purchase_closings TO relief_app, relief_reader;
GRANT INSERT, SELECT ON purchase_closings TO relief_app;
GRANT SELECT ON purchase_closings TO relief_reader;
GRANT SELECT ON purchase_closings TO relief_scoped;

CREATE VIEW purchase_goods (
    book_id integer,
    purchase text,
    item text,
    received numeric,
    invoiced numeric
) WITH (security_invoker=true);
GRANT SELECT ON purchase_goods TO relief_app;
GRANT SELECT ON purchase_goods TO relief_reader;
GRANT SELECT ON purchase_goods TO relief_scoped;

CREATE TABLE purchases (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    fund text NOT NULL,
    party text NOT NULL,
    budget text NOT NULL,
    reference text NOT NULL,
    item text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT purchases_item UNIQUE (book_id, number, item),
    CONSTRAINT purchases_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT purchases_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT purchases_value_check CHECK (((value > (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE INDEX purchases_budget ON public.purchases USING btree (book_id, fund, budget) WHERE ((line = 1) AND (budget <> ''::text));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.purchases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE purchases ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON purchases FOR SELECT TO relief_scoped;
CREATE POLICY server ON purchases TO relief_app, relief_reader;
GRANT INSERT, SELECT ON purchases TO relief_app;
GRANT SELECT ON purchases TO relief_reader;
GRANT SELECT ON purchases TO relief_scoped;

CREATE TABLE receipts (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    party text NOT NULL,
    kind text NOT NULL,
    fund text NOT NULL,
    reference text NOT NULL,
    evidence text NOT NULL,
    CONSTRAINT receipts_evidence CHECK (((kind = 'in-kind'::text) = (evidence <> ''::text))),
    CONSTRAINT receipts_evidence_check CHECK ((evidence = ANY (ARRAY[''::text, 'invoice'::text, 'quotation'::text, 'appraisal'::text, 'none'::text]))),
    CONSTRAINT receipts_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'in-kind'::text, 'opening'::text, 'custody'::text]))),
    CONSTRAINT receipts_party CHECK (((kind = 'opening'::text) = (party = ''::text))),
    CONSTRAINT receipts_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX receipts_location ON public.receipts USING btree (book_id, location, number);
CREATE INDEX receipts_reference ON public.receipts USING btree (book_id, reference) WHERE (reference <> ''::text);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE receipts ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON receipts FOR SELECT TO relief_scoped;
CREATE POLICY server ON receipts TO relief_app, relief_reader;
GRANT INSERT, SELECT ON receipts TO relief_app;
GRANT SELECT ON receipts TO relief_reader;
GRANT SELECT ON receipts TO relief_scoped;

CREATE TABLE register_history (
    book_id integer NOT NULL,
    noun text NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    content text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT register_history_pkey PRIMARY KEY (book_id, noun, code, version),
    CONSTRAINT register_history_version_check CHECK ((version > 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.register_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE register_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON register_history FOR SELECT TO relief_scoped;
CREATE POLICY server ON register_history TO relief_app, relief_reader;
GRANT INSERT, SELECT ON register_history TO relief_app;
GRANT SELECT ON register_history TO relief_reader;
GRANT SELECT ON register_history TO relief_scoped;

CREATE TABLE registers (
    book_id integer NOT NULL,
    noun text NOT NULL,
    edition bigint NOT NULL,
    CONSTRAINT registers_pkey PRIMARY KEY (book_id, noun)
) WITH (fillfactor=10);
GRANT INSERT, SELECT, UPDATE ON registers TO relief_app;
GRANT SELECT ON registers TO relief_reader;
COMMENT ON COLUMN registers.edition IS 'moved on by every write of the register: a cache that knows the edition knows the register';

CREATE TABLE request_lines (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    item text NOT NULL,
    quantity numeric NOT NULL,
    fund text NOT NULL,
    CONSTRAINT request_lines_item UNIQUE (book_id, number, item),
    CONSTRAINT request_lines_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT request_lines_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.request_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE request_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON request_lines FOR SELECT TO relief_scoped;
CREATE POLICY server ON request_lines TO relief_app, relief_reader;
GRANT INSERT, SELECT ON request_lines TO relief_app;
GRANT SELECT ON request_lines TO relief_reader;
GRANT SELECT ON request_lines TO relief_scoped;
COMMENT ON COLUMN request_lines.fund IS 'the only fund whose goods will do; empty when any will';

CREATE TABLE requests (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    from_location text NOT NULL,
    to_location text NOT NULL,
    campaign text NOT NULL,
    needed_by date,
    remark text NOT NULL,
    CONSTRAINT requests_line_check CHECK ((line = 1)),
    CONSTRAINT requests_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT requests_two_locations CHECK ((from_location <> to_location))
);
CREATE INDEX requests_from ON public.requests USING btree (book_id, from_location, number);
CREATE INDEX requests_to ON public.requests USING btree (book_id, to_location, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.requests FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON requests FOR SELECT TO relief_scoped;
CREATE POLICY server ON requests TO relief_app, relief_reader;
GRANT INSERT, SELECT ON requests TO relief_app;
GRANT SELECT ON requests TO relief_reader;
GRANT SELECT ON requests TO relief_scoped;

CREATE TABLE reservations (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    act text NOT NULL,
    request text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT reservations_act_check CHECK ((act = ANY (ARRAY['reserve'::text, 'release'::text, 'dispatch'::text, 'close'::text]))),
    CONSTRAINT reservations_check CHECK (((reason <> ''::text) OR (act = ANY (ARRAY['reserve'::text, 'dispatch'::text])))),
    CONSTRAINT reservations_line_check CHECK ((line = 1)),
    CONSTRAINT reservations_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX reservations_request ON public.reservations USING btree (book_id, request, number);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reservations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reservations ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON reservations FOR SELECT TO relief_scoped;
CREATE POLICY server ON reservations TO relief_app, relief_reader;
GRANT INSERT, SELECT ON reservations TO relief_app;
GRANT SELECT ON reservations TO relief_reader;
GRANT SELECT ON reservations TO relief_scoped;
COMMENT ON TABLE reservations IS 'what was done for a request; the goods are in the moves of the entry';

CREATE TABLE reversals (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    reverses bigint NOT NULL,
    reason text NOT NULL,
    CONSTRAINT reversals_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reversals ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON reversals FOR SELECT TO relief_scoped;
CREATE POLICY server ON reversals TO relief_app, relief_reader;
GRANT INSERT, SELECT ON reversals TO relief_app;
GRANT SELECT ON reversals TO relief_reader;
GRANT SELECT ON reversals TO relief_scoped;

CREATE TABLE sessions (
    book_id integer NOT NULL,
    id_hash bytea NOT NULL,
    actor text NOT NULL,
    way text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    CONSTRAINT sessions_actor FOREIGN KEY (book_id, actor) REFERENCES actors(book_id, code),
    CONSTRAINT sessions_ended CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT sessions_id_hash_check CHECK ((octet_length(id_hash) = 32)),
    CONSTRAINT sessions_life CHECK (((ends_at > opened_at) AND (ends_at <= (opened_at + '12:00:00'::interval)))),
    CONSTRAINT sessions_pkey PRIMARY KEY (book_id, id_hash),
    CONSTRAINT sessions_way_check CHECK ((way = ANY (ARRAY['password'::text, 'oidc'::text])))
);
CREATE INDEX sessions_of_actor ON public.sessions USING btree (book_id, actor, opened_at);
GRANT INSERT, SELECT ON sessions TO relief_app;
GRANT UPDATE (ended_at) ON sessions TO relief_app;
GRANT UPDATE (ended_by) ON sessions TO relief_app;
GRANT UPDATE (last_used_at) ON sessions TO relief_app;

CREATE TABLE short_closings (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    act text NOT NULL,
    waybill text NOT NULL,
    claim boolean NOT NULL,
    reason text NOT NULL,
    value numeric NOT NULL,
    alone numeric,
    proposal bigint,
    CONSTRAINT short_closings_act_check CHECK ((act = ANY (ARRAY['close'::text, 'propose'::text, 'approve'::text]))),
    CONSTRAINT short_closings_alone CHECK (((act <> 'close'::text) OR (alone IS NULL) OR (value <= alone))),
    CONSTRAINT short_closings_alone_check CHECK (((alone >= (0)::numeric) AND (alone <> 'NaN'::numeric))),
    CONSTRAINT short_closings_check CHECK ((proposal < number)),
    CONSTRAINT short_closings_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT short_closings_proposal CHECK (((act = 'approve'::text) = (proposal IS NOT NULL))),
    CONSTRAINT short_closings_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT short_closings_value_check CHECK (((value >= (0)::numeric) AND (value <> 'NaN'::numeric)))
);
CREATE INDEX short_closings_proposed ON public.short_closings USING btree (book_id, proposal) WHERE (proposal IS NOT NULL);
CREATE INDEX short_closings_waybill ON public.short_closings USING btree (book_id, waybill);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.short_closings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE short_closings ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON short_closings FOR SELECT TO relief_scoped;
CREATE POLICY server ON short_closings TO relief_app, relief_reader;
GRANT INSERT, SELECT ON short_closings TO relief_app;
GRANT SELECT ON short_closings TO relief_reader;
GRANT SELECT ON short_closings TO relief_scoped;
COMMENT ON COLUMN short_closings.alone IS 'most that one person alone might give up of a waybill then; NULL was without limit';

CREATE VIEW stated_lines (
    book_id integer,
    number bigint,
    account text,
    name text,
    document text,
    line integer,
    "on" date,
    amount numeric,
    reference text,
    counterparty text,
    text text,
    id text
) WITH (security_invoker=true);
GRANT SELECT ON stated_lines TO relief_app;
GRANT SELECT ON stated_lines TO relief_reader;
GRANT SELECT ON stated_lines TO relief_scoped;

CREATE TABLE tallies (
    book_id integer NOT NULL,
    name text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT tallies_number CHECK (((quantity >= 0.0) AND (scale((quantity + value)) IS NOT NULL))),
    CONSTRAINT tallies_once CHECK (((quantity <= 1.0) OR (split_part(name, ':'::text, 1) <> ALL ('{approved,banked,budget-line,request-closed,statement-after}'::text[])))),
    CONSTRAINT tallies_pkey PRIMARY KEY (book_id, name)
) WITH (fillfactor=50);
GRANT INSERT, SELECT, UPDATE ON tallies TO relief_app;
GRANT SELECT ON tallies TO relief_reader;

CREATE TABLE tally_changes (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    name text NOT NULL,
    quantity numeric NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT tally_changes_pkey PRIMARY KEY (book_id, number, line)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tally_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE tally_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON tally_changes FOR SELECT TO relief_scoped;
CREATE POLICY server ON tally_changes TO relief_app, relief_reader;
GRANT INSERT, SELECT ON tally_changes TO relief_app;
GRANT SELECT ON tally_changes TO relief_reader;
GRANT SELECT ON tally_changes TO relief_scoped;

CREATE TABLE tokens (
    book_id integer NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    actor text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text,
    last_used_at timestamp with time zone,
    CONSTRAINT tokens_actor FOREIGN KEY (book_id, actor) REFERENCES actors(book_id, code),
    CONSTRAINT tokens_life CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '366 days'::interval)))),
    CONSTRAINT tokens_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT tokens_revoked CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT tokens_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
CREATE INDEX tokens_in_time ON public.tokens USING btree (book_id, created_at, id);
CREATE INDEX tokens_of_actor ON public.tokens USING btree (book_id, actor);
CREATE INDEX tokens_of_name ON public.tokens USING btree (book_id, actor, name) WHERE (revoked_at IS NULL);
GRANT INSERT, SELECT ON tokens TO relief_app;
GRANT UPDATE (last_used_at) ON tokens TO relief_app;
GRANT UPDATE (revoked_at) ON tokens TO relief_app;
GRANT UPDATE (revoked_by) ON tokens TO relief_app;

CREATE TABLE tree_nodes (
    book_id integer NOT NULL,
    level smallint NOT NULL,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT tree_nodes_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT tree_nodes_level_check CHECK (((level > 0) AND (((level)::integer % 8) = 0))),
    CONSTRAINT tree_nodes_pkey PRIMARY KEY (book_id, level, n)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tree_nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT INSERT, SELECT ON tree_nodes TO relief_app;
GRANT SELECT ON tree_nodes TO relief_reader;

CREATE TABLE write_offs (
    book_id integer NOT NULL,
    number bigint NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    item text NOT NULL,
    lot text NOT NULL,
    fund text NOT NULL,
    quantity numeric NOT NULL,
    reason text NOT NULL,
    certificate text NOT NULL,
    proposal bigint,
    CONSTRAINT write_offs_certificate CHECK (((proposal IS NULL) = (certificate = ''::text))),
    CONSTRAINT write_offs_check CHECK ((proposal < number)),
    CONSTRAINT write_offs_pkey PRIMARY KEY (book_id, number, line),
    CONSTRAINT write_offs_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity <> 'NaN'::numeric))),
    CONSTRAINT write_offs_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX write_offs_location ON public.write_offs USING btree (book_id, location, number);
CREATE INDEX write_offs_proposal ON public.write_offs USING btree (book_id, proposal) WHERE (proposal IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.write_offs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE write_offs ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON write_offs FOR SELECT TO relief_scoped;
CREATE POLICY server ON write_offs TO relief_app, relief_reader;
GRANT INSERT, SELECT ON write_offs TO relief_app;
GRANT SELECT ON write_offs TO relief_reader;
GRANT SELECT ON write_offs TO relief_scoped;

CREATE OR REPLACE FUNCTION public.history(name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('REVOKE ALL ON %s FROM relief_app', name);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO relief_app', name);
    EXECUTE format('GRANT SELECT ON %s TO relief_reader', name);
END $function$;
GRANT EXECUTE ON FUNCTION history(regclass) TO PUBLIC;

CREATE OR REPLACE FUNCTION persons.due(book integer, on_day date)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
    SELECT pseudonym FROM persons WHERE book_id = book AND keep_until < on_day ORDER BY pseudonym
$function$;
GRANT EXECUTE ON FUNCTION persons.due(integer,date) TO relief_persons;

CREATE OR REPLACE FUNCTION persons.erase(book integer, whose text, actor text, purpose text, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
DECLARE
    erased boolean;
BEGIN
    DELETE FROM persons p WHERE p.book_id = book AND p.pseudonym = whose;
    erased := FOUND;
    PERFORM note(book, whose, 'erase', erased, actor, purpose, at);
    RETURN erased;
END $function$;
GRANT EXECUTE ON FUNCTION persons.erase(integer,text,text,text,timestamp with time zone) TO relief_persons;

CREATE OR REPLACE FUNCTION persons.find(book integer, wanted text, actor text, purpose text, at timestamp with time zone)
 RETURNS SETOF persons.persons
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
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
END $function$;
GRANT EXECUTE ON FUNCTION persons.find(integer,text,text,text,timestamp with time zone) TO relief_persons;

CREATE OR REPLACE FUNCTION persons.keep(book integer, whose text, name text, phone text, number text, keep_until date, actor text, purpose text, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
BEGIN
    PERFORM note(book, whose, 'keep', EXISTS (SELECT FROM persons p WHERE p.book_id = book AND p.pseudonym = whose), actor, purpose, at);
    INSERT INTO persons AS p VALUES (book, whose, name, phone, number, keep_until)
    ON CONFLICT (book_id, pseudonym) DO UPDATE SET name = excluded.name, phone = excluded.phone, number = excluded.number, keep_until = excluded.keep_until;
END $function$;
GRANT EXECUTE ON FUNCTION persons.keep(integer,text,text,text,text,date,text,text,timestamp with time zone) TO relief_persons;

CREATE OR REPLACE FUNCTION persons.note(book integer, whose text, act text, found boolean, actor text, purpose text, at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
    INSERT INTO readings (book_id, pseudonym, act, found, actor, purpose, at) VALUES (book, whose, act, found, actor, purpose, at)
$function$;

CREATE OR REPLACE FUNCTION persons.read(book integer, whose text, actor text, purpose text, at timestamp with time zone)
 RETURNS SETOF persons.persons
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'persons', 'pg_temp'
AS $function$
BEGIN
    PERFORM note(book, whose, 'read', EXISTS (SELECT FROM persons p WHERE p.book_id = book AND p.pseudonym = whose), actor, purpose, at);
    RETURN QUERY SELECT * FROM persons p WHERE p.book_id = book AND p.pseudonym = whose;
END $function$;
GRANT EXECUTE ON FUNCTION persons.read(integer,text,text,text,timestamp with time zone) TO relief_persons;

CREATE OR REPLACE FUNCTION public.recorded_at(book integer, entry bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    SELECT e.recorded_at FROM entries e WHERE e.book_id = book AND e.number = entry
$function$;
GRANT EXECUTE ON FUNCTION recorded_at(integer,bigint) TO relief_app;
GRANT EXECUTE ON FUNCTION recorded_at(integer,bigint) TO relief_reader;
GRANT EXECUTE ON FUNCTION recorded_at(integer,bigint) TO relief_scoped;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION '% of % refused: history is append-only, a correction is a reversal', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $function$;
GRANT EXECUTE ON FUNCTION refuse_change() TO PUBLIC;

CREATE OR REPLACE FUNCTION public.refuse_closed_period()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN heads h USING (book_id) WHERE a."on" <= h.closed_until) THEN
        RAISE EXCEPTION 'entry dated inside a closed period' USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_closed_period';
    END IF;
    RETURN NULL;
END $function$;
GRANT EXECUTE ON FUNCTION refuse_closed_period() TO PUBLIC;

CREATE OR REPLACE FUNCTION public.register(name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM relief_app', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO relief_app', name);
    EXECUTE format('GRANT SELECT ON %s TO relief_reader', name);
END $function$;
GRANT EXECUTE ON FUNCTION register(regclass) TO PUBLIC;

CREATE OR REPLACE FUNCTION public.request_state(book integer, entry bigint, request text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    SELECT CASE
        WHEN EXISTS (SELECT FROM entries WHERE book_id = book AND reverses = entry) THEN 'reversed'
        WHEN s.open = 0 AND s.reserved = 0 THEN 'fulfilled'
        WHEN s.closed > 0 THEN 'closed'
        WHEN s.got > s.reserved THEN 'partly-dispatched'
        WHEN s.reserved > 0 THEN 'reserved'
        ELSE 'open' END
    FROM (
        SELECT sum(l.quantity - coalesce(g.quantity, 0)) AS open, coalesce(sum(g.quantity), 0) AS got,
            coalesce((SELECT quantity FROM tallies WHERE book_id = book AND name = 'request-reserved:' || request), 0) AS reserved,
            coalesce((SELECT quantity FROM tallies WHERE book_id = book AND name = 'request-closed:' || request), 0) AS closed
        FROM request_lines l LEFT JOIN tallies g ON g.book_id = book AND g.name = 'request-got:' || request || ':' || l.item
        WHERE l.book_id = book AND l.number = entry
    ) s
$function$;
GRANT EXECUTE ON FUNCTION request_state(integer,bigint,text) TO relief_app;
GRANT EXECUTE ON FUNCTION request_state(integer,bigint,text) TO relief_reader;
GRANT EXECUTE ON FUNCTION request_state(integer,bigint,text) TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_book()
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
    SELECT (nullif(current_setting('app.scope', true), '')::jsonb ->> 'book')::integer
$function$;
GRANT EXECUTE ON FUNCTION scope_book() TO relief_app;
GRANT EXECUTE ON FUNCTION scope_book() TO relief_reader;
GRANT EXECUTE ON FUNCTION scope_book() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_cells()
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
    book integer := scope_book();
    found bigint[] := scope_kept('app.cells');
    funds text[] := ARRAY(SELECT g.fund FROM scope_grants() g WHERE g.path IS NULL);
    bound record;
    sent bigint[];
    asked bigint[];
    accounts text[];
BEGIN
    IF found IS NULL THEN
        found := '{}';
        FOR bound IN SELECT p.fund, array_agg(p.location) AS places FROM scope_places() p GROUP BY p.fund LOOP
            sent := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (bound.places) OR to_location = ANY (bound.places)));
            asked := ARRAY(SELECT number FROM requests WHERE book_id = book AND (from_location = ANY (bound.places) OR to_location = ANY (bound.places)));
            accounts := ARRAY(
                SELECT class || ':' || place FROM unnest(bound.places) AS place,
                    unnest(ARRAY['stock', 'quarantine', 'handed-out', 'written-off', 'lost', 'found', 'opening', 'assembly']) AS class
                UNION ALL
                SELECT class || ':' || document FROM entries, unnest(ARRAY['transit', 'lost']) AS class WHERE book_id = book AND number = ANY (sent)
                UNION ALL
                SELECT 'reserved:' || document FROM entries WHERE book_id = book AND number = ANY (asked));
            found := found || ARRAY(SELECT cell FROM cells
                WHERE book_id = book AND account = ANY (accounts) AND (bound.fund IS NULL OR fund = bound.fund));
        END LOOP;
        IF funds <> '{}' THEN
            found := found || ARRAY(SELECT cell FROM cells WHERE book_id = book AND fund = ANY (funds));
        END IF;
        PERFORM scope_keep('app.cells', found);
    END IF;
    RETURN QUERY SELECT unnest(found);
END $function$;
GRANT EXECUTE ON FUNCTION scope_cells() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_entries()
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
    book integer := scope_book();
    found bigint[] := scope_kept('app.entries');
    own bigint[];
    bound record;
BEGIN
    IF found IS NULL THEN
        found := ARRAY(SELECT number FROM closes WHERE book_id = book);
        FOR bound IN SELECT p.fund, array_agg(p.location) AS places FROM scope_places() p GROUP BY p.fund LOOP
            found := found || ARRAY(SELECT scope_still(bound.places, bound.fund));
        END LOOP;
        found := found || ARRAY(SELECT number FROM reversals WHERE book_id = book AND reverses = ANY (found));
        own := ARRAY(SELECT scope_cells());
        found := found || ARRAY(
            SELECT number FROM moves WHERE book_id = book AND from_cell = ANY (own)
            UNION
            SELECT number FROM moves WHERE book_id = book AND to_cell = ANY (own));
        PERFORM scope_keep('app.entries', found);
    END IF;
    RETURN QUERY SELECT unnest(found);
END $function$;
GRANT EXECUTE ON FUNCTION scope_entries() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_grants()
 RETURNS TABLE(path text, fund text)
 LANGUAGE sql
 STABLE ROWS 4
AS $function$
    SELECT g ->> 'path', g ->> 'fund' FROM jsonb_array_elements(nullif(current_setting('app.scope', true), '')::jsonb -> 'grants') AS g
$function$;
GRANT EXECUTE ON FUNCTION scope_grants() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_keep(name text, found bigint[])
 RETURNS void
 LANGUAGE sql
AS $function$
    SELECT set_config(name, md5(current_setting('app.scope', true)) || found::text, true)
$function$;

CREATE OR REPLACE FUNCTION public.scope_kept(name text)
 RETURNS bigint[]
 LANGUAGE sql
 STABLE
AS $function$
    SELECT substr(kept, 33)::bigint[] FROM current_setting(name, true) AS kept
    WHERE left(kept, 32) = md5(current_setting('app.scope', true))
$function$;

CREATE OR REPLACE FUNCTION public.scope_places()
 RETURNS TABLE(location text, fund text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 100
 SET search_path TO 'public', 'pg_temp'
AS $function$
    SELECT DISTINCT l.code, g.fund FROM scope_grants() g
    JOIN locations l ON l.book_id = (SELECT scope_book()) AND (g.path IS NULL OR l.path >= g.path AND l.path < left(g.path, -1) || '0')
$function$;
GRANT EXECUTE ON FUNCTION scope_places() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scope_still(places text[], within text)
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
    book integer := scope_book();
    sent bigint[] := ARRAY(SELECT number FROM dispatches WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places)));
    waybills text[] := ARRAY(SELECT document FROM entries e WHERE book_id = book AND number = ANY (sent)
        AND (within IS NULL OR EXISTS (SELECT FROM moves m JOIN cells c ON c.book_id = m.book_id AND c.cell = m.from_cell
            WHERE m.book_id = book AND m.number = e.number AND c.fund = within)));
    asked bigint[] := ARRAY(SELECT number FROM requests r WHERE book_id = book AND (from_location = ANY (places) OR to_location = ANY (places))
        AND (within IS NULL OR EXISTS (SELECT FROM request_lines l WHERE l.book_id = book AND l.number = r.number AND l.fund IN ('', within))));
BEGIN
    RETURN QUERY
        SELECT number FROM activities WHERE book_id = book AND location = ANY (places)
        UNION ALL
        SELECT number FROM point_closings WHERE book_id = book AND location = ANY (places)
        UNION ALL
        SELECT number FROM handouts WHERE book_id = book AND drill AND location = ANY (places)
        UNION ALL
        SELECT number FROM write_offs WHERE book_id = book AND proposal IS NULL AND location = ANY (places) AND (within IS NULL OR fund = within)
        UNION ALL
        SELECT number FROM arrivals WHERE book_id = book AND outcome = 'refused' AND waybill = ANY (waybills) AND (within IS NULL OR fund = within)
        UNION ALL
        SELECT number FROM short_closings WHERE book_id = book AND act = 'propose' AND waybill = ANY (waybills)
        UNION ALL
        SELECT c.number FROM counts c WHERE c.book_id = book AND c.proposal IS NULL AND c.location = ANY (places)
            AND (within IS NULL OR EXISTS (SELECT FROM count_lines l WHERE l.book_id = book AND l.number = c.number AND l.fund = within))
        UNION ALL
        SELECT unnest(asked)
        UNION ALL
        SELECT s.number FROM reservations s WHERE s.book_id = book AND s.act = 'close'
            AND s.request = ANY (ARRAY(SELECT document FROM entries WHERE book_id = book AND number = ANY (asked)))
            AND NOT EXISTS (SELECT FROM moves m WHERE m.book_id = book AND m.number = s.number);
END $function$;

CREATE OR REPLACE FUNCTION public.scope_whole()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (SELECT FROM scope_grants() WHERE path IS NULL AND fund IS NULL)
$function$;
GRANT EXECUTE ON FUNCTION scope_whole() TO relief_scoped;

CREATE OR REPLACE FUNCTION public.scoped(name regclass)
 RETURNS void
 LANGUAGE sql
AS $function$
    SELECT scoped(name, '(SELECT scope_whole()) OR number IN (SELECT scope_entries())')
$function$;

CREATE OR REPLACE FUNCTION public.scoped(name regclass, condition text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY server ON %s TO relief_app, relief_reader USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY scope ON %s FOR SELECT TO relief_scoped USING (book_id = (SELECT scope_book()) AND (%s))', name, condition);
    EXECUTE format('GRANT SELECT ON %s TO relief_scoped', name);
END $function$;

GRANT USAGE ON SCHEMA persons TO relief_persons;

GRANT USAGE ON SCHEMA public TO PUBLIC;

GRANT USAGE ON SCHEMA public TO relief_app;

GRANT USAGE ON SCHEMA public TO relief_reader;

GRANT USAGE ON SCHEMA public TO relief_scoped;
