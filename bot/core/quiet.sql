-- How people want to be left alone, and what became of each unasked message to them.

-- @migration 1
-- The same minute twice: no quiet hours at all.
CREATE TABLE quiet_hours (
	person INTEGER NOT NULL PRIMARY KEY REFERENCES person (id),
	from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
	to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1439)
);
CREATE TABLE quiet_mute (
	person INTEGER NOT NULL REFERENCES person (id),
	topic TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	PRIMARY KEY (person, topic)
);
-- day: the person's, on which it is or will be delivered. outbox: its row there while it waits.
CREATE TABLE quiet_nudge (
	id INTEGER PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	day TEXT NOT NULL,
	topic TEXT NOT NULL,
	reminder INTEGER NOT NULL CHECK (reminder IN (0, 1)),
	until_ms BIGINT NOT NULL,
	fate TEXT NOT NULL,
	outbox BIGINT
);
CREATE INDEX quiet_nudge_person ON quiet_nudge (person, day);

-- @migration 2
-- enum quiet_rank.
ALTER TABLE quiet_nudge ADD COLUMN rank INTEGER NOT NULL DEFAULT 1 CHECK (rank IN (0, 1, 2));

-- All that bears on one more message: the person's hours, whether the topic is muted, what was sent on that day; what is urgent does not count.
-- @query standing
SELECT (SELECT from_minute FROM quiet_hours WHERE person = $1), (SELECT to_minute FROM quiet_hours WHERE person = $1),
	(SELECT COUNT(*) FROM quiet_mute WHERE person = $1 AND topic = $3),
	(SELECT COUNT(*) FROM quiet_nudge WHERE person = $1 AND day = $2 AND fate = 'sent' AND rank < 2),
	(SELECT COUNT(*) FROM quiet_nudge WHERE person = $1 AND day = $2 AND topic = $3 AND reminder = 1 AND id <> $4
		AND fate IN ('sent', 'waits', 'digest', 'listed'))

-- @query note
INSERT INTO quiet_nudge (at_ms, person, day, topic, reminder, until_ms, fate, outbox, rank) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- @query change
UPDATE quiet_nudge SET fate = $2, day = $3 WHERE id = $1

-- What is for now comes before what can wait.
-- @query waiting
SELECT id, outbox, topic, reminder, until_ms, rank FROM quiet_nudge WHERE person = $1 AND day <= $2 AND fate = $3
ORDER BY rank DESC, id LIMIT $4

-- What became of a day's messages; what waits for a later day was of today or of a day before.
-- @query of_day
SELECT topic, fate, COUNT(*), SUM(CASE WHEN rank < 2 THEN 1 ELSE 0 END) FROM quiet_nudge
WHERE person = $1 AND (day = $2 OR day > $2 AND fate IN ('waits', 'digest')) GROUP BY topic, fate ORDER BY MIN(id)

-- Also what a digest has named, for it can still be opened from there.
-- @query waiting_about
SELECT id, outbox FROM quiet_nudge WHERE person = $1 AND topic = COALESCE($2, topic)
	AND (fate IN ('waits', 'digest') OR fate = 'listed' AND outbox IS NOT NULL) ORDER BY id

-- outbox: NULL where nothing of it is kept to be opened.
-- @query list
UPDATE quiet_nudge SET fate = 'listed', day = $2, outbox = $3 WHERE id = $1

-- @query listed
SELECT outbox, until_ms FROM quiet_nudge WHERE id = $1 AND person = $2 AND fate = 'listed' AND outbox IS NOT NULL

-- @query opened
UPDATE quiet_nudge SET outbox = NULL WHERE id = $1

-- @query old_listed
SELECT outbox FROM quiet_nudge WHERE at_ms < $1 AND fate = 'listed' AND outbox IS NOT NULL

-- @query forget
DELETE FROM quiet_nudge WHERE at_ms < $1 AND fate NOT IN ('waits', 'digest')

-- @query hours
SELECT from_minute, to_minute FROM quiet_hours WHERE person = $1

-- @query set_hours
INSERT INTO quiet_hours (person, from_minute, to_minute) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET from_minute = excluded.from_minute, to_minute = excluded.to_minute

-- @query drop_hours
DELETE FROM quiet_hours WHERE person = $1

-- @query mute
INSERT INTO quiet_mute (person, topic, since_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- @query unmute
DELETE FROM quiet_mute WHERE person = $1 AND topic = $2

-- @query muted
SELECT topic FROM quiet_mute WHERE person = $1 ORDER BY topic

-- @query topics
SELECT DISTINCT topic FROM quiet_nudge WHERE person = $1 ORDER BY topic
