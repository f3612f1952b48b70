-- One statement of an account goes on from another, whatever server takes it in; its reversal counts down.
ALTER TABLE tallies ADD CONSTRAINT tallies_statement_after CHECK (name NOT LIKE 'statement-after:%' OR quantity <= 1);
