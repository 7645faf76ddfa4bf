-- Highlights, as they were said; each is shared once.

-- @migration 1
CREATE TABLE highlight (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	whose INTEGER NOT NULL REFERENCES person (id),
	text TEXT NOT NULL,
	said_ms BIGINT NOT NULL,
	shared TEXT
);
CREATE INDEX highlight_waiting ON highlight (team, id) WHERE shared IS NULL;
CREATE INDEX highlight_of_day ON highlight (team, day);

-- @query add
INSERT INTO highlight (team, day, person, whose, text, said_ms) VALUES ($1, $2, $3, $4, $5, $6)

-- @query waiting
SELECT id, person, whose, text FROM highlight WHERE team = $1 AND shared IS NULL ORDER BY id

-- @query share
UPDATE highlight SET shared = $2 WHERE team = $1 AND shared IS NULL

-- @query since
SELECT day, person, whose, text FROM highlight WHERE team = $1 AND day >= $2 ORDER BY id

-- @query take_back
DELETE FROM highlight WHERE id = (SELECT MAX(id) FROM highlight WHERE team = $1 AND person = $2 AND shared IS NULL)
