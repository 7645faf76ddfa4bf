-- Promises and their clocks: what was promised, on which terms, what happened to it, and what has rung for it.

-- Terms are never changed: other ones are another row. The digest finds the same ones again.
-- @migration 1
CREATE TABLE response_terms (
	id INTEGER PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE,
	content TEXT NOT NULL
);
-- terms: at the start; terms_now: that count now. From status on: computed of the history, kept for looking up.
CREATE TABLE response (
	id INTEGER PRIMARY KEY,
	ritual TEXT NOT NULL,
	subject TEXT NOT NULL,
	target TEXT NOT NULL CHECK (target IN ('first_response', 'plan', 'resolution')),
	team TEXT NOT NULL,
	owner BIGINT REFERENCES person (id),
	role TEXT NOT NULL,
	start_ms BIGINT NOT NULL,
	terms BIGINT NOT NULL REFERENCES response_terms (id),
	terms_now BIGINT NOT NULL REFERENCES response_terms (id),
	status TEXT NOT NULL,
	due_ms BIGINT,
	breached_ms BIGINT,
	ended_ms BIGINT,
	elapsed_s BIGINT NOT NULL,
	UNIQUE (ritual, subject, target)
);
CREATE INDEX response_open ON response (ritual, team, target) WHERE ended_ms IS NULL;
CREATE INDEX response_start ON response (start_ms);
-- What happened, in its order; nothing is ever taken out. person: who did it; NULL: nobody, or time.
CREATE TABLE response_event (
	id INTEGER PRIMARY KEY,
	response BIGINT NOT NULL REFERENCES response (id),
	at_ms BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop', 'reopen', 'cancel', 'retarget', 'recalendar', 'terms', 'give')),
	person BIGINT REFERENCES person (id),
	why TEXT NOT NULL,
	terms BIGINT REFERENCES response_terms (id)
);
CREATE INDEX response_event_of ON response_event (response, id);
-- What has rung, or was passed over and why. cycle: how often it was begun anew; turn: of what is repeated.
CREATE TABLE response_ring (
	response BIGINT NOT NULL REFERENCES response (id),
	cycle INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('warning', 'step')),
	step INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	planned_ms BIGINT,
	at_ms BIGINT NOT NULL,
	whom TEXT NOT NULL,
	people TEXT NOT NULL,
	passed_over TEXT NOT NULL CHECK (passed_over IN ('', 'away', 'nobody', 'late', 'covered')),
	PRIMARY KEY (response, cycle, kind, step, turn)
);

-- @migration 2
CREATE INDEX response_end ON response (team, ended_ms);
CREATE INDEX response_owner ON response (owner, ended_ms);

-- next_ms: when it rings next; NULL: never, by what is known. Of those that were open before: not looked at yet.
-- What other terms have moved waits there until the managers hear of it.
-- @migration 3
ALTER TABLE response ADD COLUMN next_ms BIGINT;
UPDATE response SET next_ms = 0 WHERE ended_ms IS NULL;
CREATE TABLE response_moved (
	ritual TEXT NOT NULL,
	team TEXT NOT NULL,
	response BIGINT NOT NULL REFERENCES response (id),
	before_ms BIGINT,
	after_ms BIGINT,
	PRIMARY KEY (ritual, team, response)
);

-- @query find_terms
SELECT id FROM response_terms WHERE digest = $1

-- @query add_terms
INSERT INTO response_terms (digest, content) VALUES ($1, $2)

-- @query terms
SELECT content FROM response_terms WHERE id = $1

-- @query open
INSERT INTO response (ritual, subject, target, team, owner, role, start_ms, terms, terms_now, status, elapsed_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 'running', 0)

-- @query number
SELECT id FROM response WHERE ritual = $1 AND subject = $2 AND target = $3

-- @query one
SELECT id, ritual, subject, target, team, owner, role, start_ms, terms, terms_now, status, due_ms, breached_ms, ended_ms, elapsed_s,
	next_ms FROM response WHERE id = $1

-- @query note
INSERT INTO response_event (response, at_ms, kind, person, why, terms) VALUES ($1, $2, $3, $4, $5, $6)

-- @query history
SELECT at_ms, kind, person, why, terms FROM response_event WHERE response = $1 ORDER BY id

-- @query settle
UPDATE response SET status = $2, due_ms = $3, breached_ms = $4, ended_ms = $5, elapsed_s = $6, terms_now = $7, owner = $8, role = $9,
	next_ms = $10 WHERE id = $1

-- @query rang
SELECT kind, step, turn, planned_ms, at_ms, whom, people, passed_over FROM response_ring WHERE response = $1 AND cycle = $2
ORDER BY at_ms, kind DESC, step, turn

-- @query ring
INSERT INTO response_ring (response, cycle, kind, step, turn, planned_ms, at_ms, whom, people, passed_over)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- @query on_other_terms
SELECT id FROM response WHERE ritual = $1 AND team = $2 AND target = $3 AND ended_ms IS NULL AND terms_now <> $4 ORDER BY id LIMIT $5

-- @query has_open
SELECT 1 FROM response WHERE ritual = $1 AND team = $2 AND target = $3 AND ended_ms IS NULL LIMIT 1

-- @query add_moved
INSERT INTO response_moved (ritual, team, response, before_ms, after_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (ritual, team, response) DO UPDATE SET after_ms = excluded.after_ms

-- @query count_moved
SELECT count(*) FROM response_moved WHERE ritual = $1 AND team = $2

-- @query moved
SELECT r.subject, m.before_ms, m.after_ms FROM response_moved AS m JOIN response AS r ON r.id = m.response
WHERE m.ritual = $1 AND m.team = $2 ORDER BY m.response LIMIT $3

-- @query forget_moved
DELETE FROM response_moved WHERE ritual = $1 AND team = $2

-- To ring, and nothing is planned for it. Jobs are the core's.
-- @query without_job
SELECT id FROM response AS r WHERE ritual = $1 AND ended_ms IS NULL AND next_ms IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM job WHERE job.ritual = r.ritual AND job.word = 'clock' AND job.key = CAST(r.id AS TEXT)) ORDER BY id

-- @query open_of
SELECT id FROM response WHERE ritual = $1 AND subject = $2 ORDER BY id

-- What is open, or has ended since an instant: of a team; of a person. The last column: warnings that were heard.
-- @query of_team
SELECT id, (SELECT count(*) FROM response_ring WHERE response_ring.response = response.id AND kind = 'warning' AND passed_over = '')
FROM response WHERE team = $1 AND (ended_ms IS NULL OR ended_ms >= $2) ORDER BY id

-- @query of_owner
SELECT id, (SELECT count(*) FROM response_ring WHERE response_ring.response = response.id AND kind = 'warning' AND passed_over = '')
FROM response WHERE owner = $1 AND (ended_ms IS NULL OR ended_ms >= $2) ORDER BY id

-- @query all
SELECT id FROM response ORDER BY id

-- @query after
SELECT id FROM response WHERE id > $1 ORDER BY id LIMIT $2

-- @query all_open
SELECT id FROM response WHERE ended_ms IS NULL ORDER BY id

-- An account of theirs, and what they are called. Accounts and people are the roster's.