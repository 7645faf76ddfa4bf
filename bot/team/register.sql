-- The register: what no platform tells of people, as the team's own list has it.

-- @migration 1
CREATE TABLE register (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	slack_id TEXT NOT NULL,
	feishu_id TEXT NOT NULL,
	zone TEXT NOT NULL,
	language TEXT NOT NULL,
	teams TEXT NOT NULL,
	manager TEXT NOT NULL,
	roles TEXT NOT NULL,
	birthday TEXT NOT NULL,
	hired TEXT NOT NULL,
	shown TEXT NOT NULL DEFAULT 'unasked' CHECK (shown IN ('unasked', 'public', 'private', 'none'))
);

-- Every change of an entry: who said so (nobody: the operator's list) and when.
-- @migration 2
CREATE TABLE register_change (
	id INTEGER PRIMARY KEY,
	entry INTEGER NOT NULL REFERENCES register (id),
	field TEXT NOT NULL,
	before TEXT NOT NULL,
	after TEXT NOT NULL,
	told_by INTEGER REFERENCES person (id),
	told_ms BIGINT NOT NULL
);
CREATE INDEX register_change_entry ON register_change (entry, id);

-- Working weeks of their own; no column of the list has them.
-- @migration 3
ALTER TABLE register ADD COLUMN hours TEXT NOT NULL DEFAULT '';

-- @query all
SELECT id, name, email, slack_id, feishu_id, zone, language, teams, manager, roles, birthday, hired, hours, shown FROM register ORDER BY name, id

-- @query add
INSERT INTO register (name, email, slack_id, feishu_id, zone, language, teams, manager, roles, birthday, hired, hours)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- @query save
UPDATE register SET name = $2, email = $3, slack_id = $4, feishu_id = $5, zone = $6, language = $7, teams = $8, manager = $9,
	roles = $10, birthday = $11, hired = $12, hours = $13, shown = $14
WHERE id = $1

-- @query keep_change
INSERT INTO register_change (entry, field, before, after, told_by, told_ms) VALUES ($1, $2, $3, $4, $5, $6)

-- @query changes
SELECT field, before, after, told_by, told_ms FROM register_change WHERE entry = $1 ORDER BY id
