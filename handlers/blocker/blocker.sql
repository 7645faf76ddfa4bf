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

-- @query add
INSERT INTO blocker (team, text, role, state, plan, opened_by, owner, opened_ms) VALUES ($1, $2, $3, 'open', '', $4, $5, $6)

-- @query one
SELECT id, team, text, role, state, plan, opened_by, owner, opened_ms FROM blocker WHERE id = $1

-- @query take
UPDATE blocker SET owner = $2, state = 'taken' WHERE id = $1 AND closed_ms IS NULL

-- @query give
UPDATE blocker SET owner = $2, state = 'open' WHERE id = $1 AND closed_ms IS NULL

-- @query plan
UPDATE blocker SET plan = $2 WHERE id = $1 AND closed_ms IS NULL

-- @query reopen
UPDATE blocker SET state = $2, closed_ms = NULL WHERE id = $1

-- @query close
UPDATE blocker SET state = $2, closed_ms = $3 WHERE id = $1 AND closed_ms IS NULL

-- @query open
SELECT id, text, owner, opened_ms, opened_by FROM blocker WHERE team = $1 AND closed_ms IS NULL ORDER BY id
