-- Who has looked at the bot's home, and when: what they do from there changes it. No row: its message shows no look.

-- @migration 1
CREATE TABLE today_home (
	person INTEGER NOT NULL REFERENCES person (id),
	workspace TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person, workspace)
);

-- @query at_home
INSERT INTO today_home (person, workspace, at_ms) VALUES ($1, $2, $3)
ON CONFLICT (person, workspace) DO UPDATE SET at_ms = excluded.at_ms

-- The message of the home shows no look any more.
-- @query left_home
DELETE FROM today_home WHERE person = $1 AND workspace = $2

-- @query is_at_home
SELECT 1 FROM today_home WHERE person = $1 AND workspace = $2 AND at_ms >= $3
