-- What became of each ring, which rules managers have set, and when the program was off.

-- @migration 1
CREATE TABLE ring (
	day TEXT NOT NULL,
	team TEXT NOT NULL,
	topic TEXT NOT NULL,
	part TEXT NOT NULL,
	person BIGINT NOT NULL,
	planned_ms BIGINT NOT NULL,
	noted_ms BIGINT NOT NULL,
	outcome TEXT NOT NULL,
	detail TEXT NOT NULL,
	PRIMARY KEY (day, team, topic, part, person)
);
-- words: a rule, 'off', or '' for the configuration's.
CREATE TABLE ring_change (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	topic TEXT NOT NULL,
	from_day TEXT NOT NULL,
	words TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	at_ms BIGINT NOT NULL
);
CREATE INDEX ring_change_of ON ring_change (team, topic);
CREATE TABLE ring_beat (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	at_ms BIGINT NOT NULL
);
CREATE TABLE ring_gap (
	from_ms BIGINT NOT NULL PRIMARY KEY,
	to_ms BIGINT NOT NULL
);

-- @query note
INSERT INTO ring (day, team, topic, part, person, planned_ms, noted_ms, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING

-- @query noted
SELECT 1 FROM ring WHERE day = $1 AND team = $2 AND topic = $3 AND part = $4 AND person = $5

-- @query of_day
SELECT part, outcome, detail, planned_ms, person FROM ring WHERE day = $1 AND team = $2 AND topic = $3
ORDER BY part, planned_ms, outcome, detail, person

-- @query change
INSERT INTO ring_change (team, topic, from_day, words, person, at_ms) VALUES ($1, $2, $3, $4, $5, $6)

-- @query drop_changes
DELETE FROM ring_change WHERE team = $1 AND topic = $2 AND from_day > $3

-- Of those for one day the last said counts; the newest days first. What was said later is never for an earlier day (drop_changes),
-- so the index has them in order: sorting costs more than all the rest of an empty answer.
-- @query changes
SELECT c.from_day, c.words, p.name FROM ring_change c JOIN person p ON p.id = c.person
WHERE c.team = $1 AND c.topic = $2 AND c.id = (SELECT MAX(x.id) FROM ring_change x
	WHERE x.team = c.team AND x.topic = c.topic AND x.from_day = c.from_day)
ORDER BY c.id DESC LIMIT $3

-- @query jobs
SELECT word, key FROM job WHERE ritual = $1 AND (key = $2 OR substr(key, 1, length($2) + 1) = $2 || '/')

-- @query last_beat
SELECT at_ms FROM ring_beat

-- @query beat
INSERT INTO ring_beat (one, at_ms) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET at_ms = excluded.at_ms

-- @query gap
INSERT INTO ring_gap (from_ms, to_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query gaps
SELECT from_ms, to_ms FROM ring_gap WHERE to_ms > $1 AND from_ms < $2 ORDER BY from_ms

-- @query forget
DELETE FROM ring WHERE day < $1

-- @query forget_gaps
DELETE FROM ring_gap WHERE to_ms < $1
