-- Stalled deals: that they stand, what was asked and planned, what the answer was, and whether they moved.

-- entered_ms, stage: of the deal when it was found standing. asked_ms, times: when it was asked about last, and how often.
-- ending: 'moved' into another stage, 'silenced' by a next step, 'renewed' by another one a week after its answer.
-- @migration 1
CREATE TABLE stall (
	id INTEGER PRIMARY KEY,
	deal BIGINT NOT NULL REFERENCES deal (id),
	stage TEXT NOT NULL,
	entered_ms BIGINT NOT NULL,
	begun_ms BIGINT NOT NULL,
	asked_ms BIGINT NOT NULL,
	times INTEGER NOT NULL,
	ended_ms BIGINT,
	ending TEXT CHECK (ending IN ('moved', 'silenced', 'renewed'))
);
CREATE INDEX stall_of ON stall (deal, id);
-- Each version of a plan; the last one counts.
CREATE TABLE stall_plan (
	id INTEGER PRIMARY KEY,
	stall BIGINT NOT NULL REFERENCES stall (id),
	at_ms BIGINT NOT NULL,
	person BIGINT NOT NULL REFERENCES person (id),
	blocks TEXT NOT NULL,
	tried TEXT NOT NULL,
	wants TEXT NOT NULL
);
CREATE INDEX stall_plan_of ON stall_plan (stall, id);
CREATE TABLE stall_answer (
	stall BIGINT NOT NULL PRIMARY KEY REFERENCES stall (id),
	at_ms BIGINT NOT NULL,
	person BIGINT NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL CHECK (kind IN ('approve', 'advise', 'meet')),
	words TEXT NOT NULL
);
-- What had become of the deal so many days after the first plan.
CREATE TABLE stall_look (
	stall BIGINT NOT NULL REFERENCES stall (id),
	days INTEGER NOT NULL,
	at_ms BIGINT NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('won', 'lost', 'forward', 'back', 'stood')),
	PRIMARY KEY (stall, days)
);

-- @query begin
INSERT INTO stall (deal, stage, entered_ms, begun_ms, asked_ms, times) VALUES ($1, $2, $3, $4, $4, 1)

-- @query ask_again
UPDATE stall SET asked_ms = $2, times = times + 1 WHERE id = $1

-- @query finish
UPDATE stall SET ended_ms = $2, ending = $3 WHERE id = $1

-- @query one
SELECT id, deal, stage, entered_ms, begun_ms, asked_ms, times, ended_ms FROM stall WHERE id = $1

-- @query open_of
SELECT id FROM stall WHERE deal = $1 AND ended_ms IS NULL ORDER BY id DESC LIMIT 1

-- @query of_deal
SELECT id FROM stall WHERE deal = $1 ORDER BY id

-- The last version, and when the first one was made.
-- @query plan
SELECT (SELECT MIN(at_ms) FROM stall_plan WHERE stall = $1), person, blocks, tried, wants FROM stall_plan WHERE stall = $1
ORDER BY id DESC LIMIT 1

-- @query add_plan
INSERT INTO stall_plan (stall, at_ms, person, blocks, tried, wants) VALUES ($1, $2, $3, $4, $5, $6)

-- @query answer
SELECT at_ms, person, kind, words FROM stall_answer WHERE stall = $1

-- @query add_answer
INSERT INTO stall_answer (stall, at_ms, person, kind, words) VALUES ($1, $2, $3, $4, $5)

-- @query look
INSERT INTO stall_look (stall, days, at_ms, outcome) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- @query plans_of
SELECT COUNT(DISTINCT p.stall), COUNT(DISTINCT a.stall) FROM stall_plan p
	JOIN stall s ON s.id = p.stall JOIN deal d ON d.id = s.deal LEFT JOIN stall_answer a ON a.stall = p.stall
WHERE d.team = $1 AND p.at_ms >= $2 AND p.at_ms < $3

-- @query outcomes_of
SELECT l.days, l.outcome, COUNT(*) FROM stall_look l JOIN stall s ON s.id = l.stall JOIN deal d ON d.id = s.deal
WHERE d.team = $1 AND l.at_ms >= $2 AND l.at_ms < $3 GROUP BY l.days, l.outcome
