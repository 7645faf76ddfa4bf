-- Blockers.

-- @migration 1
CREATE TABLE blocker (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	text TEXT NOT NULL,
	role TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'done', 'none')),
	plan TEXT NOT NULL,
	opened_by BIGINT NOT NULL REFERENCES person (id),
	owner BIGINT REFERENCES person (id),
	opened_ms BIGINT NOT NULL,
	closed_ms BIGINT
);
CREATE INDEX blocker_open ON blocker (team, id) WHERE closed_ms IS NULL;

-- Which line of a standup a blocker was made of: each becomes one once.
-- @migration 2
CREATE TABLE blocker_line (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person BIGINT NOT NULL REFERENCES person (id),
	field INTEGER NOT NULL CHECK (field BETWEEN 0 AND 2),
	blocker BIGINT NOT NULL,
	PRIMARY KEY (team, day, person, field)
);
CREATE INDEX blocker_line_of ON blocker_line (blocker);

-- What stands is decided. since_ms: 0: since it was opened; why: it rests, or was let go.
-- @migration 3
ALTER TABLE blocker ADD COLUMN since_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE blocker ADD COLUMN asked_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE blocker ADD COLUMN escalated_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE blocker ADD COLUMN parked_until TEXT NOT NULL DEFAULT '';
ALTER TABLE blocker ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- @query asked
UPDATE blocker SET asked_ms = $2 WHERE id = $1

-- @query escalated
UPDATE blocker SET escalated_ms = $2 WHERE id = $1

-- @query park
UPDATE blocker SET parked_until = $2, why = $3 WHERE id = $1 AND closed_ms IS NULL

-- @query begin_anew
UPDATE blocker SET since_ms = $2, asked_ms = 0, escalated_ms = 0, parked_until = '', why = '' WHERE id = $1

-- @query drop
UPDATE blocker SET why = $2 WHERE id = $1 AND closed_ms IS NULL

-- Open, not asked about yet, and nothing is planned for it. Jobs are the core's.
-- @query unwatched
SELECT id FROM blocker AS b WHERE closed_ms IS NULL AND asked_ms = 0 AND NOT EXISTS (SELECT 1 FROM job
	WHERE job.ritual = 'blocker' AND job.word IN ('stands', 'resume') AND job.key = CAST(b.id AS TEXT)) ORDER BY id

-- What happened to each. kind and detail: history.c; other: a person whom it concerns.
-- @migration 4
ALTER TABLE blocker ADD COLUMN in_thread INTEGER NOT NULL DEFAULT 0 CHECK (in_thread IN (0, 1));
ALTER TABLE blocker ADD COLUMN instead_of BIGINT REFERENCES person (id);
ALTER TABLE blocker ADD COLUMN merged_into BIGINT REFERENCES blocker (id);
CREATE TABLE blocker_event (
	id INTEGER PRIMARY KEY,
	blocker BIGINT NOT NULL REFERENCES blocker (id),
	at_ms BIGINT NOT NULL,
	kind TEXT NOT NULL,
	person BIGINT REFERENCES person (id),
	other BIGINT REFERENCES person (id),
	detail TEXT NOT NULL
);
CREATE INDEX blocker_event_of ON blocker_event (blocker, id);

-- @query note
INSERT INTO blocker_event (blocker, at_ms, kind, person, other, detail) VALUES ($1, $2, $3, $4, $5, $6)

-- @query history
SELECT at_ms, kind, person, other, detail FROM blocker_event WHERE blocker = $1 ORDER BY id

-- What was heard of its promises; they are the kit's.
-- @query rings
SELECT response_ring.at_ms, response_ring.kind, response_ring.people FROM response_ring
JOIN response ON response.id = response_ring.response
WHERE response.ritual = 'blocker' AND response.subject = $1 AND response_ring.passed_over = '' ORDER BY response_ring.at_ms, response.id

-- @query merge
UPDATE blocker SET state = 'none', merged_into = $2, closed_ms = $3 WHERE id = $1 AND closed_ms IS NULL

-- @query add_line
INSERT INTO blocker_line (team, day, person, field, blocker) VALUES ($1, $2, $3, $4, $5)

-- @query of_line
SELECT blocker FROM blocker_line WHERE team = $1 AND day = $2 AND person = $3 AND field = $4

-- @query alike
SELECT id FROM blocker WHERE team = $1 AND opened_by = $2 AND text = $3 AND closed_ms IS NULL ORDER BY id LIMIT 1

-- A standup's tables are the standup's; this only reads the words of a line of trouble.
-- @query line_text
SELECT CASE $4 WHEN 2 THEN field2 WHEN 1 THEN CASE format WHEN 'B' THEN field1 ELSE '' END ELSE '' END
FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3 AND state = 'given'

-- Whose standup a message is.
-- @query lines_under
SELECT team, day, person FROM standup_entry WHERE message = $1 AND channel = $2 AND state = 'given'

-- @query add
INSERT INTO blocker (team, text, role, state, plan, opened_by, owner, opened_ms, in_thread, instead_of)
VALUES ($1, $2, $3, 'open', '', $4, $5, $6, $7, $8)

-- @query one
SELECT id, team, text, role, state, plan, opened_by, owner, opened_ms,
	(SELECT MIN(day) FROM blocker_line WHERE blocker_line.blocker = blocker.id),
	CASE since_ms WHEN 0 THEN opened_ms ELSE since_ms END, asked_ms, escalated_ms, parked_until, why, in_thread, instead_of,
	COALESCE(merged_into, 0)
FROM blocker WHERE id = $1

-- @query take
UPDATE blocker SET owner = $2, state = 'taken', instead_of = NULL WHERE id = $1 AND closed_ms IS NULL

-- @query give
UPDATE blocker SET owner = $2, state = 'open', instead_of = $3 WHERE id = $1 AND closed_ms IS NULL

-- @query plan
UPDATE blocker SET plan = $2 WHERE id = $1 AND closed_ms IS NULL

-- @query reopen
UPDATE blocker SET state = $2, closed_ms = NULL WHERE id = $1

-- @query close
UPDATE blocker SET state = $2, closed_ms = $3, parked_until = '' WHERE id = $1 AND closed_ms IS NULL

-- @query of_owner
SELECT id FROM blocker WHERE owner = $1 AND closed_ms IS NULL ORDER BY id

-- @query open
SELECT id, text, owner, opened_ms, opened_by FROM blocker WHERE team = $1 AND closed_ms IS NULL ORDER BY id
