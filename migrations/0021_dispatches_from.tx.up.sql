-- The stock of a place counts the goods that it sent and that have not arrived: its waybills are looked up by their sender.
CREATE INDEX dispatches_from ON dispatches (book_id, from_location, number);
