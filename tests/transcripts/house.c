/* SPDX-License-Identifier: MIT */
/* The chat server, the bot before it, and the clock. */
#include <glib/gstdio.h>

#include "play.h"

enum { PUMP_LIMIT_MS = 20000, STILL_LIMIT = 2000, LOOK_MS = 300 };

/* ---- time ---- */

static gboolean is_settled(struct play *p)
{
	return app_is_live(p->app) && sandbox_is_quiet(p->sandbox) && app_is_idle(p->app);
}

static gboolean too_long(gpointer data)
{
	play_fail(data, "the bot does not come to rest");
}

/*
 * Twice over: the last answer may just be on the wire. Where nothing moves and something is still under way, it looks again in a
 * moment whether Slack has shared a file, and the clock gives it that moment.
 */
void house_settle(struct play *p)
{
	guint limit = g_timeout_add(PUMP_LIMIT_MS, too_long, p);
	for (int calm = 0, still = 0; calm < 20;) {
		gboolean moved = g_main_context_iteration(NULL, FALSE);
		calm = !moved && is_settled(p) ? calm + 1 : 0;
		still = moved || calm ? 0 : still + 1;
		if (still && still % STILL_LIMIT == 0)
			clock_advance(p->clock, LOOK_MS);
		if (!moved)
			g_usleep(is_settled(p) ? 100 : 200);
	}
	g_source_remove(limit);
}

void house_wait(struct play *p, int64_t ms)
{
	/* Connections measure seconds, people days: a long wait moves the wall clock, and the other one a little. */
	if (ms > SECONDS(10))
		clock_set(p->clock, clock_now_ms(p->clock) + ms - SECONDS(10));
	clock_advance(p->clock, MIN(ms, SECONDS(10)));
	house_settle(p);
}

void house_set_clock(struct play *p, int64_t at_ms)
{
	clock_set(p->clock, at_ms);
	house_settle(p);
}

/* ---- the house ---- */

static const char *option(const struct play *p, const char *name)
{
	return g_hash_table_lookup(p->options, name);
}

/* How the bot reaches the workspace. */
static char *connection(const struct play *p)
{
	g_auto(GStrv) parts = g_strsplit(p->manner->workspace, "%s", 2);
	return g_strjoinv(sandbox_url(p->sandbox), parts);
}

/* Those of these keys that the file's "team:" line gives; each after a comma. */
static char *keys_of(const struct play *p, const char *const *keys)
{
	GString *out = g_string_new(NULL);
	for (; *keys; keys++)
		if (option(p, *keys))
			g_string_append_printf(out, ", %s: \"%s\"", *keys, option(p, *keys));
	return g_string_free(out, FALSE);
}

/* The celebrations of the same line: "celebrations=09:30 wishes=0". */
static char *celebration_section(const struct play *p)
{
	static const char *const keys[] = { "prepare", "wishes", "days_off", "party", "welcome", NULL };
	g_autofree char *more = keys_of(p, keys);
	const char *at = option(p, "celebrations");
	return at ? g_strdup_printf(", celebrations: { at: \"%s\"%s }", at, more) : g_strdup("");
}

static char *in_folder(const struct play *p, const char *name)
{
	return g_build_filename(p->folder, name, NULL);
}

static void write_file(const struct play *p, const char *name, const char *text)
{
	g_autofree char *path = in_folder(p, name);
	g_autoptr(GError) error = NULL;
	if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
		play_fail(p, "%s", error->message);
}

void house_import(struct play *p, const char *list)
{
	g_autofree char *out = NULL, *trouble = NULL, *csv = in_folder(p, "people.csv"), *config = in_folder(p, "belltower.yaml");
	char *argv[] = { BELLTOWER, "people", "import", "-c", config, csv, NULL };
	int status = 0;
	write_file(p, "people.csv", list);
	if (!g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, &out, &trouble, &status, NULL) || !g_spawn_check_wait_status(status, NULL))
		play_fail(p, "the list was not taken: %s", trouble);
	house_settle(p);
}

