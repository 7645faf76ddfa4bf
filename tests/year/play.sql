-- SPDX-License-Identifier: MIT
-- What the daemon itself says became of each ring: why something did not ring must be found there.

-- @query rings
SELECT r.day, r.team, r.topic, r.part, COALESCE(a.account, ''), r.outcome
FROM ring r LEFT JOIN account a ON a.person = r.person
ORDER BY r.day, r.team, r.topic, r.part, a.account
