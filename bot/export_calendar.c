/* SPDX-License-Identifier: MIT */
/* `belltower export calendar`: the rings of the teams and what they celebrate in public, as an .ics file, while the daemon runs. */
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

/* From today on, by the team's clock, unless the options say otherwise. */
static void set_span(struct celebration_view *view, const struct options *options, int64_t now_ms)
{
	zone_day(view->team->zone, now_ms, view->from);
	if (options->from)
		g_strlcpy(view->from, options->from, sizeof view->from);
	zone_day_shift(view->from, AHEAD_DAYS, view->to);
	if (options->to)
		g_strlcpy(view->to, options->to, sizeof view->to);
}

static GBytes *make(struct turn *t, const struct options *options)
{
	struct feed *feed = feed_new("Belltower", t->now_ms);
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		struct celebration_view view = { (*team)->config->language, .team = *team };
		set_span(&view, options, t->now_ms);
		if (!options->team || strcmp(options->team, (*team)->config->name) == 0)
			celebration_fill_feed(t, feed, &view);
	}
	return feed_end(feed);
}

/* A turn that only reads: the rituals tell when they ring as they tell it in the chat. */
static GBytes *read_calendar(struct db *db, struct roster *roster, const struct options *options, GError **error)
{
	struct clock *clock = clock_new();
	struct texts *texts = registry_texts();
	struct turn t = { .now_ms = clock_now_ms(clock), .db = db, .roster = roster, .texts = texts, .rituals = registry,
		.scratch = g_ptr_array_new_with_free_func(g_free) };
	GBytes *bytes = make(&t, options);
	if (t.error) {
		g_propagate_error(error, t.error);
		g_clear_pointer(&bytes, g_bytes_unref);
	}
	g_ptr_array_unref(t.scratch);
	texts_free(texts);
	clock_free(clock);
	return bytes;
}

static int export_calendar(const struct options *options, const struct config *config)
{
	g_autoptr(GError) error = NULL;
	struct db *db = program_reader(config, &error);
	struct roster *roster = db ? roster_new(db, config, &error) : NULL;
	g_autoptr(GBytes) bytes = roster ? read_calendar(db, roster, options, &error) : NULL;
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
