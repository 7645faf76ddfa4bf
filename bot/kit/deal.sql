-- Deals: who they are with, how far they are, and all that happened to them.

-- amount: hundredths; NULL: not told. entered_ms: when it entered its stage. next_day: of the next step, which is silent_day too
-- when it silences; silences: how often it has in this stage. external: its number in the source, from which it came. stirred: it
-- has changed and whoever watches it has not looked since.
-- @migration 1
CREATE TABLE deal (
	id INTEGER PRIMARY KEY,
	team TEXT NOT NULL,
	customer TEXT NOT NULL,
	amount BIGINT,
	currency TEXT NOT NULL,
	owner BIGINT NOT NULL REFERENCES person (id),
	stage TEXT NOT NULL,
	entered_ms BIGINT NOT NULL,
	next_day TEXT,
	next_step TEXT NOT NULL,
	silent_day TEXT,
	silences INTEGER NOT NULL,
	source TEXT NOT NULL,
	external TEXT,
	opened_ms BIGINT NOT NULL,
	closed_ms BIGINT,
	stirred INTEGER NOT NULL,
	UNIQUE (source, external)
);
CREATE INDEX deal_open ON deal (team, stage) WHERE closed_ms IS NULL;
CREATE INDEX deal_owner ON deal (owner) WHERE closed_ms IS NULL;
CREATE INDEX deal_stirred ON deal (id) WHERE stirred = 1;
-- Nothing is ever taken out. before, after: the names of stages, the numbers of people, sums, days; source: who said so, and the
-- person, when it was one.
CREATE TABLE deal_event (
	id INTEGER PRIMARY KEY,
	deal BIGINT NOT NULL REFERENCES deal (id),
	at_ms BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('opened', 'stage', 'customer', 'amount', 'owner', 'team', 'next')),
	before TEXT NOT NULL,
	after TEXT NOT NULL,
	source TEXT NOT NULL,
	person BIGINT REFERENCES person (id)
);
CREATE INDEX deal_event_of ON deal_event (deal, id);
CREATE INDEX deal_event_at ON deal_event (at_ms);

-- @query add
INSERT INTO deal (team, customer, amount, currency, owner, stage, entered_ms, next_step, silences, source, external, opened_ms, closed_ms, stirred)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, $9, $10, $11, 1)

-- @query note
INSERT INTO deal_event (deal, at_ms, kind, before, after, source, person) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- @query change
UPDATE deal SET team = $2, customer = $3, amount = $4, currency = $5, owner = $6, stage = $7, entered_ms = $8, next_day = $9,
	next_step = $10, silent_day = $11, silences = $12, closed_ms = $13, stirred = 1
WHERE id = $1

-- @query one
SELECT id, team, customer, amount, currency, owner, stage, entered_ms, next_day, next_step, silent_day, silences, source, external, opened_ms,
	closed_ms
FROM deal WHERE id = $1

-- @query by_external
SELECT id FROM deal WHERE source = $1 AND external = $2

-- All columns of `one`; '' and 0 stand for any; closed_from: NULL for open ones alone, else also what was closed from then on.
-- @query list
SELECT id, team, customer, amount, currency, owner, stage, entered_ms, next_day, next_step, silent_day, silences, source, external, opened_ms,
	closed_ms
FROM deal
WHERE ($1 = '' OR team = $1) AND ($2 = 0 OR owner = $2) AND ($3 = '' OR stage = $3) AND (closed_ms IS NULL OR closed_ms >= $4)
ORDER BY id

-- @query stirred
SELECT id FROM deal WHERE stirred = 1 ORDER BY id

-- @query calm
UPDATE deal SET stirred = 0 WHERE id = $1

-- @query history
SELECT at_ms, kind, before, after, source, person FROM deal_event WHERE deal = $1 ORDER BY id

-- The way of all deals of a team through its stages in a time.
-- @query moves
SELECT e.deal, e.at_ms, e.before, e.after, d.owner, d.amount, d.currency
FROM deal_event e JOIN deal d ON d.id = e.deal
WHERE e.kind IN ('opened', 'stage') AND d.team = $1 AND e.at_ms >= $2 AND e.at_ms < $3 ORDER BY e.id
