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

-- origin: 0 said, 1 a star. state: 0 good; 1 a star whose message is being asked for; 2 its author is asked; 3 not to be shown.
-- number: in its post. week: the day of the post that looked back on it, top: its voices when it stood in front then. picture: the platform's key of it.
-- @migration 2
ALTER TABLE highlight ADD COLUMN origin INTEGER NOT NULL DEFAULT 0 CHECK (origin BETWEEN 0 AND 1);
ALTER TABLE highlight ADD COLUMN state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3);
ALTER TABLE highlight ADD COLUMN gift INTEGER NOT NULL DEFAULT 0 CHECK (gift BETWEEN 0 AND 1);
ALTER TABLE highlight ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE highlight ADD COLUMN week TEXT;
ALTER TABLE highlight ADD COLUMN top INTEGER NOT NULL DEFAULT 0;
ALTER TABLE highlight ADD COLUMN channel TEXT;
ALTER TABLE highlight ADD COLUMN message TEXT;
ALTER TABLE highlight ADD COLUMN link TEXT;
ALTER TABLE highlight ADD COLUMN picture TEXT;
CREATE UNIQUE INDEX highlight_of_message ON highlight (channel, message) WHERE message IS NOT NULL;
CREATE INDEX highlight_of_post ON highlight (team, shared) WHERE shared IS NOT NULL;
-- how: what it was given by, a button or an emoji and where it stood; one voice, however often.
CREATE TABLE highlight_applause (
	highlight INTEGER NOT NULL REFERENCES highlight (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id),
	how TEXT NOT NULL,
	PRIMARY KEY (highlight, person, how)
);

-- Nobody applauds themselves, and who shared something is heard already; who put the star on it has said so by it.
CREATE VIEW highlight_good AS
SELECT h.id, h.person, h.whose, h.text, h.origin, h.gift, h.number, h.day, h.link, h.picture, h.team, h.shared, h.week, h.top,
	(SELECT COUNT(DISTINCT a.person) FROM highlight_applause a WHERE a.highlight = h.id AND a.person <> h.whose
		AND (a.person <> h.person OR h.origin = 1)) AS voices
FROM highlight h WHERE h.state = 0;

-- @query add
INSERT INTO highlight (team, day, person, whose, text, said_ms, gift, channel, message, picture)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING

-- @query said_on
SELECT COUNT(*) FROM highlight WHERE team = $1 AND day = $2 AND person = $3 AND origin = 0

-- @query take_back
DELETE FROM highlight WHERE id = (SELECT MAX(id) FROM highlight WHERE team = $1 AND person = $2 AND shared IS NULL AND origin = 0)

-- @query export
SELECT h.team, h.shared, h.text, h.origin, h.gift, CASE WHEN h.picture IS NULL THEN 0 ELSE 1 END, h.link, h.voices, h.top, r.said_ms,
	a.account, p.name, b.account, w.name, a.workspace
FROM highlight_good h JOIN highlight r ON r.id = h.id JOIN person p ON p.id = h.person JOIN person w ON w.id = h.whose
	JOIN account a ON a.person = h.person JOIN account b ON b.person = h.whose AND b.workspace = a.workspace
WHERE h.day >= $1 AND h.day <= $2
ORDER BY h.day, h.team, h.id

-- @query said_ever
SELECT COUNT(*) FROM highlight WHERE person = $1 AND origin = 0

-- ---- the day's post ----

-- @query number
UPDATE highlight SET number = (SELECT COUNT(*) FROM highlight_good other WHERE other.team = highlight.team
	AND other.shared IS NULL AND other.id <= highlight.id)
WHERE team = $1 AND shared IS NULL AND state = 0

-- @query share
UPDATE highlight SET shared = $2 WHERE team = $1 AND shared IS NULL AND state = 0

-- @query of_post
SELECT id, person, whose, text, origin, gift, number, day, link, picture, voices FROM highlight_good WHERE team = $1 AND shared = $2 ORDER BY number

