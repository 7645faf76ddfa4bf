-- What the core keeps: what it has seen, what is to be sent, what is due, what went wrong.

-- @migration 1
CREATE TABLE sequence (
	name TEXT NOT NULL PRIMARY KEY,
	next INTEGER NOT NULL
);
CREATE TABLE seen (
	id INTEGER PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	workspace TEXT NOT NULL,
	key0 TEXT,
	key1 TEXT,
	key2 TEXT,
	UNIQUE (key0, workspace),
	UNIQUE (key1, workspace),
	UNIQUE (key2, workspace)
);
CREATE TABLE dead_letter (
	id INTEGER PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	ritual TEXT NOT NULL,
	event TEXT NOT NULL,
	error TEXT NOT NULL
);
CREATE TABLE waiting (
	id INTEGER PRIMARY KEY,
	workspace TEXT NOT NULL,
	account TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	event TEXT NOT NULL
);
CREATE INDEX waiting_account ON waiting (workspace, account);
CREATE TABLE last_heard (
	workspace TEXT NOT NULL,
	channel TEXT NOT NULL,
	message TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (workspace, channel)
);
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
	kind INTEGER NOT NULL,
	workspace TEXT NOT NULL,
	channel TEXT,
	thread TEXT,
	person TEXT,
	message TEXT,
	word TEXT,
	token TEXT,
	content TEXT,
	name TEXT,
	created_ms BIGINT NOT NULL,
	deadline_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_name ON outbox (name) WHERE name IS NOT NULL;
CREATE TABLE message (
	name TEXT NOT NULL PRIMARY KEY,
	workspace TEXT NOT NULL,
	channel TEXT NOT NULL,
	message TEXT NOT NULL,
	posted_ms BIGINT NOT NULL
);
CREATE INDEX message_place ON message (channel, message);
CREATE TABLE job (
	id INTEGER PRIMARY KEY,
	ritual TEXT NOT NULL,
	word TEXT NOT NULL,
	key TEXT NOT NULL,
	due_ms BIGINT NOT NULL,
	UNIQUE (ritual, word, key)
);
CREATE INDEX job_due ON job (due_ms);

-- @migration 2
CREATE TABLE adapter_note (
	workspace TEXT NOT NULL,
	name TEXT NOT NULL,
	says TEXT NOT NULL,
	PRIMARY KEY (workspace, name)
);

-- @migration 3
ALTER TABLE outbox ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD COLUMN after_row BIGINT;
CREATE INDEX outbox_after ON outbox (after_row) WHERE after_row IS NOT NULL;
-- BYTEA is PostgreSQL's name; SQLite keeps the bytes as they are under any.
CREATE TABLE outbox_file (
	row BIGINT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
	number INTEGER NOT NULL,
	name TEXT NOT NULL,
	bytes BYTEA NOT NULL,
	PRIMARY KEY (row, number)
);

-- One tree for all keys, of which an event's stand together: SQLite's own word, PostgreSQL has no other tables.
-- @migration 4
CREATE TABLE seen_key (
	key TEXT NOT NULL,
	workspace TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (key, workspace)
) WITHOUT ROWID;
INSERT INTO seen_key (key, workspace, at_ms)
SELECT CASE WHEN substr(key, 2, 1) = ':' AND substr(key, 3, 1) BETWEEN '0' AND '9' THEN substr(key, 3) || ':' || substr(key, 1, 1)
	ELSE ' ' || key END, workspace, at_ms
FROM (SELECT key0 AS key, workspace, at_ms FROM seen UNION ALL SELECT key1, workspace, at_ms FROM seen
	UNION ALL SELECT key2, workspace, at_ms FROM seen) AS old
WHERE key IS NOT NULL ON CONFLICT DO NOTHING;
DROP TABLE seen;
ALTER TABLE seen_key RENAME TO seen;
DELETE FROM sequence WHERE name = 'seen';

