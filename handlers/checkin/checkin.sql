-- Own rounds: which were held, who was asked, who took part, and what was answered.

-- @migration 1
CREATE TABLE checkin_round (
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
	board_ms BIGINT NOT NULL DEFAULT 0,
	board_gap_ms BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (round, day)
);
CREATE TABLE checkin_asked (
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	asked_ms BIGINT NOT NULL,
	PRIMARY KEY (round, day, person)
);
-- Who took part. Of an anonymous round it tells that and nothing else: no time, no message.
CREATE TABLE checkin_entry (
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	version INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('given', 'withdrawn', 'skipped')),
	late INTEGER NOT NULL CHECK (late IN (0, 1)),
	edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
	channel TEXT,
	message TEXT,
	posted_ms BIGINT NOT NULL,
	changed_ms BIGINT NOT NULL,
	PRIMARY KEY (round, day, person)
);
CREATE INDEX checkin_entry_message ON checkin_entry (message, channel) WHERE message IS NOT NULL;
-- Questions may change: each answer knows what was asked.
CREATE TABLE checkin_answer (
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	position INTEGER NOT NULL,
	question TEXT NOT NULL,
	kind TEXT NOT NULL,
	answer TEXT NOT NULL,
	thousandths BIGINT,
	PRIMARY KEY (round, day, person, position)
);
CREATE TABLE checkin_history (
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL,
	version INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	position INTEGER NOT NULL,
	question TEXT NOT NULL,
	answer TEXT NOT NULL
);
-- The answers of anonymous rounds, each under a number drawn by lot: neither the order nor the number tells whose it is, nor
-- which answers are of one hand.
CREATE TABLE checkin_ballot (
	lot INTEGER PRIMARY KEY,
	round TEXT NOT NULL,
	day TEXT NOT NULL,
	position INTEGER NOT NULL,
	question TEXT NOT NULL,
	kind TEXT NOT NULL,
	answer TEXT NOT NULL,
	thousandths BIGINT
);
CREATE INDEX checkin_ballot_round ON checkin_ballot (round, day);

