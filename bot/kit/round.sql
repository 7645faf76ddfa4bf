-- The prompts that wait for an answer, each person's last one of each round.

-- @migration 1
CREATE TABLE round_prompt (
	person INTEGER NOT NULL REFERENCES person (id),
	ritual TEXT NOT NULL,
	id TEXT NOT NULL,
	day TEXT NOT NULL,
	asked_ms BIGINT NOT NULL,
	PRIMARY KEY (person, ritual, id)
);

-- @query prompted
INSERT INTO round_prompt (person, ritual, id, day, asked_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person, ritual, id) DO UPDATE SET day = excluded.day, asked_ms = excluded.asked_ms

-- @query waits
SELECT 1 FROM round_prompt WHERE person = $1 AND ritual = $2 AND id = $3 AND day = $4

-- @query latest
SELECT ritual, id, day FROM round_prompt WHERE person = $1 AND asked_ms >= $2 AND asked_ms <= $3
ORDER BY asked_ms DESC, ritual, id LIMIT 1

-- @query answered
DELETE FROM round_prompt WHERE person = $1 AND ritual = $2 AND id = $3 AND day <= $4
