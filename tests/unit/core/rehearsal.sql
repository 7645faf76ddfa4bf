-- The table of a ritual that exists for tests alone.

-- @migration 1
CREATE TABLE note (
	id INTEGER PRIMARY KEY,
	text TEXT NOT NULL CHECK (text <> 'refused')
);

-- @query note
INSERT INTO note (text) VALUES ($1)
