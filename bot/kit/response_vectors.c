/* SPDX-License-Identifier: MIT */
#include "kit/response_vectors.h"

#include "base/zone.h"
#include "kit/response_clock.h"

G_DEFINE_QUARK(belltower-response-vectors, response_vectors_error)

static G_GNUC_PRINTF(2, 3) gboolean wrong(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, RESPONSE_VECTORS_ERROR, RESPONSE_VECTORS_ERROR_FORMAT, what);
	return FALSE;
}

/* ---- calendars ---- */

static gboolean read_window(const cJSON *item, struct calendar_window *out)
{
	return calendar_window_parse(json_text_or(item, "0", NULL), json_text_or(item, "1", NULL), out);
}

static gboolean read_weekly(struct calendar *calendar, const cJSON *weekly, GError **error)
{
	for (int i = 0; calendar_weekdays[i]; i++) {
		const cJSON *item;
		cJSON_ArrayForEach(item, json_array(weekly, calendar_weekdays[i]))
		{
			struct calendar_window window;
			if (!read_window(item, &window))
				return wrong(error, "calendar '%s', %s: a window is two times like [\"09:00\",\"18:00\"]",
					calendar_name(calendar), calendar_weekdays[i]);
			calendar_add_weekly(calendar, i + 1, window);
		}
	}
	return TRUE;
}

static gboolean read_overrides(struct calendar *calendar, const cJSON *overrides, GError **error)
{
	const cJSON *date, *item;
	cJSON_ArrayForEach(date, overrides)
	{
		if (!zone_day_is_valid(date->string) || !cJSON_IsArray(date))
			return wrong(error, "calendar '%s': an override is a date like 2026-03-02 with a list of windows",
				calendar_name(calendar));
		calendar_except(calendar, date->string);
		cJSON_ArrayForEach(item, date)
		{
			struct calendar_window window;
			if (!read_window(item, &window))
				return wrong(error, "calendar '%s', %s: a window is two times like [\"09:00\",\"18:00\"]",
					calendar_name(calendar), date->string);
			calendar_add_window(calendar, date->string, window);
		}
	}
	return TRUE;
}

static struct calendar *read_calendar(const cJSON *node, GError **error)
{
	const char *name = json_text_or(node, "tz", "");
	GTimeZone *zone = zone_find(name);
	if (!zone) {
		wrong(error, "calendar '%s': '%s' is no zone", node->string, name);
		return NULL;
	}
	g_autoptr(calendar_auto) calendar = calendar_new(node->string, zone);
	if (json_bool_or(node, "always", FALSE))
		calendar_set_always(calendar);
	if (!read_weekly(calendar, json_object(node, "weekly"), error) ||
		!read_overrides(calendar, json_object(node, "overrides"), error))
		return NULL;
	return g_steal_pointer(&calendar);
}

static void free_calendar(gpointer calendar)
{
	calendar_free(calendar);
}

/* name → struct calendar */
static GHashTable *read_calendars(const cJSON *root, GError **error)
{
	g_autoptr(GHashTable) calendars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_calendar);
	const cJSON *node;
	cJSON_ArrayForEach(node, json_object(root, "calendars"))
	{
		struct calendar *calendar = read_calendar(node, error);
		if (!calendar)
			return NULL;
		g_hash_table_replace(calendars, g_strdup(node->string), calendar);
	}
	return g_steal_pointer(&calendars);
}

/* ---- what happened ---- */

/* A vector being read and played. */
struct player {
	const char *id;
	GHashTable *calendars;
	const cJSON *vector;
	const struct calendar *calendar;
	GPtrArray *failures;
};

static gboolean read_instant(
	const struct player *p, const cJSON *node, const char *path, int64_t *out, GError **error)
{
	if (zone_read_rfc3339(json_text_or(node, path, NULL), NULL, out))
		return TRUE;
	return wrong(error, "vector '%s': '%s' must be an instant like 2026-03-02T01:30:00Z", p->id, path);
}

static const struct calendar *find_calendar(const struct player *p, const cJSON *node, GError **error)
{
	const char *name = json_text_or(node, "calendar", "");
	const struct calendar *calendar = g_hash_table_lookup(p->calendars, name);
	if (!calendar)
		wrong(error, "vector '%s': the file has no calendar '%s'", p->id, name);
	return calendar;
}

static gboolean read_retarget(
	const struct player *p, const cJSON *node, struct response_event *event, GError **error)
{
	event->target_s = json_int_or(node, "target_s", -1);
	event->afresh = strcmp(json_text_or(node, "mode", "keep"), "reset") == 0;
	return event->target_s >= 0 || wrong(error, "vector '%s': a retarget needs target_s", p->id);
}

static gboolean read_recalendar(
	const struct player *p, const cJSON *node, struct response_event *event, GError **error)
{
	event->calendar = find_calendar(p, node, error);
	event->onward = strcmp(json_text_or(node, "mode", "whole"), "forward") == 0;
	return event->calendar != NULL;
}

