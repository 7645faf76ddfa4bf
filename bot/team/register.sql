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

-- @query all
SELECT id, name, email, slack_id, feishu_id, zone, language, teams, manager, roles, birthday, hired, shown FROM register ORDER BY name, id

-- @query add
INSERT INTO register (name, email, slack_id, feishu_id, zone, language, teams, manager, roles, birthday, hired)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- @query save
UPDATE register SET name = $2, email = $3, slack_id = $4, feishu_id = $5, zone = $6, language = $7, teams = $8, manager = $9,
	roles = $10, birthday = $11, hired = $12
WHERE id = $1
