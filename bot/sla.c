/* SPDX-License-Identifier: MIT */
/* `belltower sla due`, `replay` and `vectors`: the response clock for those who ask it by hand. */
#include "base/json.h"
#include "base/zone.h"
#include "kit/response_book.h"
#include "kit/response_clock.h"
#include "kit/response_vectors.h"
#include "program.h"
#include "response_sql.h"

/* ---- sla due ---- */

static gboolean read_time(const char *text, const struct calendar *calendar, const char *option, int64_t *out_ms)
{
	/* People leave the seconds out, GLib's reader does not. */
	const size_t minutes = strlen("2026-11-23T17:30");
	const char *rest = strlen(text) >= minutes ? text + minutes : "";
	g_autofree char *whole = g_strdup_printf("%.*s%s%s", (int)minutes, text, *rest == ':' ? "" : ":00", rest);
	if (zone_read_rfc3339(whole, calendar_zone(calendar), out_ms))
		return TRUE;
	g_printerr("belltower: '--%s' must be a time like 2026-11-23T17:30 or 2026-11-23T09:30:00Z, not '%s'\n", option, text);
	return FALSE;
}

/* A pause that begins before *after_ms, the end of the one before it, is refused. */
static gboolean take_pause(
	struct response_clock *clock, const struct calendar *calendar, const char *text, int64_t *after_ms)
{
	g_auto(GStrv) ends = g_strsplit(text, "..", 2);
	struct response_event pause = { .kind = RESPONSE_PAUSE }, resume = { .kind = RESPONSE_RESUME };
	const char *wrong = NULL;
	if (g_strv_length(ends) != 2)
		wrong = "must be two times, FROM..TO";
	else if (!read_time(ends[0], calendar, "pause", &pause.at_ms) ||
		!read_time(ends[1], calendar, "pause", &resume.at_ms))
		return FALSE;
	else if (pause.at_ms > resume.at_ms)
		wrong = "must not end before it begins";
	else if (pause.at_ms < *after_ms)
		wrong = "must not begin before the one before it has ended";
	if (wrong) {
		g_printerr("belltower: '--pause' %s, not '%s'\n", wrong, text);
		return FALSE;
	}
	response_clock_take(clock, &pause);
	response_clock_take(clock, &resume);
	*after_ms = resume.at_ms;
	return TRUE;
}

static void print_due(const struct calendar *calendar, int64_t due_ms)
{
	if (due_ms == RESPONSE_NEVER) {
		g_print("never: the calendar '%s' has no such working time within ten years\n", calendar_name(calendar));
		return;
	}
	g_autofree char *utc = zone_rfc3339(due_ms), *local = zone_rfc3339_local(calendar_zone(calendar), due_ms);
	g_print("%s\n%s\n", utc, local);
}

/* A calendar says how far its days off are published; beyond that the answer is a guess. */
static void warn_beyond(const struct calendar *calendar, int64_t due_ms)
{
	char day[ZONE_DAY_SIZE];
	const char *until = calendar_known_until(calendar);
	if (!until || due_ms == RESPONSE_NEVER)
		return;
	zone_day(calendar_zone(calendar), due_ms, day);
	if (strcmp(day, until) > 0)
		g_printerr("belltower: the calendar '%s' knows days off only until %s; beyond it every week is a plain one\n",
			calendar_name(calendar), until);
}

static int tell_due(const struct calendar *calendar, const struct options *options)
{
	struct response_promise promise = { .calendar = calendar, .target_s = MAX(options->span, 0) };
	promise.target_days = options->span < 0 ? (int)-options->span : 0;
	if (!read_time(options->start, calendar, "start", &promise.start_ms))
		return EXIT_USAGE;
	g_autoptr(response_clock_auto) clock = response_clock_new(&promise);
	int64_t after_ms = INT64_MIN;
	for (char **pause = options->pauses; *pause; pause++)
		if (!take_pause(clock, calendar, *pause, &after_ms))
			return EXIT_USAGE;
	struct response_state state;
	response_clock_state(clock, promise.start_ms, &state);
	print_due(calendar, state.due_ms);
	warn_beyond(calendar, state.due_ms);
	return EXIT_OK;
}

int program_sla_due(const struct options *options)
{
	g_autoptr(calendar_auto) calendar = program_calendar(options->calendar);
	return calendar ? tell_due(calendar, options) : EXIT_USAGE;
}

/* ---- sla replay ---- */

static void tell_difference(const struct response *r, const char *what, const char *stored, const char *computed)
{
	g_print("%" G_GINT64_FORMAT " (%s %s, %s): %s is %s, and by its history %s\n", r->id, r->ritual, r->subject,
		response_target_name(r->target), what, stored, computed);
}

static char *instant_text(int64_t at_ms)
{
	return at_ms == RESPONSE_NEVER ? g_strdup("not known") : zone_rfc3339(at_ms);
}

static gboolean agrees(const struct response *r)
{
	struct response_state state;
	if (response_agrees(r, &state))
		return TRUE;
	g_autofree char *stored = instant_text(r->due_ms), *computed = instant_text(state.due_ms);
	const char *status = response_status_name(state.status);
	if (r->due_ms != state.due_ms)
		tell_difference(r, "due", stored, computed);
	if (r->ended_ms != RESPONSE_NEVER && strcmp(r->status, status) != 0)
		tell_difference(r, "the verdict", r->status, status);
	if (r->ended_ms != RESPONSE_NEVER && r->elapsed_s != state.elapsed_s) {
		g_autofree char *was = g_strdup_printf("%" G_GINT64_FORMAT " s", r->elapsed_s);
		g_autofree char *is = g_strdup_printf("%" G_GINT64_FORMAT " s", state.elapsed_s);
		tell_difference(r, "the working time", was, is);
	}
	return FALSE;
}

/* The promises, and those that differ; FALSE with the error. */
static gboolean replay(struct db *db, guint *count, guint *wrong, GError **error)
{
	g_autoptr(response_book_auto) book = response_book_new(db);
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_ALL);
	while (db_next(rows)) {
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), error);
		if (!r)
			return FALSE;
		*wrong += agrees(r) ? 0 : 1;
		++*count;
	}
	return db_end(rows, error);
}

int program_sla_replay(const struct options *options)
{
	guint count = 0, wrong = 0;
	g_autoptr(GError) error = NULL;
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	struct db *db = program_reader(config, &error);
	gboolean done = db && replay(db, &count, &wrong, &error);
	db_close(db);
	config_free(config);
	if (!done)
		return program_failed(error);
	g_print("%u promises, %u differences\n", count, wrong);
	return wrong == 0 ? EXIT_OK : EXIT_FAILED;
}

/* ---- sla vectors ---- */

int program_sla_vectors(const struct options *options)
{
	gsize length;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_autoptr(cJSON) root = g_file_get_contents(options->file, &text, &length, &error) ? json_parse(text, length, &error) : NULL;
	g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func(g_free);
	int count = root ? response_vectors_play(root, failures, &error) : -1;
	if (count < 0) {
		g_prefix_error(&error, "cannot play '%s': ", options->file);
		return program_failed(error);
	}
	for (guint i = 0; i < failures->len; i++)
		g_print("%s\n", (const char *)failures->pdata[i]);
	g_print("%d vectors, %u failures\n", count, failures->len);
	return failures->len == 0 ? EXIT_OK : EXIT_FAILED;
}
