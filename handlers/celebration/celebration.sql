-- What celebrations remember beside the register: who was asked, and in which words somebody was congratulated last.

-- @migration 1
CREATE TABLE celebration_asked (
	person BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
	at_ms BIGINT NOT NULL
);
CREATE TABLE celebration_words (
	person BIGINT NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL,
	date TEXT NOT NULL,
	variant INTEGER NOT NULL,
	PRIMARY KEY (person, kind)
);

-- @query was_asked
SELECT at_ms FROM celebration_asked WHERE person = $1

-- @query asked
INSERT INTO celebration_asked (person, at_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query last_words
SELECT variant, date FROM celebration_words WHERE person = $1 AND kind = $2

-- @query keep_words
INSERT INTO celebration_words (person, kind, date, variant) VALUES ($1, $2, $3, $4)
ON CONFLICT (person, kind) DO UPDATE SET date = excluded.date, variant = excluded.variant

-- @migration 2
CREATE TABLE celebration_wish (
	person BIGINT NOT NULL REFERENCES person (id),
	date TEXT NOT NULL,
	author BIGINT NOT NULL REFERENCES person (id),
	text TEXT,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person, date, author)
);
CREATE INDEX celebration_wish_open ON celebration_wish (author, at_ms) WHERE text IS NULL;
CREATE TABLE celebration_letter (
	person BIGINT NOT NULL REFERENCES person (id),
	date TEXT NOT NULL,
	author BIGINT NOT NULL REFERENCES person (id),
	text TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person, date, author)
);
CREATE TABLE celebration_team (
	team TEXT NOT NULL PRIMARY KEY,
	at_ms BIGINT NOT NULL
);
CREATE TABLE celebration_known (
	person BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
	team TEXT NOT NULL,
	welcomed INTEGER NOT NULL CHECK (welcomed IN (0, 1)),
	at_ms BIGINT NOT NULL
);

-- @query ask_wish
INSERT INTO celebration_wish (person, date, author, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- @query save_wish
INSERT INTO celebration_wish (person, date, author, text, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person, date, author) DO UPDATE SET text = excluded.text, at_ms = excluded.at_ms

-- @query drop_wish
DELETE FROM celebration_wish WHERE person = $1 AND date = $2 AND author = $3 AND text IS NOT NULL

-- @query open_wishes
SELECT person FROM celebration_wish WHERE author = $1 AND text IS NULL AND at_ms > $2 ORDER BY person

-- @query wishes
SELECT author, text FROM celebration_wish WHERE person = $1 AND date = $2 AND text IS NOT NULL ORDER BY at_ms, author

-- @query save_letter
INSERT INTO celebration_letter (person, date, author, text, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person, date, author) DO UPDATE SET text = excluded.text, at_ms = excluded.at_ms

-- @query letter
SELECT text FROM celebration_letter WHERE person = $1 AND date = $2 AND author = $3

-- @query letters
SELECT author, text FROM celebration_letter WHERE person = $1 AND date = $2 ORDER BY at_ms, author

-- @query is_team_known
SELECT at_ms FROM celebration_team WHERE team = $1

-- @query know_team
INSERT INTO celebration_team (team, at_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query is_known
SELECT at_ms FROM celebration_known WHERE person = $1

-- @query know
INSERT INTO celebration_known (person, team, welcomed, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- @query welcomed
SELECT team FROM celebration_known WHERE person = $1 AND welcomed = 1

-- @query drop_letters
DELETE FROM celebration_letter WHERE person = $1 AND date = $2
