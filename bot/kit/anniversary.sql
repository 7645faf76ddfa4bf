-- Which stages of which occasions have been done.

-- @migration 1
CREATE TABLE anniversary_done (
	person BIGINT NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL CHECK (kind IN ('birthday', 'anniversary')),
	date TEXT NOT NULL,
	stage INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (person, kind, date, stage)
);

-- @query done
SELECT stage FROM anniversary_done WHERE person = $1 AND kind = $2 AND date = $3

-- @query mark
INSERT INTO anniversary_done (person, kind, date, stage, at_ms) VALUES ($1, $2, $3, $4, $5)

-- @query reopen
DELETE FROM anniversary_done WHERE person = $1 AND kind = $2 AND date = $3
