-- Days on which people are away.

-- @migration 1
CREATE TABLE away (
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (id),
	first_day TEXT NOT NULL,
	last_day TEXT NOT NULL,
	half TEXT NOT NULL CHECK (half IN ('', 'am', 'pm')),
	reason TEXT NOT NULL,
	told_by INTEGER NOT NULL REFERENCES person (id),
	told_ms BIGINT NOT NULL
);
CREATE INDEX away_person ON away (person, last_day);

-- Who does the work meanwhile; and what the platform's status has told, which its end takes back.
-- @migration 2
ALTER TABLE away ADD COLUMN stand_in INTEGER REFERENCES person (id);
ALTER TABLE away ADD COLUMN by_status INTEGER NOT NULL DEFAULT 0 CHECK (by_status IN (0, 1));

-- What the platform's status has told last, so that the same word is not taken twice.
-- @migration 3
CREATE TABLE away_status (
	person INTEGER NOT NULL PRIMARY KEY REFERENCES person (id),
	until_ms BIGINT NOT NULL
);

-- @query status
SELECT until_ms FROM away_status WHERE person = $1

-- @query save_status
INSERT INTO away_status (person, until_ms) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET until_ms = excluded.until_ms

-- @query forget_status
DELETE FROM away_status WHERE person = $1

-- @query add_by_status
INSERT INTO away (person, first_day, last_day, half, reason, told_by, told_ms, by_status) VALUES ($1, $2, $3, '', '', $1, $4, 1)

-- @query drop_by_status
DELETE FROM away WHERE person = $1 AND by_status = 1 AND first_day >= $2

-- @query end_by_status
UPDATE away SET last_day = $3 WHERE person = $1 AND by_status = 1 AND first_day < $2 AND last_day >= $2

-- Whom somebody stands in for, from a day on.
-- @query stood_in
SELECT person, first_day, last_day FROM away WHERE stand_in = $1 AND last_day >= $2 ORDER BY first_day, id

-- @query add
INSERT INTO away (person, first_day, last_day, half, reason, told_by, told_ms, stand_in, by_status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)

-- What lies in the days from $2 to $3 already is replaced by what is said now.
-- @query drop_within
DELETE FROM away WHERE person = $1 AND first_day >= $2 AND last_day <= $3

-- @query drop_from
DELETE FROM away WHERE person = $1 AND first_day >= $2

-- What began before is cut off.
-- @query end_before
UPDATE away SET last_day = $3 WHERE person = $1 AND first_day < $2 AND last_day >= $2

-- @query on_day
SELECT half, reason FROM away WHERE person = $1 AND first_day <= $2 AND last_day >= $2 ORDER BY half

-- @query stand_in
SELECT half, stand_in FROM away WHERE person = $1 AND first_day <= $2 AND last_day >= $2 AND stand_in IS NOT NULL ORDER BY id DESC

-- @query that_day
SELECT person, half FROM away WHERE first_day <= $1 AND last_day >= $1

-- @query ahead
SELECT first_day, last_day, half, reason, stand_in FROM away WHERE person = $1 AND last_day >= $2 ORDER BY first_day, id
