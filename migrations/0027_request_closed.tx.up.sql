-- A request is closed once, whatever server takes it in; the reversal of a closing counts down.
ALTER TABLE tallies ADD CONSTRAINT tallies_request_closed CHECK (name NOT LIKE 'request-closed:%' OR quantity <= 1);
