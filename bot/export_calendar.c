/* SPDX-License-Identifier: MIT */
/* `belltower export calendar`: what is celebrated in public, as an .ics file, while the daemon runs. */
#include <errno.h>

#include "base/clock.h"
#include "celebration/celebration.h"
#include "program.h"
#include "registry.h"

enum { AHEAD_DAYS = 365 };

static int write_bytes(const char *path, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	g_autoptr(GError) error = NULL;
	if (path && !g_file_set_contents(path, data, (gssize)length, &error))
		return program_failed(error);
	if (!path && (fwrite(data, 1, length, stdout) != length || fflush(stdout) != 0)) {
		g_printerr("belltower: cannot write to standard output: %s\n", g_strerror(errno));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

/* From today on, by the clock of the configuration's zone, unless the options say otherwise. */
static void set_span(struct celebration_view *view, const struct options *options, int64_t now_ms)
{
	const char *zone = roster_config(view->roster)->default_zone;
	zone_day(zone_find(zone), now_ms, view->from);
	if (options->from)
		g_strlcpy(view->from, options->from, sizeof view->from);
	zone_day_shift(view->from, AHEAD_DAYS, view->to);
	if (options->to)
		g_strlcpy(view->to, options->to, sizeof view->to);
}

static GBytes *make(const struct roster *roster, const struct options *options)
{
	struct clock *clock = clock_new();
	int64_t now_ms = clock_now_ms(clock);
	struct texts *texts = registry_texts();
	struct celebration_view view = { roster, texts, roster_config(roster)->default_language,
		.team = options->team ? roster_team(roster, options->team) : NULL };
	struct feed *feed = feed_new("Belltower", now_ms);
	set_span(&view, options, now_ms);
	celebration_fill_feed(feed, &view);
	texts_free(texts);
	clock_free(clock);
	return feed_end(feed);
}

static int export_calendar(const struct options *options, const struct config *config)
{
	g_autoptr(GError) error = NULL;
	struct db *db = program_reader(config, &error);
	struct roster *roster = db ? roster_new(db, config, &error) : NULL;
	g_autoptr(GBytes) bytes = roster ? make(roster, options) : NULL;
	roster_free(roster);
	db_close(db);
	return bytes ? write_bytes(options->output, bytes) : program_failed(error);
}

int program_export_calendar(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	int code = EXIT_USAGE;
	if (options->team && !config_team(config, options->team))
		g_printerr("belltower: there is no team '%s' in %s\n", options->team, options->config);
	else
		code = export_calendar(options, config);
	config_free(config);
	return code;
}
