-- People, their accounts on the platforms, and the teams they are in.

-- @migration 1
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	email TEXT,
	zone TEXT,
	language TEXT,
	bot INTEGER NOT NULL DEFAULT 0 CHECK (bot IN (0, 1)),
	deactivated INTEGER NOT NULL DEFAULT 0 CHECK (deactivated IN (0, 1)),
	updated_ms BIGINT NOT NULL
);
CREATE TABLE account (
	workspace TEXT NOT NULL,
	account TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	handle TEXT,
	PRIMARY KEY (workspace, account)
);
CREATE INDEX account_person ON account (person);
CREATE TABLE team_channel (
	team TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	channel TEXT NOT NULL
);
CREATE TABLE member (
	team TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	PRIMARY KEY (team, person)
);

-- Channels of quick response that the configuration calls by their names.
-- @migration 2
CREATE TABLE quick_channel (
	workspace TEXT NOT NULL,
	name TEXT NOT NULL,
	channel TEXT NOT NULL,
	PRIMARY KEY (workspace, name)
);

-- @query quick_channels
SELECT workspace, name, channel FROM quick_channel

-- @query save_quick_channel
INSERT INTO quick_channel (workspace, name, channel) VALUES ($1, $2, $3)
ON CONFLICT (workspace, name) DO UPDATE SET channel = excluded.channel

-- @query all_people
SELECT p.id, p.name, p.email, p.zone, p.language, p.bot, p.deactivated, a.workspace, a.account, a.handle
FROM person p JOIN account a ON a.person = p.id ORDER BY p.id

-- @query all_members
SELECT team, person FROM member

-- @query all_channels
SELECT team, name, channel FROM team_channel

-- @query next_person
SELECT COALESCE(MAX(id), 0) + 1 FROM person

-- @query add_person
INSERT INTO person (id, name, email, zone, language, bot, deactivated, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- @query add_account
INSERT INTO account (workspace, account, person, handle) VALUES ($1, $2, $3, $4)

-- @query save_person
UPDATE person SET name = $2, email = $3, zone = $4, language = $5, bot = $6, deactivated = $7, updated_ms = $8
WHERE id = $1

-- @query save_account
UPDATE account SET handle = $3 WHERE workspace = $1 AND account = $2

-- @query add_member
INSERT INTO member (team, person) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query drop_member
DELETE FROM member WHERE team = $1 AND person = $2

-- @query save_channel
INSERT INTO team_channel (team, name, channel) VALUES ($1, $2, $3)
ON CONFLICT (team) DO UPDATE SET name = excluded.name, channel = excluded.channel

-- @query named
SELECT account, person.name FROM person JOIN account ON account.person = person.id WHERE person.id = $1 ORDER BY account LIMIT 1
