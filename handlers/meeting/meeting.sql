-- What became of each meeting, by the instant at which it begins: one that is moved is announced anew.

-- @migration 1
CREATE TABLE meeting_ring (
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	ring TEXT NOT NULL CHECK (ring IN ('announce', 'begin')),
	rung_ms BIGINT NOT NULL,
	PRIMARY KEY (team, name, at_ms, ring)
);

-- What was agreed: by whom, who is to do it, until which day.
-- @migration 2
CREATE TABLE meeting_action (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	text TEXT NOT NULL,
	due TEXT NOT NULL,
	owner INTEGER NOT NULL REFERENCES person (id),
	agreed_by INTEGER NOT NULL REFERENCES person (id),
	state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
	agreed_ms BIGINT NOT NULL,
	closed_ms BIGINT
);
CREATE INDEX meeting_action_open ON meeting_action (team, due) WHERE state = 'open';

-- What a tea party may be about: the votes, and what it came to.
-- @migration 3
CREATE TABLE meeting_vote (
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	day TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	theme TEXT NOT NULL,
	voted_ms BIGINT NOT NULL,
	PRIMARY KEY (team, name, day, person)
);
CREATE TABLE meeting_theme (
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	day TEXT NOT NULL,
	theme TEXT NOT NULL,
	chosen_ms BIGINT NOT NULL,
	PRIMARY KEY (team, name, day)
);

-- @query ring
INSERT INTO meeting_ring (team, name, at_ms, ring, rung_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING

-- @query has_rung
SELECT 1 FROM meeting_ring WHERE team = $1 AND name = $2 AND at_ms = $3 AND ring = $4

-- ---- themes ----

-- @query vote
INSERT INTO meeting_vote (team, name, day, person, theme, voted_ms) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (team, name, day, person) DO UPDATE SET theme = excluded.theme, voted_ms = excluded.voted_ms

-- @query votes
SELECT COUNT(*) FROM meeting_vote WHERE team = $1 AND name = $2 AND day = $3 AND theme = $4

-- @query choose
INSERT INTO meeting_theme (team, name, day, theme, chosen_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING

-- @query theme
SELECT theme FROM meeting_theme WHERE team = $1 AND name = $2 AND day = $3

-- @query theme_held
SELECT 1 FROM meeting_theme WHERE team = $1 AND name = $2 AND day > $3 AND day < $4 AND theme = $5

-- ---- actions ----

-- @query agree
INSERT INTO meeting_action (team, text, due, owner, agreed_by, state, agreed_ms) VALUES ($1, $2, $3, $4, $5, 'open', $6)

-- @query action
SELECT id, team, text, due, owner, agreed_by, state FROM meeting_action WHERE id = $1

-- @query actions
SELECT id, team, text, due, owner, agreed_by, state FROM meeting_action WHERE team = $1 AND state = 'open' ORDER BY due, id

-- @query due
SELECT id, team, text, due, owner, agreed_by, state FROM meeting_action
WHERE team = $1 AND owner = $2 AND state = 'open' AND due <= $3 ORDER BY due, id

-- @query first_due
SELECT MIN(due) FROM meeting_action WHERE team = $1 AND owner = $2 AND state = 'open'

-- @query put_off
UPDATE meeting_action SET due = $2 WHERE id = $1

-- @query close
UPDATE meeting_action SET state = $2, closed_ms = $3 WHERE id = $1

-- ---- what is known: tables of other rituals ----

-- Who was asked after $2 and until $3, days, and how many of them have answered.
-- @query standups
SELECT COUNT(e.person), COUNT(*) FROM standup_asked a
	LEFT JOIN standup_entry e ON e.team = a.team AND e.day = a.day AND e.person = a.person AND e.state = 'given'
WHERE a.team = $1 AND a.day > $2 AND a.day <= $3

-- $4: 1: of answers to standups, 0: of everything else.
-- @query promises
SELECT COUNT(*) - COUNT(breached_ms), COUNT(*) FROM response
WHERE team = $1 AND target = 'first_response' AND start_ms >= $2 AND start_ms < $3 AND status IN ('met', 'missed', 'breached')
	AND CASE ritual WHEN 'standup' THEN 1 ELSE 0 END = $4

-- @query highlights
SELECT whose, text, voices, COUNT(*) OVER () FROM highlight_good WHERE team = $1 AND shared >= $2 AND shared < $3 ORDER BY voices DESC, id

-- @query blockers
SELECT id, text, owner, opened_ms, COUNT(*) OVER () FROM blocker WHERE team = $1 AND closed_ms IS NULL ORDER BY id

-- @query open_actions
SELECT id, text, owner, due, COUNT(*) OVER () FROM meeting_action WHERE team = $1 AND state = 'open' ORDER BY due, id
