-- Who may act, and the tokens they show. Secrets are never stored: a token row holds the SHA-256 of a random secret.

CREATE TABLE actors (
    book_id    integer NOT NULL REFERENCES books,
    code       text NOT NULL,
    role       text NOT NULL CHECK (role IN ('keeper', 'coordinator', 'finance', 'auditor', 'administrator')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT actors_pkey PRIMARY KEY (book_id, code)
);

CREATE TABLE tokens (
    book_id     integer NOT NULL,
    id          text NOT NULL,
    name        text NOT NULL,
    actor       text NOT NULL,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    revoked_by  text,
    CONSTRAINT tokens_pkey PRIMARY KEY (book_id, id),
    CONSTRAINT tokens_actor FOREIGN KEY (book_id, actor) REFERENCES actors,
    CONSTRAINT tokens_life CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    CONSTRAINT tokens_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX tokens_of_actor ON tokens (book_id, actor);

SELECT register('actors');
SELECT register('tokens');
-- A token can be revoked and nothing else about it changes; readers of reports have no business with hashes.
REVOKE UPDATE ON actors, tokens FROM relief_app;
GRANT UPDATE (revoked_at, revoked_by) ON tokens TO relief_app;
REVOKE ALL ON tokens FROM relief_reader;
