/* SPDX-License-Identifier: MIT */
/* `belltower backup`: a copy of the database as it is now, while the daemon runs. */
#include "program.h"
#include "store/db.h"

int program_backup(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	g_autoptr(GError) error = NULL;
	struct db *db = db_open(config->database, DB_READER, &error);
	gboolean done = db && db_backup(db, options->target, &error);
	db_close(db);
	config_free(config);
	return done ? EXIT_OK : program_failed(error);
}
