/* SPDX-License-Identifier: MIT */
/* `belltower sandbox load`: a bot under load, measured. */
#include "sandbox/load/load.h"

#include "program.h"

int program_load(const struct options *options)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *address = NULL;
	guint16 port;
	if (!program_listen(options->listen, &address, &port))
		return EXIT_USAGE;
	const struct load_setup setup = {
		.platform = options->platform,
		.address = address,
		.port = port,
		.people = options->people,
		.teams = options->teams,
		.outstanding = options->outstanding,
		.days = options->daily,
		.settle_ms = options->settle_ms,
		.log = options->bot_log,
		.steps = options->steps,
		.bot = options->bot,
	};
	if (load_run(&setup, &error))
		return EXIT_OK;
	int code = program_failed(error);
	return g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ? EXIT_USAGE : code;
}
