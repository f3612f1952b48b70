-- What a campaign did besides goods and money. An activity is an entry without moves; its rows carry the numbers.
CREATE TABLE activities (
    book_id  integer NOT NULL,
    number   bigint NOT NULL,
    line     integer NOT NULL CHECK (line > 0),
    campaign text NOT NULL,
    action   text NOT NULL,
    location text NOT NULL,
    measure  text NOT NULL,
    -- 人次 counts events and 人 counts people: a row without its unit could be added to the wrong ones.
    unit     text NOT NULL CHECK (unit IN ('person-times', 'persons', 'vehicle-times', 'times')),
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN' AND scale(quantity) = 0),
    drill    boolean NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (book_id, number, line)
);
CREATE INDEX activities_campaign ON activities (book_id, campaign, measure);

SELECT history('activities');
