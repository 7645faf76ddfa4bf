-- What became of each meeting, by the instant at which it begins: one that is moved is announced anew.

-- @migration 1
CREATE TABLE meeting_ring (
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	ring TEXT NOT NULL CHECK (ring IN ('announce', 'begin')),
	rung_ms BIGINT NOT NULL,
	PRIMARY KEY (team, name, at_ms, ring)
);

-- @query ring
INSERT INTO meeting_ring (team, name, at_ms, ring, rung_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING

-- @query has_rung
SELECT 1 FROM meeting_ring WHERE team = $1 AND name = $2 AND at_ms = $3 AND ring = $4