-- What was done for other programs under a key of theirs, so that who asks twice is told the same.
-- @migration 5
CREATE TABLE request_answer (
	sender TEXT NOT NULL,
	key TEXT NOT NULL,
	digest TEXT NOT NULL,
	facts TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (sender, key)
);
CREATE INDEX request_answer_at ON request_answer (at_ms);

-- @query next_in_sequence
SELECT next FROM sequence WHERE name = $1

-- @query save_sequence
INSERT INTO sequence (name, next) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET next = excluded.next

-- @query see
INSERT INTO seen (key, workspace, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- @query is_seen
SELECT 1 FROM seen WHERE key = $1 AND workspace = $2

-- @query unsee
DELETE FROM seen WHERE key = $1 AND workspace = $2

-- @query seen_after
SELECT key FROM seen WHERE key > $1 ORDER BY key LIMIT 1 OFFSET $2

-- @query forget_seen
DELETE FROM seen WHERE key > $1 AND key <= $2 AND at_ms < $3

-- @query bury
INSERT INTO dead_letter (id, at_ms, ritual, event, error) VALUES ($1, $2, $3, $4, $5)

-- @query park
INSERT INTO waiting (id, workspace, account, at_ms, event) VALUES ($1, $2, $3, $4, $5)

-- @query is_parked
SELECT 1 FROM waiting WHERE workspace = $1 AND account = $2 LIMIT 1

-- @query parked
SELECT id, event FROM waiting WHERE workspace = $1 AND account = $2 ORDER BY id

-- @query unpark
DELETE FROM waiting WHERE workspace = $1 AND account = $2

-- @query hear
INSERT INTO last_heard (workspace, channel, message, at_ms) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace, channel) DO UPDATE SET message = excluded.message, at_ms = excluded.at_ms
WHERE last_heard.message = '' OR excluded.at_ms > last_heard.at_ms
	OR (excluded.at_ms = last_heard.at_ms AND excluded.message > last_heard.message)

-- @query begin_to_hear
INSERT INTO last_heard (workspace, channel, message, at_ms) VALUES ($1, $2, '', $3) ON CONFLICT DO NOTHING

-- @query heard_in
SELECT channel, message, at_ms FROM last_heard WHERE workspace = $1 AND channel = $2

-- @query heard_last
SELECT COALESCE(MAX(at_ms), 0) FROM last_heard WHERE workspace = $1 AND message <> ''

-- @query heard_since
SELECT channel, message, at_ms FROM last_heard WHERE workspace = $1 AND at_ms >= $2 ORDER BY at_ms DESC LIMIT 100

-- @query note
INSERT INTO adapter_note (workspace, name, says) VALUES ($1, $2, $3)
ON CONFLICT (workspace, name) DO UPDATE SET says = excluded.says

-- @query notes
SELECT workspace, name, says FROM adapter_note ORDER BY workspace, name

-- @query put
INSERT INTO outbox (id, state, kind, workspace, channel, thread, person, message, word, token, content, name, created_ms,
	deadline_ms, weight, after_row)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- @query put_file
INSERT INTO outbox_file (row, number, name, bytes) VALUES ($1, $2, $3, $4)

-- @query files
SELECT name, bytes FROM outbox_file WHERE row = $1 ORDER BY number

-- @query queued
SELECT id, kind, workspace, channel, thread, person, message, word, token, content, created_ms, deadline_ms, weight
FROM outbox WHERE state = 0 AND workspace = $1 ORDER BY id LIMIT $2

-- @query queued_workspaces
SELECT DISTINCT workspace FROM outbox WHERE state = 0

-- @query handed
SELECT id, kind, workspace, channel, thread, person, message, word, token, content, created_ms, deadline_ms, weight
FROM outbox WHERE state = 1 ORDER BY id

