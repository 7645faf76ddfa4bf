-- The standup's tables: one round for each team and day, one entry for each person in it, every version kept.

-- @migration 1
CREATE TABLE standup_round (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	board_ms BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (team, day)
);
CREATE TABLE standup_entry (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	version INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state = 'given' OR state = 'withdrawn' OR state = 'skipped'),
	format TEXT NOT NULL CHECK (format IN ('A', 'B')),
	field0 TEXT NOT NULL,
	field1 TEXT NOT NULL,
	field2 TEXT NOT NULL,
	none INTEGER NOT NULL,
	late INTEGER NOT NULL CHECK (late IN (0, 1)),
	edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
	source TEXT NOT NULL,
	channel TEXT,
	message TEXT,
	posted_ms BIGINT NOT NULL,
	PRIMARY KEY (team, day, person)
);
CREATE INDEX standup_entry_message ON standup_entry (message, channel) WHERE message IS NOT NULL;
-- Written with every answer and hardly ever read: without an index, one page less for each.
CREATE TABLE standup_history (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL,
	version INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	state TEXT NOT NULL,
	format TEXT NOT NULL,
	field0 TEXT NOT NULL,
	field1 TEXT NOT NULL,
	field2 TEXT NOT NULL,
	none INTEGER NOT NULL,
	source TEXT NOT NULL,
	channel TEXT,
	message TEXT
);

-- When its text was written, by the platform's clock: changes come in any order.
-- @migration 2
ALTER TABLE standup_entry ADD COLUMN changed_ms BIGINT NOT NULL DEFAULT 0;

-- How long the board rests after its last showing.
-- @migration 3
ALTER TABLE standup_round ADD COLUMN board_gap_ms BIGINT NOT NULL DEFAULT 0;

-- Who was asked: without it nobody can say later what share has answered.
-- @migration 4
CREATE TABLE standup_asked (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	asked_ms BIGINT NOT NULL,
	PRIMARY KEY (team, day, person)
);

-- Trouble that stands for the third working day or longer, and what was decided about it: each day of it.
-- @migration 5
CREATE TABLE standup_standing (
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	field INTEGER NOT NULL CHECK (field BETWEEN 0 AND 2),
	days INTEGER NOT NULL,
	line TEXT NOT NULL,
	asked_ms BIGINT NOT NULL,
	decision TEXT NOT NULL CHECK (decision IN ('', 'escalate', 'park', 'drop')),
	until TEXT NOT NULL,
	decided_by INTEGER NOT NULL,
	PRIMARY KEY (team, day, person, field)
);

-- What a manager has said to somebody's standup: each thing once, and once more with -1 when it was taken back.
-- @migration 6
CREATE TABLE standup_feedback (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	manager INTEGER NOT NULL REFERENCES person (id),
	how TEXT NOT NULL CHECK (how IN ('reaction', 'reply', 'form')),
	word TEXT NOT NULL,
	counts INTEGER NOT NULL CHECK (counts IN (-1, 1)),
	at_ms BIGINT NOT NULL
);
CREATE INDEX standup_feedback_of ON standup_feedback (team, day, person);

-- @query give_feedback
INSERT INTO standup_feedback (team, day, person, manager, how, word, counts, at_ms) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)

-- @query take_feedback_back
INSERT INTO standup_feedback (team, day, person, manager, how, word, counts, at_ms)
SELECT $1, $2, $3, $4, $5, $6, -1, $7 WHERE 0 < (SELECT SUM(counts) FROM standup_feedback
	WHERE team = $1 AND day = $2 AND person = $3 AND manager = $4 AND how = $5 AND word = $6)

-- The answers with trouble in them, and what they got.
-- @query troubled
SELECT e.day, e.person, e.format, e.field0, e.field1, e.field2, e.posted_ms, COALESCE(SUM(f.counts), 0), 
	COALESCE(MIN(CASE WHEN f.counts = 1 THEN f.at_ms END), 0)
FROM standup_entry e LEFT JOIN standup_feedback f ON f.team = e.team AND f.day = e.day AND f.person = e.person
WHERE e.team = $1 AND e.day >= $2 AND e.day <= $3 AND e.state = 'given'
	AND (e.field2 <> '' OR (e.format = 'B' AND e.field1 <> ''))
GROUP BY e.day, e.person, e.format, e.field0, e.field1, e.field2, e.posted_ms ORDER BY e.day, e.posted_ms, e.person

-- Blockers' tables are the blockers'; this only reads what is open, and what was made of that day's lines.
-- @query blockers
SELECT b.id, b.text, b.role, b.owner, b.opened_by, b.opened_ms, b.closed_ms IS NULL, COALESCE(l.field, -1), b.parked_until
FROM blocker b LEFT JOIN blocker_line l ON l.blocker = b.id AND l.team = b.team AND l.day = $2
WHERE b.team = $1 AND (b.closed_ms IS NULL OR l.day = $2) ORDER BY b.id