static const struct {
	const char *name;
	gboolean (*read)(const struct player *, const cJSON *, struct response_event *, GError **);
} happenings[] = {
	[RESPONSE_PAUSE] = { "pause", NULL },
	[RESPONSE_RESUME] = { "resume", NULL },
	[RESPONSE_STOP] = { "stop", NULL },
	[RESPONSE_REOPEN] = { "reopen", NULL },
	[RESPONSE_CANCEL] = { "cancel", NULL },
	[RESPONSE_RETARGET] = { "retarget", read_retarget },
	[RESPONSE_RECALENDAR] = { "recalendar", read_recalendar },
};

static gboolean read_event(
	const struct player *p, const cJSON *node, struct response_event *event, GError **error)
{
	const char *type = json_text_or(node, "type", "");
	for (guint i = 0; i < G_N_ELEMENTS(happenings); i++) {
		if (strcmp(type, happenings[i].name) != 0)
			continue;
		*event = (struct response_event){ .kind = (enum response_event_kind)i };
		return read_instant(p, node, "at", &event->at_ms, error) &&
		       (!happenings[i].read || happenings[i].read(p, node, event, error));
	}
	return wrong(error, "vector '%s': unknown event '%s'", p->id, type);
}

static gboolean take_events(const struct player *p, struct response_clock *clock, GError **error)
{
	const cJSON *node;
	cJSON_ArrayForEach(node, json_array(p->vector, "events"))
	{
		struct response_event event;
		if (!read_event(p, node, &event, error))
			return FALSE;
		response_clock_take(clock, &event);
	}
	return TRUE;
}

static gboolean read_promise(struct player *p, struct response_promise *out, GError **error)
{
	static const char *const modes[] = { "resume", "restart", "once" };
	p->calendar = find_calendar(p, p->vector, error);
	*out = (struct response_promise){
		.calendar = p->calendar,
		.target_s = json_int_or(p->vector, "target_s", -1),
		.target_days = (int)json_int_or(p->vector, "target_days", 0),
	};
	if (!p->calendar || !read_instant(p, p->vector, "start", &out->start_ms, error))
		return FALSE;
	const char *mode = json_text_or(p->vector, "reopen_mode", modes[0]);
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++)
		if (strcmp(mode, modes[i]) == 0)
			out->reopen = (enum response_reopen)i;
	return out->target_s >= 0 || out->target_days > 0 ||
	       wrong(error, "vector '%s': needs target_s or target_days", p->id);
}

/* ---- what was expected ---- */

/* Any value as the file writes it. */
static char *show(const cJSON *value)
{
	return value ? json_print(value) : g_strdup("absent");
}

/* Compares what the file expects at a path with a value, which is taken. */
static void expect(const struct player *p, const cJSON *expected, const char *path, const char *name, cJSON *actual)
{
	const cJSON *wanted = json_at(expected, path);
	if (wanted && !cJSON_Compare(wanted, actual, TRUE)) {
		g_autofree char *is = show(actual), *should = show(wanted);
		g_ptr_array_add(p->failures, g_strdup_printf("%s: %s is %s, expected %s", p->id, name, is, should));
	}
	cJSON_Delete(actual);
}

static cJSON *instant(int64_t at_ms)
{
	if (at_ms == RESPONSE_NEVER)
		return cJSON_CreateNull();
	g_autofree char *text = zone_rfc3339(at_ms);
	return cJSON_CreateString(text);
}

static cJSON *local_instant(const struct calendar *calendar, int64_t at_ms)
{
	if (at_ms == RESPONSE_NEVER)
		return cJSON_CreateNull();
	g_autofree char *text = zone_rfc3339_local(calendar_zone(calendar), at_ms);
	return cJSON_CreateString(text);
}

static cJSON *number(int64_t value)
{
	return cJSON_CreateNumber((double)value);
}

static void expect_state(const struct player *p, const cJSON *expected, const struct response_state *state)
{
	expect(p, expected, "status", "status", cJSON_CreateString(response_status_name(state->status)));
	expect(p, expected, "due_at", "due_at", instant(state->due_ms));
	expect(p, expected, "due_local", "due_local", local_instant(p->calendar, state->due_ms));
	expect(p, expected, "breached", "breached", cJSON_CreateBool(state->breached));
	expect(p, expected, "breached_at", "breached_at", instant(state->breached_at_ms));
	expect(p, expected, "elapsed_s", "elapsed_s", number(state->elapsed_s));
	expect(p, expected, "remaining_s", "remaining_s", number(state->remaining_s));
	expect(p, expected, "ticking", "ticking", cJSON_CreateBool(state->ticking));
}