-- Nothing of an earlier life is being read now: one reading of a channel, from the earliest that is missing, does for all.
-- @query drop_repeated
DELETE FROM outbox WHERE kind = $1 AND EXISTS (SELECT 1 FROM outbox older WHERE older.kind = $1
	AND older.workspace = outbox.workspace AND COALESCE(older.channel, '') = COALESCE(outbox.channel, '')
	AND older.id < outbox.id)

-- @query mark_handed
UPDATE outbox SET state = 1 WHERE id = $1

-- @query asked
SELECT 1 FROM outbox WHERE kind = $1 AND workspace = $2 AND (channel = $3 OR word = $3) LIMIT 1

-- @query outbox_row
SELECT id, kind, workspace, channel, thread, person, message, word, token, content, created_ms, deadline_ms, weight, name, state
FROM outbox WHERE id = $1

-- @query let_go
UPDATE outbox SET state = 0 WHERE id = $1 AND state = 2 RETURNING workspace

-- @query drop_row
DELETE FROM outbox WHERE id = $1

-- @query is_under_way
SELECT 1 FROM outbox WHERE workspace = $1 AND kind IN ($2, $3) LIMIT 1

-- @query posting
SELECT id FROM outbox WHERE name = $1 AND kind = 0 LIMIT 1

-- @query replacing
SELECT id FROM outbox WHERE name = $1 AND kind = 1 LIMIT 1

-- @query replace_waiting
UPDATE outbox SET content = $2, weight = $3 WHERE name = $1 AND kind = 1 AND state IN (0, 2)

-- @query drop_files_waiting
DELETE FROM outbox_file WHERE row IN (SELECT id FROM outbox WHERE name = $1 AND kind = 1 AND state IN (0, 2))

-- @query put_file_waiting
INSERT INTO outbox_file (row, number, name, bytes)
SELECT id, $2, $3, $4 FROM outbox WHERE name = $1 AND kind = 1 AND state IN (0, 2)

-- @query wake_replacements
UPDATE outbox SET state = 0, channel = $2, message = $3 WHERE name = $1 AND state = 2

-- @query wake_after
UPDATE outbox SET state = 0, channel = COALESCE($2, channel), message = $3 WHERE after_row = $1 AND state = 2

-- @query drop_replacements
DELETE FROM outbox WHERE name = $1 AND state = 2

-- @query save_message
INSERT INTO message (name, workspace, channel, message, posted_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO UPDATE SET workspace = excluded.workspace, channel = excluded.channel, message = excluded.message,
	posted_ms = excluded.posted_ms

-- @query message_named
SELECT workspace, channel, message FROM message WHERE name = $1

-- @query message_at
SELECT name FROM message WHERE channel = $1 AND message = $2 AND workspace = $3

-- @query forget_message
DELETE FROM message WHERE name = $1 AND message = $2

-- @query schedule
INSERT INTO job (id, ritual, word, key, due_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (ritual, word, key) DO UPDATE SET due_ms = excluded.due_ms

-- @query schedule_once
INSERT INTO job (id, ritual, word, key, due_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (ritual, word, key) DO UPDATE SET due_ms = excluded.due_ms WHERE excluded.due_ms < job.due_ms

-- @query cancel
DELETE FROM job WHERE ritual = $1 AND word = $2 AND key = $3

-- @query due_jobs
SELECT id, ritual, word, key, due_ms FROM job WHERE due_ms <= $1 ORDER BY due_ms, id LIMIT $2

-- @query finish_job
DELETE FROM job WHERE id = $1 AND due_ms = $2

-- @query next_due
SELECT MIN(due_ms) FROM job

-- @query answered
SELECT digest, facts FROM request_answer WHERE sender = $1 AND key = $2 AND at_ms >= $3

-- @query keep_answer
INSERT INTO request_answer (sender, key, digest, facts, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (sender, key) DO UPDATE SET digest = excluded.digest, facts = excluded.facts, at_ms = excluded.at_ms

-- @query forget_answers
DELETE FROM request_answer WHERE at_ms < $1