-- @query stand
INSERT INTO standup_standing (team, day, person, field, days, line, asked_ms, decision, until, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- @query unstand
DELETE FROM standup_standing WHERE team = $1 AND day = $2 AND person = $3

-- @query standing_of_day
SELECT person, field, days, decision, until FROM standup_standing WHERE team = $1 AND day = $2

-- @query standing_line
SELECT line FROM standup_standing WHERE team = $1 AND day = $2 AND person = $3 AND field = $4

-- @query standing_since
SELECT day, field, line, asked_ms, decision, until, decided_by FROM standup_standing
WHERE team = $1 AND person = $2 AND day >= $3 AND day <= $4 ORDER BY day DESC, field

-- @query decide
UPDATE standup_standing SET decision = $5, until = $6, decided_by = $7
WHERE team = $1 AND day = $2 AND person = $3 AND field = $4

-- @query asked
INSERT INTO standup_asked (team, day, person, asked_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- @query answered
SELECT 1 FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3 AND state <> 'withdrawn'

-- @query share
SELECT COUNT(*), COUNT(e.person) FROM standup_asked a
	LEFT JOIN standup_entry e ON e.team = a.team AND e.day = a.day AND e.person = a.person AND e.state = 'given'
WHERE a.team = $1 AND a.day >= $2 AND a.day <= $3

-- An edit is a later word than a message that was posted before it; a withdrawal is none about a newer message.
-- @query save
INSERT INTO standup_entry (team, day, person, version, state, format, field0, field1, field2, none, late, edited, source,
	channel, message, posted_ms, changed_ms)
VALUES ($1, $2, $3, 1, 'given', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
ON CONFLICT (team, day, person) DO UPDATE SET version = standup_entry.version + 1, state = 'given',
	format = excluded.format, field0 = excluded.field0, field1 = excluded.field1, field2 = excluded.field2,
	none = excluded.none, late = excluded.late, edited = excluded.edited, source = excluded.source,
	channel = excluded.channel, message = excluded.message, posted_ms = excluded.posted_ms, changed_ms = excluded.changed_ms
WHERE excluded.message IS NULL OR standup_entry.message IS NULL OR
	(excluded.posted_ms >= standup_entry.posted_ms AND
		(standup_entry.state <> 'given' OR excluded.posted_ms >= standup_entry.changed_ms))

-- @query pass_over
UPDATE standup_entry SET version = version + 1 WHERE team = $1 AND day = $2 AND person = $3

-- @query remember_passed_over
INSERT INTO standup_history (team, day, person, version, at_ms, state, format, field0, field1, field2, none, source, channel,
	message)
SELECT team, day, person, version, $4, 'given', $5, $6, $7, $8, $9, $10, $11, $12
FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3

-- @query correct
UPDATE standup_entry SET version = version + 1, format = $4, field0 = $5, field1 = $6, field2 = $7, none = $8, edited = 1,
	changed_ms = $9
WHERE team = $1 AND day = $2 AND person = $3 AND state = 'given' AND changed_ms <= $9

-- @query withdraw
UPDATE standup_entry SET version = version + 1, state = 'withdrawn', changed_ms = $4
WHERE team = $1 AND day = $2 AND person = $3

-- @query skip
INSERT INTO standup_entry (team, day, person, version, state, format, field0, field1, field2, none, late, edited, source,
	posted_ms)
VALUES ($1, $2, $3, 1, 'skipped', $4, '', '', '', 0, 0, 0, 'command', $5)
ON CONFLICT (team, day, person) DO UPDATE SET version = standup_entry.version + 1, state = 'skipped'
WHERE standup_entry.state <> 'given'

-- @query remember
INSERT INTO standup_history (team, day, person, version, at_ms, state, format, field0, field1, field2, none, source, channel,
	message)
SELECT team, day, person, version, $4, state, format, field0, field1, field2, none, source, channel, message
FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3

-- @query of_message
SELECT team, day, person, state FROM standup_entry WHERE message = $1 AND channel = $2

-- Whose answers a channel's list should hold. What was edited into an answer is older than its time tells; an answer that was
-- corrected has the time of its message.
-- @query standing
SELECT message FROM standup_entry
WHERE team = $1 AND day >= $2 AND channel = $3 AND posted_ms >= $4 AND posted_ms < $5 AND state = 'given'
	AND (edited = 0 OR posted_ms < changed_ms) AND source IN ('channel', 'direct')

-- @query entry
SELECT person, state, format, field0, field1, field2, none, late, edited, posted_ms
FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3

-- What a person wrote last, latest first: the team's days are few, and each is looked up by its key.
-- @query before
SELECT r.day, e.state, e.format, e.field0, e.field1, e.field2 FROM standup_round r
	JOIN standup_entry e ON e.team = r.team AND e.day = r.day AND e.person = $2
WHERE r.team = $1 AND r.day < $3 AND r.day >= $4 ORDER BY r.day DESC

-- @query version
SELECT version FROM standup_entry WHERE team = $1 AND day = $2 AND person = $3

-- @query entries
SELECT person, state, format, field0, field1, field2, none, late, edited, posted_ms
FROM standup_entry WHERE team = $1 AND day = $2 ORDER BY posted_ms, person

-- @query open_round
INSERT INTO standup_round (team, day) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query board_time
SELECT board_ms, board_gap_ms FROM standup_round WHERE team = $1 AND day = $2

-- @query board_shown
UPDATE standup_round SET board_ms = $3, board_gap_ms = $4 WHERE team = $1 AND day = $2

-- @query export
SELECT e.team, e.day, e.format, e.field0, e.field1, e.field2, e.none, e.late, e.edited, e.source, e.posted_ms, a.account,
	p.name, c.channel, a.workspace
FROM standup_entry e JOIN person p ON p.id = e.person JOIN account a ON a.person = e.person
	LEFT JOIN team_channel c ON c.team = e.team
WHERE e.state = 'given' AND e.day >= $1 AND e.day <= $2
ORDER BY e.day, e.team, e.posted_ms, e.person