/* What the "round:", "meeting:", "rota:" and "window:" lines give, as the team's lists of these names; "" without any. */
static char *lists(const struct play *p)
{
	static const char *const names[] = { "rounds", "meetings", "rotas", "windows" };
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (option(p, names[i]))
			g_string_append_printf(out, ", %s: [ %s ]", names[i], option(p, names[i]));
	if (option(p, "quick"))
		g_string_append_printf(out, ", quick_response: [\"%s\"]", option(p, "quick"));
	return g_string_free(out, FALSE);
}

static struct config *make_config(struct play *p, const char *database)
{
	static const char *const standup_keys[] = { "deadline", "prompt", "remind", "feedback", NULL };
	static const char *const quiet_keys[] = { "from", "to", "messages", "digest", NULL };
	g_autofree char *workspace = connection(p), *standup = keys_of(p, standup_keys), *quiet = keys_of(p, quiet_keys);
	g_autofree char *celebrations = celebration_section(p), *more = lists(p), *api = option(p, "api") ? crm_config(p) : g_strdup("");
	g_autofree char *report = option(p, "report") ? g_strdup_printf("deals: { report: \"%s\" }\n", option(p, "report")) : g_strdup("");
	const char *calendar = option(p, "calendar"), *highlights = option(p, "highlights");
	g_autofree char *text = g_strdup_printf(
		"database: \"%s\"\ndefault_zone: Asia/Shanghai\ndefault_language: %s\nquiet: { %s }\n"
		"workspaces:\n  - { name: sandbox, %s }\n"
		"teams:\n  - { name: sales, workspace: sandbox, channel: \"#sales\", managers: [\"%s\"],\n"
		"      zone: %s, language: %s%s%s%s%s%s%s%s, standup: { format: %s%s } }\n%s%s",
		database, option(p, "language"), *quiet ? quiet + strlen(", ") : "", workspace, p->manner->manager, option(p, "zone"), option(p, "language"),
		calendar ? ", calendar: " : "", calendar ? calendar : "",
		highlights ? ", highlights: \"" : "", highlights ? highlights : "", highlights ? "\"" : "", celebrations, more, option(p, "format"), standup, report, api);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("transcript", text, strlen(text), problems);
	write_file(p, "belltower.yaml", text);
	if (!config)
		play_fail(p, "%s", (const char *)problems->pdata[0]);
	return config;
}

void house_open(struct play *p)
{
	g_autoptr(GError) error = NULL;
	p->clock = clock_new_frozen(1772413200000); /* 2026-03-02 09:00 in Shanghai */
	p->lws = lws_loop_new(&error);
	p->sandbox = p->lws ? sandbox_new(&(struct sandbox_options){ .loop = p->lws, .clock = p->clock }, &error) : NULL;
	if (!p->sandbox)
		play_fail(p, "%s", error->message);
	sandbox_observe(p->sandbox, deeds_see, p);
	p->folder = g_dir_make_tmp("belltower-play-XXXXXX", NULL);
	g_autofree char *database = g_build_filename(p->folder, "belltower.db", NULL);
	p->app = app_new(&(struct app_setup){ .config = make_config(p, database), .clock = p->clock, .lws = p->lws, .picture = PICTURE }, &error);
	if (!p->app)
		play_fail(p, "%s", error->message);
	house_settle(p);
}

static void stopped(gpointer data)
{
	*(gboolean *)data = TRUE;
}

static void remove_folder(const char *folder)
{
	static const char *const names[] = { "belltower.db", "belltower.db-wal", "belltower.db-shm", "belltower.db.lock",
		"belltower.yaml", "people.csv" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
}

void house_close(struct play *p)
{
	gboolean done = FALSE;
	app_stop(p->app, stopped, &done);
	while (!done) {
		clock_advance(p->clock, 100);
		g_main_context_iteration(NULL, FALSE);
	}
	app_free(p->app);
	sandbox_free(p->sandbox);
	lws_loop_free(p->lws);
	clock_free(p->clock);
	remove_folder(p->folder);
	g_free(p->folder);
}
