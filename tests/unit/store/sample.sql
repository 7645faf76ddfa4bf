-- SPDX-License-Identifier: MIT
-- Tables and queries for the store's own tests; sqlgen must also take what stands in odd places here.

-- @migration 1
CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); -- a comment behind; with a semicolon
CREATE TABLE entry (
	person TEXT NOT NULL,   /* who,
	                           over two lines; $7 */
	day    TEXT NOT NULL,
	text   TEXT,
	score  BIGINT NOT NULL DEFAULT 0 CHECK (score >= 0),
	team   BIGINT REFERENCES team (id),
	PRIMARY KEY (person, day)
);

-- @migration 2
CREATE TABLE total (day TEXT NOT NULL PRIMARY KEY, entries BIGINT NOT NULL DEFAULT 0);
CREATE INDEX entry_day ON entry (day);

-- The parameters come in another order than they are numbered.
-- @query save
INSERT INTO entry (text, person, day, score) VALUES ($3, $1, $2, $4)
ON CONFLICT (person, day) DO UPDATE SET text = excluded.text, score = excluded.score;

-- @query of_day
SELECT person, text, score FROM entry WHERE day = $1 ORDER BY person

-- @query count_of_day
SELECT count(*) FROM entry WHERE day = $1;

-- @query add_to_total
INSERT INTO total (day, entries) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET entries = total.entries + 1;

-- @query total
SELECT entries FROM total WHERE day = $1;

-- @query withdraw
DELETE FROM entry WHERE day = $1 RETURNING person;

-- @query add_team
INSERT INTO team (name) VALUES ($1);

-- @query join_team
UPDATE entry SET team = $2 WHERE person = $1;

-- @query quoted
SELECT 'it''s -- no comment; $9 ?' AS "odd name", $1, $1;

-- @query echo
SELECT $1, $2, $3, $4;
