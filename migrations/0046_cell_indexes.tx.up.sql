-- As long as nobody has counted the rows of a young book, every index that begins with the number of the book looks as good to PostgreSQL as the primary
-- key, and statements are planned once for a connection: each change of a cell then read half the book. These conditions are always true,
-- but PostgreSQL only considers such an index where a statement names a column of it.
ALTER TABLE cells DROP CONSTRAINT cells_name;
DROP INDEX cells_fund, cells_lot;
CREATE UNIQUE INDEX cells_name ON cells (book_id, account, item, lot, fund) WHERE account IS NOT NULL;
CREATE INDEX cells_lot ON cells (book_id, item, lot) WHERE item IS NOT NULL OR lot IS NOT NULL;
CREATE INDEX cells_fund ON cells (book_id, fund, account) WHERE fund IS NOT NULL;
