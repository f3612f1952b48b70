-- The number alone does not say which entries led to it: two servers may each write five entries behind the same one. A batch that is sent before the one
-- it builds on is known to be written must find exactly that one, so each batch draws a number and the next one names it.
ALTER TABLE heads ADD COLUMN batch bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN heads.batch IS 'a random number that the batch drew which wrote the last entry';