-- @query of_posts
SELECT id, person, whose, text, origin, gift, number, day, link, picture, voices FROM highlight_good
WHERE team = $1 AND shared >= $2 AND shared < $3 ORDER BY shared, number

-- @query since
SELECT id, person, whose, text, origin, gift, number, day, link, picture, voices FROM highlight_good WHERE team = $1 AND day >= $2 ORDER BY id

-- @query one
SELECT id, person, whose, text, origin, gift, number, day, link, picture, voices FROM highlight_good WHERE id = $1

-- @query last_post
SELECT MAX(shared) FROM highlight WHERE team = $1

-- @query hide
UPDATE highlight SET state = 3 WHERE id = $1

-- ---- applause ----

-- @query standing
SELECT team, person, whose, origin, shared FROM highlight_good WHERE id = $1

-- @query of_message
SELECT id, person, state, team, shared FROM highlight WHERE channel = $1 AND message = $2

-- @query of_number
SELECT id, person, whose FROM highlight_good WHERE team = $1 AND shared = $2 AND ($3 = 0 OR number = $3) ORDER BY number

-- @query applaud
INSERT INTO highlight_applause (highlight, person, how) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- @query fall_silent
DELETE FROM highlight_applause WHERE highlight = $1 AND person = $2 AND how = $3

-- ---- stars ----

-- @query nominate
INSERT INTO highlight (team, day, person, whose, text, said_ms, origin, state, channel, message)
VALUES ($1, $2, $3, $3, '', $4, 1, 1, $5, $6) ON CONFLICT DO NOTHING

-- @query stars
SELECT 1 FROM highlight_applause WHERE highlight = $1 AND how LIKE 'star:%' LIMIT 1

-- @query forget_star
DELETE FROM highlight WHERE id = $1 AND origin = 1

-- @query learn
UPDATE highlight SET whose = $2, text = $3, state = $4, link = $5, picture = $6 WHERE id = $1

-- @query answer
UPDATE highlight SET state = $3 WHERE id = $1 AND whose = $2 AND state = 2

-- @query reword
UPDATE highlight SET text = $2 WHERE id = $1 AND origin = 1

-- ---- looking back ----

-- @query look_back
UPDATE highlight SET week = $2 WHERE team = $1 AND week IS NULL AND shared >= $3 AND shared < $2

-- @query voices_of_week
SELECT DISTINCT h.id, h.whose, a.person FROM highlight_good h JOIN highlight_applause a ON a.highlight = h.id
WHERE h.team = $1 AND h.week = $2 AND a.person <> h.whose AND (a.person <> h.person OR h.origin = 1) ORDER BY h.id, a.person

-- @query stands_in_front
UPDATE highlight SET top = $2 WHERE id = $1

-- @query in_front
SELECT id, person, whose, text, origin, gift, number, day, link, picture, top FROM highlight_good
WHERE team = $1 AND week = $2 AND top > 0 ORDER BY top DESC, id

-- @query voices_of_month
SELECT DISTINCT h.id, h.whose, a.person FROM highlight_good h JOIN highlight_applause a ON a.highlight = h.id
WHERE h.team = $1 AND h.shared >= $2 AND h.shared <= $3 AND a.person <> h.whose AND (a.person <> h.person OR h.origin = 1) ORDER BY h.id, a.person

-- @query of_month
SELECT id, person, whose, text, origin, gift, number, day, link, picture, voices FROM highlight_good
WHERE team = $1 AND shared >= $2 AND shared <= $3 ORDER BY id

-- @query honoured_in_month
SELECT DISTINCT whose FROM highlight_good WHERE team = $1 AND shared >= $2 AND shared <= $3 ORDER BY whose

-- ---- the morning after ----

-- @query honoured
SELECT DISTINCT whose FROM highlight_good WHERE team = $1 AND shared = $2 ORDER BY whose
