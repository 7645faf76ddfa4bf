-- Who has left, so that what they held is handed over once.

-- @migration 1
CREATE TABLE person_left (
	person INTEGER NOT NULL PRIMARY KEY REFERENCES person (id),
	noted_ms BIGINT NOT NULL
);

-- @query note_left
INSERT INTO person_left (person, noted_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- @query forget_left
DELETE FROM person_left WHERE person = $1

-- The zone that each account's profile told last, so that a change of it is asked about once.
-- @migration 2
CREATE TABLE person_told_zone (
	workspace TEXT NOT NULL,
	account TEXT NOT NULL,
	zone TEXT NOT NULL,
	PRIMARY KEY (workspace, account)
);
INSERT INTO person_told_zone (workspace, account, zone)
SELECT a.workspace, a.account, p.zone FROM account a JOIN person p ON p.id = a.person WHERE p.zone IS NOT NULL;

-- @query change_told_zone
UPDATE person_told_zone SET zone = $3 WHERE workspace = $1 AND account = $2 AND zone <> $3

-- @query note_told_zone
INSERT INTO person_told_zone (workspace, account, zone) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