-- @query open
INSERT INTO checkin_round (round, day) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query asked
INSERT INTO checkin_asked (round, day, person, asked_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- @query answered
SELECT 1 FROM checkin_entry WHERE round = $1 AND day = $2 AND person = $3 AND state <> 'withdrawn'

-- @query share
SELECT COUNT(*), COUNT(e.person) FROM checkin_asked a
	LEFT JOIN checkin_entry e ON e.round = a.round AND e.day = a.day AND e.person = a.person AND e.state = 'given'
WHERE a.round = $1 AND a.day >= $2 AND a.day <= $3

-- @query showing
SELECT board_ms, board_gap_ms FROM checkin_round WHERE round = $1 AND day = $2

-- @query shown
UPDATE checkin_round SET board_ms = $3, board_gap_ms = $4 WHERE round = $1 AND day = $2

-- @query close
INSERT INTO checkin_round (round, day, closed) VALUES ($1, $2, 1) ON CONFLICT (round, day) DO UPDATE SET closed = 1

-- The last day on which this person was asked, and the last one on which anybody was.
-- @query last_day
SELECT MAX(CASE WHEN person = $2 THEN day END), MAX(day) FROM checkin_asked WHERE round = $1

-- @query is_closed
SELECT closed FROM checkin_round WHERE round = $1 AND day = $2

-- @query entry
SELECT version, state, changed_ms FROM checkin_entry WHERE round = $1 AND day = $2 AND person = $3

-- @query of_message
SELECT round, day, person FROM checkin_entry WHERE message = $1 AND channel = $2 AND state = 'given'

-- @query save
INSERT INTO checkin_entry (round, day, person, version, state, late, edited, channel, message, posted_ms, changed_ms)
VALUES ($1, $2, $3, 1, 'given', $4, 0, $5, $6, $7, $7)
ON CONFLICT (round, day, person) DO UPDATE SET version = checkin_entry.version + 1, state = 'given', late = excluded.late,
	edited = 0, channel = excluded.channel, message = excluded.message, posted_ms = excluded.posted_ms,
	changed_ms = excluded.changed_ms

-- @query corrected
UPDATE checkin_entry SET version = version + 1, edited = 1, changed_ms = $4
WHERE round = $1 AND day = $2 AND person = $3 AND state = 'given' AND changed_ms <= $4

-- @query withdraw
UPDATE checkin_entry SET version = version + 1, state = 'withdrawn', changed_ms = $4 WHERE round = $1 AND day = $2 AND person = $3

-- @query skip
INSERT INTO checkin_entry (round, day, person, version, state, late, edited, posted_ms, changed_ms)
VALUES ($1, $2, $3, 1, 'skipped', 0, 0, $4, $4)
ON CONFLICT (round, day, person) DO UPDATE SET version = checkin_entry.version + 1, state = 'skipped'
WHERE checkin_entry.state <> 'given'

-- @query forget_answers
DELETE FROM checkin_answer WHERE round = $1 AND day = $2 AND person = $3

-- @query put_answer
INSERT INTO checkin_answer (round, day, person, position, question, kind, answer, thousandths) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- @query remember
INSERT INTO checkin_history (round, day, person, version, at_ms, position, question, answer)
SELECT e.round, e.day, e.person, e.version, $4, a.position, a.question, a.answer
FROM checkin_entry e JOIN checkin_answer a ON a.round = e.round AND a.day = e.day AND a.person = e.person
WHERE e.round = $1 AND e.day = $2 AND e.person = $3

-- @query put_ballot
INSERT INTO checkin_ballot (lot, round, day, position, question, kind, answer, thousandths) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- @query own_answers
SELECT position, question, answer FROM checkin_answer WHERE round = $1 AND day = $2 AND person = $3 ORDER BY position

-- @query counts
SELECT COUNT(*), COALESCE(SUM(late), 0) FROM checkin_entry WHERE round = $1 AND day = $2 AND state = 'given'

-- @query takers
SELECT person, state FROM checkin_entry WHERE round = $1 AND day = $2 AND state <> 'withdrawn' ORDER BY posted_ms, person

-- Each answer to a question: whose (0: nobody's), what, how much. Drawn by lot, where they are nobody's.
-- @query answers
SELECT a.person, a.answer, a.thousandths, e.posted_ms AS place FROM checkin_answer a
	JOIN checkin_entry e ON e.round = a.round AND e.day = a.day AND e.person = a.person AND e.state = 'given'
WHERE a.round = $1 AND a.day = $2 AND a.question = $3 AND a.answer <> ''
UNION ALL
SELECT 0, b.answer, b.thousandths, b.lot FROM checkin_ballot b WHERE b.round = $1 AND b.day = $2 AND b.question = $3
ORDER BY place, 1

-- The last day before $2 on which the same was asked and answered.
-- @query day_before
SELECT MAX(day) FROM (
	SELECT a.day AS day FROM checkin_answer a
		JOIN checkin_entry e ON e.round = a.round AND e.day = a.day AND e.person = a.person AND e.state = 'given'
	WHERE a.round = $1 AND a.day < $2 AND a.question = $3 AND a.answer <> ''
	UNION ALL SELECT b.day FROM checkin_ballot b WHERE b.round = $1 AND b.day < $2 AND b.question = $3
) AS days

-- Answers with their authors; those of anonymous rounds without, when the round is closed and five at least answered the question.
-- @query export
SELECT e.round, e.day, a.question, a.kind, a.answer, e.late, e.edited, e.posted_ms AS place, c.account, p.name, c.workspace, a.position AS position
FROM checkin_answer a JOIN checkin_entry e ON e.round = a.round AND e.day = a.day AND e.person = a.person
	JOIN person p ON p.id = e.person JOIN account c ON c.person = e.person
WHERE e.state = 'given' AND a.answer <> '' AND e.day >= $1 AND e.day <= $2
UNION ALL
SELECT b.round, b.day, b.question, b.kind, b.answer, 0, 0, b.lot, NULL, NULL, NULL, b.position
FROM checkin_ballot b JOIN checkin_round r ON r.round = b.round AND r.day = b.day AND r.closed = 1
WHERE b.day >= $1 AND b.day <= $2 AND
	(SELECT COUNT(*) FROM checkin_ballot o WHERE o.round = b.round AND o.day = b.day AND o.position = b.position) >= 5
ORDER BY 2, 1, place, 9, position
