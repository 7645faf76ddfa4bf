-- Duty: what managers have said of rotas, who covers for whom, and whose turn was when. Nothing is ever changed but a cover's end.

-- role: its first word; word: as it was written. people: numbers, ";" between, in their order; from_day: a day in the first one's
-- turn. turn '': the configuration's rota again.
-- @migration 1
CREATE TABLE duty_order (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	role TEXT NOT NULL,
	word TEXT NOT NULL,
	turn TEXT NOT NULL CHECK (turn IN ('week', 'day', '')),
	people TEXT NOT NULL,
	from_day TEXT NOT NULL,
	said_by BIGINT NOT NULL REFERENCES person (id),
	said_ms BIGINT NOT NULL
);
CREATE INDEX duty_order_of ON duty_order (team, id);
CREATE TABLE duty_cover (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	role TEXT NOT NULL,
	person BIGINT NOT NULL REFERENCES person (id),
	first_day TEXT NOT NULL,
	last_day TEXT NOT NULL,
	said_by BIGINT NOT NULL REFERENCES person (id),
	said_ms BIGINT NOT NULL,
	ended_by BIGINT REFERENCES person (id),
	ended_ms BIGINT
);
CREATE INDEX duty_cover_of ON duty_cover (team, last_day) WHERE ended_ms IS NULL;
-- Each time somebody's turn was: subject: of what, as its ritual calls it.
CREATE TABLE duty_turn (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	role TEXT NOT NULL,
	person BIGINT NOT NULL REFERENCES person (id),
	ritual TEXT NOT NULL,
	subject TEXT NOT NULL,
	at_ms BIGINT NOT NULL
);
CREATE INDEX duty_turn_of ON duty_turn (team, role, person, at_ms);

-- The last word about each role of a team.
-- @query orders
SELECT o.word, o.turn, o.people, o.from_day, p.name FROM duty_order o JOIN person p ON p.id = o.said_by
WHERE o.team = $1 AND o.id = (SELECT MAX(x.id) FROM duty_order x WHERE x.team = o.team AND x.role = o.role) ORDER BY o.id

-- @query add_order
INSERT INTO duty_order (team, role, word, turn, people, from_day, said_by, said_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- @query covers
SELECT id, person, first_day, last_day FROM duty_cover WHERE team = $1 AND role = $2 AND ended_ms IS NULL AND last_day >= $3 ORDER BY id

-- @query add_cover
INSERT INTO duty_cover (team, role, person, first_day, last_day, said_by, said_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- @query cover
SELECT team, role, person, first_day, last_day, said_by, ended_ms FROM duty_cover WHERE id = $1

-- @query end_cover
UPDATE duty_cover SET ended_by = $2, ended_ms = $3 WHERE id = $1 AND ended_ms IS NULL

-- @query add_turn
INSERT INTO duty_turn (team, role, person, ritual, subject, at_ms) VALUES ($1, $2, $3, $4, $5, $6)

-- @query last_turn
SELECT MAX(at_ms) FROM duty_turn WHERE team = $1 AND role = $2 AND person = $3
