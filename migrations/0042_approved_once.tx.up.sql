-- A reopening of a period is agreed to once: its tally is refused above one like those of all else that happens once. No sound book has such a
-- tally above one, because it was always asked before it was counted.
ALTER TABLE tallies
    DROP CONSTRAINT tallies_once,
    ADD CONSTRAINT tallies_once CHECK (quantity <= 1.0 OR split_part(name, ':', 1) <> ALL ('{approved,banked,budget-line,request-closed,statement-after}'::text[]));
