-- Customers' questions.

-- source, external: the program that sent it, and its own number there; both empty when somebody wrote it. asked_by: who wrote it
-- down, NULL: a program. text: the latest question. waits_for: what the customer owes, '' when nothing.
-- @migration 1
CREATE TABLE customer_enquiry (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	customer TEXT NOT NULL,
	text TEXT NOT NULL,
	source TEXT NOT NULL,
	external TEXT NOT NULL,
	role TEXT NOT NULL,
	owner BIGINT REFERENCES person (id),
	asked_by BIGINT REFERENCES person (id),
	state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'solved', 'none')),
	waits_for TEXT NOT NULL,
	opened_ms BIGINT NOT NULL,
	closed_ms BIGINT
);
CREATE INDEX customer_open ON customer_enquiry (team, id) WHERE closed_ms IS NULL;
CREATE UNIQUE INDEX customer_external ON customer_enquiry (source, external) WHERE external <> '';
-- What was done, in its order; nothing is ever taken out: who answered, when, what came of it. text: in their words.
CREATE TABLE customer_deed (
	id INTEGER PRIMARY KEY,
	enquiry BIGINT NOT NULL REFERENCES customer_enquiry (id),
	at_ms BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('asked', 'answered', 'waits', 'goes_on', 'given', 'solved', 'none')),
	person BIGINT REFERENCES person (id),
	text TEXT NOT NULL
);
CREATE INDEX customer_deed_of ON customer_deed (enquiry, id);

-- @query add
INSERT INTO customer_enquiry (team, customer, text, source, external, role, owner, asked_by, state, waits_for, opened_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', $9)

-- @query did
INSERT INTO customer_deed (enquiry, at_ms, kind, person, text) VALUES ($1, $2, $3, $4, $5)

-- @query one
SELECT id, team, customer, text, role, state, waits_for, owner, asked_by, opened_ms FROM customer_enquiry WHERE id = $1

-- @query by_external
SELECT id FROM customer_enquiry WHERE source = $1 AND external = $2

-- @query answered
UPDATE customer_enquiry SET state = 'answered', owner = $2 WHERE id = $1

-- @query waits
UPDATE customer_enquiry SET waits_for = $2 WHERE id = $1

-- @query asked
UPDATE customer_enquiry SET state = 'open', text = $2, waits_for = '', closed_ms = NULL WHERE id = $1

-- @query given
UPDATE customer_enquiry SET owner = $2 WHERE id = $1

-- @query closed
UPDATE customer_enquiry SET state = $2, waits_for = '', closed_ms = $3 WHERE id = $1

-- @query of_owner
SELECT id FROM customer_enquiry WHERE owner = $1 AND closed_ms IS NULL ORDER BY id

-- @query of_team
SELECT id FROM customer_enquiry WHERE team = $1 AND closed_ms IS NULL ORDER BY id
