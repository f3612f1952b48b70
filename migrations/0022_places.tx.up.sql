-- What happened at a place is asked for by its place: a keeper's list of handouts, and what a reader with bounds may see of them.
CREATE INDEX handouts_location ON handouts (book_id, location, number);
CREATE INDEX receipts_location ON receipts (book_id, location, number);
CREATE INDEX activities_location ON activities (book_id, location, number);
CREATE INDEX write_offs_location ON write_offs (book_id, location, number);
