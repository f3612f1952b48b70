-- PostgreSQL reads the text of every CHECK of a table anew for each statement that writes to it, which a lone entry pays for alone: a third of all
-- that it costs. These say the same as those before them in half as many words, and refuse an infinity besides.

ALTER TABLE moves
    DROP CONSTRAINT moves_number,
    -- Neither is negative, and one of them is more than nothing. The scale of what is no finite number is unknown, which is not true.
    ADD CONSTRAINT moves_number CHECK (sign(quantity) + sign(value) >= 1.0 AND (scale(quantity) <= 9 AND scale(value) <= 4) IS TRUE);

ALTER TABLE cells
    DROP CONSTRAINT cells_floor,
    -- Neither is negative, and value stands on goods.
    ADD CONSTRAINT cells_floor CHECK (NOT floored OR (value >= 0.0 AND sign(quantity) >= sign(value))),
    DROP CONSTRAINT cells_floored,
    ADD CONSTRAINT cells_floored CHECK (floored = (split_part(account, ':', 1) = ANY ('{stock,transit,reserved,quarantine,bank,cash,allotment}'::text[]))),
    DROP CONSTRAINT cells_number, DROP CONSTRAINT cells_last_quantity_check, DROP CONSTRAINT cells_last_value_check,
    -- A sum has the larger scale of its two parts.
    ADD CONSTRAINT cells_number CHECK ((scale(quantity + last_quantity) <= 9 AND scale(value + last_value) <= 4) IS TRUE);

ALTER TABLE tallies
    DROP CONSTRAINT tallies_quantity_check, DROP CONSTRAINT tallies_value_check,
    ADD CONSTRAINT tallies_number CHECK (quantity >= 0.0 AND scale(quantity + value) IS NOT NULL),
    DROP CONSTRAINT tallies_banked, DROP CONSTRAINT tallies_budget_line, DROP CONSTRAINT tallies_request_closed, DROP CONSTRAINT tallies_statement_after,
    ADD CONSTRAINT tallies_once CHECK (quantity <= 1.0 OR split_part(name, ':', 1) <> ALL ('{banked,budget-line,request-closed,statement-after}'::text[]));

ALTER TABLE handouts
    DROP CONSTRAINT handouts_age_check, ADD CONSTRAINT handouts_age_check CHECK (age = ANY ('{"",0-17,18-59,60+}'::text[])),
    DROP CONSTRAINT handouts_sex_check, ADD CONSTRAINT handouts_sex_check CHECK (sex = ANY ('{"",female,male}'::text[]));
