-- What a manager is measured by: tables of other rituals.

-- Standups given in a team from a day on by others than the manager, and how many of them have any manager's answer.
-- @query answered_standups
SELECT COUNT(*), COALESCE(SUM(CASE WHEN (SELECT COALESCE(SUM(f.counts), 0) FROM standup_feedback f
		WHERE f.team = e.team AND f.day = e.day AND f.person = e.person) > 0 THEN 1 ELSE 0 END), 0)
FROM standup_entry e WHERE e.team = $1 AND e.day >= $2 AND e.state = 'given' AND e.person <> $3
