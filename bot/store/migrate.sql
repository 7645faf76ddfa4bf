-- SPDX-License-Identifier: MIT
-- What has been applied to this file, and by which version of the program.

-- @query create
CREATE TABLE IF NOT EXISTS migration (
	owner    TEXT NOT NULL,
	number   BIGINT NOT NULL CHECK (number > 0),
	checksum TEXT NOT NULL,
	version  TEXT NOT NULL,
	PRIMARY KEY (owner, number)
);

-- @query applied
SELECT owner, number, checksum, version FROM migration ORDER BY owner, number;

-- @query record
INSERT INTO migration (owner, number, checksum, version) VALUES ($1, $2, $3, $4);
