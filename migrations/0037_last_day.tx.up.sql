-- The bucket of a cell's last day stands in the cell itself, which every batch changes anyway: nearly everything is dated on the last day. A
-- later day puts it among the past ones, once.
ALTER TABLE cell_days RENAME TO past_days;
ALTER TABLE past_days RENAME CONSTRAINT cell_days_pkey TO past_days_pkey;
ALTER TABLE past_days RENAME CONSTRAINT cell_days_quantity_check TO past_days_quantity_check;
ALTER TABLE past_days RENAME CONSTRAINT cell_days_value_check TO past_days_value_check;

ALTER TABLE cells
    ADD COLUMN last_quantity numeric NOT NULL DEFAULT 0 CONSTRAINT cells_last_quantity_check CHECK (last_quantity <> 'NaN'),
    ADD COLUMN last_value    numeric NOT NULL DEFAULT 0 CONSTRAINT cells_last_value_check CHECK (last_value <> 'NaN');
UPDATE cells c SET last_quantity = d.quantity, last_value = d.value
    FROM past_days d WHERE d.book_id = c.book_id AND d.cell = c.cell AND d."on" = c.last_on;
DELETE FROM past_days d USING cells c WHERE d.book_id = c.book_id AND d.cell = c.cell AND d."on" = c.last_on;
ALTER TABLE cells ALTER COLUMN last_quantity DROP DEFAULT, ALTER COLUMN last_value DROP DEFAULT;
COMMENT ON COLUMN cells.last_quantity IS 'what last_on changed; what earlier days changed stands in past_days';

-- Every day of every cell. Whoever asks is asked about by the policies of the tables.
CREATE VIEW cell_days WITH (security_invoker = true) AS
SELECT book_id, cell, "on", quantity, value FROM past_days
UNION ALL
SELECT book_id, cell, last_on, last_quantity, last_value FROM cells;
GRANT SELECT ON cell_days TO relief_app, relief_reader, relief_scoped;