/* Item `index` of the expected list, or NULL after saying that it is missing. */
static const cJSON *expected_item(const struct player *p, const cJSON *expected, const char *list, int index)
{
	const cJSON *items = json_array(expected, list);
	const cJSON *item = items ? cJSON_GetArrayItem(items, index) : NULL;
	if (items && !item)
		g_ptr_array_add(p->failures, g_strdup_printf("%s: %s has more than expected", p->id, list));
	return item;
}

static void expect_ring(
	const struct player *p, const cJSON *item, const char *list, int index, int64_t at_ms, int64_t now_ms)
{
	g_autofree char *at = g_strdup_printf("%s.%d.at", list, index);
	g_autofree char *fired = g_strdup_printf("%s.%d.fired", list, index);
	expect(p, item, "at", at, instant(at_ms));
	expect(p, item, "fired", fired, cJSON_CreateBool(at_ms != RESPONSE_NEVER && at_ms <= now_ms));
}

static void expect_warnings(
	const struct player *p, const cJSON *expected, const struct response_clock *clock, int64_t now_ms)
{
	const cJSON *percent;
	int i = 0;
	cJSON_ArrayForEach(percent, json_array(p->vector, "warn_pct"))
	{
		const cJSON *item = expected_item(p, expected, "warnings", i);
		int64_t at_ms = response_clock_warning(clock, (int)json_int_or(percent, "", 0));
		expect_ring(p, item, "warnings", i++, at_ms, now_ms);
	}
}

static void expect_steps(
	const struct player *p, const cJSON *expected, const struct response_clock *clock, int64_t now_ms)
{
	const cJSON *node;
	int i = 0;
	cJSON_ArrayForEach(node, json_array(p->vector, "escalations"))
	{
		struct response_step step = {
			.after_s = json_int_or(node, "after_s", 0),
			.from_due = strcmp(json_text_or(node, "from", "start"), "due") == 0,
			.wall = strcmp(json_text_or(node, "clock", "business"), "wall") == 0,
		};
		const cJSON *item = expected_item(p, expected, "escalations", i);
		expect_ring(p, item, "escalations", i++, response_clock_step(clock, &step), now_ms);
	}
}

static void expect_cycles(const struct player *p, const cJSON *expected, const struct response_clock *clock)
{
	guint count;
	const struct response_cycle *cycles = response_clock_cycles(clock, &count);
	const cJSON *items = json_array(expected, "past_cycles");
	for (guint i = 0; items && i < count; i++) {
		const cJSON *item = expected_item(p, expected, "past_cycles", (int)i);
		expect(p, item, "started_at", "past_cycles.started_at", instant(cycles[i].start_ms));
		expect(p, item, "due_at", "past_cycles.due_at", instant(cycles[i].due_ms));
		expect(p, item, "stopped_at", "past_cycles.stopped_at", instant(cycles[i].stopped_ms));
		expect(p, item, "status", "past_cycles.status", cJSON_CreateString(response_status_name(cycles[i].status)));
		expect(p, item, "elapsed_s", "past_cycles.elapsed_s", number(cycles[i].elapsed_s));
	}
	if (items && cJSON_GetArraySize(items) > (int)count)
		g_ptr_array_add(p->failures, g_strdup_printf("%s: past_cycles has %u, expected %d", p->id, count,
						     cJSON_GetArraySize(items)));
}

static gboolean play(struct player *p, GError **error)
{
	struct response_promise promise;
	int64_t now_ms;
	if (!read_promise(p, &promise, error) || !read_instant(p, p->vector, "now", &now_ms, error))
		return FALSE;
	const cJSON *expected = json_object(p->vector, "expect");
	if (!expected)
		return wrong(error, "vector '%s': needs 'expect'", p->id);
	g_autoptr(response_clock_auto) clock = response_clock_new(&promise);
	if (!take_events(p, clock, error))
		return FALSE;
	struct response_state state;
	response_clock_state(clock, now_ms, &state);
	expect_state(p, expected, &state);
	expect_warnings(p, expected, clock, now_ms);
	expect_steps(p, expected, clock, now_ms);
	expect_cycles(p, expected, clock);
	return TRUE;
}

int response_vectors_play(const cJSON *root, GPtrArray *failures, GError **error)
{
	static const char schema[] = "belltower-sla-vectors/1";
	if (strcmp(json_text_or(root, "schema", ""), schema) != 0) {
		wrong(error, "'schema' must be '%s'", schema);
		return -1;
	}
	g_autoptr(GHashTable) calendars = read_calendars(root, error);
	const cJSON *vectors = json_array(root, "vectors"), *vector;
	if (!calendars || (!vectors && !wrong(error, "'vectors' must be a list")))
		return -1;
	guint before = failures->len;
	cJSON_ArrayForEach(vector, vectors)
	{
		struct player p = {
			.id = json_text_or(vector, "id", "?"), .calendars = calendars, .vector = vector, .failures = failures,
		};
		if (!play(&p, error)) {
			g_ptr_array_set_size(failures, (gint)before);
			return -1;
		}
	}
	return cJSON_GetArraySize(vectors);
}
