-- What went wrong so that somebody must act: a line for each kind of trouble and workspace, with its last words.

-- @migration 1
CREATE TABLE trouble (
	about TEXT NOT NULL,
	workspace TEXT NOT NULL,
	line TEXT NOT NULL,
	times INTEGER NOT NULL DEFAULT 0,
	last_ms BIGINT NOT NULL,
	told_ms BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (about, workspace)
);

-- @query note
INSERT INTO trouble (about, workspace, line, times, last_ms) VALUES ($1, $2, $3, 1, $4)
	ON CONFLICT (about, workspace) DO UPDATE SET line = excluded.line, times = times + 1, last_ms = excluded.last_ms

-- @query untold
SELECT workspace, line FROM trouble WHERE last_ms > $1 AND last_ms >= told_ms + $2 ORDER BY last_ms

-- @query told
UPDATE trouble SET told_ms = $1 WHERE last_ms > $2 AND last_ms >= told_ms + $3

-- @query recent
SELECT line, times, last_ms FROM trouble WHERE last_ms > $1 ORDER BY last_ms DESC LIMIT $2
