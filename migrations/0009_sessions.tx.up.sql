-- How people sign in at a browser. Neither passwords nor sessions are stored: only an argon2id hash of the one, and the SHA-256 of
-- the random id of the other. An identity elsewhere is an issuer with its subject, never an e-mail address, which changes hands.

CREATE TABLE passwords (
    book_id    integer NOT NULL,
    actor      text NOT NULL,
    hash       text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    failures   integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failed_at  timestamptz,
    CONSTRAINT passwords_pkey PRIMARY KEY (book_id, actor),
    CONSTRAINT passwords_actor FOREIGN KEY (book_id, actor) REFERENCES actors
);
COMMENT ON COLUMN passwords.failures IS 'wrong ones in a row; they make the next try wait';

CREATE TABLE identities (
    book_id     integer NOT NULL,
    id          text NOT NULL,
    issuer      text NOT NULL,
    subject     text NOT NULL,
    actor       text NOT NULL,
    linked_at   timestamptz NOT NULL,
    linked_by   text NOT NULL,
    unlinked_at timestamptz,
    unlinked_by text,
    CONSTRAINT identities_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT identities_actor FOREIGN KEY (book_id, actor) REFERENCES actors,
    CONSTRAINT identities_unlinked CHECK ((unlinked_at IS NULL) = (unlinked_by IS NULL))
);
CREATE UNIQUE INDEX identities_once ON identities (book_id, issuer, subject) WHERE unlinked_at IS NULL;

CREATE TABLE sessions (
    book_id      integer NOT NULL,
    id_hash      bytea NOT NULL CHECK (octet_length(id_hash) = 32),
    actor        text NOT NULL,
    way          text NOT NULL CHECK (way IN ('password', 'oidc')),
    opened_at    timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_by     text,
    CONSTRAINT sessions_pkey PRIMARY KEY (book_id, id_hash),
    CONSTRAINT sessions_actor FOREIGN KEY (book_id, actor) REFERENCES actors,
    CONSTRAINT sessions_life CHECK (ends_at > opened_at AND ends_at <= opened_at + interval '12 hours'),
    CONSTRAINT sessions_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX sessions_of_actor ON sessions (book_id, actor, opened_at);

SELECT register(t) FROM unnest(ARRAY['passwords', 'identities', 'sessions']::regclass[]) AS t;
REVOKE UPDATE ON passwords, identities, sessions FROM relief_app;
GRANT UPDATE (hash, changed_at, changed_by, failures, failed_at) ON passwords TO relief_app;
GRANT UPDATE (unlinked_at, unlinked_by) ON identities TO relief_app;
GRANT UPDATE (last_used_at, ended_at, ended_by) ON sessions TO relief_app;
REVOKE ALL ON passwords, identities, sessions FROM relief_reader;
