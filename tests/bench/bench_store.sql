-- SPDX-License-Identifier: MIT
-- What the clerk does to the database for one standup, in small: six statements over the tables of such a turn.

-- @migration 1
CREATE TABLE seen (id TEXT NOT NULL PRIMARY KEY, at_ms BIGINT NOT NULL);
CREATE TABLE answer (
	team   BIGINT NOT NULL,
	day    TEXT NOT NULL,
	person TEXT NOT NULL,
	text   TEXT NOT NULL,
	at_ms  BIGINT NOT NULL,
	PRIMARY KEY (team, day, person)
);
CREATE TABLE job (id INTEGER PRIMARY KEY, due_ms BIGINT NOT NULL, name TEXT NOT NULL UNIQUE);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, name TEXT, body TEXT NOT NULL, state BIGINT NOT NULL);
CREATE INDEX outbox_waiting ON outbox (channel) WHERE state = 0;
CREATE INDEX job_due ON job (due_ms);

-- @query see
INSERT INTO seen (id, at_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING;

-- @query save
INSERT INTO answer (team, day, person, text, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (team, day, person) DO UPDATE SET text = excluded.text, at_ms = excluded.at_ms;

-- @query person
SELECT text FROM answer WHERE team = $1 AND day = $2 AND person = $3;

-- @query cancel
DELETE FROM job WHERE name = $1;

-- @query put
INSERT INTO outbox (channel, name, body, state) VALUES ($1, $2, $3, 0);

-- @query sent
UPDATE outbox SET state = 1 WHERE id = $1;
