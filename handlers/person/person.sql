-- Who has left, so that what they held is handed over once.

-- @migration 1
CREATE TABLE person_left (
	person INTEGER NOT NULL PRIMARY KEY REFERENCES person (id),
	noted_ms BIGINT NOT NULL
);

-- @query note_left
INSERT INTO person_left (person, noted_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query forget_left
DELETE FROM person_left WHERE person = $1
