-- What expires soon is asked of all lots of a book, and many never expire.
CREATE INDEX commodities_expiry ON commodities (book_id, expires_on) WHERE expires_on IS NOT NULL;
